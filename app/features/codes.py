"""Codes of the controlled vocabularies as types of fields."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from app.features.problems import refusal
from app.taxonomy.terms import Term
from app.taxonomy.vocabulary import Vocabulary, load_vocabulary


@functools.lru_cache(maxsize=64)
def _terms(vocabulary: Vocabulary, table: str, groups: tuple[str, ...]) -> Mapping[str, Term]:
    terms: Mapping[str, Term] = getattr(vocabulary, table)
    if not groups:
        return terms
    return {code: term for code, term in terms.items() if getattr(term, "group", "") in groups}


@dataclass(frozen=True, slots=True)
class Code:
    """Annotation of a code; `table` is an attribute of `Vocabulary`, `groups` narrow it to some of its groups.

    A retired code is still read, because old content holds it; the schema no longer offers it.
    """

    table: str
    groups: tuple[str, ...] = ()

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(
            self._known, core_schema.str_schema(strict=True, max_length=64)
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"type": "string", "enum": [code for code, term in self.terms().items() if not term.retired]}

    def terms(self) -> Mapping[str, Term]:
        """The terms to choose from, by code, in the vocabulary's order."""
        return _terms(load_vocabulary(), self.table, self.groups)

    def _known(self, code: str) -> str:
        if code not in self.terms():
            raise refusal("unknown_code")
        return code


@dataclass(frozen=True, slots=True)
class CodeSet:
    """Annotation of a set of codes: each once, in the vocabulary's order, at most `most`."""

    table: str
    groups: tuple[str, ...] = ()
    most: int = 50

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        item = Code(self.table, self.groups).__get_pydantic_core_schema__(source, handler)
        many = core_schema.tuple_variable_schema(item, max_length=self.most, strict=False)
        return core_schema.no_info_after_validator_function(self._in_order, many)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        items = Code(self.table, self.groups).__get_pydantic_json_schema__(schema, handler)
        return {"type": "array", "items": items, "maxItems": self.most}

    def _in_order(self, codes: tuple[str, ...]) -> tuple[str, ...]:
        if not codes:
            return ()
        chosen = set(codes)
        return tuple(code for code in Code(self.table, self.groups).terms() if code in chosen)


ServiceCode = Annotated[str, Code("services")]
LanguageCode = Annotated[str, Code("languages")]
ClosureCode = Annotated[str, Code("closure_reasons")]
CostCode = Annotated[str, Code("access", ("cost",))]
SectorCode = Annotated[str, Code("sectors")]
LegalFormCode = Annotated[str, Code("legal_forms")]
IdentifierCode = Annotated[str, Code("identifiers")]

Audiences = Annotated[tuple[str, ...], CodeSet("audiences")]
Languages = Annotated[tuple[str, ...], CodeSet("languages", most=30)]
Documents = Annotated[tuple[str, ...], CodeSet("access", ("documents",))]
#: How to get in, the rules inside, and ways of help; cost, documents and accessibility have own fields.
AccessConditions = Annotated[tuple[str, ...], CodeSet("access", ("entry", "conditions", "channel"))]
AccessibilityConditions = Annotated[tuple[str, ...], CodeSet("access", ("accessibility",))]
