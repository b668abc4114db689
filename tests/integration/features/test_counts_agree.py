"""One law over random questions: clusters, count, list and numberMatched are of the same places."""

import datetime as dt
import json
import random
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from shapely import box
from sqlalchemy import text

from app.areas.importing import import_units
from app.areas.unions import Union, compose
from app.db import Database, session
from app.features.filters import Filter, single_facet
from app.features.layer import Layer
from app.features.listing import (
    REVERSIBLE,
    WITHOUT_INDEX,
    Asked,
    Choice,
    Order,
    Since,
    counts,
    mask_of,
    page,
    total,
)
from app.features.published import collection, count
from app.features.publishing import Item, Provenance, publish_many
from app.features.run_by import who_runs
from app.features.setting import Setting
from app.features.tiles import tile
from app.features.welcome import Welcome
from app.i18n import LANGUAGES
from app.layers.registry import LAYERS
from app.taxonomy.vocabulary import Vocabulary
from geo.bbox import BBox, Position
from geo.names import fold_name
from geo.ring import parse_ring
from geo.tile import tile_at
from tests.areas import polish_unit

from .conftest import spot

NOW = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)
SERVICES = ["hot_meals", "food_parcels", "night_shelter", "laundry", "clothing"]
ACCESS = ["free", "low_cost", "step_free", "walk_in", "appointment"]
HOURS = [
    "",
    "24/7",
    "Mo-Fr 09:00-17:00",
    "Sa-Su 10:00-14:00",
    '24/7 unknown "po umówieniu"',
    "Mo-Su 22:00-06:00",
]

ORGANISATIONS = ["Caritas", "Fundacja Łąka", "Stowarzyszenie Zaułek", "Towarzystwo, które nic nie prowadzi"]
#: Of an organisation that is not published: its places are, and nobody may read who it is.
HIDDEN = uuid.UUID(int=7)


async def published_organisations(db: Database) -> list[uuid.UUID]:
    """Their ids, in the order of `ORGANISATIONS`."""
    async with db.reading() as reader:
        rows = await reader.execute(
            text("SELECT name, id FROM published.feature WHERE layer = 'organisations'")
        )
        found = {row.name: row.id for row in rows}
    return [found[name] for name in ORGANISATIONS]


@pytest.fixture
async def filled(db: Database, spots: Layer, setting: Setting) -> Database:
    west, east = box(19, 49, 20.6, 53), box(20.6, 49, 22, 53)
    async with session(db) as s:
        await import_units(
            s,
            [
                polish_unit(code, outline)
                for code, outline in (
                    ("1001012", west),
                    ("1001", west),
                    ("10", west),
                    ("2001012", east),
                    ("2001", east),
                    ("20", east),
                )
            ],
        )
        unions = [
            Union("PL-west", "PL", "metropolis", "West", ("PL-100101",)),
            Union("PL-both", "PL", "metropolis", "Both", ("PL-100101", "PL-200101")),
        ]
        await import_units(s, (await compose(s, unions)).units)
    organisations = LAYERS["organisations"]
    named = [
        Item(organisations.content.read({"name": {"texts": {"pl": name}, "source": "pl"}, "sector": "ngo"}))
        for name in ORGANISATIONS
    ]
    async with session(db) as s:
        await publish_many(s, setting, organisations, named)
    runners = [None, HIDDEN, *(await published_organisations(db))[:3]]
    rnd = random.Random(20261122)
    centres = [(20.63, 50.87), (21.01, 52.23), (19.94, 50.06)]
    items = []
    for i in range(240):
        lng, lat = rnd.choice(centres)
        spread = rnd.choice([0.0, 0.001, 0.05, 0.9])
        placed = i % 12 != 0
        content = spot(
            f"Punkt {i}",
            lng=lng + rnd.uniform(-spread, spread) if placed else None,
            lat=lat + rnd.uniform(-spread, spread) if placed else None,
            services=rnd.sample(SERVICES, rnd.randint(1, 3)),
            audiences=rnd.sample(["women", "homeless"], rnd.randint(0, 2)),
            audience_mode=rnd.choice(["", "everyone", "preferred", "only"]),
            languages=rnd.sample(["pl", "uk", "en"], rnd.randint(0, 2)),
            access=rnd.sample(ACCESS, rnd.randint(0, 3)),
            hours=rnd.choice(HOURS),
            serves=[] if placed else rnd.choice([[], ["PL"], ["PL-10"], ["PL-20"]]),
            phone=rnd.choice(["", f"+4841{i:07}", "+48415550123"]),
            address=rnd.choice(["", f"ul. Łąkowa {i}, 25-502 Kielce", "ul. Żabia 1, 00-001 Warszawa"]),
            organisation=str(rnd.choice(runners) or ""),
            names={language: rnd.choice(NAMES) for language in rnd.sample(LANGUAGES, rnd.choice([0, 2, 5]))},
        )
        checked = rnd.choice([None, 5, 95, 200, 400])
        at = NOW - dt.timedelta(days=checked) if checked else None
        items.append(Item(content, provenance=Provenance(verified_at=at)))
    async with session(db) as s:
        await publish_many(s, setting, spots, items)
    return db


