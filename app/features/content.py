"""The base of everything that a feature says: strict, closed, limited, the same bytes for the same content."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal, Self

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.json_schema import GenerateJsonSchema

from app.errors import Conflict, InvalidInput
from app.features.problems import field_problems

#: The region of a phone number written without its country, the country of an address without one.
DEFAULT_COUNTRY = "PL"

#: A list of values as JSON knows it: an array becomes a tuple, also where Python data is read strictly.
Many = Field(strict=False)


class OutdatedContent(Conflict):
    """This was written under older rules and does not fit those of today. It has to be corrected first."""


class Part(BaseModel):
    """A part of a content: members are checked by type, unknown ones are refused, nothing changes later."""

    model_config = ConfigDict(
        strict=True,
        extra="forbid",
        frozen=True,
        allow_inf_nan=False,
        hide_input_in_errors=True,
        use_attribute_docstrings=True,
        validate_default=True,
    )

    def to_dict(self) -> dict[str, Any]:
        """Give JSON-ready data; members that are not known, and empty lists, are left out."""
        return _full(self.model_dump(mode="json", exclude_none=True))


class Content(Part):
    """What a feature of one layer says; each layer has its own class."""

    #: Raised with every change that old content does not satisfy; such content is migrated when read.
    current_schema_version: ClassVar[int] = 1

    schema_version: Literal[1] = 1
    """The version of the shape of this content."""

    @classmethod
    def read(cls, data: object, *, country: str = DEFAULT_COUNTRY) -> Self:
        """Check what somebody sent: a mapping as JSON gives it.

        `country` (ISO 3166-1 alpha-2) is meant where a phone number or an address says none.
        Raises `InvalidInput` with a problem for every field that needs another look.
        """
        try:
            return cls.model_validate(data, context={"country": country})
        except ValidationError as error:
            raise InvalidInput(*field_problems(error)) from None

    @classmethod
    def kept(cls, data: object) -> Self:
        """Read what was taken in before; `OutdatedContent` when the rules are stricter now."""
        try:
            return cls.model_validate(data)
        except ValidationError:
            raise OutdatedContent from None

    def to_json(self) -> str:
        """Give the canonical JSON: members sorted, unknown ones left out; equal content is equal text."""
        return orjson.dumps(self.to_dict(), option=orjson.OPT_SORT_KEYS).decode()


def country_of(context: Any) -> str:
    """The country to assume, from the context of a validation."""
    if isinstance(context, Mapping):
        return str(context.get("country", DEFAULT_COUNTRY))
    return DEFAULT_COUNTRY


def _full(data: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is empty."""
    # JSON has no other kinds of containers. An import does this to every member of every content.
    kept: dict[str, Any] = {}
    for key, value in data.items():
        kind = type(value)
        if kind is dict:
            if value:
                kept[key] = _full(value)
        elif kind is list:
            if value:
                kept[key] = [_full(inner) if type(inner) is dict else inner for inner in value]
        else:
            kept[key] = value
    return kept


class _PublishedSchema(GenerateJsonSchema):
    """JSON Schema for integrators: without the titles that repeat the names."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - the base class names it
        return False


def content_json_schema(content: type[Content]) -> dict[str, Any]:
    """Give the JSON Schema (2020-12) of a content: descriptions, limits and the codes to choose from."""
    schema = content.model_json_schema(schema_generator=_PublishedSchema, mode="validation")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
