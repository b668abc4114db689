"""What no copy may hold any longer: taken down, merged, protected, of a service about violence; nothing else."""

import datetime as dt

import httpx2
import orjson
import psycopg
import pytest
from sqlalchemy import text

from app.accounts.audit import Actor
from app.db import Database, Executor, session
from app.features.changes import Place, gone, place_before
from app.features.protecting import protect_now
from app.features.publishing import Item, publish_many, republish, unpublish
from app.features.setting import Setting
from app.features.statement import Statement
from app.layers.registry import LAYERS
from app.localdb import ClusterUrls
from app.moderation.actions.merge_features import Choice, merge_features
from app.taxonomy.vocabulary import load_vocabulary
from tests.functional.conftest import Publish, aid_point

LAYER = LAYERS["aid_points"]
STAFF = Actor("staff", None)
GONE = "/api/v1/gone"


async def ask(client: httpx2.AsyncClient, **asked: str) -> tuple[set[str], str]:
    answer = await client.get(GONE, params=asked)
    assert answer.status_code == 200, answer.text
    page = answer.json()
    assert not page["more"]
    return set(page["gone"]), page["next"]


async def test_f7_what_is_taken_away_or_protected_is_named_and_nothing_else(
    client: httpx2.AsyncClient, publish: Publish, database: Database, setting: Setting
) -> None:
    names = ("zdjęty", "chroniony", "podwójny", "zostaje", "wraca", "zmieniony", "przemoc")
    made = await publish(*(aid_point(name) for name in names))
    down, hidden, double, stays, back, edited, refuge = [one.feature_id for one in made]
    found, cursor = await ask(client)
    assert found == set()
    async with session(database) as s:
        await unpublish(s, setting, LAYER, down, actor=STAFF, reason="x")
        await unpublish(s, setting, LAYER, back, actor=STAFF, reason="x")
    assert (await ask(client, cursor=cursor))[0] == {str(down), str(back)}
    async with session(database) as s:
        await protect_now(s, setting, LAYER, hidden, actor=STAFF, reason="x")
        await merge_features(s, setting, LAYER, Choice(stays, double, 1, 1, {}), actor=STAFF)
        await republish(s, setting, LAYER, back, actor=STAFF, reason="x")
        changed = LAYER.content.read(aid_point("inaczej"))
        violence = LAYER.content.read(
            aid_point("przemoc", services=[{"type": "violence_support"}])
            | {"place": {"disclosure": "exact", "position": {"lng": 20.6286, "lat": 50.8661}}}
        )
        await publish_many(s, setting, LAYER, [Item(changed, edited), Item(violence, refuge)])
    expected = {str(key) for key in (down, hidden, double, refuge)}
    found, newest = await ask(client, cursor=cursor)
    assert found == expected
    assert await ask(client, cursor=newest) == (set(), newest)


async def test_a_day_begins_before_all_that_happened_in_it(
    client: httpx2.AsyncClient, publish: Publish, database: Database, setting: Setting
) -> None:
    """Also for what was begun the day before and ended in it."""
    early, late = [one.feature_id for one in await publish(aid_point("Dawny"), aid_point("Późny"))]
    for key in (early, late):
        async with session(database) as s:
            await unpublish(s, setting, LAYER, key, actor=STAFF, reason="x")
    async with session(database) as s:
        # Eight days of them, in the order of their cursors.
        await s.execute(
            text("UPDATE published.change SET at = '2026-03-01T12:00Z' WHERE feature_id = :id"), {"id": early}
        )
        await s.execute(
            text("UPDATE published.change SET at = '2026-03-08T23:30Z' WHERE feature_id = :id"), {"id": late}
        )
    # In Warsaw it was the ninth.
    for day, expected in (("2026-03-01", {early, late}), ("2026-03-10", {late}), ("2026-03-11", set())):
        assert (await ask(client, since=day))[0] == {str(key) for key in expected}, day


async def test_a_long_log_is_looked_up_and_not_walked(database: Database, database_urls: ClusterUrls) -> None:
    """Whichever day is asked for, also one before all of it, and whichever page."""
    with psycopg.connect(database_urls.owner.replace("+psycopg", ""), autocommit=True) as owner:
        # One change a quarter of an hour, then an import of as many at one moment.
        owner.execute(
            """
            INSERT INTO published.change (layer, feature_id, kind, at)
            SELECT 'aid_points', gen_random_uuid(), 'published',
              CAST('2025-01-01T00:00Z' AS timestamptz) + least(n, 30000) * interval '15 minutes'
            FROM generate_series(1, 60000) n
            """
        )
        owner.execute("VACUUM ANALYZE published.change")
    async with database.reading() as reader:
        for year in (2000, 2025, 2026, 9998):
            before = place_before(dt.date(year, 6, 1), LAYERS, timezone="Europe/Warsaw")
            assert await blocks_of(reader, before) < 60, year
            head = orjson.loads(await before.bytes(reader))
            page = gone(
                Place(head["positions"], *head["last"]), limit=100, discreet=load_vocabulary().mask(())
            )
            assert await blocks_of(reader, page) < 600, year


async def blocks_of(reader: Executor, asked: Statement) -> int:
    """How many blocks a question touches."""
    explain = f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {asked.sql}"
    (found,) = (await reader.execute(text(explain), asked.values)).scalar_one()
    return int(found["Plan"]["Shared Hit Blocks"] + found["Plan"]["Shared Read Blocks"])


async def test_it_costs_nothing_while_nothing_changes(client: httpx2.AsyncClient, publish: Publish) -> None:
    await publish(aid_point("Punkt"))
    day = str(dt.datetime.now(dt.UTC).date() - dt.timedelta(days=3))
    first = await client.get(GONE, params={"since": day})
    again = await client.get(GONE, params={"since": day}, headers={"If-None-Match": first.headers["etag"]})
    assert (first.status_code, again.status_code) == (200, 304)
    assert "x-keep" not in first.headers


async def test_a_cursor_of_an_older_backup_is_said_to_be_gone(
    client: httpx2.AsyncClient, publish: Publish, database: Database
) -> None:
    await publish(aid_point("Punkt"))
    _, cursor = await ask(client)
    async with session(database) as s:
        await s.execute(text("UPDATE published.change SET at = at - interval '1 second'"))
    answer = await client.get(GONE, params={"cursor": cursor})
    assert (answer.status_code, answer.json()["code"]) == (410, "feed_begun_anew")


@pytest.mark.parametrize(
    "asked", [{"cursor": "!"}, {"since": "yesterday"}, {"since": "1926-11-01"}, {"limit": "1"}]
)
async def test_what_is_no_question_is_refused(client: httpx2.AsyncClient, asked: dict[str, str]) -> None:
    assert (await client.get(GONE, params=asked)).status_code == 422
