"""`[conditions]`, `[accessibility]`: for whom, in which languages, how to get in."""

from collections.abc import Mapping
from typing import Any, Literal, Self

from pydantic import RootModel, model_validator

from app.imports.expressions import Declaration, Text
from app.imports.record import Record
from app.layers.aid_points.accessibility import Accessibility
from app.taxonomy.osm import access_of, languages_of
from app.taxonomy.vocabulary import load_vocabulary

_ANSWERS = frozenset({"yes", "limited", "no"})


class ConditionsSection(Declaration):
    """Conditions of the whole place. Texts give codes of ours, by a `lookup` where the source has others."""

    audience_mode: Literal["everyone", "preferred", "only"] | None = None
    audiences: tuple[str, ...] = ()
    languages: tuple[Text, ...] = ()
    access: tuple[Text, ...] = ()
    tags: bool = False
    """The row's columns are tags of OpenStreetMap, which say languages and access as well."""
    cost: Text | None = None
    """The code of a kind of cost: free, …"""

    @model_validator(mode="after")
    def _audiences_are_known(self) -> Self:
        if unknown := set(self.audiences) - set(load_vocabulary().audiences):
            raise ValueError(f"unknown audiences {sorted(unknown)}")
        return self

    def build(self, record: Record) -> dict[str, Any]:
        """Give the conditions that the row has."""
        vocabulary = load_vocabulary()
        tags = record.tags if self.tags else {}
        languages = [*_said(self.languages, record), *languages_of(tags, vocabulary)]
        access = [*_said(self.access, record), *access_of(tags, vocabulary)]
        said: dict[str, Any] = {
            "audience_mode": self.audience_mode,
            "audiences": list(self.audiences),
            "languages": [code for code in dict.fromkeys(languages) if code in vocabulary.languages],
            "access": [code for code in dict.fromkeys(access) if code in vocabulary.access],
        }
        kind = self.cost.text(record.values) if self.cost else None
        if kind:
            said["cost"] = {"code": kind}
        return {key: value for key, value in said.items() if value}


class AccessibilitySection(RootModel[Mapping[str, Text]]):
    """Our question → a text that gives yes, limited or no."""

    @model_validator(mode="after")
    def _questions_are_ours(self) -> Self:
        if unknown := set(self.root) - (set(Accessibility.model_fields) - {"others", "note"}):
            raise ValueError(f"unknown questions {sorted(unknown)}")
        return self

    def build(self, record: Record) -> dict[str, str]:
        """Give the answers that the row has."""
        answers = {question: text.text(record.values) for question, text in self.root.items()}
        return {question: answer for question, answer in answers.items() if answer in _ANSWERS}


def _said(texts: tuple[Text, ...], record: Record) -> list[str]:
    return list(dict.fromkeys(said for text in texts for said in text.texts(record.values)))
