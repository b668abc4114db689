from app.imports.record import Record
from app.imports.sections.conditions import ConditionsSection
from app.imports.sections.organisation import OrganisationSection
from app.imports.sections.services import FoundServices, ServicesSection

ROW = {
    "@id": "node/1",
    "amenity": "social_facility",
    "social_facility": "soup_kitchen",
    "social_facility:for": "senior;martians",
    "wheelchair": "yes",
    "language:uk": "yes",
    "operator:type": "ngo",
    "capacity": 40,
    "ref": None,
}


def record(**tags: str) -> Record:
    return Record(ROW | tags, "PL", "pl")


def test_tags_say_what_help_it_is_and_for_whom() -> None:
    section = ServicesSection(tags=True, source="osm")
    found, hidden, none = FoundServices(), FoundServices(), FoundServices()
    section.find(record(), found)
    assert {code: one.audiences for code, one in found.found.items()} == {"hot_meals": ["seniors"]}
    section.find(record(**{"social_facility:for": "abused"}), hidden)
    assert list(hidden.found) == ["violence_shelter"]
    section.find(record(social_facility="", amenity="bench"), none)
    assert not none.found


def test_tags_say_languages_access_and_sector_beside_what_the_mapping_says() -> None:
    said = ConditionsSection.model_validate({"tags": True, "languages": [{"const": "pl"}, {"const": "uk"}]})
    assert said.build(record()) == {"languages": ["pl", "uk"], "access": ["step_free"]}
    assert "access" not in ConditionsSection.model_validate({}).build(record())
    assert OrganisationSection(tags=True).build(record()) == {"sector": "ngo"}
    said_otherwise = OrganisationSection.model_validate({"tags": True, "sector": {"const": "business"}})
    assert said_otherwise.build(record()) == {"sector": "business"}
