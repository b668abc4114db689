"""The past of a feature in words."""

import datetime as dt
from typing import Final

from app.features.field_words import FIELD_WORDS
from app.features.history import Event, EventKind, Past, Role
from app.i18n import N_, Translator
from app.taxonomy.vocabulary import Vocabulary

#: Ways to check whose words say by themselves that a source is believed.
_SAY_SOURCE: Final = frozenset({"imported", "official_register"})
#: The way of whoever sends a place in and opens the link of the mail.
_BY_MAIL: Final = "email"
#: Who looked, where the way does not say it. Nobody is named of what came in by the form: whoever sent it has confirmed it.
_BY: Final = {
    Role.MODERATOR: N_("%(how)s (by a moderator)"),
    Role.SOURCE: N_("%(how)s (says the source of the data)"),
    "": N_("%(how)s (by whoever sent it in)"),
}
_WORDS: Final = {
    EventKind.PUBLISHED: N_("Put on the map"),
    EventKind.CLOSED: N_("Closed for good"),
    EventKind.REOPENED: N_("Opened again"),
    EventKind.MERGED: N_("Joined with another entry of the same place"),
}
#: Beside what a trusted organisation has published without a moderator.
_BY_ITSELF: Final = N_("%(what)s (approved by the organisation itself, which is trusted)")


def past_words(past: Past, texts: Translator, vocabulary: Vocabulary) -> list[tuple[dt.date, str]]:
    """Give day and words of each event, the newest first."""
    return [(event.day, _said(event, texts, vocabulary)) for event in past.events]


def check_words(past: Past | None, day: dt.date, how: str, texts: Translator, vocabulary: Vocabulary) -> str:
    """Give how something was checked on a day, and by whom where the past knows it; "" for a way that is not known."""
    if how not in vocabulary.verification_methods:
        return ""
    checks = past.events if past else ()
    by = [e.by for e in checks if (e.kind, e.day, e.how) == (EventKind.CHECKED, day, how)]
    return _checked(how, by[0] if by else None, texts, vocabulary)


def _said(event: Event, texts: Translator, vocabulary: Vocabulary) -> str:
    words = _what(event, texts, vocabulary)
    by_itself = event.by == Role.ORGANISATION and event.kind in (EventKind.PUBLISHED, EventKind.CHANGED)
    return texts.gettext(_BY_ITSELF, what=words) if by_itself else words


def _what(event: Event, texts: Translator, vocabulary: Vocabulary) -> str:
    if event.kind is EventKind.CHANGED:
        # A field that the program no longer has is still a change.
        names = [texts.gettext(FIELD_WORDS[name]) for name in event.fields if name in FIELD_WORDS]
        return texts.gettext("Changed: %(fields)s", fields=", ".join(dict.fromkeys(names)) or "…")
    if event.kind is EventKind.CHECKED:
        return _checked(event.how, event.by, texts, vocabulary)
    return texts.gettext(_WORDS[event.kind])


def _checked(how: str, by: str | None, texts: Translator, vocabulary: Vocabulary) -> str:
    way = vocabulary.verification_methods.get(how)
    words = way.names[texts.language] if way else texts.gettext("Checked")
    if (by == Role.SOURCE and how in _SAY_SOURCE) or (by == "" and how != _BY_MAIL) or by not in _BY:
        return words
    return texts.gettext(_BY[by], how=words)
