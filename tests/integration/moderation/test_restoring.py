"""The law of versions: whatever is published, restored, taken down and put back, every version stays what it was,
a restored one says what the older one said, and what the public reads follows from the live version alone."""

import datetime as dt
import json
import uuid
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from app.accounts.audit import Actor, verify_chain
from app.db import Database, session
from app.errors import Conflict
from app.features.publishing import Item, publish
from app.features.reindexing import reindex
from app.features.setting import Setting
from app.layers.registry import LAYERS
from app.moderation.actions.restore import SaysThisAlready, restore
from app.moderation.actions.take_down import Move, put_back, take_down
from app.moderation.as_of import layer_at, revision_at
from app.moderation.past import RevisionNotFound
from app.taxonomy.vocabulary import load_vocabulary

STAFF = Actor("staff", uuid.UUID(int=7))
POINTS = LAYERS["aid_points"]
START = dt.datetime(2026, 11, 1, 12, 0, tzinfo=dt.UTC)
SETTING = Setting(load_vocabulary(), "Europe/Warsaw", "PL", START)
CONTENTS = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["Dom", "Stary Dom", "Nowy Dom"]).map(
            lambda name: {"texts": {"pl": name}, "source": "pl"}
        ),
        "services": st.sampled_from([["hot_meals"], ["laundry", "hot_meals"], ["clothing"]]).map(
            lambda codes: [{"type": code} for code in codes]
        ),
        "place": st.sampled_from([(20.6286, 50.8661), (21.01, 52.23)]).map(
            lambda at: {"position": {"lng": at[0], "lat": at[1]}}
        ),
    },
    optional={
        "hours": st.sampled_from(["Mo-Fr 09:00-17:00", "24/7"]),
        "contacts": st.just([{"kind": "phone", "value": "+48413444444", "visibility": "partners"}]),
        "valid_until": st.just("2027-01-31"),
    },
)
STEPS = st.lists(
    st.tuples(st.just("edit"), CONTENTS)
    | st.tuples(st.just("restore"), st.integers(1, 8))
    | st.tuples(st.sampled_from(["take_down", "put_back"]), st.none()),
    min_size=1,
    max_size=7,
)


async def _all(db: Database, what: str) -> list[Any]:
    async with session(db) as s:
        return list((await s.execute(text(what))).scalars())


async def _public(db: Database) -> dict[str, list[str]]:
    """Every derived row as text, in an order of its own."""
    found = {}
    async with session(db) as s:
        tables = (
            await s.execute(
                text(
                    "SELECT table_name FROM information_schema.tables WHERE table_schema = 'published' "
                    "AND table_type = 'BASE TABLE' AND table_name NOT IN ('change', 'layer_version') ORDER BY 1"
                )
            )
        ).scalars()
        for table in list(tables):
            # The number of a time of opening says nothing: it is a new one whenever the times are written.
            row = "to_jsonb(t) - 'id'" if table == "opening" else "to_jsonb(t)"
            rows = await s.execute(text(f'SELECT ({row})::text FROM published."{table}" t ORDER BY 1'))
            found[table] = list(rows.scalars())
    return found


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=CONTENTS, steps=STEPS)
async def test_versions_stay_and_the_public_follows_the_live_one(
    db: Database, first: dict[str, Any], steps: list[tuple[str, Any]]
) -> None:
    async with session(db) as s:
        made = await publish(s, SETTING, POINTS, Item(POINTS.content.read(first)), actor=STAFF)
    here = made.feature_id
    mine = f"FROM core.revision WHERE feature_id = '{here}' ORDER BY number"
    live, on_the_map, contents = 1, True, [POINTS.content.read(first).to_dict()]
    # Minutes, so that all of it is one day: the rows of the examples before are of that day too.
    for minutes, (step, given_) in enumerate(steps, start=1):
        now = replace(SETTING, now=START + dt.timedelta(minutes=minutes))
        move = Move(here, STAFF, "bo tak", live)
        wanted: dict[str, Any] | None = contents[-1]
        try:
            async with session(db) as s:
                if step == "edit":
                    content = POINTS.content.read(given_)
                    item = Item(content, feature_id=here, base_revision=live)
                    wanted = content.to_dict()
                    await publish(s, now, POINTS, item, actor=STAFF)
                elif step == "restore":
                    wanted = contents[given_ - 1] if given_ <= live else None
                    await restore(s, now, POINTS, move, given_)
                else:
                    await (take_down if step == "take_down" else put_back)(s, now, POINTS, move)
                    on_the_map = step == "put_back"
        except RevisionNotFound:
            assert (step, on_the_map, wanted) == ("restore", True, None)
        except SaysThisAlready:
            assert (on_the_map, wanted) == (True, contents[-1])
        except Conflict:
            assert on_the_map == (step == "put_back")
        else:
            live += 1
            assert wanted is not None
            contents.append(wanted)
        assert await _all(db, f"SELECT number {mine}") == list(range(1, live + 1))
        assert await _all(db, f"SELECT content {mine}") == contents
    before = await _public(db)
    public = await _all(db, f"SELECT whole FROM published.feature WHERE id = '{here}'")
    assert bool(public) == on_the_map
    if public:
        assert json.loads(public[0])["properties"]["name"] == contents[-1]["name"]
    last = replace(SETTING, now=START + dt.timedelta(minutes=len(steps)))
    async with session(db) as s:
        await reindex(s, last, POINTS)
    after = await _public(db)
    assert {table: after[table] for table in after if after[table] != before[table]} == {}
    async with session(db) as s:
        assert await verify_chain(s) is None


async def test_what_was_there_at_a_moment(db: Database) -> None:
    content = {
        "name": {"texts": {"pl": "Dom"}, "source": "pl"},
        "services": [{"type": "hot_meals"}],
        "place": {"position": {"lng": 20.6286, "lat": 50.8661}},
    }
    made = []
    for hour in range(3):
        async with session(db) as s:
            now = replace(SETTING, now=START + dt.timedelta(hours=hour))
            made.append(
                (await publish(s, now, POINTS, Item(POINTS.content.read(content)), actor=STAFF)).feature_id
            )
    async with session(db) as s:
        later = replace(SETTING, now=START + dt.timedelta(hours=3))
        await take_down(s, later, POINTS, Move(made[0], STAFF, "zamknięte", 1))
    async with session(db) as s:
        found = [await revision_at(s, made[0], START + dt.timedelta(hours=hour)) for hour in range(5)]
        assert found == [None, 1, 1, 1, 2]
        there = []
        for hour in range(5):
            rows, _ = await layer_at(s, "aid_points", START + dt.timedelta(hours=hour, minutes=1))
            there.append({row.feature_id for row in rows})
        assert there == [set(made[:1]), set(made[:2]), set(made), set(made[1:]), set(made[1:])]
        pages: list[uuid.UUID] = []
        after: uuid.UUID | None = uuid.UUID(int=0)
        while after is not None:
            rows, after = await layer_at(s, "aid_points", START + dt.timedelta(hours=4), after=after, limit=1)
            pages += [row.feature_id for row in rows]
        assert pages == sorted(made[1:])
        assert (await layer_at(s, "organisations", START + dt.timedelta(hours=4)))[0] == []
