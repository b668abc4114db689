"""Finds places by name: as written, as begun, in another alphabet or language, and misspelt."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from app.areas.geonames_codes import VOIVODESHIPS
from geo.names import edits_within, fold_name
from geo.transliteration import polish_readings

Match = Literal["exact", "prefix", "similar"]

#: A single letter begins a thousand names: nothing is found before the second.
SHORTEST = 2
LONGEST = 80
MOST = 50
#: At this distance from where the person is, a place counts half.
HALVING_KM = 25.0


@dataclass(frozen=True, slots=True)
class PlaceHit:
    """A place that a text may mean. `regions` are the names of the units that it lies in, smallest first."""

    id: str
    name: str
    names: dict[str, str]
    country: str
    lng: float
    lat: float
    population: int
    regions: tuple[str, ...]
    area_codes: tuple[str, ...]
    match: Match


# The sort operators of text_pattern_ops stand here instead of LIKE, so that the index serves although the
# text is a parameter. U+10FFFF is greater than any letter.
PREFIX = text(
    """
    WITH named AS (
        SELECT n.place_id, bool_or(n.folded = t.prefix) AS exact,
               max((n.population + 300) * CASE WHEN n.own THEN 10 ELSE 1 END) AS weight
        FROM unnest(CAST(:texts AS text[])) AS t(prefix)
        JOIN published.place_name n
          ON n.folded ~>=~ t.prefix AND n.folded ~<~ (t.prefix || U&'\\+10FFFF')
        WHERE n.country = ANY(:countries)
        GROUP BY n.place_id
        ORDER BY exact DESC, weight DESC, n.place_id
        LIMIT :candidates
    ), ranked AS (
        SELECT p.*, h.exact,
               row_number() OVER (
                   ORDER BY h.exact DESC, h.weight / (1 + :nearness * sqrt(
                       ((p.lng - :lng) * cos(radians(:lat))) ^ 2 + (p.lat - :lat) ^ 2)) DESC, p.id) AS rank
        FROM named h JOIN published.place p ON p.id = h.place_id
        ORDER BY rank
        LIMIT :limit
    )
    SELECT r.id, r.name, r.names, r.country, r.lng, r.lat, r.population, r.admin1, r.area_codes, r.exact,
           ARRAY(SELECT a.name FROM published.area a WHERE a.code = ANY(r.area_codes)
                 ORDER BY array_position(r.area_codes, a.code)) AS regions
    FROM ranked r
    ORDER BY r.rank
    """
)
SIMILAR = text(
    """
    WITH named AS (
        SELECT DISTINCT ON (n.place_id) n.place_id, n.folded, similarity(n.folded, :text) AS likeness
        FROM published.place_name n
        WHERE n.folded % :text AND n.country = ANY(:countries)
        ORDER BY n.place_id, likeness DESC, n.own DESC
    ), ranked AS (
        SELECT p.*, h.folded AS spelling, h.likeness,
               row_number() OVER (ORDER BY h.likeness + :fame * log(p.population + 10) DESC, p.id) AS rank
        FROM named h JOIN published.place p ON p.id = h.place_id
        ORDER BY rank
        LIMIT :limit
    )
    SELECT r.id, r.name, r.names, r.country, r.lng, r.lat, r.population, r.admin1, r.area_codes,
           r.spelling, r.likeness,
           ARRAY(SELECT a.name FROM published.area a WHERE a.code = ANY(r.area_codes)
                 ORDER BY array_position(r.area_codes, a.code)) AS regions
    FROM ranked r
    ORDER BY r.rank
    """
)
#: So much likeness (0 to 1) is a place worth that has ten times the people of another.
FAME = 0.06
#: From this likeness on a name is offered however many letters differ.
ALIKE = 0.5
KM_PER_DEGREE = 111.2


async def find_places(
    connection: AsyncConnection | AsyncSession,
    name: str,
    *,
    limit: int,
    near: tuple[float, float] | None = None,
    countries: Collection[str],
    misspelt: bool = True,
) -> list[PlaceHit]:
    """The places that a text may mean, likeliest first: exact names, then beginnings, then misspelt ones.

    Among equals the one of more people comes first, or with `near` (lng, lat) the one that is not
    far. `countries` are ISO codes. Fewer than two letters find nothing; `limit` is at most 50. Without
    `misspelt` names are taken to be written rightly.
    """
    folded = fold_name(name[:LONGEST])
    limit = min(limit, MOST)
    if len(folded) < SHORTEST or limit < 1:
        return []
    lng, lat = near or (0.0, 0.0)
    wanted = {"countries": list(countries), "limit": limit}
    rows = await connection.execute(
        PREFIX,
        wanted
        | {
            "texts": list(dict.fromkeys((folded, *polish_readings(folded)))),
            "candidates": 4 * MOST,
            "lng": float(lng),
            "lat": float(lat),
            "nearness": KM_PER_DEGREE / HALVING_KM if near else 0.0,
        },
    )
    hits = [_hit(row, "exact" if row.exact else "prefix") for row in rows]
    if not misspelt or len(hits) >= limit or any(hit.match == "exact" for hit in hits):
        return hits
    found = {hit.id for hit in hits}
    rows = await connection.execute(SIMILAR, wanted | {"text": folded, "fame": FAME})
    hits.extend(
        _hit(row, "similar")
        for row in rows
        if row.id not in found and _is_like(row.spelling, folded, row.likeness)
    )
    return hits[:limit]


def _is_like(spelling: str, text_: str, likeness: float) -> bool:
    slips = 1 if len(text_) <= 5 else 2
    return likeness >= ALIKE or edits_within(spelling, text_, slips) is not None


def _hit(row: Row[Any], match: Match) -> PlaceHit:
    regions = tuple(row.regions)
    if not regions and row.admin1 in VOIVODESHIPS:
        regions = (VOIVODESHIPS[row.admin1],)
    return PlaceHit(
        id=row.id,
        name=row.name,
        names=row.names,
        country=row.country,
        lng=row.lng,
        lat=row.lat,
        population=row.population,
        regions=regions,
        area_codes=tuple(row.area_codes) or ((row.admin1,) if row.admin1 else ()),
        match=match,
    )
