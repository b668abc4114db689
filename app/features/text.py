"""Text that people wrote, in one language or in several: clean, limited, with its source marked."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal, NamedTuple, Self

from pydantic import Field, GetCoreSchemaHandler, GetJsonSchemaHandler, model_validator
from pydantic_core import CoreSchema, core_schema

from app.features.codes import LanguageCode
from app.features.content import Part
from app.features.problems import refusal

#: Enough for every living script; more makes letters climb over the lines around them.
MOST_MARKS = 4

_DIRECTION: Final = re.compile("[\u202a-\u202e\u2066-\u206f]")
_CONTROLS: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufff9-\ufffb\U000e0000-\U000e007f]")
_PRIVATE: Final = re.compile("[\ue000-\uf8ff\ufdd0-\ufdef\U000f0000-\U0010ffff]")
_BROKEN: Final = re.compile("[\ud800-\udfff\ufffd]")
#: Signs without width that carry nothing; joiners stay, Persian and emoji need them.
_DROPPED: Final = re.compile("[\u00ad\u180e\u200b\u2060-\u2064\ufeff]")
_BREAKS: Final = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
#: Everything that looks like a blank, also the fillers that Unicode calls letters.
_BLANKS: Final = re.compile("[\\s\u2800\u3164\uffa0\u115f\u1160]+")
#: Words of Latin and Cyrillic letters, of ASCII and the usual typographic signs, with one blank between them: nothing
#: in the rules above or in NFC changes such a text, and nearly every text is one.
_USUAL: Final = "!-~\u00a1-\u00ac\u00ae-\u017f\u0400-\u0482\u048a-\u052f\u2013\u2014\u2018-\u201f\u2026\u2116"
_PLAIN: Final = re.compile(f"[{_USUAL}]+(?: [{_USUAL}]+)*")
_EDGES: Final = "\u200c\u200d\u200e\u200f\u061c "


def clean_line(text: str) -> str:
    """One line in NFC, trimmed, runs of blanks as one space; "" when nothing visible is left.

    Raises the refusal of a text that holds line breaks or signs that may not be stored.
    """
    if _BREAKS.search(text.strip("\r\n")):
        raise refusal("line_break")
    return _clean(text)


def clean_paragraphs(text: str) -> str:
    """Paragraphs with at most one empty line between them, each line as `clean_line` gives it."""
    lines = [_clean(line) for line in _BREAKS.split(text)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def _clean(text: str) -> str:
    if _PLAIN.fullmatch(text):
        return text
    return _clean_any(text)


def _clean_any(text: str) -> str:
    _refuse_hidden(text)
    text = _BLANKS.sub(" ", _DROPPED.sub("", unicodedata.normalize("NFC", text)))
    text = _BLANKS.sub(" ", unicodedata.normalize("NFC", _cap_marks(text))).strip(_EDGES)
    return text if any(unicodedata.category(sign)[0] in "LNPSC" for sign in text) else ""


def _refuse_hidden(text: str) -> None:
    if text.isascii() and text.isprintable():
        return
    if _BROKEN.search(text):
        raise refusal("broken_text")
    if _DIRECTION.search(text):
        raise refusal("text_direction")
    if _CONTROLS.search(text):
        raise refusal("control_character")
    if _PRIVATE.search(text) or any(ord(sign) & 0xFFFE == 0xFFFE for sign in text):
        raise refusal("private_character")


def _cap_marks(text: str) -> str:
    if text.isascii():
        return text
    kept = []
    marks = 0
    for sign in text:
        marks = marks + 1 if unicodedata.category(sign) in ("Mn", "Me") else 0
        if marks <= MOST_MARKS:
            kept.append(sign)
    return "".join(kept)


@dataclass(frozen=True, slots=True)
class Line:
    """Annotation of a text on one line; lengths are code points after cleaning."""

    most: int
    least: int = 1
    multiline: bool = False

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        # The raw text may be longer than the clean one, but not without end: cleaning costs time.
        raw = core_schema.str_schema(strict=True, max_length=4 * self.most + 200)
        return core_schema.no_info_after_validator_function(self.clean, raw)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"type": "string", "minLength": self.least, "maxLength": self.most}

    def clean(self, text: str) -> str:
        """The text as it is stored. Raises a refusal."""
        text = clean_paragraphs(text) if self.multiline else clean_line(text)
        if not text and self.least:
            raise refusal("missing")
        if len(text) < self.least:
            raise refusal("too_short")
        if len(text) > self.most:
            raise refusal("too_long")
        return text


def Paragraphs(most: int, least: int = 1) -> Line:  # noqa: N802 - an annotation, used like `Line`
    """Annotation of a text that may have several lines."""
    return Line(most, least, multiline=True)


TranslationState = Literal["human", "machine", "outdated"]


class Translation(NamedTuple):
    """A text in the language it is really in."""

    text: str
    language: str
    state: TranslationState


#: Whom a reader of a language also understands well, before the source is tried. Ukrainian has nobody
#: here on purpose: a translation into Russian is the last thing that a Ukrainian reader is given.
_UNDERSTOOD: Final[dict[str, tuple[str, ...]]] = {
    "ru": ("uk", "be"),
    "be": ("uk", "ru"),
    "cs": ("sk",),
    "sk": ("cs",),
    "csb": ("pl",),
    "szl": ("pl",),
    "fa": ("prs",),
    "prs": ("fa",),
}


def best_language(language: str, source: str, given: Collection[str]) -> str:
    """The language of those `given` in which a reader of `language` is told something that was written in `source`.

    That is the language itself; then one that its readers understand well (for Russian: Ukrainian, Belarusian); then
    the source, which is always there.
    """
    wanted = (language, *_UNDERSTOOD.get(language, ()))
    return next((one for one in wanted if one == source or one in given), source)


class Translated(Part):
    """A text in one or several languages, one of which it was written in."""

    texts: dict[LanguageCode, Annotated[str, Line(200)]] = Field(min_length=1, max_length=12)
    """The text by language (BCP 47)."""
    source: LanguageCode
    """The language that the text was written in; the others are translations of it."""
    states: dict[LanguageCode, Literal["machine", "outdated"]] = Field(default_factory=dict, max_length=12)
    """Translations made by a machine, or older than their source; the others are by people."""

    @model_validator(mode="after")
    def _source_and_states_have_texts(self) -> Self:
        if self.source not in self.texts:
            raise refusal("source_missing", field="texts")
        if any(language not in self.texts or language == self.source for language in self.states):
            raise refusal("state_without_text", field="states")
        return self

    @classmethod
    def of(cls, source: str, text: str, **translations: str) -> Self:
        """A text written in `source`, with translations by people."""
        return cls(texts={source: text, **translations}, source=source)

    @property
    def original(self) -> str:
        """The text in its own language."""
        return self.texts[self.source]

    def in_language(self, language: str) -> Translation:
        """The text for a reader of `language`, in the best language there is (`best_language`)."""
        best = best_language(language, self.source, self.texts)
        return Translation(self.texts[best], best, self.state(best))

    def state(self, language: str) -> TranslationState:
        """Who made the text in `language`, and whether it still says what the source says."""
        return self.states.get(language, "human")


class TranslatedName(Translated):
    """A name in one or several languages."""

    texts: dict[LanguageCode, Annotated[str, Line(150, least=2)]] = Field(min_length=1, max_length=12)
    """The name by language (BCP 47)."""


class TranslatedNote(Translated):
    """One or two sentences in one or several languages."""

    texts: dict[LanguageCode, Annotated[str, Paragraphs(500)]] = Field(min_length=1, max_length=12)
    """The note by language (BCP 47)."""


class TranslatedDescription(Translated):
    """Paragraphs in one or several languages."""

    texts: dict[LanguageCode, Annotated[str, Paragraphs(4000)]] = Field(min_length=1, max_length=12)
    """The description by language (BCP 47)."""
