"""What a row of a file is and why, and what was wrong while it was read, in words."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from app.desk.content_words import Words
from app.desk.duplicate_words import reason_words
from app.i18n import N_, Translator
from app.imports.staging.comparing import Kind
from app.imports.staging.listing import DECIDED

KINDS: Final[Mapping[str, str]] = {
    Kind.CONFLICT: N_("To look at"),
    Kind.UPDATE: N_("Changed"),
    Kind.CREATE: N_("New"),
    Kind.SAME: N_("The same"),
    Kind.REFUSED: N_("Cannot be taken"),
    Kind.LEFT_OUT: N_("Left out"),
    DECIDED: N_("Decided"),
}
DECISIONS: Final[Mapping[str, str]] = {
    "created": N_("Put on the map as a new place"),
    "updated": N_("The place on the map was changed"),
    "linked": N_("It is this place, nothing was changed"),
    "skipped": N_("Left out"),
}
#: Why one of many was left as it is, by the class of the error.
IN_THE_WAY: Final[Mapping[str, str]] = {
    "LessSure": N_("less sure than it was"),
    "StaleRevision": N_("the place on the map was changed since"),
    "NotOnTheMap": N_("the place was taken off the map"),
    "Elsewhere": N_("it lies where you may not decide"),
    "HereByNow": N_("it is on the map by now"),
    "OwnFile": N_("protected help in a file that you have uploaded: somebody else decides"),
    "NeedsTwo": N_("protected help: two people have to say yes to the same"),
    "UploaderGone": N_(
        "protected help: whoever has uploaded the file may do so no more, so it has to be uploaded anew"
    ),
}
OTHERWISE: Final = N_("it has to be looked at by itself")
_REASONS: Final[Mapping[str, str]] = {
    "nothing_like_it": N_("nothing on the map is like it"),
    "geocoded": N_("the pin is only the middle of the town"),
    "noticed": N_("something was odd while it was read"),
    "as_before": N_("the source says what it said last time"),
    "says_the_same": N_("the map says the same"),
    "by_link": N_("this row is known from an earlier file"),
    "by_source": N_("the place has this number of the source"),
    "by_id": N_("the row has the id of the place"),
    "edited": N_("people have changed the place since the source last spoke of it"),
    "checked": N_("somebody checked the place on the day of the file, or later"),
    "older": N_("the same source has spoken of it later, in another file"),
    "taken_down": N_("the place was taken off the map"),
    "merged": N_("the place was merged with another entry"),
    "unlike": N_("known by its number, but name and position are others"),
    "waits": N_("it waits in the queue"),
    "rejected": N_("a moderator turned it down before"),
    "skipped": N_("somebody left it out of an earlier file"),
    "several": N_("several places are like it"),
    "another_row": N_("another row of this source is this place"),
    "gone": N_("a place like it was taken off the map"),
    "protected": N_("the place is protected: a file changes nothing of where it is"),
    "closed": N_("the place is closed on the map"),
    "does_not_fit": N_("the place with these changes would break a rule"),
    "two_rows": N_("row %(rows)s is the same place"),
    "alike_row": N_("row %(rows)s of this file is much like it"),
    "twice": N_("the same row stands in the file twice"),
}
_LINE: Final = N_("Line %(line)s is in another encoding. Save the file as UTF-8.")
_CELL: Final = N_("A cell of line %(line)s is too long, or its quotation mark is never closed.")
_BOOK: Final = N_("This workbook cannot be read. Save it as CSV in UTF-8.")
_DEGREES: Final = N_("The position is not written in degrees, as 50.8661 and 20.6286.")
_LEFT_OUT: Final = N_("Could not be read and was left out: %(field)s")
_PUT_RIGHT: Final = N_("Was put right while it was read: %(field)s")
_NOTES: Final[Mapping[str, str]] = {
    "file_missing": N_("Choose a file."),
    "file_empty": N_("The file is empty."),
    "file_too_large": N_("The file is larger than %(limit)s."),
    "no_rows": N_("The file has no rows below its header."),
    "too_many_rows": N_("The file has more than %(limit)s rows. Divide it."),
    "too_many_columns": N_("The file has more than %(limit)s columns."),
    "header_repeated": N_("Two columns have the same name: %(column)s"),
    "header_too_long": N_("The name of a column is longer than %(limit)s characters."),
    "nul": N_("Line %(line)s holds signs that are no text."),
    **dict.fromkeys(("encoding_mixed", "encoding_wrong", "encoding_unknown"), _LINE),
    **dict.fromkeys(("cell_too_large", "line_too_long", "quotes"), _CELL),
    **dict.fromkeys(("xlsx_legacy", "xlsx_damaged", "xlsx_bomb", "xlsx_doctype"), _BOOK),
    "cells": N_("This row has %(found)s cells, the header has %(expected)s."),
    "cell_error": N_("The column %(column)s holds an error of the spreadsheet."),
    "cell_formula": N_("The column %(column)s holds a formula."),
    "excel_date": N_("The column %(column)s holds a date that cannot be read."),
    "id_missing": N_("This row has no number."),
    "id_repeated": N_("Several rows have this number: %(rows)s"),
    "nowhere": N_("This row has neither a position nor an address."),
    "position_zero": N_("The position is 0, 0: the source had none."),
    **dict.fromkeys(
        (
            "position_malformed",
            "position_range",
            "position_comma",
            "position_metres",
            "position_metres_swapped",
        ),
        _DEGREES,
    ),
    "position_outside": N_("The position lies in another country."),
    "position_swapped": N_("Latitude and longitude seem to be exchanged."),
    "geocode_failed": N_("The address was not found on the map."),
    "geocoded": N_("The pin is only the middle of the town."),
    "required": N_("Missing: %(field)s"),
    "no_service": N_("None of its kinds of help is known here."),
    "protected_service": N_("This is a protected kind of help. Where it is must not come in by a file."),
    "phone_scientific": N_("A spreadsheet has cut a telephone number."),
    "too_many_contacts": N_("It has too many contacts. The first ones were taken."),
}
#: What was left out or put right, by the field that it was in.
_FIELDS: Final[Mapping[str, tuple[str, str]]] = {
    "phone_dropped": (_LEFT_OUT, "contacts"),
    "email_dropped": (_LEFT_OUT, "contacts"),
    "website_dropped": (_LEFT_OUT, "website"),
    "house_number_dropped": (_LEFT_OUT, "address"),
    "postcode_dropped": (_LEFT_OUT, "address"),
    "hours_left_out": (_LEFT_OUT, "hours"),
    "service_word_unknown": (_LEFT_OUT, "services"),
    "phone_range": (_PUT_RIGHT, "contacts"),
    "website_is_email": (_PUT_RIGHT, "website"),
    "website_several": (_PUT_RIGHT, "website"),
    "website_repaired": (_PUT_RIGHT, "website"),
    "postcode_blank": (_PUT_RIGHT, "address"),
    "postcode_zero": (_PUT_RIGHT, "address"),
}
_ANY: Final = N_("It could not be read.")


def why(texts: Translator, reasons: Iterable[Mapping[str, Any]]) -> list[str]:
    """Give the reasons of a row in words, in their order."""
    said: list[str] = []
    for reason in reasons:
        if reason["code"] in _REASONS:
            rows = ", ".join(map(str, reason.get("rows", ())))
            words = _REASONS[reason["code"]]
            said.append(texts.gettext(words, rows=rows) if rows else texts.gettext(words))
        else:
            said += reason_words(texts, [reason])
    return said


def noticed(texts: Translator, words: Words, notes: Sequence[Mapping[str, Any]]) -> list[str]:
    """Give what was wrong with a row or a file, or odd about it, in words."""
    return [_noticed(texts, words, note) for note in notes]


def _noticed(texts: Translator, words: Words, note: Mapping[str, Any]) -> str:
    code, path, detail = note["code"], str(note.get("path", "")), note.get("detail", {})
    if code == "invalid":
        label = words.label(path.split(".", maxsplit=1)[0])
        reason = str(detail.get("reason", ""))
        return f"{label}: {texts.gettext(reason)}" if reason else label
    if code in _FIELDS:
        sentence, field = _FIELDS[code]
        return texts.gettext(sentence, field=words.label(field))
    if code in ("mixed_alphabets", "cyrillic_lookalike", "text_cut"):
        return texts.gettext(_PUT_RIGHT, field=words.label(path.split(".", maxsplit=1)[0]))
    sentence = _NOTES.get(code, _ANY)
    return texts.gettext(sentence, **{"field": words.label(path.split(".", maxsplit=1)[0]), **detail})
