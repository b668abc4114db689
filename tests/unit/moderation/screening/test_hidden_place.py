"""SECURITY F: a text does not say where a protected place is; of generated addresses nearly all are seen."""

import random
from typing import Any

import pytest

from app.features.places_in_text import places_in
from app.moderation.screening.hidden_place import hidden_place_signals

STREETS = (
    "Słowackiego", "Jana Pawła II", "Piotrkowska", "Długa", "Świętej Barbary", "3 Maja", "Marszałkowska", "Lipowa",
    "Kościuszki", "Żeromskiego",
)  # fmt: skip
TOWNS = ("Kielce", "Łódź", "Wola Kopcowa", "Bielsko-Biała", "Żory")


def _content(disclosure: str, text: str) -> dict[str, Any]:
    return {"place": {"disclosure": disclosure}, "description": {"texts": {"pl": text}, "source": "pl"}}


def _written(number: int, chance: random.Random) -> str:
    street, town = chance.choice(STREETS), chance.choice(TOWNS)
    house = chance.choice(["5", "12a", "7/3", "118", "3 m. 4"])
    code = f"{chance.randrange(100):02}-{chance.randrange(1000):03}"
    lat, lng = chance.uniform(49, 54.8), chance.uniform(14.2, 24.1)
    return (
        f"ul. {street} {house}, {code} {town}",
        f"przy ulicy {street} {house}",
        f"al. {street} {house} w mieście {town}",
        f"{code} {town}",
        f"{lat:.5f}, {lng:.5f}",
        f"{int(lat)}°{int(lat * 60 % 60):02}′{int(lat * 3600 % 60):02}″N {int(lng)}°{int(lng * 60 % 60):02}′{int(lng * 3600 % 60):02}″E",
    )[number % 6]


def test_of_300_addresses_and_coordinates_nearly_all_are_seen() -> None:
    chance = random.Random(41)
    texts = [f"Przyjmujemy całą dobę, jesteśmy {_written(n, chance)}. Zapraszamy." for n in range(300)]
    missed = [text for text in texts if not places_in(text)]
    assert len(missed) <= 15, missed


@pytest.mark.parametrize("disclosure", ["area", "partners", "contact_only"])
def test_a_protected_place_must_not_be_said(disclosure: str) -> None:
    said = _content(disclosure, "Jesteśmy przy ul. Słowackiego 5.")
    assert [signal.code for signal in hidden_place_signals(said)] == ["place_in_text"]
    assert list(hidden_place_signals(_content(disclosure, "Prosimy dzwonić całą dobę."))) == []


def test_an_open_place_may_say_where_it_is() -> None:
    assert list(hidden_place_signals(_content("exact", "Jesteśmy przy ul. Słowackiego 5."))) == []


def test_the_name_of_a_protected_place_must_not_say_it_either() -> None:
    named = _content("area", "Prosimy dzwonić.") | {
        "name": {"texts": {"pl": "Dom przy ul. Słowackiego 5"}, "source": "pl"}
    }
    assert [signal.code for signal in hidden_place_signals(named)] == ["place_in_text"]
    unit = {"place": {"disclosure": "area", "area": {"code": "PL-26", "name": "ul. Słowackiego 5"}}}
    assert list(hidden_place_signals(unit)) == []
