"""What programs send to `/api/v1/submissions`, member by member; what the content says, its layer checks."""

import uuid
from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, field_validator
from pydantic_core import PydanticCustomError

from app.entering.complaint import LONGEST as LONGEST_REPORT
from app.errors import FieldProblem, InvalidInput
from app.features.problems import MESSAGES
from app.features.text import Paragraphs
from app.i18n import LANGUAGES
from app.web.problem_words import problems_of

LONGEST_REMARK: Final = 500
LONGEST_EMAIL: Final = 254
#: Members that say how something is sent, whatever it is.
_LANGUAGE = f"The language of the mails: one of {', '.join(LANGUAGES)}; else that of `Accept-Language`"
_EMAIL = "Gets the link that confirms it, and the answer. Never public; deleted 90 days after the decision"
_ID = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
_PROOF = "The solution of a challenge; needed only while many are sent (`/api/v1/submissions/challenge`)"
_SURE = "The position is right, although it is abroad or far from the town in the address"


class _Sent(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", hide_input_in_errors=True)

    language: Annotated[str | None, Field(description=_LANGUAGE)] = None
    proof: Annotated[str | None, Field(max_length=2000, description=_PROOF)] = None

    @field_validator("language")
    @classmethod
    def _one_of_ours(cls, value: str | None) -> str | None:
        if value is not None and value not in LANGUAGES:
            raise PydanticCustomError(
                "not_offered", MESSAGES["not_offered"], {"message": MESSAGES["not_offered"]}
            )
        return value


class _Proposed(_Sent):
    email: Annotated[str, Field(max_length=LONGEST_EMAIL, description=_EMAIL)]
    remark: Annotated[
        str, Field(max_length=2 * LONGEST_REMARK, description="A few words for the moderators")
    ] = ""
    position_is_right: Annotated[bool, Field(description=_SURE)] = False


class New(_Proposed):
    """Something that is not on the map yet."""

    kind: Literal["new"]
    layer: Annotated[str, Field(max_length=40, description="The key of a layer")]
    content: Annotated[
        dict[str, Any], Field(description="The whole content; its JSON Schema is in `/api/v1/layers`")
    ]


class Change(_Proposed):
    """A change of something that is on the map."""

    kind: Literal["change"]
    feature_id: Annotated[str, Field(pattern=_ID, description="The id of the feature")]
    revision: Annotated[
        int | None,
        Field(ge=1, le=2**31 - 1, description="Its `revision` when the change was made; else the one of now"),
    ] = None
    changes: Annotated[
        dict[str, Any],
        Field(
            min_length=1,
            max_length=100,
            description="A merge patch (RFC 7396) of its public content: only what differs; null takes a member out",
        ),
    ]


class ReportSent(_Sent):
    """Something is wrong with what is on the map."""

    kind: Literal["report"]
    feature_id: Annotated[str, Field(pattern=_ID, description="The id of the feature")]
    reason: Annotated[
        str, Field(max_length=60, description="A code of `report_reasons` in `/api/v1/vocabularies`")
    ]
    body: Annotated[str, Field(max_length=2 * LONGEST_REPORT, description="What exactly is wrong")] = ""
    email: Annotated[
        str | None, Field(max_length=LONGEST_EMAIL, description="Gets the answer. Not needed")
    ] = None


KINDS: Final[Mapping[str, type[New | Change | ReportSent]]] = {
    "new": New,
    "change": Change,
    "report": ReportSent,
}


def read_body(data: Any) -> New | Change | ReportSent:
    """Give what was sent; `InvalidInput` names every member that needs another look."""
    kind = data.get("kind") if isinstance(data, Mapping) else None
    model = KINDS.get(kind) if isinstance(kind, str) else None
    if model is None:
        code = (
            "object_expected"
            if not isinstance(data, Mapping)
            else "missing"
            if kind is None
            else "not_offered"
        )
        path = "kind" if isinstance(data, Mapping) else ""
        raise InvalidInput(FieldProblem(path, code, MESSAGES[code]))
    try:
        return model.model_validate(data)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        raise InvalidInput(*problems_of(found, skip_first=False)) from None


def paragraphs(name: str, text: str, most: int) -> str:
    """A text of a member, cleaned; `InvalidInput`."""
    try:
        return Paragraphs(most, least=0).clean(text)
    except PydanticCustomError as error:
        raise InvalidInput(FieldProblem(name, error.type, MESSAGES[error.type])) from None


def id_of(text: str) -> uuid.UUID:
    """The id that the pattern has let through."""
    return uuid.UUID(text)


def body_schema() -> dict[str, Any]:
    """The JSON Schema of what may be sent."""
    one_of = [TypeAdapter(model).json_schema() for model in KINDS.values()]
    return {"oneOf": one_of, "discriminator": {"propertyName": "kind"}}
