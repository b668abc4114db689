"""`[[services]]`: what help a row means, in the codes of our taxonomy."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from pydantic import model_validator

from app.imports.expressions import Condition, Declaration, Text, walk
from app.imports.record import Record
from app.imports.sections.hours import HoursSection
from app.imports.sections.texts import TranslatedText
from app.taxonomy.mappings import (
    TAG_SOURCES,
    LeftOut,
    Mapped,
    Outcome,
    load_mappings,
    map_school,
    map_tags,
    map_word,
)
from app.taxonomy.vocabulary import load_vocabulary


@dataclass(slots=True)
class FoundService:
    """For whom a service is (nobody named: for all), and what the source says of it."""

    audiences: list[str]
    description: dict[str, Any] | None = None
    hours: str | None = None


@dataclass(slots=True)
class FoundServices:
    """The services of a row by code, in the order in which they were found; reasons of those left out."""

    found: dict[str, FoundService] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)

    def add(
        self,
        code: str,
        audiences: Iterable[str] = (),
        description: dict[str, Any] | None = None,
        hours: str | None = None,
    ) -> None:
        """Add a service; one found twice, for some and for all, is for all."""
        known = self.found.get(code)
        if known is None:
            self.found[code] = FoundService(list(audiences), description, hours)
            return
        both = dict.fromkeys((*known.audiences, *audiences))
        known.audiences = list(both) if known.audiences and tuple(audiences) else []
        known.description = known.description or description


class ServicesSection(Declaration):
    """One way to find services; a mapping may have several, each adds to the others.

    Exactly one of `codes`, `own_codes`, `words`, `tags`, `school_name`.
    """

    codes: tuple[str, ...] = ()
    """Our codes themselves."""
    own_codes: tuple[Text, ...] = ()
    """Texts that may be our codes, as in what another installation gives; others are passed over, with a note where
    `split` says that nothing but codes is meant."""
    words: tuple[Text, ...] = ()
    """Texts that are keys of the taxonomy's mapping `source`."""
    split: re.Pattern[str] | None = None
    """What stands between several words in one text."""
    tags: bool = False
    """The row's columns are tags of OpenStreetMap, for the taxonomy's mapping `source`."""
    school_name: Text | None = None
    """The official name of a row of the Polish school register, which is asked where its tags say nothing."""
    source: str | None = None
    audiences: tuple[str, ...] = ()
    """For whom all of these are, beside what the taxonomy's mapping says."""
    each: str | None = None
    """A path to objects, each a service of its own; all other members look inside it."""
    description: TranslatedText | None = None
    hours: HoursSection | None = None
    when: Condition | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if sum(map(bool, (self.codes, self.own_codes, self.words, self.tags, self.school_name))) != 1:
            raise ValueError("give one of codes, own_codes, words, tags, school_name")
        if self.words and self.source not in load_mappings().about:
            raise ValueError("source is no source of the taxonomy's mappings")
        if self.tags and self.source not in TAG_SOURCES:
            raise ValueError(f"source of tags is one of {', '.join(TAG_SOURCES)}")
        vocabulary = load_vocabulary()
        unknown = {*self.codes} - set(vocabulary.services) | {*self.audiences} - set(vocabulary.audiences)
        if unknown:
            raise ValueError(f"unknown codes {sorted(unknown)}")
        return self

    def find(self, record: Record, found: FoundServices) -> None:
        """Add the services of a row to those that other sections have found."""
        parts = [record]
        if self.each is not None:
            parts = [record.inside(v) for v in walk(record.values, self.each) if isinstance(v, Mapping)]
        for part in parts:
            if self.when is None or self.when.holds(part.values):
                self._find(part, found)

    def _find(self, record: Record, found: FoundServices) -> None:
        description = self.description.build(record, "services.description") if self.description else None
        hours = self.hours.build(record) if self.hours else None
        known = load_vocabulary().services
        own = [
            word
            for text in self.own_codes
            for said in text.texts(record.values)
            for word in self._parts(said)
        ]
        if self.split and not known.keys() >= set(own):
            record.note("service_word_unknown")
        for code in (*self.codes, *(code for code in own if code in known)):
            found.add(code, self.audiences, description, hours)
        for outcome in self._outcomes(record):
            match outcome:
                case Mapped():
                    audiences = tuple(dict.fromkeys((*outcome.audiences, *self.audiences)))
                    for code in outcome.services:
                        found.add(code, audiences, description, hours)
                case LeftOut():
                    found.left_out.append(outcome.reason)

    def _outcomes(self, record: Record) -> Iterator[Outcome]:
        if self.tags and self.source:
            outcome = map_tags(self.source, record.tags)
            if outcome is not None:
                yield outcome
        elif self.school_name is not None:
            outcome = map_school(record.tags, self.school_name.text(record.values) or "")
            if outcome is not None:
                yield outcome
        elif self.source:
            for word in self._words(record):
                outcome = map_word(self.source, word)
                if outcome is None:
                    record.note("service_word_unknown")
                else:
                    yield outcome

    def _words(self, record: Record) -> Iterator[str]:
        for text in self.words:
            for said in text.texts(record.values):
                yield from self._parts(said)

    def _parts(self, said: str) -> list[str]:
        words = self.split.split(said) if self.split else [said]
        return [word.strip() for word in words if word.strip()]
