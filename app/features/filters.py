"""What a reader asks for: one filter, the same for list, map, counts and GeoJSON, and its SQL."""

import datetime as dt
import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from app.areas.boundary_file import PREFIX
from app.features.welcome import welcome_sql
from app.taxonomy.vocabulary import FAMILY_PREFIX, Vocabulary
from geo.bbox import BBox, Position
from geo.distance import WALKING_DETOUR, WALKING_M_PER_MIN
from geo.names import fold_name
from geo.ring import Ring

#: More words than this only cost time; the first ones already say what is meant.
MOST_WORDS = 8
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Filter:
    """Any of the codes within a parameter, all parameters together; of `access` any within a group, all groups together.

    A code of a family or a group of services means all its services. `bbox` is in EPSG:4326;
    `open_at` is an aware moment within the next fourteen days; `area` is a code of an administrative
    unit: what lies in it, and what helps there without a place. `text_services` are services that the words of `text` name: a match on either will do.
    """

    services: frozenset[str] = frozenset()
    audiences: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    access: frozenset[str] = frozenset()
    #: As in `welcome.MODES`; with audiences, the modes in which those are named.
    audience_modes: frozenset[str] = frozenset()
    text: str = ""
    text_services: frozenset[str] = frozenset()
    area: str | None = None
    #: What somebody has drawn: only what has a published position inside.
    drawn: Ring | None = None
    organisation_id: uuid.UUID | None = None
    open_at: dt.datetime | None = None
    #: Where somebody sets out at `open_at` on foot: what counts is whether it is open when they get there.
    walking_from: Position | None = None
    #: Instead of what is open (at `open_at`): what may be, since nobody knows its hours or it opens by arrangement.
    unknown_hours: bool = False
    checked_since: dt.date | None = None
    bbox: BBox | None = None
    #: The words of the query as they were given, for the pyramid's facet: `group`, `service` … and code.
    single_facet: str | None = field(default=None, compare=False)

    @property
    def moment(self) -> str:
        """What of it moves with the time, for validators of answers."""
        return f"{self.open_at or ''} {self.checked_since or ''}".strip()

    @property
    def by_codes(self) -> bool:
        """Whether nothing but codes and a box is asked for, which are looked at on the way and choose no index."""
        codes = Filter(
            self.services, self.audiences, self.languages, self.access, self.audience_modes, bbox=self.bbox
        )
        return self == codes

    def within(self, box: BBox) -> "Filter":
        """Give the same filter for one box."""
        return replace(self, bbox=box)


def single_facet(
    vocabulary: Vocabulary,
    services: Iterable[str],
    audiences: Iterable[str],
    languages: Iterable[str],
    access: Iterable[str],
) -> str | None:
    """Give the pyramid's facet for codes as they were asked for: '' for none, None for more than one."""
    given = [("service", c) for c in services]
    given += [("a", c) for c in audiences]
    given += [("l", c) for c in languages]
    given += [("c", c) for c in access]
    if not given:
        return ""
    if len(given) > 1:
        return None
    kind, code = given[0]
    if kind != "service":
        return None if kind == "c" else f"{kind}:{code}"
    if code in vocabulary.services:
        return f"s:{code}"
    return f"g:{code}" if code in vocabulary.groups else f"f:{code.removeprefix(FAMILY_PREFIX)}"


def conditions(
    wanted: Filter, vocabulary: Vocabulary, *, placed: bool = False
) -> tuple[list[str], dict[str, Any]]:
    """Give the SQL conditions on `published.feature AS f` and their parameters; the box is not among them.

    `placed` says that there is another condition by which every `f` has a position. Only text of this module goes into
    the SQL; every value is a parameter.
    """
    sql, values = _code_conditions(wanted, vocabulary)
    if wanted.area is not None:
        sql.append(_LIES_IN_AREA if placed else _IN_AREA)
        if wanted.area[2:].startswith(f"-{PREFIX}"):
            sql.append(_IS_OFFERED)
        values["area"] = wanted.area
    if wanted.drawn is not None:
        sql.append(f"ST_Covers({_DRAWN}, f.geom)")
        values["drawn"] = wanted.drawn.wkt
    if wanted.organisation_id is not None:
        sql.append("f.organisation_id = :organisation_id")
        values["organisation_id"] = wanted.organisation_id
    if wanted.open_at is not None or wanted.unknown_hours:
        sql.append(_opening_condition(wanted, values))
    if wanted.checked_since is not None:
        sql.append("f.verified_on >= CAST(:checked_since AS date)")
        values["checked_since"] = wanted.checked_since
    if wanted.text:
        condition, found = _text_condition(wanted, vocabulary)
        sql.append(condition)
        values |= found
    return sql, values


_DRAWN = "ST_GeomFromText(CAST(:drawn AS text), 4326)"
#: The condition of a drawn area by what stands in the index of keys, so that no feature itself is looked at. The area is
#: read once for a statement.
LIES_IN_DRAWN = f"ST_Covers((SELECT {_DRAWN}), ST_SetSRID(ST_MakePoint(f.lng, f.lat), 4326))"


