"""The past of a feature in words."""

import datetime as dt
from typing import Final

from app.features.field_words import FIELD_WORDS
from app.features.history import Event, EventKind, Past, Role
from app.i18n import N_, Translator
from app.taxonomy.vocabulary import Vocabulary

_WORDS: Final = {
    EventKind.PUBLISHED: N_("Put on the map"),
    EventKind.CLOSED: N_("Closed for good"),
    EventKind.REOPENED: N_("Opened again"),
}


def past_words(past: Past, texts: Translator, vocabulary: Vocabulary) -> list[tuple[dt.date, str]]:
    """Give day and words of each event, the newest first."""
    return [(event.day, _said(event, texts, vocabulary)) for event in past.events]


def _said(event: Event, texts: Translator, vocabulary: Vocabulary) -> str:
    if event.kind is EventKind.CHANGED:
        # A field that the program no longer has is still a change.
        names = [texts.gettext(FIELD_WORDS[name]) for name in event.fields if name in FIELD_WORDS]
        return texts.gettext("Changed: %(fields)s", fields=", ".join(dict.fromkeys(names)) or "…")
    if event.kind is EventKind.CHECKED:
        how = vocabulary.verification_methods.get(event.how)
        words = how.names[texts.language] if how else texts.gettext("Checked")
        return texts.gettext("%(how)s (by a moderator)", how=words) if event.by == Role.MODERATOR else words
    return texts.gettext(_WORDS[event.kind])
