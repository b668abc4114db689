"""Every kind of invented place, checked without a database."""

import datetime as dt
import json
import random
import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from app import demonstration
from app.demonstration.organisations import invent_organisation
from app.demonstration.phones import invented_phone
from app.demonstration.points import Runner, deal, invent_point
from app.demonstration.reading import FAMILIES, kinds, names, organisation_patterns, towns
from app.demonstration.spots import Spot, spots
from app.errors import InvalidInput
from app.features.contacts import Contact
from app.features.content import Content
from app.features.phones import read_phone
from app.features.place import DISCLOSURES
from app.layers.registry import LAYERS
from app.taxonomy.vocabulary import load_vocabulary
from app.templating.filters import phone

NOW = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)
CENTRES = {town.place: (19.0 + i / 10, 51.0 + i / 20) for i, town in enumerate(towns())}


def _spots() -> list[Spot]:
    return list(spots(random.Random(7), towns(), CENTRES, names()))


def _read(layer: str, content: dict[str, Any]) -> Content:
    try:
        return LAYERS[layer].content.read(content)
    except InvalidInput as error:
        pytest.fail(f"{error.problems}: {json.dumps(content, ensure_ascii=False)[:600]}")


def _points() -> list[tuple[dict[str, Any], object, Spot]]:
    chance = random.Random(7)
    runner = Runner("00000000-0000-4000-8000-000000000000", "Kielce", FAMILIES)
    return [
        (
            invent_point(
                chance, spot, kind, number, names=names(), runners=[runner], now=NOW, serial=serial
            ).content,
            kind,
            spot,
        )
        for serial, (spot, kind, number) in enumerate(deal(chance, kinds(), _spots()), start=1)
    ]


def test_there_is_a_spot_for_each_place_of_each_kind() -> None:
    assert sum(kind.count for kind in kinds()) == sum(town.points for town in towns()) == 305
    assert len(organisation_patterns()) == 40


def test_every_invented_place_is_a_valid_content() -> None:
    for content, _, _ in _points():
        _read("aid_points", content)


def test_every_invented_organisation_is_a_valid_content() -> None:
    chance = random.Random(7)
    spot = _spots()[0]
    for serial, pattern in enumerate(organisation_patterns(), start=1):
        invented = invent_organisation(chance, pattern, spot, now=NOW, serial=serial)
        _read("organisations", invented.content)


def test_no_service_is_shown_more_openly_than_its_default() -> None:
    vocabulary = load_vocabulary()
    for kind in kinds():
        given = DISCLOSURES.index(kind.disclosure)
        for code in (*kind.services, *(code for more in kind.more for code in more)):
            assert given >= DISCLOSURES.index(vocabulary.service(code).default_disclosure), kind.key


def test_the_first_service_belongs_to_the_family_of_its_file() -> None:
    vocabulary = load_vocabulary()
    for kind in kinds():
        assert vocabulary.family_of(kind.services[0]).code == kind.family, kind.key


def test_no_two_places_of_a_town_have_the_same_name() -> None:
    seen = Counter((spot.town.name, content["name"]["texts"].get("pl")) for content, _, spot in _points())
    twice = [name for name, times in seen.items() if times > 1 and name[1]]
    assert twice == []


def test_an_invented_phone_passes_as_a_number_of_its_town() -> None:
    for town in towns():
        number = invented_phone(town.area_code, 123)
        assert read_phone(number) == number
        assert phone(number, "PL") == f"{town.area_code} 000 01 23"
    assert Contact.model_validate({"kind": "phone", "value": "+48410000123"}).value == "+48410000123"


def test_places_lie_near_their_town() -> None:
    for spot in _spots():
        lng, lat = CENTRES[spot.town.place]
        assert abs(spot.position[0] - lng) < 0.09
        assert abs(spot.position[1] - lat) < 0.06


def test_without_a_town_the_others_stay_where_they_are() -> None:
    lost = towns()[3].place
    fewer = {place: centre for place, centre in CENTRES.items() if place != lost}
    kept = [spot for spot in _spots() if spot.town.place != lost]
    found = list(spots(random.Random(7), towns(), fewer, names()))
    assert [spot.address for spot in found] == [spot.address for spot in kept]


def test_texts_have_no_placeholder_left() -> None:
    for content, _, _ in _points():
        assert "{" not in "".join(content["name"]["texts"].values())


def _texts(found: Any) -> list[str]:
    """All that stands in a file but hours, which quote as OpenStreetMap does."""
    if isinstance(found, str):
        return [found]
    if isinstance(found, dict):
        return [text for key, part in found.items() if key != "hours" for text in _texts(part)]
    return [text for part in found for text in _texts(part)] if isinstance(found, list) else []


def test_quotation_marks_and_apostrophes_are_those_of_print() -> None:
    files = sorted((Path(demonstration.__file__).parent / "data").rglob("*.toml"))
    told = [text for file in files for text in _texts(tomllib.loads(file.read_text(encoding="utf-8")))]
    assert [text for text in told if set(text) & set("'\"`´ʼ")] == []
    cyrillic = [text for text in told if re.search("[а-яіїєґ]", text)]
    assert len(cyrillic) > 100
    assert [text for text in cyrillic if set(text) & set("„“”‚‘")] == []