def _code_conditions(wanted: Filter, vocabulary: Vocabulary) -> tuple[list[str], dict[str, Any]]:
    sql: list[str] = []
    values: dict[str, Any] = {}
    if wanted.services:
        first, second, added = vocabulary.mask(wanted.services)
        sql.append(_OFFERED_OR_ADDED if added else _OFFERED)
        values["services_0"], values["services_1"] = first, second
        if added:
            values["services_2"] = added
    if wanted.audiences or wanted.audience_modes:
        named = ":audiences" if wanted.audiences else ""
        sql.append(welcome_sql(named, wanted.audience_modes))
        if named and wanted.audience_modes != {"everyone"}:
            values["audiences"] = vocabulary.bits("audience", wanted.audiences)
    if wanted.languages:
        sql.append("f.languages & :languages <> 0")
        values["languages"] = vocabulary.bits("language", wanted.languages)
    for number, codes in enumerate(vocabulary.by_access_group(wanted.access)):
        sql.append(f"f.access & :access_{number} <> 0")
        values[f"access_{number}"] = vocabulary.bits("access", codes)
    return sql, values


# The word of what was added here is asked for only where one of those is meant: other questions stay as they are.
_OFFERED = "(f.services_0 & :services_0 <> 0 OR f.services_1 & :services_1 <> 0)"
_OFFERED_OR_ADDED = f"({_OFFERED} OR f.services_2 & :services_2 <> 0)"
# Help without a place serves a unit also when it serves the one above it, or the whole country.
_LIES_IN_AREA = "f.area_codes @> ARRAY[CAST(:area AS text)]"
# Of an area made at the desk whose places are being found, or that is retired, nobody is told a part.
_IS_OFFERED = "(f.qk = -1 OR EXISTS (SELECT FROM published.area a WHERE a.code = :area AND a.offered))"
_IN_AREA = (
    f"({_LIES_IN_AREA} OR (f.qk = -1 AND f.area_codes && (ARRAY[left(:area, 2)]"  # noqa: S608 - constants of this module
    " || coalesce((SELECT a.ancestors FROM published.area a WHERE a.code = :area), '{}'::text[]))))"
)


#: The moment at which something is to be open, as `conditions` has it among the parameters.
OPEN_AT = "CAST(:open_at AS timestamptz)"
_STATE = (
    "EXISTS (SELECT FROM published.opening o WHERE o.feature_id = f.id AND o.state = '{}' AND o.span @> {})"
)
_NO_HOURS = """(NOT jsonb_path_exists(f.hours, '$[*] ? (@.expression != "")'))"""
# As geo.distance.walking_minutes says it; what has no position is there at once.
_WALK = (
    "make_interval(mins => greatest(CASE WHEN f.geom IS NULL THEN 0 ELSE 1 END, ceil(coalesce(ST_DistanceSphere("
    "f.geom, ST_SetSRID(ST_MakePoint(:from_lng, :from_lat), 4326)), 0)"
    f" * {WALKING_DETOUR} / {WALKING_M_PER_MIN})::integer))"
)


def _opening_condition(wanted: Filter, values: dict[str, Any]) -> str:
    if wanted.open_at is None:
        return _NO_HOURS
    values["open_at"] = wanted.open_at
    there = OPEN_AT
    if wanted.walking_from is not None:
        there = f"({there} + {_WALK})"
        values["from_lng"], values["from_lat"] = wanted.walking_from
    opened, arranged = _STATE.format("open", there), _STATE.format("unknown", there)
    return f"(NOT {opened} AND ({_NO_HOURS} OR {arranged}))" if wanted.unknown_hours else opened


def _text_condition(wanted: Filter, vocabulary: Vocabulary) -> tuple[str, dict[str, Any]]:
    query = tsquery(wanted.text)
    parts = ["f.search @@ to_tsquery('simple', :words)"] if query else []
    values: dict[str, Any] = {"words": query} if query else {}
    if wanted.text_services:
        first, second, added = vocabulary.mask(wanted.text_services)
        parts.append("f.services_0 & :text_services_0 <> 0 OR f.services_1 & :text_services_1 <> 0")
        values["text_services_0"], values["text_services_1"] = first, second
        if added:
            parts.append("f.services_2 & :text_services_2 <> 0")
            values["text_services_2"] = added
    return f"({' OR '.join(parts)})" if parts else "false", values


def tsquery(text: str) -> str:
    """Give a query for `to_tsquery('simple', …)`: every word, the last one also as a beginning.

    "" when there is no letter or digit in the text. Letters and digits are all that is left of the
    text, so that no sign in it has a meaning.
    """
    words = _WORD.findall(fold_name(text))[:MOST_WORDS]
    if not words:
        return ""
    return " & ".join([*words[:-1], f"{words[-1]}:*"])
