"""What is asked: addresses of each measured path, drawn like people move, and the bars of PERFORMANCE they are held to."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote

import psycopg

from app.map_api.tiles import DEEPEST_KEPT
from benchmarks.population import KM_PER_DEGREE, Population
from benchmarks.subjects import INVENTED, Subject

LAYER: Final = "aid_points"
API: Final = "/api/v1"
BOX_KM: Final = 10.0
VARIETY: Final = 200


@dataclass(frozen=True, slots=True)
class Question:
    """Addresses of one kind. `bar` says what must be reached; `bare` is SQL with parameters to compare with."""

    name: str
    paths: list[str]
    bar: str = ""
    bare: str = ""
    values: list[dict[str, object]] = field(default_factory=list)
    conditional: bool = False


def questions(
    connection: psycopg.Connection[tuple[object, ...]], subject: Subject = INVENTED
) -> list[Question]:
    """Everything that is measured, for the database behind the connection, in which a subject's places are."""
    common, rare = f"service={subject.common}", f"service={subject.rare}"
    two_facets = f"{common}&{'='.join(subject.further)}"
    population = Population(11)
    centres = list(population.positions(VARIETY))
    boxes = [_box(lng, lat) for lng, lat in centres]
    ids = [
        row[0]
        for row in connection.execute("SELECT id FROM published.feature ORDER BY md5(id::text) LIMIT 200")
    ]
    features = f"{API}/layers/{LAYER}/features.geojson"
    found = [
        Question(
            "viewport 10 km, up to 500",
            [
                f"{features}?bbox={west},{south},{east},{north}&limit=500"
                for west, south, east, north in boxes
            ],
            "P1: server ≤ 1.0 ms, PostgreSQL ≤ 1.3 × bare",
            _BARE_VIEWPORT,
            [{"w": w, "s": s, "e": e, "n": n} for w, s, e, n in boxes],
        ),
        Question(
            "304, unchanged",
            [f"{features}?bbox={','.join(map(str, boxes[0]))}"],
            "P10: ≤ 0.3 ms",
            conditional=True,
        ),
        Question(
            "one record",
            [f"{API}/layers/{LAYER}/features/{id_}" for id_ in ids],
            "P5: ≤ 0.6 ms",
            "SELECT convert_to(whole, 'UTF8') FROM published.feature WHERE id = %(id)s AND layer = 'aid_points'",
            [{"id": id_} for id_ in ids],
        ),
    ]
    # Nine is summed from ten, the others are counted or grouped at their own zoom.
    for z in (6, 9, 10, 14):
        tiles = [_tile(z, lng, lat) for lng, lat in centres]
        base = [f"{API}/tiles/{LAYER}/{z}/{x}/{y}.geojson" for x, y in dict.fromkeys(tiles)]
        for name, filters, bar in (
            ("all", "service=", "P2: ≤ 2 ms"),
            ("one service", common, "P2: ≤ 2 ms"),
            (f"service and {subject.further[0]}", two_facets, "P2: ≤ 8 ms at 100k, ≤ 80 ms at 1M"),
        ):
            found.append(Question(f"tile z{z}, {name}", _never_again(base, filters), bar))
            if z <= DEEPEST_KEPT:
                kept = [f"{path}?{filters}" for path in base]
                found.append(Question(f"tile z{z}, {name}, kept", kept, "P2: ≤ 0.5 ms"))
    found += _wide_tiles(centres)
    for name, filters in (
        ("all", ""),
        ("common service", f"&{common}"),
        ("rare service", f"&{rare}"),
        (f"service and {subject.further[0]}", f"&{two_facets}"),
    ):
        found.append(
            Question(
                f"nearest 20, {name}",
                [f"{features}?near={lng},{lat}&limit=20{filters}" for lng, lat in centres],
                "P3: ≤ 2 ms",
            )
        )
    # Each with a position, as the finder asks where a visitor shares one or has moved the map; never with a validator.
    for name, typed in (
        ("a name begun", subject.names_begun),
        ("letter by letter", subject.letters),
        ("a word misspelt", subject.misspelt),
        ("in Cyrillic letters", subject.cyrillic),
        ("an address, letter by letter", subject.address_letters),
        ("an address", subject.addresses),
    ):
        found.append(
            Question(
                f"search, {name}",
                [
                    f"{API}/search?lang=pl&near={lng:.1f},{lat:.1f}&q={quote(typed[i % len(typed)])}"
                    for i, (lng, lat) in enumerate(centres)
                ],
                "P4: ≤ 5 ms at 100k, ≤ 20 ms at 1M",
            )
        )
    return found


def _wide_tiles(centres: list[tuple[float, float]]) -> Iterator[Question]:
    """Tiles of wide views by what no pyramid has: audiences' modes, and areas as large as a town or a voivodeship."""
    bar = "P2 for several facets: ≤ 8 ms at 100k, ≤ 80 ms at 1M"
    for z in (4, 6, 8):
        drawn = [(lng, lat, _tile(z, lng, lat)) for lng, lat in centres]
        base = [f"{API}/tiles/{LAYER}/{z}/{x}/{y}.geojson" for _, _, (x, y) in drawn]
        for name, filters in (
            ("audience mode", "audience_mode=everyone"),
            ("audience in a mode", "audience=refugees&audience_mode=preferred,only"),
        ):
            yield Question(f"tile z{z}, {name}", _never_again(list(dict.fromkeys(base)), filters), bar)
        for name, km in (("a town", 15.0), ("a voivodeship", 90.0)):
            paths = [
                f"{path}?within={_hexagon(lng, lat, km)}"
                for path, (lng, lat, _) in zip(base, drawn, strict=True)
            ]
            again = [f"{path}{'&' * (1 + i)}" for i in range(16) for path in paths]
            yield Question(f"tile z{z}, within {name}", again, bar)


def _hexagon(lng: float, lat: float, km: float) -> str:
    """Six corners at a distance, as an address has them."""
    corners = []
    for i in range(6):
        north = km * math.cos(i * math.pi / 3) / KM_PER_DEGREE
        east = km * math.sin(i * math.pi / 3) / (KM_PER_DEGREE * math.cos(math.radians(lat)))
        corners.append(f"{lng + east:.5f},{lat + north:.5f}")
    return ";".join(corners)


#: Shape 1 of PERFORMANCE by the spatial index: stored texts, folded in the database.
_BARE_VIEWPORT: Final = """
SELECT convert_to('{"type":"FeatureCollection","features":[' || coalesce(string_agg(slim, ','), '') || ']}', 'UTF8')
FROM (SELECT slim FROM published.feature
      WHERE geom && ST_MakeEnvelope(%(w)s, %(s)s, %(e)s, %(n)s, 4326) AND layer = 'aid_points' LIMIT 500) q
"""


def _never_again(paths: list[str], filters: str) -> list[str]:
    """Addresses of the same tiles, each written in its own way, so that no answer is there already."""
    return [f"{paths[i % len(paths)]}?{'&' * (i % 64)}{filters}{'&' * (i // 64)}" for i in range(64 * 64)]


def _box(lng: float, lat: float) -> tuple[float, float, float, float]:
    north = BOX_KM / 2 / KM_PER_DEGREE
    east = north / math.cos(math.radians(lat))
    return round(lng - east, 5), round(lat - north, 5), round(lng + east, 5), round(lat + north, 5)


def _tile(z: int, lng: float, lat: float) -> tuple[int, int]:
    side = 1 << z
    sine = math.sin(math.radians(lat))
    x = int((lng + 180) / 360 * side)
    y = int((0.5 - math.log((1 + sine) / (1 - sine)) / (4 * math.pi)) * side)
    return x, y
