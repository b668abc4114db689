from itertools import combinations, product

import pytest

from app.features.welcome import MODES, Welcome, asked_facets, welcome_facets, welcome_sql


@pytest.mark.parametrize(
    ("named", "modes", "expected"),
    [
        (":audiences", set(), "f.audiences & :audiences <> 0"),
        (":audiences", {"everyone"}, "(f.for_everyone)"),
        (":audiences", {"only"}, "(f.audiences_only & :audiences <> 0)"),
        (
            ":audiences",
            {"only", "everyone", "preferred"},
            "(f.for_everyone OR f.audiences_preferred & :audiences <> 0 OR f.audiences_only & :audiences <> 0)",
        ),
        ("", {"preferred"}, "(f.audiences_preferred <> 0)"),
        ("", {"everyone", "only"}, "(f.for_everyone OR f.audiences_only <> 0)"),
    ],
)
def test_who_may_come_is_one_condition(named: str, modes: set[str], expected: str) -> None:
    assert welcome_sql(named, modes) == expected


def test_a_choice_has_its_numbers_in_the_condition() -> None:
    assert Welcome(6).sql == "f.audiences & 6 <> 0"
    assert Welcome(6, frozenset({"only"})).sql == "(f.audiences_only & 6 <> 0)"
    assert Welcome(0, frozenset({"only"})).sql == "(f.audiences_only <> 0)"


AUDIENCES = ("women", "homeless")
SOME = [tuple(chosen) for size in range(3) for chosen in combinations(AUDIENCES, size)]
MODE_SETS = [set(chosen) for size in range(4) for chosen in combinations(MODES, size)]


@pytest.mark.parametrize("asked", ["", *AUDIENCES])
@pytest.mark.parametrize("modes", MODE_SETS)
def test_facets_count_what_the_condition_asks_for_and_nothing_twice(asked: str, modes: set[str]) -> None:
    if not asked and not modes:
        return
    for preferred, only, everyone in product(SOME, SOME, (False, True)):
        for named in SOME:
            if not {*preferred, *only} <= set(named):
                continue
            meant = (
                ("everyone" in modes and everyone)
                or ("preferred" in modes and (asked in preferred if asked else bool(preferred)))
                or ("only" in modes and (asked in only if asked else bool(only)))
                or (not modes and asked in named)
            )
            counted = list(welcome_facets(named, preferred, only, for_everyone=everyone))
            assert len(counted) == len(set(counted))
            assert len(set(counted) & set(asked_facets(asked, modes))) == meant