def codes(values: list[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), max_size=2, unique=True)


POSITIONS = st.sampled_from([Position(20.63, 50.87), Position(19.9, 50.0), Position(21.2, 52.3)])
MOMENTS = st.integers(0, 13 * 24 * 4).map(lambda quarters: NOW + dt.timedelta(minutes=15 * quarters))
BOXES = st.tuples(POSITIONS, st.sampled_from([0.002, 0.05, 0.4, 2.0])).map(
    lambda given: BBox(
        given[0].lng - given[1], given[0].lat - given[1], given[0].lng + given[1], given[0].lat + given[1]
    )
)


#: A triangle, an arrowhead, which is not convex, one around nearly everything and one around a house.
RINGS = st.sampled_from(
    [
        "20.2,50.5;21.3,50.5;20.7,52.6",
        "19.0,49.8;20.6,50.9;21.8,49.8;20.7,52.9",
        "18.5,49;22.6,49;22.6,53.7;18.5,53.7",
        "20.6295,50.8695;20.6305,50.8697;20.6303,50.8704",
    ],
).map(parse_ring)


@st.composite
def wanted_filters(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "services": draw(codes([*SERVICES, "food"])),
        "audiences": draw(codes(["women", "homeless"])),
        "audience_modes": draw(codes(["everyone", "preferred", "only"])),
        "languages": draw(codes(["pl", "uk"])),
        "access": draw(codes(ACCESS)),
        "text": draw(st.sampled_from(["", "", "", "punkt 1"])),
        "area": draw(
            st.sampled_from([None, None, "PL-10", "PL-2001", "PL-1001012", "PL-99", "PL-west", "PL-both"])
        ),
        "drawn": draw(st.none() | RINGS),
        "open_at": draw(st.none() | MOMENTS),
        "walking_from": draw(st.none() | POSITIONS),
        "unknown_hours": draw(st.booleans()),
        "checked_since": draw(st.none() | st.sampled_from([dt.date(2026, 9, 1), dt.date(2026, 1, 1)])),
        "bbox": draw(st.none() | BOXES),
        "organisation_id": draw(st.sampled_from([None, None, *range(len(ORGANISATIONS))])),
    }


def filter_of(
    asked: dict[str, Any], vocabulary: Vocabulary, organisations: Sequence[uuid.UUID] = ()
) -> Filter:
    which = asked["organisation_id"]
    sets = {name: frozenset(asked[name]) for name in ("audiences", "audience_modes", "languages", "access")}
    return Filter(
        **asked
        | sets
        | {
            "services": vocabulary.expand(asked["services"]),
            "organisation_id": None if which is None else organisations[which],
            "single_facet": single_facet(
                vocabulary, asked["services"], asked["audiences"], asked["languages"], asked["access"]
            ),
        }
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    asked=wanted_filters(),
    zoom=st.sampled_from([0, 4, 8, 10, 14, 16, 18]),
    order=st.sampled_from(list(Order)),
)
async def test_clusters_count_list_and_number_matched_agree(
    filled: Database, vocabulary: Vocabulary, asked: dict[str, Any], zoom: int, order: Order
) -> None:
    organisations = await published_organisations(filled)
    wanted = filter_of(asked, vocabulary, organisations)
    async with filled.reading() as reader:
        body = json.loads(await collection("spots", wanted, vocabulary, limit=1000, count=True).bytes(reader))
        listed = body["features"]
        ids = sorted(feature["id"] for feature in listed)
        assert body["numberMatched"] == len(ids) == len(set(ids))
        assert int(await count("spots", wanted, vocabulary).value(reader)) == len(ids)
        of_list = Asked("spots", wanted)
        assert int(await total(of_list, vocabulary).value(reader)) == len(ids)
        pages = [
            json.loads(
                await page(
                    of_list,
                    vocabulary,
                    order,
                    limit=100,
                    skip=skip,
                    origin=Position(20.6, 50.8),
                    now=NOW,
                    today=NOW.date(),
                ).bytes(reader)
            )
            for skip in (0, 100, 200)
        ]
        assert sorted(feature["id"] for part in pages for feature in part) == ids
        # Whoever is offered as running some of it runs just as many, and whoever is not runs none.
        free = replace(wanted, organisation_id=None)
        running = await who_runs(reader, Asked("spots", free), vocabulary, limit=10)
        counted = {runner.id: runner.count for runner in running}
        assert [runner.count for runner in running] == sorted(counted.values(), reverse=True)
        for runner in organisations:
            chosen = replace(free, organisation_id=runner)
            of_one = await collection("spots", chosen, vocabulary, limit=1, count=True).bytes(reader)
            assert json.loads(of_one)["numberMatched"] == counted.pop(runner, 0)
        assert counted == {}
        # Tiles know no box: what they count is the same question without it.
        everywhere = replace(wanted, bbox=None)
        whole = json.loads(await collection("spots", everywhere, vocabulary, limit=1000).bytes(reader))[
            "features"
        ]
        placed = [feature["geometry"]["coordinates"] for feature in whole if feature["geometry"]]
        shown = 0
        for at in {tile_at(lng, lat, zoom) for lng, lat in placed}:
            for feature in json.loads(await tile("spots", at, everywhere, vocabulary).bytes(reader))[
                "features"
            ]:
                shown += feature["properties"].get("count", 1)
        assert shown == len(placed)


