from app.areas.points import AreaRef, KnownArea, chain


def known(code: str, level: str, *ancestors: str) -> tuple[str, KnownArea]:
    return code, KnownArea(AreaRef(code, level, code), ancestors)


KNOWN = dict(
    [
        known("PL-1001011", "gmina", "PL-1001", "PL-10"),
        known("PL-2001011", "gmina", "PL-2001", "PL-20"),
        known("PL-1001", "powiat", "PL-10"),
        known("PL-2001", "powiat", "PL-20"),
        known("PL-10", "voivodeship"),
        known("PL-20", "voivodeship"),
        known("PL-GZM", "metropolis"),
        known("PL-riverside", "custom"),
        known("PL-airport", "custom"),
    ]
)


def codes(*touched: str) -> list[str]:
    return [ref.code for ref in chain(touched, KNOWN)]


def test_a_point_on_a_border_is_in_one_branch_whatever_the_order() -> None:
    touched = ["PL-20", "PL-2001", "PL-10", "PL-2001011", "PL-1001", "PL-1001011"]
    assert codes(*touched) == codes(*reversed(touched)) == ["PL-1001011", "PL-1001", "PL-10"]


def test_the_levels_above_are_those_of_the_unit_even_where_another_outline_holds_the_point() -> None:
    assert codes("PL-2001011", "PL-1001", "PL-10") == ["PL-2001011", "PL-2001", "PL-20"]


def test_levels_that_are_not_loaded_are_left_out() -> None:
    assert codes("PL-10", "PL-20") == ["PL-10"]
    only_gminas = {code: area for code, area in KNOWN.items() if area.ref.level == "gmina"}
    assert [ref.code for ref in chain(["PL-1001011"], only_gminas)] == ["PL-1001011"]


def test_all_overlapping_areas_count_and_come_last() -> None:
    assert codes("PL-riverside", "PL-GZM", "PL-airport", "PL-1001011") == [
        "PL-1001011",
        "PL-1001",
        "PL-10",
        "PL-GZM",
        "PL-airport",
        "PL-riverside",
    ]


def test_nothing_touched_gives_nothing() -> None:
    assert codes() == []
