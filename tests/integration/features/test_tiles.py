"""The law of the cluster tiles: whatever the filter and the zoom, the counts add up to what the list has."""

import json
import random
from collections import Counter
from dataclasses import asdict, replace
from itertools import product
from typing import Any

import pytest
from shapely import Point, from_wkt
from sqlalchemy import text

from app.accounts.audit import Actor
from app.db import Database, session
from app.features.filters import Filter, single_facet
from app.features.layer import Layer
from app.features.published import Position, collection, count, last_id, nearest
from app.features.publishing import Item, publish_many, unpublish
from app.features.pyramid import CELL_DEPTH, DEEPEST_ZOOM
from app.features.reindexing import reindex
from app.features.setting import Setting
from app.features.tiles import tile
from app.taxonomy.vocabulary import Vocabulary
from geo.bbox import BBox
from geo.distance import distance_m
from geo.quadkey import MAX_ZOOM, quadkey
from geo.ring import parse_ring
from geo.tile import tile_at

from .conftest import spot

POLAND = BBox(14.0, 49.0, 24.2, 54.9)
SERVICES = ["hot_meals", "food_parcels", "night_shelter", "laundry", "clothing"]
STAFF = Actor("staff")
AUDIENCES = ["women", "homeless", "undocumented"]


@pytest.fixture
async def filled(db: Database, spots: Layer, setting: Setting) -> Database:
    rnd = random.Random(20261121)
    centres = [(20.63, 50.87), (21.01, 52.23), (19.94, 50.06)]
    items = []
    for i in range(400):
        lng, lat = rnd.choice(centres)
        spread = rnd.choice([0.0, 0.001, 0.05, 1.5])
        content = spot(
            f"Punkt {i}",
            lng=lng + rnd.uniform(-spread, spread),
            lat=lat + rnd.uniform(-spread, spread),
            services=rnd.sample(SERVICES, rnd.randint(1, 3)),
            audiences=rnd.sample(AUDIENCES, rnd.randint(0, 2)),
            languages=rnd.sample(["pl", "uk", "en"], rnd.randint(0, 2)),
        )
        items.append(Item(content))
    items += [Item(spot("Telefon", lng=None, lat=None)) for _ in range(3)]
    async with session(db) as s:
        made = await publish_many(s, setting, spots, items)
    async with session(db) as s:
        for publication in made[:20]:
            await unpublish(s, setting, spots, publication.feature_id, actor=STAFF, reason="test")
        moved = [
            Item(spot("Przeniesiony", lng=17.0 + i / 50, lat=51.1), feature_id=publication.feature_id)
            for i, publication in enumerate(made[20:60])
        ]
        await publish_many(s, setting, spots, moved)
    return db


def _filters(vocabulary: Vocabulary) -> list[Filter]:
    asked: list[dict[str, list[str]]] = [
        {},
        {"services": ["food"]},
        {"services": ["hot_meals"]},
        {"services": ["clothing", "laundry"]},
        {"audiences": ["women"]},
        {"languages": ["uk"]},
        {"services": ["night_shelter"], "languages": ["uk"]},
        {"services": ["food"], "audiences": ["homeless"]},
    ]
    filters = []
    for given in asked:
        codes = {key: given.get(key, []) for key in ("services", "audiences", "languages", "access")}
        filters.append(
            Filter(
                services=vocabulary.expand(codes["services"]),
                audiences=frozenset(codes["audiences"]),
                languages=frozenset(codes["languages"]),
                single_facet=single_facet(vocabulary, **codes),
            )
        )
    return [*filters, Filter(text="punkt 1"), Filter(text="przeniesiony")]


@pytest.mark.parametrize("zoom", [0, 3, 6, 9, 10, 13, 16, 18])
async def test_counts_of_clusters_add_up_to_the_filtered_count(
    filled: Database, vocabulary: Vocabulary, zoom: int
) -> None:
    async with filled.reading() as reader:
        for wanted in _filters(vocabulary):
            listed = json.loads(await collection("spots", wanted, vocabulary, limit=1000).bytes(reader))[
                "features"
            ]
            placed = [f["geometry"]["coordinates"] for f in listed if f["geometry"]]
            assert (await reader.execute(*_run(count("spots", wanted, vocabulary)))).scalar_one() == len(
                listed
            )
            total, families = 0, [0] * 6
            for at in sorted({tile_at(lng, lat, zoom) for lng, lat in placed}, key=lambda t: (t.x, t.y)):
                for feature in json.loads(await tile("spots", at, wanted, vocabulary).bytes(reader))[
                    "features"
                ]:
                    properties = feature["properties"]
                    lng, lat = feature["geometry"]["coordinates"]
                    assert tile_at(lng, lat, zoom) == at
                    if "count" in properties:
                        assert sum(properties["families"]) == properties["count"] > 1
                        families = [a + b for a, b in zip(families, properties["families"], strict=True)]
                        total += properties["count"]
                    else:
                        families[list(vocabulary.families).index(properties["family"])] += 1
                        total += 1
            assert total == len(placed), wanted
            assert sum(families) == len(placed)


