import dataclasses

import pytest

from app.taxonomy import reading
from app.taxonomy.vocabulary import UnknownTerm, Vocabulary, load_vocabulary


def test_it_is_loaded_once_and_cannot_be_changed(vocabulary: Vocabulary) -> None:
    assert load_vocabulary() is vocabulary
    service = vocabulary.services["hot_meals"]
    with pytest.raises(dataclasses.FrozenInstanceError):
        service.icon = "skull"  # type: ignore[misc]
    with pytest.raises(TypeError):
        service.names["pl"] = "Zupa"  # type: ignore[index]
    with pytest.raises(TypeError):
        vocabulary.services["new"] = service  # type: ignore[index]


def test_names_are_found_by_kind_code_and_language(vocabulary: Vocabulary) -> None:
    assert vocabulary.name("service", "hot_meals", "pl") == "Ciepły posiłek"
    assert vocabulary.name("family", "food", "uk") == "Їжа та речі"
    assert vocabulary.name("group", "food", "uk") == "Їжа та продукти"
    assert vocabulary.name("language", "uk", "fr") == "Ukrainian"


@pytest.mark.parametrize(("kind", "code"), [("service", "food"), ("nonsense", "food"), ("service", "")])
def test_an_unknown_term_is_refused(vocabulary: Vocabulary, kind: str, code: str) -> None:
    with pytest.raises(UnknownTerm):
        vocabulary.name(kind, code, "pl")


def test_a_service_has_the_family_of_its_group_unless_it_names_its_own(vocabulary: Vocabulary) -> None:
    assert vocabulary.family_of("hot_meals").code == "food"
    assert vocabulary.family_of("reception_point").code == "support"
    own = {"collective_accommodation", "public_shelter", "resilience_point"}
    assert {vocabulary.family_of(code).code for code in own} == {"shelter"}


def test_a_group_means_all_its_services(vocabulary: Vocabulary) -> None:
    assert vocabulary.expand(["food"]) == {s.code for s in vocabulary.services_in("food")}
    assert vocabulary.expand(["hot_meals", "goods"]) == {
        "hot_meals",
        *(s.code for s in vocabulary.services_in("goods")),
    }


def test_a_family_means_all_services_of_its_shape(vocabulary: Vocabulary) -> None:
    assert vocabulary.expand(["shelter"]) == {
        s.code for s in vocabulary.services.values() if s.family == "shelter"
    }
    assert vocabulary.expand(["shelter"]) == vocabulary.expand(["family:shelter"])


def test_a_code_of_both_means_the_group_and_the_prefix_the_family(vocabulary: Vocabulary) -> None:
    assert "clothing" not in vocabulary.expand(["food"])
    assert "clothing" in vocabulary.expand(["family:food"])
    assert vocabulary.expand(["health"]) < vocabulary.expand(["family:health"])


def test_no_service_has_the_code_of_a_group_or_family(vocabulary: Vocabulary) -> None:
    assert not set(vocabulary.services) & (set(vocabulary.groups) | set(vocabulary.families))


def test_nothing_expands_to_nothing_and_nonsense_is_refused(vocabulary: Vocabulary) -> None:
    assert vocabulary.expand([]) == frozenset()
    for code in ("nonsense", "family:nonsense", "family:hot_meals", ""):
        with pytest.raises(UnknownTerm):
            vocabulary.expand([code])


def test_families_together_are_all_services(vocabulary: Vocabulary) -> None:
    parts = [vocabulary.expand([f"family:{code}"]) for code in vocabulary.families]
    assert sum(map(len, parts)) == len(vocabulary.services)
    assert frozenset().union(*parts) == set(vocabulary.services)


def test_a_retired_service_is_understood_but_not_offered(vocabulary: Vocabulary) -> None:
    services = dict(vocabulary.services)
    services["drinks"] = dataclasses.replace(services["drinks"], retired=True)
    later = dataclasses.replace(vocabulary, services=services)
    assert "drinks" not in {s.code for s in later.services_in("food")}
    assert "drinks" in later.expand(["food"])


def test_a_file_that_contradicts_another_is_refused(vocabulary: Vocabulary) -> None:
    broken = {"x": dataclasses.replace(vocabulary.access["free"], group="nonsense")}
    with pytest.raises(ValueError, match="unknown group"):
        reading._refer(broken, "group", vocabulary.access_groups)


@pytest.mark.parametrize(
    "entry",
    [
        {"code": "x", "name": {"pl": "Ala"}},
        {"code": "x", "name": {}, "colour": "red"},
        {"code": "x"},
    ],
)
def test_a_term_that_lacks_or_invents_something_is_refused(entry: dict[str, object]) -> None:
    from app.taxonomy.terms import AccessGroup

    with pytest.raises(ValueError, match="x"):
        reading._table([entry], reading._plain(AccessGroup))


def test_access_is_told_apart_by_groups() -> None:
    vocabulary = load_vocabulary()
    assert vocabulary.by_access_group(("step_free", "low_cost", "free")) == [
        frozenset({"free", "low_cost"}),
        frozenset({"step_free"}),
    ]
    assert vocabulary.by_access_group(()) == []
    assert sum(map(len, vocabulary.by_access_group(vocabulary.access))) == len(vocabulary.access)
    with pytest.raises(UnknownTerm):
        vocabulary.by_access_group(("nothing",))
