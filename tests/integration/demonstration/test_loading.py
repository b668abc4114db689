import asyncio
import datetime as dt
import json
import re
import time
import uuid

import pytest
from sqlalchemy import text

from app.accounts.audit import SYSTEM, Actor, record, verify_chain
from app.db import Database, session
from app.demonstration.loading import (
    Loaded,
    RealDataThere,
    TownsMissing,
    load_demonstration,
    never_used,
    remove_demonstration,
)
from app.demonstration.presence import has_examples, watching_examples
from app.features.publishing import Item, Provenance, publish
from app.features.revisions import hold_layers
from app.features.setting import Setting
from app.layers.registry import layer
from app.moderation.submissions import queue
from tests.two_people import approve_by_two


async def _load(db: Database, setting: Setting, *, force: bool = False) -> Loaded:
    async with session(db) as s:
        return await load_demonstration(s, setting, force=force)


async def _count(db: Database, question: str) -> int:
    async with session(db) as s:
        return int(await s.scalar(text(f"SELECT count(*) FROM {question}")) or 0)


def _real_place() -> dict[str, object]:
    return {
        "name": {"texts": {"pl": "Prawdziwe miejsce"}, "source": "pl"},
        "services": [{"type": "hot_meals"}],
        "place": {"position": {"lng": 20.6, "lat": 50.87}},
    }


async def test_it_is_three_hundred_places_in_seconds_and_all_of_them_say_that_they_are_examples(
    with_towns: Database, setting: Setting
) -> None:
    began = time.process_time()
    loaded = await _load(with_towns, setting)
    assert time.process_time() - began < 5
    assert (loaded.points, loaded.organisations, loaded.submissions) == (305, 40, 7)
    async with with_towns.reading() as reader:
        slims = [
            json.loads(row.slim) for row in await reader.execute(text("SELECT slim FROM published.feature"))
        ]
        assert await has_examples(reader)
    assert len(slims) == 345
    assert all(slim["properties"]["example"] is True for slim in slims)
    points = [slim for slim in slims if slim["properties"]["layer"] == "aid_points"]
    assert {slim["properties"]["family"] for slim in points} == {
        "food",
        "shelter",
        "health",
        "law",
        "support",
        "learning",
    }
    assert len({slim["properties"]["services"][0] for slim in points}) > 45
    assert {slim["properties"].get("disclosure", "exact") for slim in points} == {
        "exact",
        "area",
        "partners",
        "contact_only",
    }
    assert sum(slim["geometry"] is None for slim in points) > 20
    assert any("checked" not in slim["properties"] for slim in points)
    assert any("open" not in slim["properties"] for slim in points)
    assert any("capacity" in slim["properties"] for slim in points)
    places = [tuple(slim["geometry"]["coordinates"]) for slim in points if slim["geometry"]]
    assert len(places) - len(set(places)) > 5, "some share a door"
    async with session(with_towns) as s:
        assert await verify_chain(s) is None


async def test_the_freshness_is_spread_from_days_to_more_than_a_year(
    with_towns: Database, setting: Setting
) -> None:
    await _load(with_towns, setting)
    async with session(with_towns) as s:
        ages = [
            None if at is None else (setting.now - at).days
            for at in await s.scalars(text("SELECT verified_at FROM core.feature"))
        ]
    known = [age for age in ages if age is not None]
    assert None in ages
    assert min(known) >= 3
    assert 365 < max(known) <= 430
    assert sum(age <= 90 for age in known) > sum(age > 180 for age in known) > 20


async def test_its_pages_tell_by_whom_a_place_was_checked(with_towns: Database, setting: Setting) -> None:
    await _load(with_towns, setting)
    async with session(with_towns) as s:
        events = await s.execute(
            text(
                "SELECT e ->> 'how' AS how, e ->> 'by' AS by, count(*) AS n FROM published.history h, jsonb_array_elements(h.events) e"
                " WHERE e ->> 'kind' = 'checked' GROUP BY 1, 2"
            )
        )
        looked = {(row.how, row.by): row.n for row in events}
    for how in ("visit", "phone", "web", "email"):
        assert looked.pop((how, "moderator")) > 20
    assert looked.pop(("owner_confirmed", "organisation")) > 20
    assert looked.pop(("partner", "source")) > 20
    assert not looked.keys() - {("not_verified", "source")}


async def test_many_places_are_linked_to_an_organisation_that_is_published(
    with_towns: Database, setting: Setting
) -> None:
    await _load(with_towns, setting)
    linked = "published.feature p JOIN published.feature o ON o.id = p.organisation_id AND o.layer = 'organisations'"
    assert await _count(with_towns, linked) > 80


async def test_a_second_time_it_does_nothing(with_towns: Database, setting: Setting) -> None:
    await _load(with_towns, setting)
    assert (await _load(with_towns, setting)).already
    assert await _count(with_towns, "core.feature") == 345
    assert await _count(with_towns, "core.submission") == 7


async def test_it_is_the_same_in_every_installation(with_towns: Database, setting: Setting) -> None:
    names = []
    for _ in range(2):
        await _load(with_towns, setting)
        async with session(with_towns) as s:
            rows = await s.execute(
                text(
                    "SELECT source_id, content - 'organisation' AS content FROM core.feature ORDER BY source_id"
                )
            )
            names.append([tuple(row) for row in rows])
            await remove_demonstration(s, setting.vocabulary)
    assert names[0] == names[1]


