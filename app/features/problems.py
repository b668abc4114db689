"""What can be wrong with a field of a content, as sentences that say what to write instead.

A value model refuses with `refusal(code)`; `field_problems` turns everything that Pydantic found into
problems for a form or for a program. What was sent in is never repeated: not as a value, and not as a
key that we do not know.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from app.errors import FieldProblem
from app.i18n import N_

#: More would not be read by a person, and lets a small body make a large answer.
MOST_PROBLEMS = 50

#: By stable code. English message ids, translated at the edge.
MESSAGES: Mapping[str, str] = {
    # Any field
    "missing": N_("Fill this in."),
    "unknown_field": N_("There is a field here that we do not know. Take it out or check its name."),
    "text_expected": N_("Write this as text."),
    "number_expected": N_("Write this as a number."),
    "whole_number_expected": N_("Write this as a whole number."),
    "yes_or_no_expected": N_("Answer this with yes or no (true or false)."),
    "list_expected": N_("Write this as a list."),
    "object_expected": N_("Write this as an object with named fields."),
    "number_too_small": N_("Write a larger number."),
    "number_too_large": N_("Write a smaller number."),
    "too_short": N_("Write a little more."),
    "too_long": N_("Write it shorter."),
    "too_few": N_("Add at least one."),
    "too_many": N_("That is too many. Keep the most important ones."),
    "not_offered": N_("Choose one of the values that are offered."),
    "unreadable": N_("We cannot read this. Look at an example and try again."),
    # Text
    "control_character": N_("There is a hidden character in this text. Type it again instead of pasting it."),
    "text_direction": N_("There is a hidden sign in this text that turns its direction. Type it again."),
    "private_character": N_("There is a sign in this text that other devices cannot show. Replace it."),
    "broken_text": N_("Some letters came through broken. Type the text again."),
    "line_break": N_("Write this on one line."),
    "source_missing": N_("Write the text in its own language, too."),
    "state_without_text": N_("Add the translation, or take out its mark."),
    # Codes
    "unknown_code": N_("Choose from our list; this code is not on it."),
    "service_twice": N_("This service is here twice. Keep one of them."),
    # Contacts
    "phone_unreadable": N_("Write one phone number with its area or country code, for example 41 555 01 23."),
    "phone_several": N_("Write one number here and add the others as further contacts."),
    "phone_letters": N_("Write the phone number with digits only, for example 41 555 01 23."),
    "phone_premium": N_("This number costs extra. Give one that everybody can afford to call."),
    "email_unreadable": N_("Write one e-mail address, for example office@organisation.pl."),
    "email_several": N_("Write one e-mail address here and add the others as further contacts."),
    "web_unreadable": N_("Write a web address, for example https://organisation.pl."),
    "web_is_email": N_("This is an e-mail address. Write it in the field for e-mail."),
    "web_scheme": N_("Write a web address that begins with https:// or http://."),
    "web_credentials": N_("Take the user name and the password out of the web address."),
    "web_host": N_("Write a web address with a public name, for example https://organisation.pl."),
    "person_public": N_("Names of people are shown to partners only. Make this contact one for partners."),
    "extension_without_phone": N_("An extension goes with a phone number only."),
    # Places
    "postcode": N_("Write the postcode, for example 25-502."),
    "country": N_("Write the country as two capital letters, for example PL."),
    "house_number": N_("Write the number of the house, for example 12 or 8a."),
    "position_missing": N_("Show the place on the map."),
    "position_empty": N_("These coordinates lie in the ocean. Show the place on the map."),
    "position_protected": N_("This place is protected. Take out the position and keep only the area."),
    "address_protected": N_("This place is protected. Take out the address and keep only the area."),
    "photos_protected": N_("This place is protected. Take out the photos: they show where it is."),
    "place_in_text": N_(
        "This place is protected. Take the address out of this text; who calls will be told the way."
    ),
    "area_missing": N_("Choose the municipality, county or province instead of the address."),
    "area_served_missing": N_("Say for which area this help is."),
    "area_code": N_("Choose the area from the list."),
    # Hours, dates
    "hours_unreadable": N_("Write the hours like this: Mo-Fr 08:00-16:00. Or choose them day by day."),
    "hours_too_long": N_("These hours are too long. Keep the usual week and put the rest into a notice."),
    "hours_school_holidays": N_("School holidays are not known to us. Write the dates instead."),
    "hours_sun": N_("Write times by the clock instead of sunrise and sunset."),
    "hours_date": N_("One of these dates does not exist. Look at the calendar."),
    "hours_too_slow": N_("These hours are too complicated. Keep the usual week."),
    "date": N_("Write a date that exists, for example 2026-12-24."),
    "date_far": N_("Write a date of this century."),
    "moment": N_("Write date, time and time zone, for example 2026-12-24T10:00:00+01:00."),
    "dates_reversed": N_("The end is before the beginning. Change one of the two."),
    # Conditions
    "age_reversed": N_("The lowest age is above the highest. Change one of the two."),
    "audience_missing": N_("Say who is meant."),
    "amount_free": N_("Free help has no price. Change one of the two."),
    "currency": N_("Write the currency as three capital letters, for example PLN."),
    "capacity_over": N_("There cannot be more free than there are in all."),
    "status_reason": N_("Choose a reason that fits: for a while, or for good."),
    "status_dates": N_("A place that is open has no date of closing."),
    # Organisations
    "identifier_empty": N_("Write the number, or take the field out."),
    "identifier_shape": N_("Check the number: it has too few or too many digits."),
    "identifier_check_digit": N_("Check the number: one of its digits is wrong."),
}

#: Pydantic's own types of error, in our words.
_CODES: Mapping[str, str] = {
    "missing": "missing",
    "extra_forbidden": "unknown_field",
    "string_type": "text_expected",
    "string_unicode": "broken_text",
    "string_too_short": "too_short",
    "string_too_long": "too_long",
    "string_pattern_mismatch": "unreadable",
    "too_short": "too_few",
    "too_long": "too_many",
    "literal_error": "not_offered",
    "int_type": "whole_number_expected",
    "int_from_float": "whole_number_expected",
    "int_parsing": "whole_number_expected",
    "int_parsing_size": "number_too_large",
    "float_type": "number_expected",
    "float_parsing": "number_expected",
    "finite_number": "number_expected",
    "bool_type": "yes_or_no_expected",
    "bool_parsing": "yes_or_no_expected",
    "tuple_type": "list_expected",
    "list_type": "list_expected",
    "dict_type": "object_expected",
    "model_type": "object_expected",
    "model_attributes_type": "object_expected",
    "greater_than": "number_too_small",
    "greater_than_equal": "number_too_small",
    "less_than": "number_too_large",
    "less_than_equal": "number_too_large",
}

#: How Pydantic marks that the key of a mapping is meant, not its value.
_KEY = "[key]"


def refusal(
    code: str, *, field: str | None = None, also: Mapping[str, str] | None = None
) -> PydanticCustomError:
    """Give the error that a validator raises; `field` names the member meant when a whole model is judged.

    `also` are the codes of further members, by member: a validator raises once and may have found several.
    Raises `KeyError` for a code without a message.
    """
    context = {name: value for name, value in (("field", field), ("also", also)) if value}
    return PydanticCustomError(code, MESSAGES[code], context or None)


def field_problems(error: ValidationError) -> tuple[FieldProblem, ...]:
    """What is wrong, field by field in the order of the content, at most `MOST_PROBLEMS`."""
    details = error.errors(include_url=False, include_input=False)
    # A key that is not ours is input: the path ends at the mapping that holds it.
    foreign = [d["loc"][:-1] for d in details if d["loc"] and d["loc"][-1] == _KEY]
    told = (
        problem
        for detail in details
        if not _is_echo(detail, details)
        for problem in (_problem(detail, foreign), *_others(detail))
    )
    problems = {(problem.path, problem.code): problem for problem in told}
    return tuple(problems.values())[:MOST_PROBLEMS]


def _others(detail: ErrorDetails) -> list[FieldProblem]:
    """The further members that the same validator refused."""
    also: Mapping[str, str] = detail.get("ctx", {}).get("also", {})
    return [
        FieldProblem(_dotted(detail["loc"], {"field": field}), code, MESSAGES[code])
        for field, code in also.items()
    ]


def _is_echo(detail: ErrorDetails, details: list[ErrorDetails]) -> bool:
    """Whether a list is only called too short because an item of it was refused."""
    place = detail["loc"]
    return detail["type"] == "too_short" and any(
        len(other["loc"]) > len(place) and other["loc"][: len(place)] == place for other in details
    )


def _problem(detail: ErrorDetails, foreign: list[tuple[int | str, ...]]) -> FieldProblem:
    code = detail["type"] if detail["type"] in MESSAGES else _CODES.get(detail["type"], "unreadable")
    if detail["type"] == "too_long" or detail["type"] == "too_short":
        # Pydantic means lists by these two; our own texts mean letters and have no such context.
        code = _CODES[detail["type"]] if "field_type" in detail.get("ctx", {}) else detail["type"]
    path = detail["loc"]
    if detail["type"] == "extra_forbidden":
        path = path[:-1]
    for key in foreign:
        if path[: len(key)] == key:
            path = key[:-1]
    return FieldProblem(_dotted(path, detail.get("ctx", {})), code, MESSAGES[code])


def _dotted(path: tuple[int | str, ...], context: Mapping[str, Any]) -> str:
    meant = context.get("field")
    return ".".join(str(part) for part in (*path, *([meant] if meant else [])))
