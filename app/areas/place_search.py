"""Finds places by name: as written, as begun, in another alphabet or language, and misspelt."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import orjson

from app.areas.geonames_codes import VOIVODESHIPS
from app.areas.unit_endonyms import known_names
from app.db import Database, Executor, Question, ask
from geo.distance import METRES_PER_DEGREE
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

    def regions_in(self, language: str) -> tuple[str, ...]:
        """Give the regions in words: a voivodeship in the reader's letters, where it has a name in them, and as on signs."""
        known = [known_names("voivodeship", None, region).get(language) for region in self.regions]
        return tuple(
            f"{name} ({region})" if name else region for name, region in zip(known, self.regions, strict=True)
        )


# One statement for all: the misspelt are looked for only where names that are written so do not suffice.
# `OFFSET 0`: places are looked up by their ids, for a plan for any text would read the whole gazetteer instead.
# A part of a town ("Warszawa-Ursus", whose own name is Ursus) is not begun by the town's name alone: whoever types that
# means the town. `longer` are names of several words that are not the place's own.
# The sort operators of text_pattern_ops stand here instead of LIKE, so that the index serves although the
# text is a parameter. U+10FFFF is greater than any letter.
_FOUND = """
    WITH begun AS MATERIALIZED (
        SELECT n.place_id, bool_or(n.folded = t.prefix) AS exact,
               max((n.population + 300) * CASE WHEN n.own THEN 10 ELSE 1 END) AS weight,
               bool_or(n.own OR n.folded = t.prefix OR strpos(n.folded, ' ') = 0) AS itself,
               array_agg(n.folded) FILTER (WHERE NOT n.own AND strpos(n.folded, ' ') > 0) AS longer,
               max(length(t.prefix)) AS typed
        FROM unnest({texts}) AS t(prefix)
        JOIN published.place_name n
          ON n.folded ~>=~ t.prefix AND n.folded ~<~ (t.prefix || U&'\\+10FFFF')
        WHERE n.country = ANY(CAST(:countries AS text[]))
        GROUP BY n.place_id
        ORDER BY exact DESC, weight DESC, n.place_id
        LIMIT :candidates
    ), written AS MATERIALIZED (
        SELECT p.id, h.exact,
               row_number() OVER (
                   ORDER BY h.exact DESC, h.weight / (1 + CAST(:nearness AS float8) * sqrt(
                       ((p.lng - CAST(:lng AS float8)) * cos(radians(CAST(:lat AS float8)))) ^ 2
                       + (p.lat - CAST(:lat AS float8)) ^ 2)) DESC, p.id) AS rank
        FROM begun h CROSS JOIN LATERAL (SELECT * FROM published.place p WHERE p.id = h.place_id OFFSET 0) p
        WHERE h.itself OR EXISTS (
            SELECT FROM unnest(h.longer) AS l(name)
            WHERE right(l.name, length(p.folded) + 1) <> ' ' || p.folded OR h.typed > length(l.name) - length(p.folded))
        ORDER BY rank
        LIMIT :limit
    ), alike AS (
        SELECT DISTINCT ON (n.place_id) n.place_id, n.folded, similarity(n.folded, {text}) AS likeness
        FROM published.place_name n
        WHERE {misspelt} AND (SELECT count(*) < :limit AND NOT coalesce(bool_or(exact), false) FROM written)
          AND n.folded % {text} AND n.country = ANY(CAST(:countries AS text[]))
        ORDER BY n.place_id, likeness DESC, n.own DESC
    ), similar_ones AS (
        SELECT p.id, h.folded, h.likeness,
               row_number() OVER (ORDER BY h.likeness + CAST(:fame AS float8) * log(p.population + 10) DESC, p.id) AS rank
        FROM alike h CROSS JOIN LATERAL (SELECT * FROM published.place p WHERE p.id = h.place_id OFFSET 0) p
        ORDER BY rank
        LIMIT :limit
    ), found AS (
        SELECT id, rank, CASE WHEN exact THEN 'exact' ELSE 'prefix' END AS match,
               CAST(NULL AS text) AS spelling, CAST(NULL AS real) AS likeness
        FROM written
        UNION ALL
        SELECT id, :limit + rank, 'similar', folded, likeness FROM similar_ones
    )
    SELECT f.rank, json_build_object(
               'id', p.id, 'name', p.name, 'names', p.names, 'country', p.country, 'lng', p.lng, 'lat', p.lat,
               'population', p.population, 'admin1', p.admin1, 'area_codes', p.area_codes,
               'regions', ARRAY(SELECT a.name FROM published.area a WHERE a.code = ANY(p.area_codes)
                                ORDER BY array_position(p.area_codes, a.code)),
               'match', f.match, 'spelling', f.spelling, 'likeness', f.likeness
           ) AS place
    FROM found f CROSS JOIN LATERAL (SELECT * FROM published.place p WHERE p.id = f.id OFFSET 0) p
    """
_PLACES = f"""
    SELECT convert_to(coalesce(json_agg(a.place ORDER BY a.rank), '[]')::text, 'UTF8') FROM ({
    _FOUND.format(
        texts="CAST(:texts AS text[])", text="CAST(:text AS text)", misspelt="CAST(:misspelt AS boolean)"
    )
}) a
    """  # noqa: S608 - our own constants; values are parameters
