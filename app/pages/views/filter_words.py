"""What filters of the finder are called: as they are set, and as they are offered."""

import datetime as dt
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton

from app.features.asking import ARRIVAL
from app.features.hours_words import open_then_words
from app.i18n import N_, Translator
from app.taxonomy.terms import Term
from app.taxonomy.vocabulary import FAMILY_PREFIX, Vocabulary

#: In which mode a place names groups of people.
MODE_WORDS = {
    "everyone": N_("Open to everyone"),
    "preferred": N_("Certain groups first"),
    "only": N_("Only for certain groups"),
}
#: How fresh a place has to be: as in the address, and in words. The first two are those of the rings.
CHECKED = (
    ("P90D", N_("Checked in the last 3 months")),
    ("P180D", N_("Checked in the last 6 months")),
    ("P365D", N_("Checked in the last 12 months")),
)


def moment_words(open_at: str, texts: Translator, timezone: str, now: dt.datetime) -> str:
    """Say when something is to be open: `open_at` as it stands in the address; minutes are told as the hour that it is then."""
    if open_at == ARRIVAL:
        return texts.gettext("Open when I get there on foot")
    zone = ZoneInfo(timezone)
    if open_at.startswith("PT"):
        moment = (now + dt.timedelta(minutes=int(open_at[2:-1]))).astimezone(zone)
    else:
        moment = dt.datetime.fromisoformat(open_at)
        moment = moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)
        # Who has asked for a day, or for an hour that may be tomorrow's, sees which.
        if moment.date() == now.astimezone(zone).date():
            return texts.gettext("Open today at %(time)s", time=f"{moment.hour}:{moment.minute:02}")
    return open_then_words(moment, None, texts, now.astimezone(zone).date())


def checked_words(since: str, texts: Translator) -> str:
    """Say how fresh a place has to be: `since` is a day or `P90D`, as it stands in the address."""
    words = dict(CHECKED).get(since)
    if words:
        return texts.gettext(words)
    if since.startswith("P"):
        days = int(since[1:-1])
        return texts.ngettext("Checked in the last %(n)s day", "Checked in the last %(n)s days", days)
    day = format_skeleton("yMMMMd", dt.date.fromisoformat(since), locale=texts.language)
    return texts.gettext("Checked since %(day)s", day=day)


def choice_name(name: str, code: str, vocabulary: Vocabulary, texts: Translator) -> str:
    """The name of a code of a parameter: of a service, a group or a family, of a language, a condition, a mode."""
    language = texts.language
    if name == "audience_mode":
        return texts.gettext(MODE_WORDS[code])
    if name == "service":
        term: Term = vocabulary.services.get(code) or vocabulary.groups.get(code) or vocabulary.families[code]
        return term.names[language]
    return vocabulary.name(name, code, language)


def tag_name(name: str, code: str, vocabulary: Vocabulary, texts: Translator) -> str:
    """The name of what is set. A group that is called like the chip of a family, which holds more, says what it is."""
    words = choice_name(name, code, vocabulary, texts)
    chips_words = {family.short[texts.language] for family in vocabulary.families.values()}
    is_group = name == "service" and code in vocabulary.groups
    return texts.gettext("%(help)s: all kinds", help=words) if is_group and words in chips_words else words


def _help_name(code: str, vocabulary: Vocabulary, texts: Translator) -> str:
    if code.startswith(FAMILY_PREFIX):
        return vocabulary.families[code.removeprefix(FAMILY_PREFIX)].names[texts.language]
    return choice_name("service", code, vocabulary, texts)


def help_names(codes: Iterable[str], vocabulary: Vocabulary, texts: Translator) -> str:
    """The names of services, groups and families in one line."""
    return ", ".join(_help_name(code, vocabulary, texts) for code in codes)
