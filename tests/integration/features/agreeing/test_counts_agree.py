"""One law over random questions: clusters, count, list, numberMatched and what is kept are of the same places."""

import datetime as dt
import json
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app.db import Database
from app.features.counting import Choice, Since, counts, mask_of, open_counts, total
from app.features.filters import Filter
from app.features.listing import Asked, Order, page
from app.features.published import collection, count
from app.features.run_by import who_runs
from app.features.tiles import tile
from app.features.welcome import Welcome
from app.taxonomy.vocabulary import Vocabulary
from geo.bbox import Position
from geo.tile import tile_at
from tests.integration.features.agreeing.random_places import (
    ACCESS,
    NOW,
    SERVICES,
    published_organisations,
)
from tests.integration.features.agreeing.random_questions import MANY, filter_of, wanted_filters


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    asked=wanted_filters(),
    zoom=st.sampled_from([0, 4, 8, 10, 14, 16, 18]),
    order=st.sampled_from(list(Order)),
)
async def test_clusters_count_list_and_number_matched_agree(
    places: Database, vocabulary: Vocabulary, asked: dict[str, Any], zoom: int, order: Order
) -> None:
    organisations = await published_organisations(places)
    wanted = filter_of(asked, vocabulary, organisations)
    async with places.reading() as reader:
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
        counted = {runner.id: runner.count or 0 for runner in running}
        assert list(counted.values()) == sorted(counted.values(), reverse=True)
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


def choices_of(vocabulary: Vocabulary) -> list[tuple[Choice, dict[str, Any]]]:
    """Choices of every kind, and what of a filter each is."""
    return [
        *((mask_of("service", [code], vocabulary), {"services": frozenset([code])}) for code in SERVICES),
        *((mask_of("access", [code], vocabulary), {"access": frozenset([code])}) for code in ACCESS),
        (mask_of("language", ["uk"], vocabulary), {"languages": frozenset(["uk"])}),
        (Since(dt.date(2026, 9, 1)), {"checked_since": dt.date(2026, 9, 1)}),
        (Welcome(vocabulary.bits("audience", ["women"])), {"audiences": frozenset(["women"])}),
        (Welcome(0, frozenset(["everyone"])), {"audience_modes": frozenset(["everyone"])}),
    ]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    drawn=wanted_filters(),
    only=st.sampled_from(ONE_KIND),
)
async def test_what_is_kept_is_counted_as_the_features_are(
    places: Database, vocabulary: Vocabulary, drawn: dict[str, Any], only: tuple[str, ...]
) -> None:
    organisations = await published_organisations(places)
    nothing = MANY | {"services": [], "languages": [], "bbox": None}
    wanted = filter_of(nothing | {name: drawn[name] for name in only}, vocabulary, organisations)
    of_list = Asked("spots", wanted)
    statement = total(of_list, vocabulary)
    assert "published.census" in statement.sql
    assert "published.feature" not in statement.sql
    choices = choices_of(vocabulary)
    async with places.reading() as reader:
        assert await statement.value(reader) == await count("spots", wanted, vocabulary).value(reader)
        numbers = await counts(reader, of_list, vocabulary, [choice for choice, _ in choices])
        for number, (_, more) in zip(numbers, choices, strict=True):
            ((field, codes_),) = more.items()
            if field in only or (field.startswith("audience") and "audiences" in only):
                continue  # Two of one kind are no other choice, but both at once.
            both = replace(wanted, **{field: codes_}, single_facet=None)
            assert number == await count("spots", both, vocabulary).value(reader), field


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=wanted_filters(), minutes=st.lists(st.integers(0, 3000), min_size=1, max_size=4))
# Something opens between the first two, which are read at once.
@example(asked=MANY | {"services": SERVICES, "languages": [], "bbox": None}, minutes=[500, 560, 2000])
async def test_choices_of_any_list_are_counted_as_the_features_are(
    places: Database, vocabulary: Vocabulary, asked: dict[str, Any], minutes: list[int]
) -> None:
    wanted = filter_of(asked, vocabulary, await published_organisations(places))
    choices = choices_of(vocabulary)
    moments = [NOW + dt.timedelta(minutes=number) for number in minutes]
    of_list = Asked("spots", wanted)
    at_any_time = replace(wanted, open_at=None, walking_from=None, unknown_hours=False)
    async with places.reading() as reader:
        numbers = await counts(reader, of_list, vocabulary, [choice for choice, _ in choices])
        for number, (_, more) in zip(numbers, choices, strict=True):
            ((field, codes_),) = more.items()
            if getattr(wanted, field) or (field.startswith("audience") and wanted.audience_modes):
                continue  # Two of one kind are no other choice, but both at once.
            both = replace(wanted, **{field: codes_}, single_facet=None)
            if not (field == "audience_modes" and wanted.audiences):
                assert number == await count("spots", both, vocabulary).value(reader), field
        of_any = Asked("spots", at_any_time)
        said = [await open_counts(reader, of_any, vocabulary, moments, many=many) for many in (False, True)]
        right = [
            await count("spots", replace(at_any_time, open_at=moment), vocabulary).value(reader)
            for moment in moments
        ]
        assert said == [right, right]


@pytest.mark.parametrize("modes", [[], ["everyone"], ["preferred", "only"], ["everyone", "only"]])
async def test_an_audience_in_modes_is_counted_by_the_pyramid_as_by_the_list(
    places: Database, vocabulary: Vocabulary, modes: list[str]
) -> None:
    async with places.reading() as reader:
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


async def test_a_metropolis_has_what_its_gminas_have(places: Database, vocabulary: Vocabulary) -> None:
    async def placed(code: str) -> set[str]:
        wanted = Filter(area=code)
        body = json.loads(await collection("spots", wanted, vocabulary, limit=1000).bytes(reader))
        return {feature["id"] for feature in body["features"] if feature["geometry"]}

    async with places.reading() as reader:
        west, east = await placed("PL-1001012"), await placed("PL-2001012")
        assert await placed("PL-west") == west
        assert await placed("PL-both") == west | east
        assert west
        assert east
        assert not west & east
