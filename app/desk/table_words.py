"""What a row of an organisation's table is, and what somebody has to say of it, in plain sentences."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from app.desk.content_words import Words
from app.desk.import_words import noticed
from app.i18n import N_, Translator
from app.imports.notes import Note
from app.imports.staging.own_table import Checked, State
from app.moderation.states import SubmissionState

STATES: Final[Mapping[State, tuple[str, str]]] = {
    State.WRONG: (N_("To correct"), "bad"),
    State.ASKED: (N_("A question"), "warn"),
    State.NEW: (N_("New"), "good"),
    State.CHANGE: (N_("Changed"), "good"),
    State.SAME: (N_("The same"), "calm"),
    State.LEFT_OUT: (N_("Left out"), "calm"),
}
SENT: Final[Mapping[str, tuple[str, str]]] = {
    SubmissionState.PENDING: (N_("waits"), "calm"),
    SubmissionState.NEEDS_CHANGES: (N_("A moderator asks something"), "warn"),
    SubmissionState.APPROVED: (N_("On the map"), "good"),
    SubmissionState.REJECTED: (N_("Turned down"), "bad"),
    SubmissionState.SPAM: (N_("Turned down"), "bad"),
    SubmissionState.WITHDRAWN: (N_("Taken back"), "calm"),
}
ASKS: Final[Mapping[str, str]] = {
    "alike": N_(
        "The map has a place like this already. Is it another one? If it is the same, suggest a change to that one."
    ),
    "alike_row": N_("Row %(rows)s of this table is much like it. Are these two places?"),
    "geocoded": N_(
        "Only the town is known, so the pin stands in its middle. Write latitude and longitude, or say that this is enough."
    ),
    "far": N_("The pin is far from the town in the address. Is it right?"),
}
_NOTES: Final[Mapping[str, str]] = {
    "example": N_("This is the example. It is not sent."),
    "twice": N_("Row %(rows)s says the same. This one is not sent."),
    "two_rows": N_("Row %(rows)s is about the same place. Put both into one row."),
    "not_yours": N_(
        "No place of your organisation has this number. Leave the number empty if the place is new, or take it from the file of your places."
    ),
    "protected_place": N_(
        "Where this place is stays hidden, so a table does not change it. Change it by its form."
    ),
    "protected_service": N_(
        "Where this help is given must stay hidden, so it does not come by a table. Add it by the form, which asks what may be public."
    ),
    "hours_left_out": N_(
        "The opening hours could not be understood. Write them as Mo-Fr 09:00-17:00; Sa 10:00-14:00."
    ),
    "geocode_failed": N_("The town was not found on the map. Correct it, or write latitude and longitude."),
    "nowhere": N_("Nothing says where it is. Write the town, or latitude and longitude."),
    "no_service": N_(
        "None of its kinds of help is known here. Write them as they are called in the list below."
    ),
    "service_word_unknown": N_(
        "One of its kinds of help is not known here. Write it as it is called in the list below."
    ),
    "phone_dropped": N_("A telephone number could not be read. Correct it, or leave it empty."),
    "email_dropped": N_("An e-mail address could not be read. Correct it, or leave it empty."),
    "website_dropped": N_("The web page could not be read. Correct it, or leave it empty."),
    "postcode_dropped": N_("The postcode could not be read. Correct it, or leave it empty."),
    "house_number_dropped": N_("The house number could not be read. Correct it, or leave it empty."),
    "text_cut": N_("A text is too long. Make it shorter."),
    "too_many_contacts": N_("It has too many contacts. Leave some of them out."),
}


def notes_of(texts: Translator, words: Words, row: Checked) -> list[str]:
    """Give what is wrong with a row, or was put right, each as a sentence."""
    return [_note(texts, words, note, row.rows) for note in row.notes]


def asks_of(texts: Translator, row: Checked) -> list[str]:
    """Give what somebody is asked before it is a new place."""
    return [texts.gettext(ASKS[code]) % {"rows": _rows(row.rows)} for code in row.asks]


def changes_of(words: Words, row: Checked) -> list[str]:
    """Give the fields that a change changes, with what they say then."""
    data: Mapping[str, Any] = row.content.to_dict() if row.content else {}
    return [
        f"{words.label(field)}: {', '.join(words.lines(field, data.get(field))) or '—'}"
        for field in row.fields
    ]


def _note(texts: Translator, words: Words, note: Note, rows: Sequence[int]) -> str:
    if note.code in _NOTES:
        return texts.gettext(_NOTES[note.code]) % {"rows": _rows(rows)}
    said = {"code": note.code, "path": note.path, "detail": dict(note.detail)}
    return noticed(texts, words, [said])[0]


def _rows(rows: Sequence[int]) -> str:
    return ", ".join(map(str, rows))
