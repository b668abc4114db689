from typing import Any

import pytest

from app.errors import InvalidInput
from app.layers.organisations.content import Organisation
from app.layers.organisations.facets import facets
from app.layers.organisations.public import public_content
from app.taxonomy.vocabulary import load_vocabulary

VOCABULARY = load_vocabulary()


def foundation(**changes: Any) -> dict[str, Any]:
    return {
        "name": {"texts": {"pl": "Fundacja „Otwarte drzwi”"}, "source": "pl"},
        "sector": "ngo",
        "legal_form": "foundation",
        "identifiers": {"nip": "526-10-40-828", "krs": "0000123456"},
    } | changes


def test_identifiers_are_kept_in_normal_form() -> None:
    organisation = Organisation.read(foundation())
    assert organisation.identifiers == {"krs": "0000123456", "nip": "5261040828"}
    assert Organisation.model_validate_json(organisation.to_json()) == organisation


@pytest.mark.parametrize(
    ("identifiers", "expected"),
    [
        ({"nip": "526-10-40-829"}, ("identifiers.nip", "identifier_check_digit")),
        ({"regon": "12345"}, ("identifiers.regon", "identifier_shape")),
        ({"krs": " "}, ("identifiers.krs", "identifier_empty")),
        ({"canary": "1"}, ("identifiers", "unknown_code")),
    ],
)
def test_wrong_identifiers_are_refused_at_their_field(
    identifiers: dict[str, str], expected: tuple[str, str]
) -> None:
    with pytest.raises(InvalidInput) as refused:
        Organisation.read(foundation(identifiers=identifiers))
    assert [(p.path, p.code) for p in refused.value.problems] == [expected]


def test_people_are_never_public() -> None:
    organisation = Organisation.read(
        foundation(people=[{"name": "Jan Kowalski", "email": "jan@drzwi.example", "phone": "600 100 200"}])
    )
    assert "Kowalski" in organisation.to_json()
    told = repr(public_content(organisation, VOCABULARY)) + repr(facets(organisation, VOCABULARY))
    assert "Kowalski" not in told
    assert "600100200" not in told


def test_facets_of_an_organisation_without_a_place() -> None:
    found = facets(Organisation.read(foundation(areas=[{"code": "26"}])), VOCABULARY)
    assert found.position is None
    assert found.area_served == ("26",)
    assert found.family in VOCABULARY.families
    assert {"Fundacja", "5261040828"} <= set(found.search_b)


def test_a_protected_organisation_has_no_address() -> None:
    with pytest.raises(InvalidInput):
        Organisation.read(
            foundation(place={"disclosure": "area", "area": {"code": "1"}}, address={"city": "Kielce"})
        )


def test_every_wrong_identifier_is_told_at_once() -> None:
    wrong = {"nip": "526-10-40-829", "regon": "12345", "krs": "0000123456"}
    with pytest.raises(InvalidInput) as refused:
        Organisation.read(foundation(identifiers=wrong))
    assert [(problem.path, problem.code) for problem in refused.value.problems] == [
        ("identifiers.nip", "identifier_check_digit"),
        ("identifiers.regon", "identifier_shape"),
    ]