# The same for each of many names.
_LIKELIEST = f"""
    SELECT convert_to(coalesce(json_agg(json_build_object('number', q.number, 'place', a.place)), '[]')::text, 'UTF8')
    FROM jsonb_to_recordset(CAST(:asked AS jsonb)) AS q(number integer, texts text[], text text, misspelt boolean)
    CROSS JOIN LATERAL ({_FOUND.format(texts="q.texts", text="q.text", misspelt="q.misspelt")}) a
    """  # noqa: S608 - our own constants; values are parameters
#: So much likeness (0 to 1) is a place worth that has ten times the people of another.
FAME = 0.06
#: From this likeness on a name is offered however many letters differ.
ALIKE = 0.5


@dataclass(frozen=True, slots=True)
class PlacesAsked:
    """A question for the places that a text may mean, and how its answer is read."""

    folded: str
    limit: int
    question: Question

    def hits(self, answer: bytes) -> list[PlaceHit]:
        """The places, likeliest first."""
        hits: dict[str, PlaceHit] = {}
        for row in orjson.loads(answer):
            if row["match"] != "similar" or _is_like(row["spelling"], self.folded, row["likeness"]):
                hits.setdefault(row["id"], _hit(row))
        return list(hits.values())[: self.limit]


@dataclass(frozen=True, slots=True)
class LikeliestAsked:
    """A question for the likeliest place of each of many names, and how its answer is read."""

    names: Sequence[tuple[str, tuple[str, ...]]]
    question: Question

    def hits(self, answer: bytes) -> Iterator[tuple[tuple[str, tuple[str, ...]], PlaceHit]]:
        """The names that a place has, with the likeliest one."""
        for found in orjson.loads(answer):
            row, name = found["place"], self.names[found["number"]]
            if row["match"] != "similar" or _is_like(row["spelling"], name[0], row["likeness"]):
                yield name, _hit(row)


def ask_likeliest(
    names: Sequence[tuple[str, tuple[str, ...]]], *, countries: Collection[str], misspelt: bool
) -> LikeliestAsked:
    """Ask for the likeliest place of each name, as `ask_places` does of one: a folded name, and others that it may have.

    A name of fewer than two letters has none.
    """
    asked = [
        {"number": number, "texts": _texts(name, also), "text": name, "misspelt": misspelt}
        for number, (name, also) in enumerate(names)
        if SHORTEST <= len(name) <= LONGEST
    ]
    values = {
        "asked": orjson.dumps(asked).decode(),
        "countries": list(countries),
        "limit": 1,
        "candidates": 4 * MOST,
        "lng": 0.0,
        "lat": 0.0,
        "nearness": 0.0,
        "fame": FAME,
    }
    return LikeliestAsked(names, Question(_LIKELIEST, values))


def _texts(folded: str, also: Sequence[str]) -> list[str]:
    return list(dict.fromkeys((folded, *polish_readings(folded), *also)))


def ask_places(
    name: str,
    *,
    limit: int,
    near: tuple[float, float] | None = None,
    countries: Collection[str],
    misspelt: bool = True,
    also: Sequence[str] = (),
) -> PlacesAsked | None:
    """Ask for the places that a text may mean, likeliest first: exact names, then beginnings, then misspelt ones.

    Among equals the one of more people comes first, or with `near` (lng, lat) the one that is not
    far. `countries` are ISO codes. Fewer than two letters ask for nothing; `limit` is at most 50. Without
    `misspelt` names are taken to be written rightly. `also` are folded names that may be meant as well.
    """
    folded = fold_name(name[:LONGEST])
    limit = min(limit, MOST)
    if len(folded) < SHORTEST or limit < 1:
        return None
    lng, lat = near or (0.0, 0.0)
    wanted = {
        "countries": list(countries),
        "limit": limit,
        "texts": _texts(folded, also),
        "candidates": 4 * MOST,
        "lng": float(lng),
        "lat": float(lat),
        "nearness": METRES_PER_DEGREE / 1000 / HALVING_KM if near else 0.0,
        "text": folded,
        "fame": FAME,
        "misspelt": misspelt,
    }
    return PlacesAsked(folded, limit, Question(_PLACES, wanted))


async def find_places(
    reader: Database | Executor,
    name: str,
    *,
    limit: int,
    near: tuple[float, float] | None = None,
    countries: Collection[str],
    misspelt: bool = True,
    also: Sequence[str] = (),
) -> list[PlaceHit]:
    """Give the places that a text may mean, as `ask_places` says."""
    asked = ask_places(name, limit=limit, near=near, countries=countries, misspelt=misspelt, also=also)
    return [] if asked is None else asked.hits((await ask(reader, asked.question))[0])


def _is_like(spelling: str, text_: str, likeness: float) -> bool:
    slips = 1 if len(text_) <= 5 else 2
    return likeness >= ALIKE or edits_within(spelling, text_, slips) is not None


def _hit(row: Mapping[str, Any]) -> PlaceHit:
    regions = tuple(row["regions"])
    if not regions and row["admin1"] in VOIVODESHIPS:
        regions = (VOIVODESHIPS[row["admin1"]],)
    return PlaceHit(
        id=row["id"],
        name=row["name"],
        names=row["names"],
        country=row["country"],
        lng=row["lng"],
        lat=row["lat"],
        population=row["population"],
        regions=regions,
        area_codes=tuple(row["area_codes"]) or ((row["admin1"],) if row["admin1"] else ()),
        match=row["match"],
    )
