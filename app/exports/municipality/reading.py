"""What is published for one municipality, read by the public reader in one statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from app.areas.units import IN_A_FILE, MOST_IN_A_FILE
from app.db import Database
from app.errors import NotFound

# A file is made of units of these levels; larger ones have too much for a file, and so may an area of one's own have.
_FITS = f"""(a.level = ANY(:levels) OR (a.kept AND a.offered AND (
    SELECT count(*) FROM (SELECT FROM published.feature g WHERE g.area_codes @> ARRAY[a.code]
                          LIMIT {MOST_IN_A_FILE + 1}) AS few) <= {MOST_IN_A_FILE}))"""  # noqa: S608 - a constant


class NoSuchMunicipality(NotFound):
    """There is no such municipality here. A code looks like PL-2661011."""


@dataclass(frozen=True, slots=True)
class Source:
    """A published feature as it is kept: `whole` and `slim` are GeoJSON texts, `rules` are hours by service."""

    whole: Mapping[str, Any]
    slim: Mapping[str, Any]
    rules: Mapping[str | None, str]
    organisation: str
    """Name of the published organisation behind it, "" when there is none."""


@dataclass(frozen=True, slots=True)
class Municipality:
    """A unit, its outline (GeoJSON, EPSG:4326; None when not known) and all that is published for it."""

    code: str
    name: str
    names: Mapping[str, str]
    """In other languages, by language code; those of the town that it is named after where it has none."""
    within: tuple[str, ...]
    """Names of the units that it belongs to, the smallest first."""
    outline: Mapping[str, Any] | None
    boundary_source: str
    sources: Sequence[Source]
    bytes: bytes
    """All that was read, so that a digest tells whether anything is different."""


# What is placed there, or says that it serves exactly this unit; beside that whatever has no place and serves a
# unit around it: telephones, pages, and protected places, of which the unit is all that is published.
_READ = f"""
WITH unit AS (
  SELECT a.code, a.name, a.country,
    a.names || coalesce((
      SELECT p.names FROM published.place p
      WHERE p.area_codes @> ARRAY[a.code] AND p.name = a.name ORDER BY p.population DESC LIMIT 1
    ), '{{}}') AS names,
    a.ancestors, a.source, a.licence, a.fingerprint,
    ST_AsGeoJSON(a.geom, 5) AS outline,
    ARRAY[a.code, a.country] || a.ancestors AS around
  FROM published.area a WHERE a.code = :code AND {_FITS}
),
found AS (
  SELECT f.layer, f.id, f.whole, f.slim, f.hours, f.organisation_id
  FROM unit, published.feature f WHERE f.area_codes @> ARRAY[unit.code]
  UNION
  SELECT f.layer, f.id, f.whole, f.slim, f.hours, f.organisation_id
  FROM unit, published.feature f WHERE f.layer = ANY(:layers) AND f.qk = -1 AND f.area_codes && unit.around
  UNION
  SELECT f.layer, f.id, f.whole, f.slim, f.hours, f.organisation_id
  FROM unit, published.feature f
  WHERE f.layer = ANY(:layers) AND f.qk = -1 AND f.disclosure IN ('area', 'partners')
    AND (CAST(f.whole AS jsonb) #>> '{{properties,place,area,code}}') = ANY(unit.around)
)
SELECT convert_to(jsonb_build_object(
  'code', unit.code, 'name', unit.name, 'names', unit.names, 'outline', unit.outline,
  'source', unit.source, 'licence', unit.licence, 'fingerprint', unit.fingerprint,
  'within', (SELECT coalesce(jsonb_agg(a.name ORDER BY array_position(unit.ancestors, a.code)), '[]')
             FROM published.area a WHERE a.code = ANY(unit.ancestors)),
  'features', (SELECT coalesce(jsonb_agg(jsonb_build_array(f.whole, f.slim, f.hours, o.name) ORDER BY f.id), '[]')
               FROM found f
               LEFT JOIN published.feature o ON o.id = f.organisation_id AND o.layer = 'organisations')
)::text, 'UTF8')
FROM unit
"""  # noqa: S608 - constants of this module


_THERE = f"SELECT true FROM published.area a WHERE a.code = :code AND {_FITS}"  # noqa: S608 - constants of this module


async def check_municipality(database: Database, code: str) -> None:
    """Raise `NoSuchMunicipality` where there is none; nothing that is published for it is read."""
    if not await database.answer(_THERE, {"code": code, "levels": list(IN_A_FILE)}):
        raise NoSuchMunicipality


async def read_municipality(database: Database, code: str, layers: Sequence[str]) -> Municipality:
    """Give what is published there; `NoSuchMunicipality` for any other code."""
    found = await database.answer(_READ, {"code": code, "levels": list(IN_A_FILE), "layers": list(layers)})
    if found is None:
        raise NoSuchMunicipality
    data = orjson.loads(found)
    return Municipality(
        code=data["code"],
        name=data["name"],
        names=data["names"],
        within=tuple(dict.fromkeys(name for name in data["within"] if name != data["name"])),
        outline=orjson.loads(data["outline"]) if data["outline"] else None,
        boundary_source=f"{data['source']} ({data['licence']})" if data["outline"] else "",
        sources=tuple(
            Source(
                orjson.loads(whole),
                orjson.loads(slim)["properties"],
                {rule["service"]: rule["expression"] for rule in hours},
                organisation or "",
            )
            for whole, slim, hours, organisation in data["features"]
        ),
        bytes=bytes(found),
    )
