"""`[name]`, `[description]`: a text in one or several languages."""

import re
from collections.abc import Mapping
from typing import Any, Self

from pydantic import Field, model_validator

from app.imports.expressions import Declaration, Text, as_text, walk
from app.imports.record import Record
from app.imports.values.letters import one_alphabet
from app.taxonomy.vocabulary import load_vocabulary


class TranslatedText(Declaration):
    """A text by language: `pl = "name"`, or `translations` for a source that keeps an object of languages."""

    texts: Mapping[str, Text] = Field(default_factory=dict)
    """Where the text in each language comes from."""
    translations: str | None = None
    """A path to an object `{language: text}`."""
    source: str | None = None
    """The language that it was written in; the mapping's own by default."""
    machine: frozenset[str] = frozenset()
    """Languages into which a machine translated."""
    otherwise: Mapping[str, str] = Field(default_factory=dict)
    """The text where a row has none."""
    longest: int | None = None
    """Longer texts are cut at a word, with a note."""
    one_line: bool = True

    @model_validator(mode="after")
    def _says_where_from(self) -> Self:
        if not (self.texts or self.translations or self.otherwise):
            raise ValueError("give texts, translations or otherwise")
        known = load_vocabulary().languages
        if unknown := {*self.texts, *self.otherwise, *self.machine} - set(known):
            raise ValueError(f"unknown languages {sorted(unknown)}")
        return self

    def build(self, record: Record, path: str) -> dict[str, Any] | None:
        """Give `{texts, source, states}`, None where the row has no text and there is no other."""
        texts = {language: text for language, text in self._said(record) if text}
        texts = {language: self._tidy(text, record, path) for language, text in texts.items()}
        if not texts:
            texts = dict(self.otherwise)
        if not texts:
            return None
        wanted = self.source or record.language
        source = wanted if wanted in texts else next(iter(texts))
        machine = sorted(language for language in texts if language in self.machine and language != source)
        result: dict[str, Any] = {"texts": texts, "source": source}
        if machine:
            result["states"] = dict.fromkeys(machine, "machine")
        return result

    def _said(self, record: Record) -> list[tuple[str, str | None]]:
        said = [(language, text.text(record.values)) for language, text in self.texts.items()]
        if self.translations is None:
            return said
        known = load_vocabulary().languages
        for found in walk(record.values, self.translations):
            if not isinstance(found, Mapping):
                continue
            for language, value in found.items():
                text = as_text(value)
                if language in known:
                    said.append((language, text))
                elif text:
                    record.note("language_dropped", self.translations)
        return said

    def _tidy(self, text: str, record: Record, path: str) -> str:
        if self.one_line:
            text = " ".join(text.split())
        plain = one_alphabet(text)
        if plain != text:
            record.note("mixed_alphabets", path)
        if self.longest is not None and len(plain) > self.longest:
            record.note("text_cut", path, limit=self.longest)
            plain = re.sub(r"\s+\S*$", "", plain[: self.longest - 1]).rstrip(" ,;–-") + "…"
        return plain
