"""Which unit is published in place of a position that must not be found."""

import re
from collections import defaultdict
from collections.abc import Collection
from typing import Any, Final

from sqlalchemy import text

from app.areas.points import AreaRef
from app.db import Executor
from app.errors import Conflict
from geo.generalise import (
    MIN_POPULATION,
    AdministrativeUnit,
    NoUnitLargeEnoughError,
    UnitLevel,
    publishable_unit,
)

#: The levels of every country on the three that the rule knows.
LEVELS = {
    "gmina": UnitLevel.GMINA,
    "uat": UnitLevel.GMINA,
    "powiat": UnitLevel.POWIAT,
    "county": UnitLevel.VOIVODESHIP,
    "voivodeship": UnitLevel.VOIVODESHIP,
}


class NoPublishableUnit(Conflict):
    """No area that is large enough to protect this place is loaded. Import the boundaries of larger units first."""


#: Codes that by their shape alone are a country, a region or, in Poland, a powiat: large enough where no list is loaded.
_LARGE: Final = re.compile(r"[A-Z]{2}|[A-Z]{2}-(?:[A-Z]{1,2}|[0-9]{2})|PL-[0-9]{4}", re.ASCII)


async def published_unit(session: Executor, area_code: str) -> AreaRef:
    """The unit to publish for a protected place in a unit: that one or the next above of ≥ 20,000 people.

    A pure function of the unit: every place of it has the same answer. A unit of unknown population
    is only published from the powiat upwards; one of which only somebody at the desk has said it is of unknown
    population, unless it is too small. Raises NoPublishableUnit.
    """
    found = (await _listed(session, [area_code])).get(area_code)
    if found is None:
        raise NoPublishableUnit
    return found


async def published_units(session: Executor, codes: Collection[str]) -> dict[str, AreaRef]:
    """The same for many; one without any unit that is large enough is not in the answer.

    A code that the list of areas does not have stands for itself, without a name, where its shape says that it is
    large. A whole country does, too.
    """
    if not codes:
        return {}
    found = await _listed(session, codes, also_unlisted=True)
    return {code: unit for code, unit in found.items() if unit is not None}


async def _listed(
    session: Executor, codes: Collection[str], *, also_unlisted: bool = False
) -> dict[str, AreaRef | None]:
    chains: dict[str, list[Any]] = defaultdict(list)
    for row in await session.execute(_CHAINS, {"codes": sorted(set(codes)), "enough": MIN_POPULATION}):
        chains[row.of].append(row)
    found = {of: _first_large(rows) for of, rows in chains.items()}
    if also_unlisted:
        found |= {
            code: AreaRef(code, "", "") for code in codes if code not in chains and _LARGE.fullmatch(code)
        }
    return found


def _first_large(rows: list[Any]) -> AreaRef | None:
    chain = sorted((row for row in rows if row.level in LEVELS), key=lambda row: LEVELS[row.level])
    try:
        unit = publishable_unit(
            [AdministrativeUnit(row.code, LEVELS[row.level], row.population) for row in chain]
        )
    except NoUnitLargeEnoughError:
        return None
    return next(AreaRef(row.code, row.level, row.name) for row in chain if row.code == unit.code)


_CHAINS = text(
    """
    SELECT a.code AS of, b.code, b.level, b.name,
           -- What somebody typed at the desk protects more than the file, never less.
           CASE WHEN b.imported IS NULL THEN b.population
                WHEN b.imported ->> 'population' IS NOT NULL
                  THEN least(b.population, CAST(b.imported ->> 'population' AS integer))
                WHEN b.population < :enough THEN b.population
           END AS population
    FROM published.area a
    JOIN published.area b ON b.code = a.code OR b.code = ANY(a.ancestors)
    WHERE a.code = ANY(:codes)
    """
)
