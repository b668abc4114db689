import itertools

import pytest

from app.taxonomy.osm import access_of, audiences_of, languages_of, sector_of, service_of
from app.taxonomy.tag_rules import best, tag_rule, tags_of
from app.taxonomy.vocabulary import Vocabulary


@pytest.mark.parametrize(
    ("tags", "code"),
    [
        ({"amenity": "pharmacy"}, "pharmacy"),
        ({"amenity": "hospital", "healthcare": "hospital"}, "hospital"),
        ({"amenity": "social_facility", "social_facility": "soup_kitchen"}, "hot_meals"),
        ({"social_facility": "shelter"}, "homeless_shelter"),
        ({"social_facility": "shelter", "social_facility:for": "homeless;refugee"}, "homeless_shelter"),
        ({"social_facility": "shelter", "social_facility:for": "woman;child"}, "mother_and_child_home"),
        ({"social_facility": "day_care", "social_facility:for": "disabled"}, "community_self_help"),
        ({"amenity": "clinic", "healthcare:speciality": "psychiatry"}, "psychiatric_care"),
        ({"amenity": "kindergarten", "nursery": "yes"}, "nursery"),
        ({"amenity": "bench"}, None),
        ({}, None),
    ],
)
def test_the_rule_with_most_conditions_wins(
    vocabulary: Vocabulary, tags: dict[str, str], code: str | None
) -> None:
    service = service_of(tags, vocabulary)
    assert (service and service.code) == code


def test_among_equals_the_more_protected_wins_then_the_first() -> None:
    tags = tags_of({"a": "1", "b": "2"})
    assert best([tag_rule("a=1", "open"), tag_rule("b=2", "closed", "area")], tags) == "closed"
    assert best([tag_rule("a=1", "first"), tag_rule("b=2", "second")], tags) == "first"
    assert best([tag_rule("a=1", "hidden", "contact_only"), tag_rule("a=1 + b=2", "open")], tags) == "hidden"
    assert best([tag_rule("a=2", "no")], tags) is None


def test_a_list_of_values_counts_as_each_of_them() -> None:
    assert tags_of({"x": "a; b;c"}) == {"x=a", "x=b", "x=c"}


def test_no_combination_of_tags_shows_where_victims_live(vocabulary: Vocabulary) -> None:
    conditions = {
        condition
        for service in vocabulary.services.values()
        for expression in service.osm
        for condition in expression.split(" + ")
    }
    facilities = {c.split("=")[1] for c in conditions if c.startswith("social_facility=")} | {""}
    others = {c.split("=")[1] for c in conditions if c.startswith("social_facility:for=")} | {"", "child"}
    for victim in ("abused", "victim", "victims", "Abused", " victim"):
        for facility, one, two in itertools.product(facilities, others, others):
            audience = ";".join(filter(None, (one, victim, two)))
            tags = {
                "social_facility": facility,
                "social_facility:for": audience,
                "amenity": "social_facility",
            }
            service = service_of(tags, vocabulary)
            assert service is not None
            assert service.default_disclosure == "contact_only", tags


def test_every_expression_is_readable_and_stands_once(vocabulary: Vocabulary) -> None:
    seen: dict[frozenset[str], str] = {}
    for service in vocabulary.services.values():
        for expression in service.osm:
            rule = tag_rule(expression, service.code)
            assert all(len(condition.split("=")) == 2 for condition in rule.conditions), expression
            assert seen.setdefault(rule.conditions, f"{service.code} {expression}") == (
                f"{service.code} {expression}"
            )


def test_every_expression_alone_leads_to_its_service_or_a_more_protected_one(vocabulary: Vocabulary) -> None:
    for service in vocabulary.services.values():
        for expression in service.osm:
            tags: dict[str, str] = {}
            for condition in expression.split(" + "):
                key, value = condition.split("=")
                tags[key] = f"{tags[key]};{value}" if key in tags else value
            found = service_of(tags, vocabulary)
            assert found is service, expression


def test_audiences_access_languages_and_sector_are_read_from_tags(vocabulary: Vocabulary) -> None:
    tags = {
        "social_facility:for": "senior;disabled;martians",
        "wheelchair": "yes",
        "fee": "no",
        "dog": "yes",
        "pets": "yes",
        "language:uk": "yes",
        "language:pl": "main",
        "language:de": "no",
        "operator:type": "ngo",
    }
    assert audiences_of(tags, vocabulary) == ("seniors", "disabled")
    assert access_of(tags, vocabulary) == ("free", "pets_allowed", "step_free")
    assert languages_of(tags, vocabulary) == ("pl", "uk")
    assert sector_of(tags, vocabulary) == "ngo"
    assert sector_of({}, vocabulary) is None
