"""The safety goals that a change must never lose: each has a test that is called by its name."""

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
#: As the tests call them: `test_a1_…`, or behind another one (`test_e8_e9_…`).
GOALS = (
    *(f"a{n}" for n in range(1, 8)), *(f"b{n}" for n in range(1, 13)), "c1", "d1", "d5", "e1", "e2", "e3", "e4", "e6", "e7",
    "e8", "e9", "f1", "f2", "f4", "f6", "f7", "g1", "g2", "g3", "g5", "g7", "h4", "h7", "h8",
)  # fmt: skip
_NAMED = re.compile(r"^(?:async )?def test((?:_[a-k]\d{1,2})+)_", re.MULTILINE)


@pytest.fixture(scope="module")
def named() -> set[str]:
    return {
        goal
        for path in TESTS.rglob("test_*.py")
        for found in _NAMED.findall(path.read_text(encoding="utf-8"))
        for goal in found.strip("_").split("_")
    }


@pytest.mark.parametrize("goal", GOALS)
def test_each_goal_has_a_test_of_its_name(named: set[str], goal: str) -> None:
    assert goal in named
