"""How much is free: what nobody has changed stays as it was counted, what is over is asked anew."""

import datetime as dt
from typing import Any

import time_machine

from app.forms import Answers, Reading
from app.i18n import translator
from app.layers.aid_points.room_field import Room

ROOM = Room(name="room", path="capacity", label="")
NOW = dt.datetime(2026, 11, 23, 10, tzinfo=dt.UTC)
FULL = {
    "available": 0,
    "unit": "beds",
    "updated": "2026-11-23T09:00:00Z",
    "expires": "2026-11-26T09:00:00Z",
}


def read(pairs: list[tuple[str, str]]) -> tuple[Any, list[str]]:
    into = Reading("pl")
    with time_machine.travel(NOW, tick=False):
        ROOM.read(Answers.of(pairs), into)
    return into.data.get("capacity"), [problem.path for problem in into.problems]


def written(capacity: dict[str, Any]) -> list[tuple[str, str]]:
    with time_machine.travel(NOW, tick=False):
        return list(ROOM.write({"capacity": capacity}))


def changed(pairs: list[tuple[str, str]], name: str, value: str) -> list[tuple[str, str]]:
    return [(key, value if key == f"room.{name}" else old) for key, old in pairs]


def test_it_is_counted_when_somebody_says_it_and_stays_so_until_somebody_says_something_else() -> None:
    assert read([("room.available", "")]) == (None, [])
    assert read([("room.available", "4")]) == (
        {
            "available": 4,
            "unit": "places",
            "updated": "2026-11-23T10:00:00Z",
            "expires": "2026-11-24T10:00:00Z",
        },
        [],
    )
    page = written(FULL)
    assert read(page) == (FULL, [])
    fewer, _ = read(changed(page, "available", "2"))
    assert (fewer["updated"], fewer["expires"]) == ("2026-11-23T10:00:00Z", "2026-11-26T10:00:00Z")
    longer, _ = read(changed(page, "holds", "7"))
    assert (longer["updated"], longer["expires"]) == ("2026-11-23T10:00:00Z", "2026-11-30T10:00:00Z")
    assert read(changed(page, "available", "")) == (None, [])
    assert written(FULL | {"expires": "2026-11-23T10:00:00Z"}) == []


def test_what_nobody_can_have_chosen_is_refused_or_means_a_day() -> None:
    assert read([("room.available", "viele")])[1] == ["room.available"]
    assert read([("room.available", "4"), ("room.unit", "wishes")])[1] == ["room.unit"]
    for holds in (
        "x",
        "4 places 2026-13-45T10:00:00Z 2026-11-24T10:00:00Z",
        "4 places " + "2026-11-24T10:00:00Z " * 2,
    ):
        found, _ = read([("room.available", "4"), ("room.holds", holds.strip())])
        assert found["expires"] == "2026-11-24T10:00:00Z"
    told = ROOM.told(Answers.of([("room.available", "0"), ("room.unit", "beds")]), translator("en"))
    assert told == ["Free now: 0 (Beds)"]