#: What is counted at publication: everything, and the values of one kind.
ONE_KIND = [
    (),
    ("services",),
    ("audiences", "audience_modes"),
    ("languages",),
    ("access",),
    ("open_at",),
    ("open_at", "unknown_hours"),
    ("checked_since",),
    ("organisation_id",),
]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    drawn=wanted_filters(),
    only=st.sampled_from(ONE_KIND),
)
async def test_what_is_kept_is_counted_as_the_features_are(
    filled: Database, vocabulary: Vocabulary, drawn: dict[str, Any], only: tuple[str, ...]
) -> None:
    organisations = await published_organisations(filled)
    nothing = MANY | {"services": [], "languages": [], "bbox": None}
    wanted = filter_of(nothing | {name: drawn[name] for name in only}, vocabulary, organisations)
    of_list = Asked("spots", wanted)
    statement = total(of_list, vocabulary)
    assert "published.census" in statement.sql
    assert "published.feature" not in statement.sql
    choices: list[tuple[Choice, dict[str, Any]]] = [
        *((mask_of("service", [code], vocabulary), {"services": frozenset([code])}) for code in SERVICES),
        *((mask_of("access", [code], vocabulary), {"access": frozenset([code])}) for code in ACCESS),
        (mask_of("language", ["uk"], vocabulary), {"languages": frozenset(["uk"])}),
        (Since(dt.date(2026, 9, 1)), {"checked_since": dt.date(2026, 9, 1)}),
        (Welcome(vocabulary.bits("audience", ["women"])), {"audiences": frozenset(["women"])}),
        (Welcome(0, frozenset(["everyone"])), {"audience_modes": frozenset(["everyone"])}),
    ]
    async with filled.reading() as reader:
        assert await statement.value(reader) == await count("spots", wanted, vocabulary).value(reader)
        numbers = await counts(reader, of_list, vocabulary, [choice for choice, _ in choices])
        for number, (_, more) in zip(numbers, choices, strict=True):
            ((field, codes_),) = more.items()
            if field in only or (field.startswith("audience") and "audiences" in only):
                continue  # Two of one kind are no other choice, but both at once.
            both = replace(wanted, **{field: codes_}, single_facet=None)
            assert number == await count("spots", both, vocabulary).value(reader), field


@pytest.mark.parametrize("modes", [[], ["everyone"], ["preferred", "only"], ["everyone", "only"]])
async def test_an_audience_in_modes_is_counted_by_the_pyramid_as_by_the_list(
    filled: Database, vocabulary: Vocabulary, modes: list[str]
) -> None:
    async with filled.reading() as reader:
        for audience, zoom in product([[], ["women"]], (0, 5, 9)):
            asked = MANY | {"services": [], "languages": [], "bbox": None}
            wanted = filter_of(asked | {"audiences": audience, "audience_modes": modes}, vocabulary)
            body = json.loads(await collection("spots", wanted, vocabulary, limit=1000).bytes(reader))
            placed = [f["geometry"]["coordinates"] for f in body["features"] if f["geometry"]]
            assert placed
            shown = 0
            for at in {tile_at(lng, lat, zoom) for lng, lat in placed}:
                statement = tile("spots", at, wanted, vocabulary)
                assert "published.cell" in statement.sql
                for feature in json.loads(await statement.bytes(reader))["features"]:
                    shown += feature["properties"].get("count", 1)
            assert shown == len(placed)


