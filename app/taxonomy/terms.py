"""The kinds of words that the product is controlled by, each an immutable record read from TOML."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

#: What the codes of `disclosure` mean is told in docs; a form starts with a service's default.
DISCLOSURES = ("exact", "area", "partners", "contact_only")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Term:
    """One word of a vocabulary. `names` holds all six languages."""

    kind: ClassVar[str]

    code: str
    names: Mapping[str, str]
    icon: str = ""
    #: A retired term is still understood and shown, but no longer offered.
    retired: bool = False
    replaced_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Family(Term):
    """One of the six shapes on the map. `short` is the name on a chip."""

    kind: ClassVar[str] = "family"

    shape: str
    short: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ServiceGroup(Term):
    """A heading over services. `colour` is for reports and charts, never for the map."""

    kind: ClassVar[str] = "group"

    family: str
    order: int
    colour: str
    unhcr_sector: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Service(Term):
    """A type of help.

    `offer` is `goods`, `service` or `place`. `half_life_days`: after so many days half of such records
    are expected to be wrong. `synonyms` are for matching and never shown. `osm` are expressions
    `tag=value`, several joined by ` + ` must all hold; an empty tuple means that no tag means this.
    """

    kind: ClassVar[str] = "service"

    group: str
    family: str
    position: int
    offer: str
    descriptions: Mapping[str, str]
    synonyms: Mapping[str, tuple[str, ...]]
    osm: tuple[str, ...]
    open_eligibility: str
    open_eligibility_id: str
    schema_org: str
    half_life_days: int
    #: The tier of disclosure that a form starts with; only a moderator may choose a laxer one.
    default_disclosure: str = "exact"
    sensitive: bool = False
    crisis: bool = False
    #: The id of what this installation has added; the product's own have one that is the same everywhere.
    added: uuid.UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Audience(Term):
    """Who is welcome. `osm_for` are the values of `social_facility:for` that mean this."""

    kind: ClassVar[str] = "audience"

    position: int
    osm_for: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AccessGroup(Term):
    """A heading over conditions of access."""

    kind: ClassVar[str] = "access_group"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AccessCondition(Term):
    """A condition of access. `osm` as in `Service`."""

    kind: ClassVar[str] = "access"

    group: str
    position: int
    osm: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Language(Term):
    """A language spoken at points; `code` is its BCP 47 tag. `interface`: our pages speak it, too."""

    kind: ClassVar[str] = "language"

    position: int
    endonym: str
    direction: str
    interface: bool = False
    signed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sector(Term):
    """A sector of organisations. `osm_operator_type` are the values of `operator:type` that mean this."""

    kind: ClassVar[str] = "sector"

    osm_operator_type: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LegalForm(Term):
    """A legal form. `country` is ISO 3166 alpha-2, empty for any; `legal_person` is yes, no or depends.

    `identifiers` are those that such a body must have, `optional_identifiers` those that it may have.
    """

    kind: ClassVar[str] = "legal_form"

    country: str
    sectors: tuple[str, ...]
    identifiers: tuple[str, ...]
    optional_identifiers: tuple[str, ...]
    social_economy: bool
    legal_person: str
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Identifier(Term):
    """A number in a register. `pattern` is for the number without blanks and hyphens; empty means free text."""

    kind: ClassVar[str] = "identifier"

    country: str
    pattern: str
    checksum: str
    register: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Theme(Term):
    """A theme of initiatives. `source` is the word of the programme that it comes from."""

    kind: ClassVar[str] = "theme"

    source: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ResourceKind(Term):
    """A heading over local resources."""

    kind: ClassVar[str] = "resource_kind"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Resource(Term):
    """Something that a community has."""

    kind: ClassVar[str] = "resource"

    resource_kind: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Purpose(Term):
    """What a development co-operative is for. `source` as in `Theme`, empty where we added it."""

    kind: ClassVar[str] = "purpose"

    source: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Urgency(Term):
    """How soon a report must be seen."""

    kind: ClassVar[str] = "urgency"

    hours: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NextStep(Term):
    """What moderators do about a report."""

    kind: ClassVar[str] = "next_step"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReportReason(Term):
    """What a visitor can report. `hides_point`: hidden at once, until somebody has looked."""

    kind: ClassVar[str] = "report_reason"

    urgency: str
    next_step: str
    hides_point: bool
    asks_text: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ClosureReason(Term):
    """Why a point is closed. A temporary closure ends or expires; a permanent one keeps the record."""

    kind: ClassVar[str] = "closure_reason"

    permanent: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VerificationMethod(Term):
    """How a fact was checked. `trust` is the confidence right after it, 0 to 1; `by` says who may use it."""

    kind: ClassVar[str] = "verification_method"

    trust: float
    by: tuple[str, ...]
