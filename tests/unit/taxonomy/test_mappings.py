import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.taxonomy import mappings
from app.taxonomy.mappings import (
    LeftOut,
    Mapped,
    UnknownSource,
    load_mappings,
    map_school,
    map_tags,
    map_word,
)
from app.taxonomy.osm import service_of
from app.taxonomy.vocabulary import Vocabulary


def test_a_mapped_word_has_its_services_and_audiences() -> None:
    assert map_word("ifr", "hotMeals") == Mapped(("hot_meals",))
    assert map_word("soliguide_publics", "family:couple") == Mapped((), ("couples",))


def test_a_word_left_out_says_why() -> None:
    assert map_word("osm_rspo", "amenity=training") == LeftOut(
        "Further training of teachers, not a service to residents"
    )


def test_a_word_that_nobody_has_mapped_is_none_and_a_source_that_is_none_is_refused() -> None:
    assert map_word("ifr", "teleportation") is None
    with pytest.raises(UnknownSource):
        map_word("nonsense", "hotMeals")
    with pytest.raises(UnknownSource):
        map_tags("ifr", {"amenity": "school"})


def test_every_source_has_words_and_says_what_it_is() -> None:
    loaded = load_mappings()
    assert set(loaded.about) == set(loaded.outcomes)
    assert all(loaded.about.values())
    assert all(loaded.outcomes.values())


def test_every_mapped_code_exists(vocabulary: Vocabulary) -> None:
    for table in load_mappings().outcomes.values():
        for outcome in table.values():
            if isinstance(outcome, Mapped):
                assert set(outcome.services) <= set(vocabulary.services)
                assert set(outcome.audiences) <= set(vocabulary.audiences)


@pytest.mark.parametrize(
    "entry",
    [
        {"match": "exact", "services": ["nonsense"]},
        {"match": "exact", "services": []},
        {"match": "sideways", "services": ["hot_meals"]},
        {"match": "none", "services": ["hot_meals"], "note": "why"},
        {"match": "none", "services": []},
    ],
)
def test_a_line_that_contradicts_itself_is_refused(entry: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"target|note"):
        mappings._outcome(entry)


def services_of(outcome: Mapped | LeftOut | None) -> tuple[str, ...] | None:
    return outcome.services if isinstance(outcome, Mapped) else None


def test_a_school_is_known_by_the_tags_with_most_conditions() -> None:
    assert services_of(map_school({"amenity": "school", "isced:level": "1"}, "")) == ("primary_school",)
    # In this register, a school without a level is a special one.
    assert services_of(map_school({"amenity": "school"}, "")) == ("special_school",)


def test_a_row_without_known_tags_is_known_by_the_first_whole_words_of_its_name() -> None:
    assert services_of(map_school({}, 'BURSA SZKOLNA NR 1 "Omega"')) == ("low_cost_lodging",)
    assert services_of(map_school({}, "Zespół Poradni Psychologicznych")) == ("educational_counselling",)
    assert isinstance(map_school({}, "Zespół Szkół nr 3"), LeftOut)
    assert map_school({}, "Bursztynowa Akademia") is None


def test_a_detention_centre_called_a_shelter_is_left_out() -> None:
    assert isinstance(map_school({}, "Schronisko dla Nieletnich w Chojnicach"), LeftOut)


def test_an_object_for_victims_becomes_a_refuge_in_every_source() -> None:
    tags = {
        "amenity": "social_facility",
        "social_facility": "group_home",
        "social_facility:for": "child;abused",
    }
    for source in mappings.TAG_SOURCES:
        assert services_of(map_tags(source, tags)) == ("violence_shelter",)


def features(folder: Path) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.glob("*.geojson")):
        for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
            yield feature["properties"]


def tags(properties: dict[str, Any]) -> dict[str, str]:
    return {key: value for key, value in properties.items() if isinstance(value, str)}


def test_the_polish_school_register_is_mapped_as_far_as_was_counted(shared_data: Path) -> None:
    outcomes: Counter[str] = Counter()
    for properties in features(shared_data / "pl-rspo-places"):
        outcome = map_school(tags(properties), properties.get("official_name", ""))
        outcomes[type(outcome).__name__] += 1
    assert outcomes == {"Mapped": 10_829, "LeftOut": 1_476, "NoneType": 62}


def test_every_pharmacy_and_hospital_is_mapped(shared_data: Path) -> None:
    outcomes = Counter(
        services_of(map_tags("osm_medical", tags(properties)))
        for properties in features(shared_data / "pl-medical-2022")
    )
    assert outcomes.total() == 16_011
    assert set(outcomes) == {("pharmacy",), ("emergency_ward",), ("hospital",)}


def test_general_osm_rules_know_nine_of_ten_of_both_registers(
    shared_data: Path, vocabulary: Vocabulary
) -> None:
    hits = sum(
        service_of(tags(properties), vocabulary) is not None
        for folder in ("pl-rspo-places", "pl-medical-2022")
        for properties in features(shared_data / folder)
    )
    assert hits == 26_164


def test_every_service_of_ifr_is_mapped(shared_data: Path) -> None:
    listed = json.loads((shared_data / "pl-ifr-spots" / "services.json").read_text(encoding="utf-8"))
    assert {service["id"] for service in listed["services"]} == set(load_mappings().outcomes["ifr"])
