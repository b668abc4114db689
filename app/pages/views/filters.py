"""The filters of the finder: chips, tags that take one away, and the panel with a count on every row."""

import datetime as dt
import functools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton

from app.features.asking import ARRIVAL
from app.features.counting import Choice, mask_of
from app.features.hours_words import open_then_words
from app.features.welcome import MODES, Welcome
from app.i18n import N_, Translator
from app.pages.finder_question import LISTS, FinderQuestion
from app.taxonomy.terms import Term
from app.taxonomy.vocabulary import FAMILY_PREFIX, Vocabulary

#: Conditions that are asked for most; the others are a tap further.
FIRST_ACCESS = ("free", "no_documents", "walk_in", "anonymous", "step_free", "by_phone", "online")
#: The languages that are offered without a tap, beside those that are set.
FIRST_LANGUAGES = ("uk", "pl", "ru", "en", "be", "ro", "de")


#: In which mode a place names groups of people.
_MODES = {
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


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that one tap turns on or off."""

    name: str
    value: str
    words: str
    on: bool
    href: str
    family: str = ""


@dataclass(frozen=True, slots=True)
class Tag:
    """A filter that is set; its link is the question without it."""

    words: str
    href: str
    without: FinderQuestion
    language: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One choice of the panel. `count_words` say how many places it leaves, "" where nobody knows; `language` that of the words, if another."""

    name: str
    value: str
    words: str
    on: bool
    choice: Choice
    language: str = ""
    family: str = ""
    count_words: str = ""


@dataclass(frozen=True, slots=True)
class Fold:
    """Rows under a heading that opens: a group of services, the less common languages."""

    words: str
    rows: tuple[Row, ...]
    icon: str = ""

    @property
    def chosen(self) -> int:
        """How many of its rows are set."""
        return sum(row.on for row in self.rows)


@dataclass(frozen=True, slots=True)
class Section:
    """A parameter in the panel: rows that are always seen, and folds."""

    name: str
    words: str
    rows: tuple[Row, ...]
    folds: tuple[Fold, ...] = ()

    def every_row(self) -> Iterator[Row]:
        """All rows, seen or folded."""
        yield from self.rows
        for fold in self.folds:
            yield from fold.rows


def chips(
    question: FinderQuestion, vocabulary: Vocabulary, language: str, path: str, open_now: str
) -> list[Chip]:
    """Give "open now" and the six families."""
    made = [
        Chip(
            "open_at",
            "now",
            open_now,
            question.open_at == "now",
            question.toggled("open_at", "now").href(path),
        )
    ]
    for family in vocabulary.families.values():
        code = f"{FAMILY_PREFIX}{family.code}"
        href = question.toggled("service", code).href(path)
        made.append(
            Chip("service", code, family.short[language], code in question.service, href, family.code)
        )
    return made


def pressed(question: FinderQuestion, vocabulary: Vocabulary, texts: Translator, path: str) -> list[Tag]:
    """Give what chips show as set, for whoever listens and for pages without chips."""
    return [
        Tag(chip.words, chip.href, question.toggled(chip.name, chip.value))
        for chip in chips(question, vocabulary, texts.language, path, texts.gettext("Open now"))
        if chip.on
    ]


def tags(
    question: FinderQuestion,
    vocabulary: Vocabulary,
    texts: Translator,
    path: str,
    *,
    timezone: str,
    now: dt.datetime,
    place: str = "",
    address: str = "",
    area: str = "",
    organisation: str = "",
) -> list[Tag]:
    """Give what is set, as far as chips do not show it; `place`, `address`, `area` and `organisation` are their names."""

    def tag(words: str, **changes: object) -> Tag:
        without = question.having(**changes)
        return Tag(words, without.href(path), without)

    made = []
    if question.q:
        made.append(tag(texts.gettext("“%(words)s”", words=question.q), q="", as_text=""))
    made += [tag(words, **without) for words, without in _where(question, texts, place, address, area)]
    if question.organisation:
        made.append(tag(organisation or texts.gettext("One organisation"), organisation=""))
    if question.open_at and question.open_at != "now":
        made.append(tag(moment_words(question.open_at, texts, timezone, now), open_at=""))
    if question.hours:
        made.append(tag(texts.gettext("Hours not known"), hours=""))
    if question.checked_since:
        made.append(tag(_checked_words(question.checked_since, texts), checked_since=""))
    return made + [
        tag(
            _tag_name(name, code, vocabulary, texts),
            **{name: tuple(other for other in getattr(question, name) if other != code)},
        )
        for name in LISTS
        for code in getattr(question, name)
        if not code.startswith(FAMILY_PREFIX)
    ]


def _where(
    question: FinderQuestion, texts: Translator, place: str, address: str, area: str
) -> Iterator[tuple[str, dict[str, str]]]:
    """What the question is about on the map, and what it is without."""
    if place:
        yield place, {"place": ""}
    if address:
        yield texts.gettext("Near %(address)s", address=address), {"near": ""}
    elif question.near and not question.bbox:
        yield texts.gettext("Near one spot"), {"near": ""}
    if question.area:
        yield area or question.area, {"area": ""}
    if question.within:
        yield texts.gettext("Drawn area"), {"within": ""}


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


def _checked_words(since: str, texts: Translator) -> str:
    words = dict(CHECKED).get(since)
    if words:
        return texts.gettext(words)
    if since.startswith("P"):
        days = int(since[1:-1])
        return texts.ngettext("Checked in the last %(n)s day", "Checked in the last %(n)s days", days)
    day = format_skeleton("yMMMMd", dt.date.fromisoformat(since), locale=texts.language)
    return texts.gettext("Checked since %(day)s", day=day)


def _name(name: str, code: str, vocabulary: Vocabulary, texts: Translator) -> str:
    language = texts.language
    if name == "audience_mode":
        return texts.gettext(_MODES[code])
    if name == "service":
        term: Term = vocabulary.services.get(code) or vocabulary.groups.get(code) or vocabulary.families[code]
        return term.names[language]
    return vocabulary.name(name, code, language)


def _tag_name(name: str, code: str, vocabulary: Vocabulary, texts: Translator) -> str:
    """The name of what is set. A group that is called like the chip of a family, which holds more, says what it is."""
    words = _name(name, code, vocabulary, texts)
    chips_words = {family.short[texts.language] for family in vocabulary.families.values()}
    is_group = name == "service" and code in vocabulary.groups
    return texts.gettext("%(help)s: all kinds", help=words) if is_group and words in chips_words else words


def _help_name(code: str, vocabulary: Vocabulary, texts: Translator) -> str:
    if code.startswith(FAMILY_PREFIX):
        return vocabulary.families[code.removeprefix(FAMILY_PREFIX)].names[texts.language]
    return _name("service", code, vocabulary, texts)


def help_names(codes: Iterable[str], vocabulary: Vocabulary, texts: Translator) -> str:
    """The names of services, groups and families in one line."""
    return ", ".join(_help_name(code, vocabulary, texts) for code in codes)


def sections(question: FinderQuestion, vocabulary: Vocabulary, texts: Translator) -> list[Section]:
    """Give the panel: services in their groups, languages, what matters, audiences and modes. Counts come later."""
    language = texts.language

    def row(name: str, code: str, words: str, language: str = "", family: str = "") -> Row:
        chosen = code in getattr(question, name)
        return Row(name, code, words, chosen, _choice(name, code, vocabulary), language, family)

    families = tuple(
        row("service", f"{FAMILY_PREFIX}{f.code}", f.names[language], family=f.code)
        for f in vocabulary.families.values()
    )
    groups = tuple(
        Fold(
            group.names[language],
            (
                row("service", group.code, texts.gettext("All of this")),
                *(row("service", s.code, s.names[language]) for s in vocabulary.services_in(group.code)),
            ),
            group.icon,
        )
        for group in vocabulary.groups.values()
    )
    spoken = {
        code: row("language", code, term.endonym, language=code if code != language else "")
        for code, term in vocabulary.languages.items()
    }
    access = {code: row("access", code, term.names[language]) for code, term in vocabulary.access.items()}
    audiences = tuple(
        row("audience", code, term.names[language]) for code, term in vocabulary.audiences.items()
    )
    return [
        _split(
            "language",
            texts.gettext("In which language"),
            spoken,
            FIRST_LANGUAGES,
            texts.gettext("More languages"),
        ),
        Section(
            "access",
            texts.gettext("What matters"),
            tuple(access[code] for code in FIRST_ACCESS),
            tuple(_access_folds(access, vocabulary, language)),
        ),
        Section("service", texts.gettext("What kind of help"), families, groups),
        Section(
            "audience",
            texts.gettext("For whom"),
            (),
            (Fold(texts.gettext("Choose groups of people"), audiences, "users"),),
        ),
        Section(
            "audience_mode",
            texts.gettext("Who may come"),
            tuple(row("audience_mode", mode, texts.gettext(_MODES[mode])) for mode in MODES),
        ),
    ]


@functools.lru_cache(maxsize=1000)
def _choice(name: str, code: str, vocabulary: Vocabulary) -> Choice:
    """What one row asks for by itself; there are as many as codes."""
    if name == "audience_mode":
        return Welcome(0, frozenset((code,)))
    return mask_of(name, vocabulary.expand((code,)) if name == "service" else (code,), vocabulary)


def _split(name: str, words: str, rows: dict[str, Row], first: Sequence[str], more: str) -> Section:
    seen = tuple(row for code, row in rows.items() if code in first or row.on)
    rest = tuple(row for row in rows.values() if row not in seen)
    return Section(name, words, seen, (Fold(more, rest, "languages"),))


def _access_folds(rows: dict[str, Row], vocabulary: Vocabulary, language: str) -> Iterator[Fold]:
    for group in vocabulary.access_groups.values():
        inside = tuple(
            rows[code]
            for code, term in vocabulary.access.items()
            if term.group == group.code and code not in FIRST_ACCESS
        )
        if inside:
            yield Fold(group.names[language], inside)


def counted(
    panel: Iterable[Section], count_of: Callable[[Row], int | None], texts: Translator
) -> list[Section]:
    """The panel with the counts filled in, as far as they are known."""

    def with_count(row: Row) -> Row:
        number = count_of(row)
        if number is None:
            return row
        words = str(number) if number < 1000 else texts.format.number(number)
        return replace(row, count_words=words)

    return [
        Section(
            section.name,
            section.words,
            tuple(map(with_count, section.rows)),
            tuple(Fold(fold.words, tuple(map(with_count, fold.rows)), fold.icon) for fold in section.folds),
        )
        for section in panel
    ]