async def test_pyramid_and_index_agree_at_every_zoom(filled: Database, vocabulary: Vocabulary) -> None:
    """The same question in two ways: a facet of the pyramid, and the same codes as a filter it cannot serve."""
    from_pyramid = Filter(services=frozenset({"hot_meals"}), single_facet="s:hot_meals")
    from_index = Filter(services=frozenset({"hot_meals"}), single_facet=None)
    async with filled.reading() as reader:
        for zoom in range(DEEPEST_ZOOM + 1):
            at = tile_at(20.63, 50.87, zoom)
            assert "published.cell" in tile("spots", at, from_pyramid, vocabulary).sql
            assert "published.cell" not in tile("spots", at, from_index, vocabulary).sql
            one, other = [
                json.loads(await tile("spots", at, wanted, vocabulary).bytes(reader))["features"]
                for wanted in (from_pyramid, from_index)
            ]
            assert _by_id(one) == _by_id(other)


#: Around most of the places, with corners far away and near; one that is smaller than a cell of the deepest zoom.
AREAS = [
    "20.2,50.5;21.3,50.5;20.7,52.6",
    "19.0,49.8;20.6,50.9;21.8,49.8;20.7,52.9",
    "20.6295,50.8695;20.6305,50.8697;20.6303,50.8704",
    "20.57,50.82;20.69,50.83;20.68,50.92;20.58,50.91",
    "16.5,49.9;22.6,49.9;22.6,53.7;16.5,53.7",
]


async def test_each_cell_of_an_area_counts_what_lies_in_both(
    filled: Database, vocabulary: Vocabulary
) -> None:
    """Counted in the middle by cells and at the edge place by place; here every place is compared with the sides."""
    async with filled.reading() as reader:
        for area, zoom, wanted in product(AREAS, (0, 5, 8, 9, 10, 14), _filters(vocabulary)[::3]):
            drawn = parse_ring(area)
            outline = from_wkt(drawn.wkt)
            listed = json.loads(await collection("spots", wanted, vocabulary, limit=1000).bytes(reader))
            placed = [f["geometry"]["coordinates"] for f in listed["features"] if f["geometry"]]
            inside = [(lng, lat) for lng, lat in placed if outline.covers(Point(lng, lat))]
            expected = Counter(quadkey(lng, lat) >> 2 * (MAX_ZOOM - zoom - CELL_DEPTH) for lng, lat in inside)
            found: Counter[int] = Counter()
            for at in {tile_at(lng, lat, zoom) for lng, lat in placed}:
                statement = tile("spots", at, replace(wanted, drawn=drawn), vocabulary)
                for feature in json.loads(await statement.bytes(reader))["features"]:
                    lng, lat = feature["geometry"]["coordinates"]
                    number = feature["properties"].get("count", 1)
                    cell = quadkey(lng, lat) >> 2 * (MAX_ZOOM - zoom - CELL_DEPTH)
                    if number == 1:
                        assert (lng, lat) in inside
                    else:
                        assert feature["id"] == f"{zoom + CELL_DEPTH}/{cell}"
                        assert sum(feature["properties"]["families"]) == number
                    found[cell] += number
            assert found == expected, wanted


async def test_counting_anew_changes_nothing(filled: Database, spots: Layer, setting: Setting) -> None:
    tables = {
        "cell": "SELECT * FROM published.cell ORDER BY layer, facet, z, cell",
        "feature": "SELECT f::text FROM published.feature f ORDER BY id",
        "service_position": "SELECT * FROM published.service_position ORDER BY feature_id, code",
    }

    async def everything() -> dict[str, Any]:
        async with filled.reading() as reader:
            return {name: (await reader.execute(text(sql))).all() for name, sql in tables.items()}

    before = await everything()
    assert before["cell"]
    async with session(filled) as s:
        assert await reindex(s, setting, spots) == 383
    assert await everything() == before