#: Names that alphabets put in other places than bytes do, in the order of each.
_CYRILLIC = ("Гай", "Ґанок", "Дім", "Ель", "Єдність", "Жито", "Іван", "Їдальня")
_LATIN = ("Ćma", "Cynamon", "dom", "Łódź", "Mleko", "Śnieg", "Țară", "Tulipan", "Żaba", "Zamek")
ALPHABETS = {
    "pl": ("Cynamon", "Ćma", "dom", "Łódź", "Mleko", "Śnieg", "Țară", "Tulipan", "Zamek", "Żaba", *_CYRILLIC),
    "ro": ("Ćma", "Cynamon", "dom", "Łódź", "Mleko", "Śnieg", "Tulipan", "Țară", "Żaba", "Zamek", *_CYRILLIC),
    **dict.fromkeys(("uk", "ru"), (*_CYRILLIC, *_LATIN)),
    **dict.fromkeys(("en", "de"), (*_LATIN, *_CYRILLIC)),
}
NAMES = [*_LATIN, *_CYRILLIC]
#: What is asked for besides services, languages and a box, where many places shall fit.
MANY: dict[str, Any] = {
    "audiences": [],
    "audience_modes": [],
    "access": [],
    "text": "",
    "area": None,
    "drawn": None,
    "open_at": None,
    "walking_from": None,
    "unknown_hours": False,
    "checked_since": None,
    "organisation_id": None,
}
#: By what each order sorts, of every place, however many there are.
SLOWLY = {
    Order.CHECKED: "-(f.verified_on - DATE '2000-01-01')",
    Order.NAME: (
        "coalesce(CAST(f.slim AS json) #>> '{properties,names,LANGUAGE}', f.name) COLLATE \"LANGUAGE-x-icu\""
    ),
    Order.OPEN: """(SELECT min(greatest(lower(o.span), CAST(:now AS timestamptz))) FROM published.opening o
      WHERE o.feature_id = f.id AND o.state = 'open' AND upper(o.span) > CAST(:now AS timestamptz))""",
    Order.HELP: """(SELECT lpad(array_position(CAST(:alphabet AS text[]), min(s.code) FILTER (WHERE s.number = 1))::text, 4, '0')
      || string_agg(s.code, '","' ORDER BY s.number)
      FROM json_array_elements_text(CAST(f.slim AS json) #> '{properties,services}') WITH ORDINALITY AS s (code, number))""",
    Order.TOWN: "CAST(f.slim AS json) #>> '{properties,area}'",
    Order.ADDRESS: "CAST(f.slim AS json) #>> '{properties,address}'",
    Order.PHONE: "CAST(f.slim AS json) #>> '{properties,phone}'",
    Order.ORGANISATION: "(SELECT o.name FROM published.feature o WHERE o.id = f.organisation_id AND o.layer = 'organisations')",
    Order.NEAR: "ST_DistanceSphere(f.geom, ST_SetSRID(ST_MakePoint(20.6, 50.8), 4326))",
}
#: As they are and turned round; more often those of which there are several ways to a page. Near by Web Mercator is not the
#: same as by the sphere; far is by the sphere.
TURNED = [
    *(
        4
        * [(order, reverse) for order in (Order.CHECKED, Order.NAME, Order.OPEN) for reverse in (False, True)]
    ),
    *((order, reverse) for order in sorted(WITHOUT_INDEX) for reverse in (False, True)),
    (Order.NEAR, True),
]


