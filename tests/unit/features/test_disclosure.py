import pytest

from app.errors import InvalidInput
from app.features.disclosure import check_disclosure, disclosure_of_services
from app.features.facets import Disclosure, Facets
from app.taxonomy.vocabulary import load_vocabulary

VOCABULARY = load_vocabulary()


def _facets(
    service: str, disclosure: Disclosure, *, placed: bool = False, address: str | None = None
) -> Facets:
    return Facets(
        name="x",
        name_language="pl",
        names={},
        family="housing",
        disclosure=disclosure,
        position=(20.6, 50.8) if placed else None,
        services=("hot_meals", service),
        address_line=address,
    )


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        ([], "exact"),
        (["hot_meals"], "exact"),
        (["hot_meals", "supported_housing"], "area"),
        (["hot_meals", "violence_shelter", "supported_housing"], "contact_only"),
    ],
)
def test_the_strictest_of_the_services_counts(codes: list[str], expected: str) -> None:
    assert disclosure_of_services(codes, VOCABULARY) == expected


@pytest.mark.parametrize(
    ("service", "disclosure"),
    [
        ("supported_housing", "area"),
        ("supported_housing", "contact_only"),
        ("violence_shelter", "contact_only"),
        # By telephone: no place, nothing to hide.
        ("violence_shelter", "exact"),
    ],
)
def test_as_strict_or_stricter_may_be_public(service: str, disclosure: Disclosure) -> None:
    check_disclosure(_facets(service, disclosure), VOCABULARY)


@pytest.mark.parametrize(
    "laxer",
    [
        _facets("supported_housing", "exact", placed=True),
        _facets("violence_shelter", "exact", address="Leśna 3, Kielce"),
        _facets("violence_shelter", "area"),
        _facets("safe_house", "partners"),
    ],
)
def test_what_is_laxer_is_refused(laxer: Facets) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_disclosure(laxer, VOCABULARY)
    assert [problem.code for problem in refused.value.problems] == ["too_open"]
