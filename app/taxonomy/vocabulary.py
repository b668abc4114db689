"""All controlled vocabularies as one immutable object, loaded from `app/taxonomy/data`."""

import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from types import MappingProxyType

from app.errors import MalformedInput
from app.i18n import LANGUAGES
from app.taxonomy import reading
from app.taxonomy.positions import bits_of, codes_of, service_words
from app.taxonomy.terms import (
    AccessCondition,
    AccessGroup,
    Audience,
    ClosureReason,
    Family,
    Identifier,
    Language,
    LegalForm,
    NextStep,
    Purpose,
    ReportReason,
    Resource,
    ResourceKind,
    Sector,
    Service,
    ServiceGroup,
    Term,
    Theme,
    Urgency,
    VerificationMethod,
)

#: Before a code that must be read as a family's: "food" and "health" are groups, too.
FAMILY_PREFIX = "family:"


class UnknownTerm(MalformedInput):
    """One of these codes is not in our lists. See the vocabularies for the codes that are."""


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """The controlled vocabularies, each by code in the order in which people should see it."""

    families: Mapping[str, Family]
    groups: Mapping[str, ServiceGroup]
    services: Mapping[str, Service]
    audiences: Mapping[str, Audience]
    access_groups: Mapping[str, AccessGroup]
    access: Mapping[str, AccessCondition]
    languages: Mapping[str, Language]
    sectors: Mapping[str, Sector]
    legal_forms: Mapping[str, LegalForm]
    identifiers: Mapping[str, Identifier]
    themes: Mapping[str, Theme]
    resource_kinds: Mapping[str, ResourceKind]
    resources: Mapping[str, Resource]
    purposes: Mapping[str, Purpose]
    urgencies: Mapping[str, Urgency]
    next_steps: Mapping[str, NextStep]
    report_reasons: Mapping[str, ReportReason]
    closure_reasons: Mapping[str, ClosureReason]
    verification_methods: Mapping[str, VerificationMethod]

    def tables(self) -> Iterator[Mapping[str, Term]]:
        """Every vocabulary, in the order above."""
        for field in fields(self):
            yield getattr(self, field.name)

    def terms(self) -> Iterator[Term]:
        """Every term of every vocabulary."""
        for table in self.tables():
            yield from table.values()

    def term(self, kind: str, code: str) -> Term:
        """The term with this code.

        Raises `UnknownTerm`, also for a kind that there is none of.
        """
        for table in self.tables():
            found = table.get(code)
            if found is not None and found.kind == kind:
                return found
        raise UnknownTerm

    def name(self, kind: str, code: str, lang: str) -> str:
        """The name of a term in one of the six languages; in English where the language is none of them.

        Raises `UnknownTerm`.
        """
        return self.term(kind, code).names[lang if lang in LANGUAGES else "en"]

    def service(self, code: str) -> Service:
        """The service type with this code. Raises `UnknownTerm`."""
        try:
            return self.services[code]
        except KeyError:
            raise UnknownTerm from None

    def family_of(self, service: str) -> Family:
        """The family that gives a service its shape and colour. Raises `UnknownTerm`."""
        return self.families[self.service(service).family]

    def services_in(self, group: str) -> tuple[Service, ...]:
        """The services that are offered under a group, in order. Raises `UnknownTerm`."""
        if group not in self.groups:
            raise UnknownTerm
        return tuple(s for s in self.services.values() if s.group == group and not s.retired)

    def expand(self, codes: Iterable[str]) -> frozenset[str]:
        """The service codes that are meant by codes of services, groups and families.

        A code that is both a group's and a family's (`food`, `health`) means the group; `family:food`
        always means the family. Retired services are meant, too: old records may still hold them.
        Raises `UnknownTerm`.
        """
        return frozenset().union(*(self._meant(code) for code in codes))

    def _meant(self, code: str) -> frozenset[str]:
        if code in self.services:
            return frozenset((code,))
        if code in self.groups:
            return frozenset(s.code for s in self.services.values() if s.group == code)
        family = code.removeprefix(FAMILY_PREFIX)
        if family in self.families:
            return frozenset(s.code for s in self.services.values() if s.family == family)
        raise UnknownTerm

    def by_access_group(self, codes: Iterable[str]) -> list[frozenset[str]]:
        """Codes of access as sets of one group each, in the order of the groups. Raises `UnknownTerm`."""
        groups: dict[str, set[str]] = {group: set() for group in self.access_groups}
        for code in codes:
            if code not in self.access:
                raise UnknownTerm
            groups[self.access[code].group].add(code)
        return [frozenset(found) for found in groups.values() if found]

    def mask(self, codes: Iterable[str]) -> tuple[int, int, int]:
        """Service codes as three words of bits, each fit for a PostgreSQL `bigint`. Raises `UnknownTerm`."""
        return service_words(self.bits("service", codes))

    def codes(self, mask: tuple[int, int, int]) -> tuple[str, ...]:
        """The service codes of three words, in the order of their positions; bits of no service are ignored."""
        return codes_of(mask, self._positions("service"))

    def bits(self, kind: str, codes: Iterable[str]) -> int:
        """Codes of audiences, access, languages (or services) as one integer.

        The first three fit into one PostgreSQL `bigint`, services do not: see `mask`.
        Raises `UnknownTerm`.
        """
        try:
            return bits_of(codes, self._positions(kind))
        except KeyError:
            raise UnknownTerm from None

    def codes_of_bits(self, kind: str, bits: int) -> tuple[str, ...]:
        """The codes of `bits`, in the order of their positions."""
        return codes_of((bits,), self._positions(kind))

    def with_services(self, added: Iterable[Service]) -> "Vocabulary":
        """Give the same with further services, which come after those that are there."""
        services = {**self.services, **{service.code: service for service in added}}
        return replace(self, services=MappingProxyType(services))

    def _positions(self, kind: str) -> Mapping[str, int]:
        return _service_positions(self) if kind == "service" else reading.load_positions()[kind]


@functools.lru_cache(maxsize=4)
def _service_positions(vocabulary: Vocabulary) -> Mapping[str, int]:
    added = {s.code: s.position for s in vocabulary.services.values() if s.added is not None}
    return {**reading.load_positions()["service"], **added}


@functools.cache
def product_vocabulary() -> Vocabulary:
    """The vocabularies of this version's files, read once in a process.

    Raises `ValueError` when the files contradict each other: a version must not start with that.
    """
    return Vocabulary(**reading.read_tables())


class _InUse:
    """What this process goes by. `mark` says which state of what the installation has added it knows; '' for nothing."""

    mark = ""
    vocabulary: Vocabulary | None = None


def load_vocabulary() -> Vocabulary:
    """The vocabularies of this version with what the installation has added, as far as this process knows.

    It may be another object at the next call, the same for as long as nothing is added or changed: what is derived
    from it is kept by the object. `app.taxonomy.additions` says when it is renewed.
    """
    return _InUse.vocabulary or product_vocabulary()


def mark_in_use() -> str:
    """What tells the vocabulary in use from any other of this version."""
    return _InUse.mark


def use(mark: str, added: Iterable[Service]) -> None:
    """From now on this process goes by the product's vocabulary and these services."""
    services = tuple(added)
    _InUse.vocabulary = product_vocabulary().with_services(services) if services else None
    _InUse.mark = mark
