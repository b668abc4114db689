"""What a banner says, and whether it may: a kind, words in six languages, a link, a time."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from pydantic_core import PydanticCustomError

from app.errors import FieldProblem, InvalidInput
from app.features.problems import MESSAGES
from app.features.text import Line, Translated
from app.features.web_addresses import has_mixed_script_host, read_web_address
from app.i18n import LANGUAGES, N_

LONGEST_TEXT: Final = 240
LONGEST_LINK: Final = 300
LONGEST: Final = dt.timedelta(days=366)
#: Without these it is not for everybody here; who reads another language gets the English one, in Russian the Ukrainian.
REQUIRED: Final = ("pl", "uk", "en")
_SOURCE: Final = "en"
_TEXT: Final = Line(LONGEST_TEXT)
#: A path, a query and a fragment in the letters that need no other spelling.
_OWN_PATH: Final = re.compile(r"/[\w.~%+/-]*(?:\?[\w.~%+=&/,:-]*)?(?:#[\w-]*)?", re.ASCII)
#: What is no page for the public.
_NO_PAGES: Final = (
    "/desk",
    "/api",
    "/static",
    "/tiles",
    "/photos",
    "/service-worker.js",
    "/healthz",
    "/readyz",
)

NO_KIND: Final = N_("Choose what kind of notice it is.")
OWN_PAGE: Final = N_("Write a page of this map, such as /about, or an address that begins with https://.")
ONLY_HTTPS: Final = N_("Write an address that begins with https://.")
LOOKS_ALIKE: Final = N_("The name in this address mixes letters of different scripts. Write another one.")
ENDS_FIRST: Final = N_("The end has to be after the beginning.")
HAS_ENDED: Final = N_("The end has to be in the future.")
TOO_LONG: Final = N_("A notice is shown for a year at most.")


class Kind(StrEnum):
    """How much it matters; an emergency comes first and cannot be put away."""

    EMERGENCY = "emergency"
    WARNING = "warning"
    INFORMATION = "information"


@dataclass(frozen=True, slots=True)
class Notice:
    """What a banner says, to whom and how long. `link` is an https address or a path without a language; "" for none."""

    kind: Kind
    texts: Mapping[str, str]
    link: str
    from_at: dt.datetime
    until_at: dt.datetime

    @property
    def content(self) -> dict[str, Any]:
        """What is kept as a document; the times have columns of their own."""
        return {"kind": str(self.kind), "texts": dict(self.texts), "link": self.link}


def read_notice(
    typed: Mapping[str, str], from_at: dt.datetime, until_at: dt.datetime, *, now: dt.datetime
) -> Notice:
    """Read what somebody typed: `kind`, `text_pl` … and `link`; `InvalidInput` names every field that is wrong."""
    problems: list[FieldProblem] = []
    texts: dict[str, str] = {}
    for language in LANGUAGES:
        field, given = f"text_{language}", typed.get(f"text_{language}", "")
        if not given.strip() and language not in REQUIRED:
            continue
        try:
            texts[language] = _TEXT.clean(given)
        except PydanticCustomError as error:
            problems.append(_problem(field, error))
    link = ""
    try:
        link = _read_link(typed.get("link", "").strip())
    except InvalidInput as error:
        problems += error.problems
    except PydanticCustomError as error:
        problems.append(_problem("link", error))
    kind = typed.get("kind", "")
    if kind not in set(Kind):
        problems.insert(0, FieldProblem("kind", "kind", NO_KIND))
    problems += check_time(from_at, until_at, now)
    if problems:
        raise InvalidInput(*problems)
    return Notice(Kind(kind), texts, link, from_at, until_at)


def check_time(from_at: dt.datetime, until_at: dt.datetime, now: dt.datetime) -> list[FieldProblem]:
    """Give what is wrong with a time: none of it is to come, it is too long, or it ends before it begins."""
    if until_at <= from_at:
        return [FieldProblem("until_day", "until", ENDS_FIRST)]
    if until_at <= now:
        return [FieldProblem("until_day", "until", HAS_ENDED)]
    if until_at - max(from_at, now) > LONGEST:
        return [FieldProblem("until_day", "until", TOO_LONG)]
    return []


def in_language(texts: Mapping[str, str], language: str) -> tuple[str, str]:
    """Give the words for a reader, and the language that they are in: the chain of every translated text."""
    found = Translated.model_construct(texts=dict(texts), source=_SOURCE, states={}).in_language(language)
    return found.text, found.language


def _read_link(given: str) -> str:
    if not given:
        return ""
    if len(given) > LONGEST_LINK:
        raise InvalidInput(FieldProblem("link", "link", MESSAGES["too_long"]))
    if given.startswith("/"):
        first, _, rest = given.removeprefix("/").partition("/")
        # Everybody is led to the page in their own language.
        path = f"/{rest}" if first in LANGUAGES else given
        parts = re.split(r"[/?#]", path)
        if not _OWN_PATH.fullmatch(path) or "//" in path or ".." in parts or f"/{parts[1]}" in _NO_PAGES:
            raise InvalidInput(FieldProblem("link", "link", OWN_PAGE))
        return path
    address = read_web_address(given)
    if not address.startswith("https://"):
        raise InvalidInput(FieldProblem("link", "link", ONLY_HTTPS))
    if has_mixed_script_host(address):
        raise InvalidInput(FieldProblem("link", "link", LOOKS_ALIKE))
    return address


def _problem(field: str, error: PydanticCustomError) -> FieldProblem:
    return FieldProblem(field, error.type, str((error.context or {}).get("message", error.message())))
