"""Directions from a town: winds, distances, and a sketch on which both points have room."""

import pytest

from app.i18n import translator
from app.pages.gazetteer import Town
from app.pages.views.bearings import HEIGHT, WIDTH, bearing, chosen_town
from geo.bbox import Position

TEXTS = translator("en", "Europe/Warsaw")


def town(name: str, lng: float, lat: float, population: int) -> Town:
    return Town(name, name, {"uk": "Кельце"}, Position(lng, lat), population, ())


KIELCE = town("Kielce", 20.63, 50.87, 190_000)


@pytest.mark.parametrize(
    ("lng", "lat", "wind"),
    [
        (0, 0.05, "to the north"),
        (0.08, 0.05, "to the north-east"),
        (0.08, 0, "to the east"),
        (-0.08, -0.05, "to the south-west"),
        (-0.001, -0.05, "to the south"),
        (-0.08, 0.05, "to the north-west"),
    ],
)
def test_the_wind_is_the_one_towards_the_place(lng: float, lat: float, wind: str) -> None:
    found = bearing(Position(20.63 + lng, 50.87 + lat), KIELCE, TEXTS)
    assert found.words.endswith(wind)
    assert found.sketch is not None
    for x, y in (found.sketch.town, found.sketch.here):
        assert 20 <= x <= WIDTH - 20
        assert 20 <= y <= HEIGHT - 20
    assert (found.sketch.here[1] < found.sketch.town[1]) == (lat > 0)


def test_in_the_middle_there_is_nothing_to_draw() -> None:
    found = bearing(Position(20.6301, 50.8701), KIELCE, TEXTS)
    assert (found.words, found.sketch) == ("In the centre: Kielce", None)


def test_a_town_is_named_that_people_know() -> None:
    village = town("Górno", 20.7, 50.87, 1_100)
    assert chosen_town(Position(20.66, 50.87), [village, KIELCE]) is KIELCE
    assert chosen_town(Position(20.699, 50.87), [village, KIELCE]) is village
    assert chosen_town(Position(20.7, 50.87), []) is None
