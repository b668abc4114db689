from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.i18n import translator
from app.web.problem_words import problems_of, say


class Place(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    name: str = Field(max_length=5)
    names: dict[str, int] = {}


def told(content: dict[str, Any]) -> list[tuple[str, str, str]]:
    with pytest.raises(ValidationError) as refused:
        Place.model_validate(content)
    found = problems_of(refused.value.errors(), skip_first=False)
    return [(p.path, p.code, say(translator("en"), p)) for p in found]


def test_limits_are_said() -> None:
    assert told({"name": "much too long"}) == [("name", "string_too_long", "Write at most 5 characters.")]


def test_what_was_sent_is_never_said() -> None:
    secret = "<secret>"
    assert "secret" not in repr(told({"name": 1, secret: 1, "names": {secret: "x"}, "secret": 2}))


def test_the_number_of_problems_is_bounded() -> None:
    assert len(told({"name": "a"} | {f"f{i}": 1 for i in range(500)})) == 20
