"""What the tags of an OpenStreetMap object say in our words."""

import functools
from collections.abc import Mapping

from app.taxonomy.tag_rules import TagRule, best, speaks_of_violence, tag_rule, tags_of
from app.taxonomy.terms import Service
from app.taxonomy.vocabulary import Vocabulary

#: What an object for victims becomes, whatever else it says, so that its place is never shown.
REFUGE = "violence_shelter"


def service_of(tags: Mapping[str, str], vocabulary: Vocabulary) -> Service | None:
    """The service type that the tags mean best, `None` where they mean none of ours.

    Types without a tag of their own are never guessed.
    """
    flat = tags_of(tags)
    if speaks_of_violence(flat):
        return vocabulary.service(REFUGE)
    return best(_service_rules(vocabulary), flat)


def audiences_of(tags: Mapping[str, str], vocabulary: Vocabulary) -> tuple[str, ...]:
    """The audiences that `social_facility:for` names, in the order of the vocabulary."""
    flat = tags_of(tags)
    return tuple(
        audience.code
        for audience in vocabulary.audiences.values()
        if any(f"social_facility:for={value}" in flat for value in audience.osm_for)
    )


def access_of(tags: Mapping[str, str], vocabulary: Vocabulary) -> tuple[str, ...]:
    """The conditions of access that the tags name, in the order of the vocabulary."""
    flat = tags_of(tags)
    meant = (rule.target for rule in _access_rules(vocabulary) if rule.conditions <= flat)
    return tuple(dict.fromkeys(meant))


def languages_of(tags: Mapping[str, str], vocabulary: Vocabulary) -> tuple[str, ...]:
    """The languages of `language:<code>=yes`, in the order of the vocabulary."""
    return tuple(code for code in vocabulary.languages if tags.get(f"language:{code}") in ("yes", "main"))


def sector_of(tags: Mapping[str, str], vocabulary: Vocabulary) -> str | None:
    """The sector of the organisation that `operator:type` names."""
    kind = tags.get("operator:type")
    return next((s.code for s in vocabulary.sectors.values() if kind in s.osm_operator_type), None)


@functools.lru_cache(maxsize=2)
def _service_rules(vocabulary: Vocabulary) -> tuple[TagRule[Service], ...]:
    return tuple(
        tag_rule(expression, service, service.default_disclosure)
        for service in vocabulary.services.values()
        if not service.retired
        for expression in service.osm
    )


@functools.lru_cache(maxsize=2)
def _access_rules(vocabulary: Vocabulary) -> tuple[TagRule[str], ...]:
    return tuple(
        tag_rule(expression, condition.code)
        for condition in vocabulary.access.values()
        if not condition.retired
        for expression in condition.osm
    )