async def test_among_real_places_it_is_refused_unless_forced(with_towns: Database, setting: Setting) -> None:
    points = layer("aid_points")
    async with session(with_towns) as s:
        await publish(s, setting, points, Item(points.content.read(_real_place())), actor=SYSTEM)
    with pytest.raises(RealDataThere):
        await _load(with_towns, setting)
    assert await _count(with_towns, "core.feature") == 1
    assert (await _load(with_towns, setting, force=True)).points == 305


async def test_without_the_gazetteer_it_says_what_is_missing(db: Database, setting: Setting) -> None:
    with pytest.raises(TownsMissing):
        await _load(db, setting)


async def test_one_command_removes_all_of_it_and_nothing_else(with_towns: Database, setting: Setting) -> None:
    points = layer("aid_points")
    async with session(with_towns) as s:
        kept = await publish(
            s,
            setting,
            points,
            Item(points.content.read(_real_place()), provenance=Provenance(licence="CC0-1.0")),
            actor=SYSTEM,
        )
        await load_demonstration(s, setting, force=True)
    async with session(with_towns) as s:
        removed = await remove_demonstration(s, setting.vocabulary)
    assert (removed.features, removed.submissions) == (345, 7)
    for table in ("core.feature", "core.revision", "published.feature"):
        assert await _count(with_towns, table) == 1, table
    assert await _count(with_towns, "core.submission") == 0
    # The pyramid counts the one real place under its facets, and nothing more.
    assert await _count(with_towns, "published.cell WHERE facet = '' AND n <> 1") == 0
    async with with_towns.reading() as reader:
        assert not await has_examples(reader)
        assert await reader.scalar(text("SELECT id FROM published.feature")) == kept.feature_id
    async with session(with_towns) as s:
        assert await verify_chain(s) is None


async def test_an_approved_demonstration_submission_is_an_example_too(
    with_towns: Database, setting: Setting
) -> None:
    await _load(with_towns, setting)
    async with session(with_towns) as s:
        waiting = list(await queue(s))
        for submission in waiting:
            declared, version = layer(submission.layer), submission.version
            await approve_by_two(
                s, setting, declared, submission.id, version=version, actor=Actor("staff", uuid.uuid4())
            )
    assert await _count(with_towns, "core.feature WHERE NOT example") == 0
    assert await _count(with_towns, "core.feature") == 345 + 5
    async with session(with_towns) as s:
        removed = await remove_demonstration(s, setting.vocabulary)
    assert (removed.features, removed.submissions) == (350, 7)
    assert await _count(with_towns, "core.feature") == 0


async def test_the_queue_holds_new_ones_and_changes(with_towns: Database, setting: Setting) -> None:
    await _load(with_towns, setting)
    async with session(with_towns) as s:
        waiting = list(await queue(s))
    assert sorted(submission.kind for submission in waiting) == ["change"] * 2 + ["new"] * 5
    assert {submission.language for submission in waiting} == {"pl", "uk", "en"}
    assert all(submission.created_at < setting.now for submission in waiting)
    assert len({submission.created_at.replace(tzinfo=dt.UTC) for submission in waiting}) == 7


async def test_examples_do_not_come_back_by_themselves(with_towns: Database, setting: Setting) -> None:
    async with session(with_towns) as s:
        assert await never_used(s)
    await _load(with_towns, setting)
    async with session(with_towns) as s:
        await remove_demonstration(s, setting.vocabulary)
    async with session(with_towns) as s:
        assert not await never_used(s)


async def test_the_banner_follows_the_data(with_towns: Database, setting: Setting) -> None:
    told: list[bool] = []
    async with watching_examples(with_towns, told.append, every_s=0.05):
        await _wait_for(told, seen=False)
        await _load(with_towns, setting)
        await _wait_for(told, seen=True)
        async with session(with_towns) as s:
            await remove_demonstration(s, setting.vocabulary)
        await _wait_for(told, seen=False)


async def _wait_for(told: list[bool], *, seen: bool) -> None:
    import asyncio

    for _ in range(100):
        if told and told[-1] is seen:
            return
        await asyncio.sleep(0.05)
    pytest.fail(f"never told {seen}, but {told[-3:]}")


async def test_no_number_that_rings_and_no_address_that_somebody_owns(
    with_towns: Database, setting: Setting
) -> None:
    await _load(with_towns, setting)
    async with session(with_towns) as s:
        contents = [json.dumps(c) for c in await s.scalars(text("SELECT content FROM core.feature"))]
        contents += [json.dumps(c) for c in await s.scalars(text("SELECT content FROM core.submission"))]
    told = "\n".join(contents)
    for found, invented in (
        (r"\+48\d+", r"\+48\d\d000\d{4}"),
        (r"@([\w.]+)", r"example\.(org|com)"),
        (r"https?://([^/\"]+)", r"example\.(org|net|com)"),
    ):
        every = set(re.findall(found, told))
        assert every
        assert {one for one in every if not re.fullmatch(invented, one)} == set()


async def test_loading_beside_a_decision_waits_for_it_and_is_not_waited_for(
    with_towns: Database, setting: Setting
) -> None:
    """A decision holds its layer, then the end of the audit log; loading must not hold the log and want the layer."""
    async with session(with_towns) as s:
        await hold_layers(s, ["aid_points"])
        loading = asyncio.create_task(_load(with_towns, setting))
        # Time enough to publish the organisations, whose audit would hold the log.
        await asyncio.sleep(3)
        record(s, SYSTEM, "submission.approved", "submission", "1")
    await loading
    assert await _count(with_towns, "core.feature WHERE example") == 345
