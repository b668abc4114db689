from typing import Any

import pytest

from app.imports.expressions import Condition, Expression

ROW = {
    "nazwa": "  Dom Pomocy ",
    "pusta": " ",
    "kreska": "-",
    "numer": 7,
    "ile": 2.0,
    "miejsce": {"ulica": "Długa", "usługi": ["a", "b", ""]},
    "kontakty": [{"tel": "1", "co": ["x"]}, {"tel": "", "co": ["y", "z"]}],
}


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ({"column": "nazwa"}, "Dom Pomocy"),
        ({"column": "numer"}, "7"),
        ({"column": "ile"}, "2"),
        ({"column": "pusta"}, None),
        ({"column": "nie ma"}, None),
        ({"column": "miejsce"}, None),
        ({"column": "kreska", "missing": ["-"]}, None),
        ({"path": "miejsce/ulica"}, "Długa"),
        ({"path": "kontakty/0/tel"}, "1"),
        ({"path": "kontakty/5/tel"}, None),
        ({"path": "nazwa/x"}, None),
        ({"const": "Gdańsk"}, "Gdańsk"),
        ({"first": ["pusta", {"column": "kreska", "missing": ["-"]}, "nazwa"]}, "Dom Pomocy"),
        ({"join": ["nazwa", "pusta", "numer"], "with": ", "}, "Dom Pomocy, 7"),
        ({"column": "nazwa", "extract": r"(\w+)$"}, "Pomocy"),
        ({"column": "nazwa", "extract": r"(\d+)"}, None),
        ({"column": "nazwa", "replace": [["Dom", "Punkt"], ["y$", ""]]}, "Punkt Pomoc"),
        ({"column": "numer", "lookup": {"7": "siedem"}}, "siedem"),
        ({"column": "ile", "lookup": {"7": "siedem"}}, None),
        ({"column": "nazwa", "when": {"value": "numer", "among": ["7"]}}, "Dom Pomocy"),
        ({"column": "nazwa", "when": {"value": "numer", "among": ["8"]}}, None),
    ],
)
def test_an_expression_gives_a_text_or_nothing(expression: dict[str, Any], text: str | None) -> None:
    assert Expression.model_validate(expression).text(ROW) == text


def test_a_path_gives_every_element_of_the_lists_on_its_way() -> None:
    assert Expression(path="kontakty/*/co").texts(ROW) == ["x", "y", "z"]
    assert Expression(path="miejsce/usługi").texts(ROW) == ["a", "b"]


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ({"value": "nazwa", "matches": "(?i)dom"}, True),
        ({"value": "nie ma", "matches": "x"}, False),
        ({"value": "nie ma", "matches": "x", "negated": True}, True),
        ({"value": "pusta", "empty": True}, True),
        ({"value": "nazwa", "empty": True}, False),
        ({"value": "kreska", "among": ["-"]}, True),
    ],
)
def test_a_condition_holds_or_does_not(condition: dict[str, Any], holds: bool) -> None:
    assert Condition.model_validate(condition).holds(ROW) is holds
