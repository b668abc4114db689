"""Query parameters as strict as bodies: known names, one value where one is meant, plain numbers, clean text."""

import re
import types
import typing
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import unquote_to_bytes

from fastapi import Request
from pydantic import AfterValidator, BaseModel, BeforeValidator
from pydantic_core import PydanticCustomError

from app.errors import FieldProblem, InvalidInput
from app.i18n import N_
from app.web.problem_words import MOST_PROBLEMS, field_path
from app.web.strict_form import sent_twice

MOST_PARAMETERS = 100
WHOLE_NUMBER = N_("Write a whole number, for example 20.")
NUMBER = N_("Write a number, for example 52.23.")
UNKNOWN = N_("There is a parameter here that is not known. Known are: %(limit)s.")
NONE_KNOWN = N_("This address takes no parameters.")
NO_SUCH_TEXT = N_("There are characters here that no text has. Type it again.")

_INTEGER = re.compile(r"-?[0-9]{1,15}\Z", re.ASCII)
_DECIMAL = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,20})?\Z", re.ASCII)
#: What most parameters are made of, and needs no decoding.
_PLAIN = re.compile(rb"[A-Za-z0-9_.,:*-]*")
#: Line breaks and tabs have no place in a query parameter either.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")


def _plain_integer(value: object) -> object:
    if isinstance(value, str):
        if not _INTEGER.match(value):
            raise PydanticCustomError("plain_integer", WHOLE_NUMBER, {"message": WHOLE_NUMBER})
        return int(value)
    return value


def _plain_decimal(value: object) -> object:
    if isinstance(value, str):
        if not _DECIMAL.match(value):
            raise PydanticCustomError("plain_decimal", NUMBER, {"message": NUMBER})
        return float(value)
    return value


def _composed(value: str) -> str:
    return unicodedata.normalize("NFC", value).strip()


def _split(value: object) -> object:
    """Codes may be repeated or joined by commas, or both; empty ones do not count."""
    parts: Iterable[object] = value if isinstance(value, list | tuple) else (value,)
    return tuple(
        code.strip() for part in parts if isinstance(part, str) for code in part.split(",") if code.strip()
    )


#: A whole number in plain digits: neither `1_000` nor `+1` nor ` 1`; `-0` is 0.
PLAIN_INTEGER = BeforeValidator(_plain_integer)
#: A finite number in plain digits with a point: neither `nan` nor `1e5` nor `52,2`.
PLAIN_DECIMAL = BeforeValidator(_plain_decimal)
#: Text in its composed form (NFC), without spaces round it.
COMPOSED = AfterValidator(_composed)
# With limits of their own, which stand before these: `Annotated[int, Field(ge=1), PLAIN_INTEGER]`.
PlainInt = Annotated[int, PLAIN_INTEGER]
PlainText = Annotated[str, COMPOSED]
#: Codes, repeated (`a=x&a=y`) or comma-separated (`a=x,y`).
Codes = Annotated[tuple[str, ...], BeforeValidator(_split)]


@dataclass(frozen=True, slots=True)
class KnownParameters:
    """The query parameters that a route declares, and which of them may come several times."""

    names: frozenset[str]
    several: frozenset[str]


async def strict_query(request: Request) -> None:
    """Refuse what the route does not declare (a FastAPI dependency for programs' routes)."""
    check_query(request.scope["query_string"], _known(request), unknown_allowed=False)


async def page_query(request: Request) -> None:
    """Refuse broken and repeated parameters, but let unknown ones be: links get things appended on their way."""
    check_query(request.scope["query_string"], _known(request), unknown_allowed=True)


def check_query(query: bytes, known: KnownParameters, *, unknown_allowed: bool) -> None:
    """Check a raw query string; `InvalidInput` names every parameter that is wrong."""
    _read(query, known, unknown_allowed=unknown_allowed)


def read_query(query: bytes, known: KnownParameters) -> dict[str, str | list[str]]:
    """Give the values of a raw query string, lists for those that may come several times.

    `InvalidInput` names every parameter that is not known, not text or sent twice.
    """
    return _read(query, known, unknown_allowed=False)


