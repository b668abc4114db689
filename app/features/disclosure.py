"""How openly a place may be shown at most: as its services allow. The form asks for no more, publication refuses more."""

from collections.abc import Iterable

from app.errors import FieldProblem, InvalidInput
from app.features.facets import Disclosure, Facets
from app.features.place import DISCLOSURES, strictest
from app.i18n import N_
from app.taxonomy.vocabulary import Vocabulary

TOO_OPEN = N_("Help of this kind is protected: its place must not be shown this openly.")


def disclosure_of_services(codes: Iterable[str], vocabulary: Vocabulary) -> Disclosure:
    """The most open disclosure that services of these codes allow."""
    wanted = {vocabulary.service(code).default_disclosure for code in codes}
    return strictest(tuple(tier for tier in DISCLOSURES if tier in wanted))


def is_too_open(facets: Facets, vocabulary: Vocabulary) -> bool:
    """Whether a place is shown more openly than its services allow.

    Help by telephone or online has no place, so that there is nothing to hide.
    """
    if facets.disclosure == "exact" and facets.position is None and not facets.address_line:
        return False
    least = disclosure_of_services(facets.services, vocabulary)
    return DISCLOSURES.index(facets.disclosure) < DISCLOSURES.index(least)


def check_disclosure(facets: Facets, vocabulary: Vocabulary) -> None:
    """Raise `InvalidInput` for a place that is shown more openly than its services allow."""
    if is_too_open(facets, vocabulary):
        raise InvalidInput(FieldProblem("place.disclosure", "too_open", TOO_OPEN))
