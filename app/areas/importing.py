"""Writes units and their boundaries into the database: new ones, changed ones, nothing twice."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import orjson
import shapely
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.areas.told import folded_names, tell_again
from app.areas.units import Unit
from app.db import may_take
from geo.names import fold_name

#: Called with how many units are done and how many there are in all.
Progress = Callable[[int, int], None]

BATCH = 200
#: A whole country is written in one transaction; an ordinary request's ten seconds are too few.
TIMEOUT_S = 600


@dataclass(slots=True)
class AreaImport:
    """What an import did, by code: `renamed` are (old, new), `gone` are in the database but not in the file."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    renamed: list[tuple[str, str]] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)

    @property
    def touched(self) -> bool:
        """Whether anything in the database is different now, so that features need their codes anew."""
        return bool(self.new or self.changed or self.renamed or self.removed)


async def import_units(
    session: AsyncSession,
    units: Sequence[Unit],
    *,
    remove_gone: bool = False,
    progress: Progress = lambda _done, _all: None,
) -> AreaImport:
    """Write units in the session's transaction. A second run with the same units changes nothing.

    A unit is recognised by its stable code, so that a gmina which has become a town keeps its row
    under its new code. Units of the same countries and levels that are not among these are left
    where they are and reported, or removed with `remove_gone`.
    """
    # One import at a time: two would each plan on what the other has not written yet.
    await session.execute(text("SELECT pg_advisory_xact_lock(hashtext('app.areas.import'))"))
    await may_take(session, TIMEOUT_S)
    stored = await _stored(session, units)
    report = AreaImport()
    to_write: list[Unit] = []
    for unit in units:
        known = stored.pop(unit.stable_code, None)
        if known is None:
            report.new.append(unit.code)
        elif known.fingerprint == unit.fingerprint():
            report.same.append(unit.code)
            continue
        elif known.code != unit.code:
            report.renamed.append((known.code, unit.code))
        else:
            report.changed.append(unit.code)
        to_write.append(unit)
    report.gone = sorted(row.code for row in stored.values())
    if report.renamed:
        await session.execute(
            text("UPDATE published.area SET code = :new WHERE code = :old"),
            [{"old": old, "new": new} for old, new in report.renamed],
        )
    done = len(report.same)
    progress(done, len(units))
    remaining = iter(to_write)
    while batch := list(islice(remaining, BATCH)):
        await write_units(session, batch)
        done += len(batch)
        progress(done, len(units))
    if remove_gone and report.gone:
        await session.execute(
            text("DELETE FROM published.area WHERE code = ANY(:codes)"), {"codes": report.gone}
        )
        report.removed, report.gone = report.gone, []
    if to_write or report.removed:
        # What waits at the desk lies in the new units from now on, and so does who decides on it.
        await session.execute(text("SELECT core.locate_submissions()"))
    return report


async def _stored(session: AsyncSession, units: Sequence[Unit]) -> dict[str, Row[Any]]:
    kinds = sorted({(unit.country, unit.level) for unit in units})
    rows = await session.execute(
        text(
            # What the desk keeps is in no file, and no file takes it away; only its own units are looked for.
            "SELECT a.stable_code, a.code, a.fingerprint FROM published.area a"
            " JOIN unnest(CAST(:countries AS text[]), CAST(:levels AS text[])) AS k(country, level)"
            " USING (country, level) WHERE NOT a.kept OR a.code = ANY(:codes)"
        ),
        {
            "countries": [country for country, _ in kinds],
            "levels": [level for _, level in kinds],
            "codes": [unit.code for unit in units],
        },
    )
    return {row.stable_code: row for row in rows}


WRITE = text(
    """
    INSERT INTO published.area (code, stable_code, country, level, kind, name, folded, names, parent_code, ancestors,
                                members, population, geom, area_km2, label, year, source, licence, fingerprint,
                                folded_others, imported, imported_at)
    SELECT :code, :stable_code, :country, :level, CAST(:kind AS text), :name, :folded, CAST(:names AS jsonb),
           CAST(:parent_code AS text), CAST(:ancestors AS text[]), CAST(:members AS text[]), CAST(:population AS integer),
           g.geom, ST_Area(CAST(g.geom AS geography)) / 1e6,
           -- The largest part's: a label belongs on the mainland, not on an islet.
           (SELECT ST_PointOnSurface(d.geom) FROM ST_Dump(g.geom) d ORDER BY ST_Area(d.geom) DESC LIMIT 1),
           CAST(:year AS integer), :source, :licence, :fingerprint, CAST(:folded_others AS text[]),
           jsonb_build_object('population', CAST(:population AS integer), 'names', CAST(:names AS jsonb)), now()
    FROM (SELECT ST_GeomFromWKB(CAST(:wkb AS bytea), 4326) AS geom) g
    ON CONFLICT (code) DO UPDATE SET
        (stable_code, country, level, kind, name, folded, names, parent_code, ancestors,
         members, population, geom, area_km2, label, year, source, licence, fingerprint, folded_others, imported, imported_at)
      = (excluded.stable_code, excluded.country, excluded.level, excluded.kind, excluded.name, excluded.folded, excluded.names,
         excluded.parent_code, excluded.ancestors, excluded.members, excluded.population, excluded.geom, excluded.area_km2,
         excluded.label, excluded.year, excluded.source, excluded.licence, excluded.fingerprint, excluded.folded_others,
         excluded.imported, excluded.imported_at)
    """
)
CUT = text(
    """
    INSERT INTO published.area_part (area_code, part, geom)
    SELECT a.code, row_number() OVER (PARTITION BY a.code), (ST_Dump(s.piece)).geom
    FROM published.area a, ST_Subdivide(a.geom, 128) AS s(piece)
    WHERE a.code = ANY(:codes)
    """
)


async def write_units(session: AsyncSession, units: Sequence[Unit]) -> None:
    """Write units with the pieces of their boundaries; what the desk says of them stands over it."""
    await session.execute(WRITE, [_parameters(unit) for unit in units])
    codes = [unit.code for unit in units]
    await session.execute(
        text("DELETE FROM published.area_part WHERE area_code = ANY(:codes)"), {"codes": codes}
    )
    await session.execute(CUT, {"codes": codes})
    await tell_again(session, [unit.stable_code for unit in units])


def _parameters(unit: Unit) -> dict[str, Any]:
    return {
        "code": unit.code,
        "stable_code": unit.stable_code,
        "country": unit.country,
        "level": unit.level,
        "kind": unit.kind,
        "name": unit.name,
        "folded": fold_name(unit.name),
        "names": orjson.dumps(unit.names).decode(),
        "folded_others": folded_names(unit.names, ()),
        "parent_code": unit.parent_code,
        "ancestors": list(unit.ancestors),
        "members": list(unit.members) or None,
        "population": unit.population,
        "wkb": None if unit.geometry is None else shapely.to_wkb(unit.geometry),
        "year": unit.origin.year,
        "source": unit.origin.source,
        "licence": unit.origin.licence,
        "fingerprint": unit.fingerprint(),
    }