def _read(query: bytes, known: KnownParameters, *, unknown_allowed: bool) -> dict[str, str | list[str]]:
    problems: list[FieldProblem] = []
    values: dict[str, str | list[str]] = {}
    seen: set[str] = set()
    pairs = [part for part in query.split(b"&") if part]
    if len(pairs) > MOST_PARAMETERS:
        raise InvalidInput
    for pair in pairs:
        raw_name, _, raw_value = pair.partition(b"=")
        name, value = _text(raw_name), _text(raw_value)
        if name is None or name not in known.names:
            if not unknown_allowed:
                problems.append(_unknown(known))
            continue
        if value is None:
            problems.append(FieldProblem(field_path((name,)), "unclean_text", NO_SUCH_TEXT))
            value = ""
        kept = values.setdefault(name, [value] if name in known.several else value)
        if name not in seen:
            seen.add(name)
        elif isinstance(kept, list):
            kept.append(value)
        else:
            problems.extend(sent_twice(name).problems)
    if problems:
        raise InvalidInput(*list(dict.fromkeys(problems))[:MOST_PROBLEMS])
    return values


def _unknown(known: KnownParameters) -> FieldProblem:
    if not known.names:
        return FieldProblem("", "unknown_parameter", NONE_KNOWN)
    return FieldProblem("", "unknown_parameter", f"{UNKNOWN}\x1f{', '.join(sorted(known.names))}")


def _text(data: bytes) -> str | None:
    if _PLAIN.fullmatch(data):
        return data.decode("ascii")
    try:
        text = unquote_to_bytes(data.replace(b"+", b" ")).decode("utf-8", errors="strict")
    except UnicodeDecodeError:
        return None
    return None if _CONTROL.search(text) else text


def _known(request: Request) -> KnownParameters:
    scope = request.scope
    route = scope.get("fastapi", {}).get("effective_route_context") or scope["route"]
    dependant = route.dependant
    state = request.app.state
    if not hasattr(state, "known_parameters"):
        state.known_parameters = {}
    # The dependant is kept beside its answer, so that its id cannot come to mean another one.
    kept = state.known_parameters.get(id(dependant))
    if kept is None:
        kept = state.known_parameters[id(dependant)] = (dependant, _declared(dependant))
    known: KnownParameters = kept[1]
    return known


def _declared(dependant: Any) -> KnownParameters:
    """Gather the query parameters of a route and of everything it depends on."""
    declared: list[tuple[str, Any]] = []
    waiting = [dependant]
    while waiting:
        current = waiting.pop()
        waiting.extend(current.dependencies)
        for parameter in current.query_params:
            annotation = parameter.field_info.annotation
            if isinstance(annotation, type) and issubclass(annotation, BaseModel):
                declared += _fields(annotation)
            else:
                declared.append((parameter.alias, annotation))
    return _known_by(declared)


def known_of(model: type[BaseModel] | None) -> KnownParameters:
    """The parameters that the fields of a model are; none for None."""
    return _known_by(_fields(model) if model else [])


def _fields(model: type[BaseModel]) -> list[tuple[str, Any]]:
    return [(info.alias or name, info.annotation) for name, info in model.model_fields.items()]


def _known_by(declared: list[tuple[str, Any]]) -> KnownParameters:
    names = frozenset(name for name, _ in declared)
    return KnownParameters(names, frozenset(name for name, kind in declared if _takes_several(kind)))


def _takes_several(annotation: Any) -> bool:
    origin = typing.get_origin(annotation)
    if origin in (typing.Union, types.UnionType):
        return any(map(_takes_several, typing.get_args(annotation)))
    if origin is Annotated:
        return _takes_several(typing.get_args(annotation)[0])
    kind = origin or annotation
    return (
        isinstance(kind, type) and issubclass(kind, Sequence | set | frozenset) and not issubclass(kind, str)
    )