async def test_pages_join_without_gap_or_repetition(filled: Database, vocabulary: Vocabulary) -> None:
    box = BBox(19.0, 50.0, 22.0, 53.0)
    async with filled.reading() as reader:
        for wanted in (Filter(), Filter(bbox=box), Filter(bbox=box, services=frozenset({"hot_meals"}))):
            whole = json.loads(
                await collection("spots", wanted, vocabulary, limit=1000, count=True).bytes(reader)
            )
            assert whole["numberMatched"] == whole["numberReturned"] == len(whole["features"])
            assert "nextKey" not in whole
            after, ids = None, []
            while True:
                asked = collection("spots", wanted, vocabulary, limit=37, after=after, count=True)
                body = await asked.bytes(reader)
                page = json.loads(body)
                assert page["numberMatched"] == whole["numberMatched"]
                ids += [feature["id"] for feature in page["features"]]
                if "nextKey" not in page:
                    break
                after = Position(page["nextKey"], last_id(body))
                assert str(after.id) == ids[-1]
            assert ids == [feature["id"] for feature in whole["features"]]
            assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("planned_once", [False, True])
async def test_a_page_of_a_box_is_the_first_of_what_lies_in_it(
    filled: Database, vocabulary: Vocabulary, planned_once: bool
) -> None:
    """Read range of keys by range of keys, without sorting; here everything is compared with the sides, and sorted."""
    rnd = random.Random(7)
    for _ in range(60):
        lng, lat = rnd.choice([(20.63, 50.87), (21.01, 52.23), (19.94, 50.06), (17.4, 51.1)])
        wide, high = (10 ** rnd.uniform(-3, 0.6) for _ in range(2))
        box = BBox(lng - rnd.random() * wide, lat - rnd.random() * high, lng + wide, lat + high)
        wanted = Filter(bbox=box, services=rnd.choice([frozenset(), frozenset({"hot_meals"})]))
        limit = rnd.choice([1, 7, 50])
        async with filled.reading() as reader:
            rows = await reader.execute(_PLAIN_BOX, asdict(box) | {"all": not wanted.services})
            expected = [(row.qk, str(row.id)) for row in rows]
        after, found = None, []
        while True:
            asked = collection("spots", wanted, vocabulary, limit=limit, after=after)
            body = await filled.answer(asked.sql, asked.values, planned_once=planned_once)
            page = json.loads(body)
            found += [feature["id"] for feature in page["features"]]
            if "nextKey" not in page:
                break
            after = Position(page["nextKey"], last_id(body))
            assert (after.qk, str(after.id)) == expected[len(found) - 1]
        assert found == [id_ for _, id_ in expected]


_PLAIN_BOX = text(
    """
    SELECT qk, id FROM published.feature
    WHERE layer = 'spots' AND lng BETWEEN :west AND :east AND lat BETWEEN :south AND :north
      AND (:all OR EXISTS (SELECT FROM published.service_position s WHERE s.feature_id = id AND s.code = 'hot_meals'))
    ORDER BY qk, id
    """
)


async def test_nearest_comes_in_the_order_of_true_distance(filled: Database, vocabulary: Vocabulary) -> None:
    here = (20.64, 50.88)
    async with filled.reading() as reader:
        for wanted in (
            Filter(),
            Filter(services=frozenset({"laundry"})),
            Filter(services=vocabulary.expand(["food"])),
        ):
            statement = nearest("spots", *here, wanted, vocabulary, limit=20, radius_m=5000)
            found = json.loads(await statement.bytes(reader))["features"]
            distances = [distance_m(*here, *feature["geometry"]["coordinates"]) for feature in found]
            assert distances == sorted(distances)
            assert distances
            assert distances[-1] <= 5000
            everything = json.loads(await collection("spots", wanted, vocabulary, limit=1000).bytes(reader))[
                "features"
            ]
            near = [
                f
                for f in everything
                if f["geometry"] and distance_m(*here, *f["geometry"]["coordinates"]) <= 5000
            ]
            assert len(found) == min(20, len(near))


def _by_id(features: list[dict[str, Any]]) -> dict[str, Any]:
    """Features by id; centres as rounded to a centimetre, since sums are taken in different orders."""
    return {
        f["id"]: (
            f["properties"].get("count"),
            f["properties"].get("families"),
            [round(c, 5) for c in f["geometry"]["coordinates"]],
        )
        for f in features
    }


def _run(statement: Any) -> tuple[Any, Any]:
    return text(statement.sql), statement.values
