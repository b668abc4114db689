from typing import Annotated

import pytest
from pydantic import Field

from app.errors import InvalidInput
from app.features import problems
from app.features.codes import Audiences, ServiceCode
from app.features.content import Content
from app.features.text import TranslatedName

CANARY = "kanarek7531"


class Example(Content):
    name: TranslatedName
    service: ServiceCode = "hot_meals"
    audiences: Audiences = ()
    numbers: Annotated[tuple[int, ...], Field(strict=False, max_length=2)] = ()


def told(data: object) -> list[tuple[str, str]]:
    with pytest.raises(InvalidInput) as refused:
        Example.read(data)
    assert CANARY not in repr(refused.value.problems)
    assert CANARY not in str(refused.value)
    return [(problem.path, problem.code) for problem in refused.value.problems]


NAME = {"texts": {"pl": "Stół"}, "source": "pl"}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({}, [("name", "missing")]),
        (CANARY, [("", "object_expected")]),
        (None, [("", "object_expected")]),
        ({"name": NAME, CANARY: CANARY}, [("", "unknown_field")]),
        ({"name": {**NAME, CANARY: 1}}, [("name", "unknown_field")]),
        ({"name": NAME, "service": CANARY}, [("service", "unknown_code")]),
        ({"name": NAME, "audiences": ["women", CANARY]}, [("audiences.1", "unknown_code")]),
        ({"name": NAME, "audiences": CANARY}, [("audiences", "list_expected")]),
        ({"name": NAME, "numbers": [1, 2, 3]}, [("numbers", "too_many")]),
        ({"name": NAME, "numbers": [1, CANARY]}, [("numbers.1", "whole_number_expected")]),
        ({"name": NAME, "numbers": [True]}, [("numbers.0", "whole_number_expected")]),
        (
            {"name": {"texts": {"pl": "Stół", CANARY: "x y"}, "source": "pl"}},
            [("name.texts", "unknown_code")],
        ),
        ({"name": {"texts": {"pl": CANARY * 100}, "source": "pl"}}, [("name.texts.pl", "too_long")]),
        ({"name": {"texts": {"pl": CANARY}, "source": "uk"}}, [("name.texts", "source_missing")]),
        ({"name": NAME, "schema_version": 2}, [("schema_version", "not_offered")]),
    ],
)
def test_problems_name_the_field_and_never_repeat_the_input(
    data: object, expected: list[tuple[str, str]]
) -> None:
    assert told(data) == expected


def test_at_most_fifty_problems_are_told() -> None:
    class Long(Content):
        numbers: Annotated[tuple[int, ...], Field(strict=False)] = ()

    with pytest.raises(InvalidInput) as refused:
        Long.read({"numbers": ["x"] * 1000})
    assert len(refused.value.problems) == problems.MOST_PROBLEMS


def test_every_problem_has_a_message_that_blames_nobody() -> None:
    for code, message in problems.MESSAGES.items():
        assert code == code.lower()
        assert message.endswith(".")
        assert "invalid" not in message.lower()
        assert "error" not in message.lower()
    assert set(problems._CODES.values()) <= set(problems.MESSAGES)
