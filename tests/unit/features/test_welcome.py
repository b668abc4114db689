import pytest

from app.features.welcome import Welcome, welcome_sql


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
