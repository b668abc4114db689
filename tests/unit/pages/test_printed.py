"""The word of a printed code: what it says, and that nothing else is taken for one."""

import datetime as dt
from typing import Any

import pytest

from app.pages.printed import SECTIONS, Printed

TODAY = dt.date(2026, 11, 24)
PLACE: dict[str, Any] = {
    "revision": 3,
    "name": {"texts": {"pl": "Jadłodajnia"}, "source": "pl"},
    "hours": "Mo-Fr 10:00-18:00",
    "contacts": [{"kind": "phone", "value": "+48415550123"}],
    "services": [{"type": "hot_meals", "capacity": {"available": 3}}],
}


def test_the_word_is_read_as_it_was_written() -> None:
    printed = Printed.of(PLACE, TODAY)
    assert Printed.read(printed.word(), TODAY) == printed
    assert len(printed.word()) <= 30


@pytest.mark.parametrize(
    ("change", "sections"),
    [
        ({}, ()),
        ({"contacts": [{"kind": "phone", "value": "+48415550124"}]}, ("Get in touch",)),
        ({"hours": "24/7", "status": {"state": "closed"}}, ("Opening hours", "Closures and notices")),
        ({"services": [{"type": "hot_meals", "capacity": {"available": 0}}]}, ()),
        ({"services": [{"type": "food_parcels"}]}, ("What help you get here",)),
        ({"description": {"texts": {"pl": "Nowy opis"}, "source": "pl"}}, ()),
    ],
)
def test_only_sections_that_read_otherwise_have_changed(
    change: dict[str, Any], sections: tuple[str, ...]
) -> None:
    printed = Printed.of(PLACE, TODAY)
    assert printed.changed(PLACE | change | {"revision": 4}) == sections


def test_of_the_same_version_nothing_has_changed() -> None:
    assert Printed.of(PLACE, TODAY).changed(PLACE | {"hours": "24/7"}) == ()


@pytest.mark.parametrize(
    "word",
    [
        "",
        "3",
        "0.20261124." + "a" * 2 * len(SECTIONS),
        "3.20261124." + "a" * (2 * len(SECTIONS) - 1),
        "3.20261131." + "a" * 2 * len(SECTIONS),
        "3.20261125." + "a" * 2 * len(SECTIONS),
        "3.00000101." + "a" * 2 * len(SECTIONS),
        "٣.20261124." + "a" * 2 * len(SECTIONS),
        "3.20261124." + "<" * 2 * len(SECTIONS),
        "3.20261124." + "a" * 2 * len(SECTIONS) + "\n",
        "9" * 400,
    ],
)
def test_what_we_cannot_have_printed_is_no_word(word: str) -> None:
    assert Printed.read(word, TODAY) is None
