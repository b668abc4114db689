"""What validation errors are called and said like, for people and programs. Input is never part of it."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from app.errors import FieldProblem
from app.i18n import N_, Translator

#: More would help nobody, and an answer must not grow with what was sent.
MOST_PROBLEMS = 20

_KNOWN_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_:-]{0,60}\Z")
# Limits that a message may name; nothing else of an error's context is shown.
_LIMIT_BY_TYPE = {
    "string_too_long": "max_length", "string_too_short": "min_length", "too_long": "max_length",
    "too_short": "min_length", "greater_than_equal": "ge", "greater_than": "gt", "less_than_equal": "le",
    "less_than": "lt",
}  # fmt: skip
_WORDS = {
    "missing": N_("This is needed."),
    "extra_forbidden": N_("There is a field here that is not known."),
    "string_type": N_("Write text."),
    "string_too_long": N_("Write at most %(limit)s characters."),
    "string_too_short": N_("Write at least %(limit)s characters."),
    "string_pattern_mismatch": N_("Write this in the form that is asked for."),
    "too_long": N_("Give at most %(limit)s."),
    "too_short": N_("Give at least %(limit)s."),
    "int_type": N_("Write a whole number."),
    "int_parsing": N_("Write a whole number."),
    "int_from_float": N_("Write a whole number."),
    "float_type": N_("Write a number."),
    "float_parsing": N_("Write a number."),
    "finite_number": N_("Write a number that is not infinite."),
    "bool_type": N_("Say true or false."),
    "bool_parsing": N_("Say true or false."),
    "greater_than_equal": N_("Write a number of at least %(limit)s."),
    "greater_than": N_("Write a number above %(limit)s."),
    "less_than_equal": N_("Write a number of at most %(limit)s."),
    "less_than": N_("Write a number below %(limit)s."),
    "literal_error": N_("Choose one of the offered values."),
    "enum": N_("Choose one of the offered values."),
    "list_type": N_("Give a list."),
    "dict_type": N_("Give an object with fields."),
    "model_type": N_("Give an object with fields."),
    "model_attributes_type": N_("Give an object with fields."),
    "date_parsing": N_("Write a date like 2026-11-24."),
    "date_type": N_("Write a date like 2026-11-24."),
    "date_from_datetime_parsing": N_("Write a date like 2026-11-24."),
    "datetime_parsing": N_("Write a date and time like 2026-11-24T16:20:00+01:00."),
    "datetime_from_date_parsing": N_("Write a date and time like 2026-11-24T16:20:00+01:00."),
    "timezone_aware": N_("Write a date and time like 2026-11-24T16:20:00+01:00."),
    "time_parsing": N_("Write a time like 16:20."),
    "url_parsing": N_("Write an address that begins with https://."),
    "url_scheme": N_("Write an address that begins with https://."),
    "uuid_parsing": N_("Write an id as it was given to you."),
    "uuid_type": N_("Write an id as it was given to you."),
}
_OTHERWISE = N_("Write this in the form that is asked for.")


def problems_of(errors: Sequence[Mapping[str, Any]], *, skip_first: bool = True) -> tuple[FieldProblem, ...]:
    """Pydantic's errors as problems of fields, at most `MOST_PROBLEMS`.

    `skip_first` leaves out the first part of each place, which FastAPI puts there (`body`, `query`).
    A message keeps its limits as values, written into the English text: see `say`.
    """
    return tuple(_problem(error, 1 if skip_first else 0) for error in errors[:MOST_PROBLEMS])


def say(texts: Translator, problem: FieldProblem) -> str:
    """The message of a problem in a language."""
    message, _, limit = problem.message.partition("\x1f")
    return texts.gettext(message, limit=limit) if limit else texts.gettext(message)


def _problem(error: Mapping[str, Any], skip: int) -> FieldProblem:
    kind = str(error["type"])
    place = list(error.get("loc", ()))[skip:]
    if kind == "extra_forbidden":
        place = place[:-1]  # the last part is the unknown name, which is input
    context = error.get("ctx") or {}
    if kind in _WORDS:
        message = _WORDS[kind]
        limit = context.get(_LIMIT_BY_TYPE.get(kind, ""))
        if limit is not None:
            message = f"{message}\x1f{limit}"
    elif isinstance(context.get("message"), str):
        message = context["message"]
    else:
        message = _OTHERWISE
    return FieldProblem(path=field_path(place), code=kind, message=message)


def field_path(place: Sequence[object]) -> str:
    """The dotted place of a field. Parts that are not names of ours, such as keys that were sent, are left out."""
    return ".".join(str(part) for part in place if isinstance(part, int) or _KNOWN_NAME.match(str(part)))
