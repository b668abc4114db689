"""The safety goals that a change must never lose: each has a test that is called by its name, and a fault that it has found."""

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
TABLE = TESTS.parent / "docs" / "reference" / "security-goals.md"
#: What the desk was built to hold.
OF_THE_DESK = (
    *(f"a{n}" for n in range(1, 8)), *(f"b{n}" for n in range(1, 13)), "c1", "d1", "e1", "e4", "e6", "e7", "e8", "e9",
    "f1", "f2", "f4", "f6", "f7", "g1", "g2", "g3", "h7",
)  # fmt: skip
#: As the tests call them: `test_a1_…`, or behind another one (`test_e8_e9_…`).
GOALS = (*OF_THE_DESK, "d5", "e2", "e3", "g5", "g7", "h4", "h8")
_NAMED = re.compile(r"^(?:async )?def test((?:_[a-k]\d{1,2})+)_", re.MULTILINE)
_ROW = re.compile(r"^\| ([A-K]\d{1,2}) \|(.+)\|(.+)\|(.+)\|$", re.MULTILINE)
_TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


@pytest.fixture(scope="module")
def named() -> set[str]:
    return {
        goal
        for path in TESTS.rglob("test_*.py")
        for found in _NAMED.findall(path.read_text(encoding="utf-8"))
        for goal in found.strip("_").split("_")
    }


@pytest.fixture(scope="module")
def rows() -> dict[str, list[tuple[str, str, str]]]:
    """The rows of the table by the goal: what is promised, the tests, and the fault."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for goal, *cells in _ROW.findall(TABLE.read_text(encoding="utf-8")):
        found.setdefault(goal.lower(), []).append((cells[0].strip(), cells[1], cells[2].strip()))
    return found


@pytest.mark.parametrize("goal", GOALS)
def test_each_goal_has_a_test_of_its_name(named: set[str], goal: str) -> None:
    assert goal in named


@pytest.mark.parametrize("goal", OF_THE_DESK)
def test_each_goal_of_the_desk_stands_in_the_table_with_tests_that_there_are(
    rows: dict[str, list[tuple[str, str, str]]], goal: str
) -> None:
    assert rows.get(goal), f"docs/reference/security-goals.md has no row for {goal.upper()}"
    for promise, tests, fault in rows[goal]:
        assert promise
        assert len(fault) > 20, "which condition was changed"
        cited = _TEST.findall(tests)
        assert cited
        for path, name in cited:
            source = (TESTS.parent / path).read_text(encoding="utf-8")
            assert re.search(rf"^(?:async )?def {name}\(", source, re.MULTILINE), f"{path}::{name}"
            assert f"_{goal}_" in name