def walks(*turned: tuple[Order, bool]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Have a test look at pages that are found along an index, past places that do not fit."""
    asked = MANY | {"services": ["hot_meals"], "languages": [], "bbox": None}
    rest: dict[str, Any] = {
        "now": NOW,
        "few": 5,
        "walked": 10_000,
        "limit": 7,
        "around": (),
        "language": "uk",
    }

    def with_examples(test: Callable[..., Any]) -> Callable[..., Any]:
        for one in turned:
            test = example(asked=asked, turned=one, **rest)(test)
        return test

    return with_examples


@walks(*product((Order.CHECKED, Order.NAME, Order.OPEN), (False, True)))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    asked=wanted_filters(),
    turned=st.sampled_from(TURNED),
    now=st.just(NOW) | MOMENTS,
    few=st.sampled_from([0, 5, 60, 1000]),
    walked=st.sampled_from([0, 30, 10_000]),
    limit=st.sampled_from([1, 7, 60]),
    around=st.sampled_from([(), ("PL-10", "PL")]),
    language=st.sampled_from(LANGUAGES),
)
async def test_a_page_along_an_index_is_that_of_everything_sorted(
    filled: Database,
    vocabulary: Vocabulary,
    asked: dict[str, Any],
    turned: tuple[Order, bool],
    now: dt.datetime,
    few: int,
    walked: int,
    limit: int,
    around: tuple[str, ...],
    language: str,
) -> None:
    # Most questions of this kind fit a few places; whatever is asked for, the list is nearly always as long.
    if few < 60:
        asked = asked | MANY
    order, reverse = turned
    assert order in REVERSIBLE
    wanted = filter_of(asked, vocabulary, await published_organisations(filled))
    alphabet = sorted(
        vocabulary.services, key=lambda code: fold_name(vocabulary.services[code].names[language])
    )
    key = SLOWLY[order].replace("LANGUAGE", language)
    async with filled.reading() as reader:
        every = json.loads(await collection("spots", wanted, vocabulary, limit=1000).bytes(reader))[
            "features"
        ]
        ids = [feature["id"] for feature in every]
        if wanted.bbox is not None:
            # What has no position comes from all around the box.
            everywhere = replace(wanted, bbox=None)
            body = json.loads(await collection("spots", everywhere, vocabulary, limit=1000).bytes(reader))
            unplaced = [feature["id"] for feature in body["features"] if not feature["geometry"]]
            found_around = await reader.execute(
                text(
                    "SELECT id FROM published.feature WHERE id = ANY(CAST(:ids AS uuid[])) AND area_codes && :around"
                ),
                {"ids": unplaced, "around": list(around)},
            )
            ids += [str(row.id) for row in found_around]
        slowly = await reader.execute(
            text(
                f"SELECT f.id FROM published.feature f WHERE f.id = ANY(CAST(:ids AS uuid[]))"
                f" ORDER BY {key} {_turned(order, reverse=reverse)}"
            ),
            {"ids": ids}
            | ({"now": now} if order is Order.OPEN else {})
            | ({"alphabet": alphabet} if order is Order.HELP else {}),
        )
        expected = [str(row.id) for row in slowly]
        for skip in (0, limit, 3 * limit):
            asked_for = Asked("spots", wanted, around)
            statement = page(
                asked_for,
                vocabulary,
                order,
                limit=limit,
                skip=skip,
                reverse=reverse,
                origin=Position(20.6, 50.8),
                now=now,
                language=language,
            )
            if "few" in statement.values:
                statement.values.update(few=few, walked=walked)
            found = [feature["id"] for feature in json.loads(await statement.bytes(reader))]
            assert found == expected[skip : skip + limit]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_pages_by_name_are_one_list_in_the_order_of_the_alphabet(
    filled: Database, vocabulary: Vocabulary, language: str
) -> None:
    async with filled.reading() as reader:
        for wanted in (Filter(), Filter(services=frozenset(("hot_meals",)))):
            shown: list[tuple[str, str]] = []
            while True:
                statement = page(
                    Asked("spots", wanted),
                    vocabulary,
                    Order.NAME,
                    limit=50,
                    skip=len(shown),
                    language=language,
                )
                found = json.loads(await statement.bytes(reader))
                shown += [
                    (one["properties"].get("names", {}).get(language, one["properties"]["name"]), one["id"])
                    for one in found
                ]
                if len(found) < 50:
                    break
            assert len({key for _, key in shown}) == len(shown)
            assert len(shown) == await total(Asked("spots", wanted), vocabulary).value(reader)
            names = list(dict.fromkeys(name for name, _ in shown))
            known = [name for name in ALPHABETS[language] if name in names]
            assert [name for name in names if name in known] == known
            assert len(known) >= 10


def _turned(order: Order, *, reverse: bool) -> str:
    """What is not known comes last, but first of what was never checked or opens nobody knows when, turned round."""
    if not reverse:
        return "NULLS LAST, f.id"
    return f"DESC NULLS {'FIRST' if order in (Order.CHECKED, Order.OPEN) else 'LAST'}, f.id DESC"


async def test_a_metropolis_has_what_its_gminas_have(filled: Database, vocabulary: Vocabulary) -> None:
    async def placed(code: str) -> set[str]:
        wanted = Filter(area=code)
        body = json.loads(await collection("spots", wanted, vocabulary, limit=1000).bytes(reader))
        return {feature["id"] for feature in body["features"] if feature["geometry"]}

    async with filled.reading() as reader:
        west, east = await placed("PL-1001012"), await placed("PL-2001012")
        assert await placed("PL-west") == west
        assert await placed("PL-both") == west | east
        assert west
        assert east
        assert not west & east
