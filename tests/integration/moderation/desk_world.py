"""A desk for Hypothesis: how a move is made and what is asked after it. The moves are in the modules beside this."""

import asyncio
import contextlib
import datetime as dt
import random
import uuid
from collections import Counter
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis.stateful import RuleBasedStateMachine, initialize
from shapely import box
from sqlalchemy import Row, text

from app.accounts.audit import Actor
from app.accounts.models import User
from app.areas.importing import import_units
from app.db import Database, session
from app.errors import PomapaError
from app.features.reindexing import reindex
from app.features.setting import Setting
from app.layers.registry import LAYERS
from app.localdb import ClusterUrls
from app.moderation.actions.confirm import confirm
from app.moderation.actions.reject import reject
from app.moderation.actions.spam import mark_spam
from app.moderation.actions.submit import Proposal, submit
from app.moderation.actions.take_down import Move
from app.taxonomy.vocabulary import load_vocabulary
from tests.areas import polish_unit
from tests.two_people import approve_by_two, by_two

from .published_invariants import broken, canaries, public_rows, said_by_live

POINTS = LAYERS["aid_points"]
VOCABULARY = load_vocabulary()
SETTING = Setting(VOCABULARY, "Europe/Warsaw", "PL", dt.datetime.now(dt.UTC))
WINDOW = dt.timedelta(minutes=10)
ACTS = ("approve", "reject", "spam")
SERVICES = ("hot_meals", "laundry", "transport_help")

_EVERYTHING = {
    "submissions": "SELECT id, state, version, kind, feature_id, second_asked_by, came_as_new FROM core.submission ORDER BY created_at, id",
    "features": """
        SELECT id, state, revision, merged_into, coalesce(content #>> '{place,disclosure}', 'exact') AS disclosure,
          content #>> '{organisation,id}' AS run_by
        FROM core.feature WHERE layer = 'aid_points' ORDER BY created_at, id""",
    "merges": "SELECT id, winner_id, loser_id FROM core.merge WHERE undone_at IS NULL ORDER BY at, id",
    "resolved": "SELECT id, version FROM core.report WHERE state = 'resolved' ORDER BY created_at, id",
    "reports": "SELECT id, feature_id, version FROM core.report WHERE state = 'open' ORDER BY created_at, id",
    "wishes": "SELECT feature_id, submission_id, state, version, change_id FROM core.opening WHERE ended_at IS NULL ORDER BY asked_at, id",
    "bulks": "SELECT id, begun_at, undone_at FROM core.bulk ORDER BY created_at, id",
    "leases": "SELECT submission_id, user_id FROM core.lease ORDER BY submission_id",
}

Seen = dict[str, Sequence[Row[Any]]]


class World(RuleBasedStateMachine):
    """One map with three places, and everybody who has a say in it. `databases` is set by the test."""

    databases: Callable[[], contextlib.AbstractContextManager[ClusterUrls]]

    def __init__(self) -> None:
        super().__init__()
        self._open = contextlib.ExitStack()
        # Ids decide what comes first where nothing else does: the same sequence has to go the same way again.
        patch = self._open.enter_context(pytest.MonkeyPatch.context())
        ids = random.Random(11)
        patch.setattr("uuid.uuid4", lambda: uuid.UUID(int=ids.getrandbits(128), version=4))
        urls = self._open.enter_context(type(self).databases())
        self._loop = self._open.enter_context(asyncio.Runner())
        self.db = Database(urls.app, urls.reader)
        self._open.callback(lambda: self._loop.run(self.db.dispose()))
        # Each move is a thousandth later, within one second: no sequence goes over midnight.
        self._began = dt.datetime.now(dt.UTC).replace(microsecond=0)
        self.staff = [Actor("staff", uuid.UUID(int=n)) for n in (1, 2, 3)]
        self.number = self._moves = 0
        #: Canaries that a moderator has let onto the map.
        self.allowed: set[str] = set()
        self.rows: list[str] = []
        self.version = 0
        self.seen: Seen = {}
        #: The last line of the log that was looked at; object and action of those that came with the last move.
        self.logged = 0
        self.written: list[tuple[str, str]] = []
        #: How often each kind of move was made, and which were refused.
        self.made: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()

    # --- How a move is made --------------------------------------------------------------------

    def _do(self, name: str, move: Coroutine[Any, Any, Any], *, must: bool = False) -> bool:
        """Make a move, and ask all laws; False when it was refused, which must have changed nothing."""
        before = self.seen
        self._moves += 1
        try:
            self._loop.run(move)
        except PomapaError as refusal:
            if must:
                raise
            self.refused[f"{name}: {type(refusal).__name__}"] += 1
            self._look()
            assert self.seen == before or name.startswith("bulk"), name
            assert self.written == [] or name.startswith("bulk"), name
            return False
        self.made[name] += 1
        self._look()
        self._are_in_the_log(name, before)
        return True

    def _are_in_the_log(self, name: str, before: Seen) -> None:
        """Of each state that has changed, and of each revision that has come, the log has its line: no more than one."""
        changed = [
            *_changed(self.seen["submissions"], before["submissions"], "state", "kind"),
            *_changed(self.seen["features"], before["features"], "state", "revision", "merged_into"),
        ]
        for row in changed:
            # A move may be several changes of one thing, such as back on the map and then changed.
            actions = [action for object_id, action in self.written if object_id == str(row.id)]
            assert actions, (name, row)
            assert len(set(actions)) == len(actions), (name, actions)

    def _look(self) -> None:
        self._loop.run(self._ask())

    async def _ask(self) -> None:
        async with session(self.db) as s:
            assert await broken(s) == {}
            public = await public_rows(s)
            live = await said_by_live(s)
            found = {name: (await s.execute(text(query))).all() for name, query in _EVERYTHING.items()}
            lines = text("SELECT id, object_id, action FROM core.audit WHERE id > :last ORDER BY id")
            entries = (await s.execute(lines, {"last": self.logged})).all()
            version = await s.scalar(
                text("SELECT version FROM published.layer_version WHERE layer = 'aid_points'")
            )
        shown = {one for rows in public.values() for row in rows for one in canaries(row)}
        # A function of what is live, which is made of nothing but what somebody approved.
        assert shown <= live, shown - live
        assert live <= self.allowed, live - self.allowed
        assert public["feature"] == self.rows or int(version or 0) > self.version
        self.written = [(one.object_id, one.action) for one in entries]
        self.logged = entries[-1].id if entries else self.logged
        self.rows, self.version, self.seen = public["feature"], int(version or 0), found

    def _new(self, disclosure: str = "exact", **more: Any) -> dict[str, Any]:
        """A content like no other, on the map or with the county in the place of where it is."""
        self.number += 1
        n = f"{self.number:04d}x"
        content = {
            "name": {"texts": {"pl": f"Jadłodajnia nazwa{n}"}, "source": "pl"},
            "services": [{"type": SERVICES[self.number % len(SERVICES)]}],
            "contacts": [{"kind": "phone", "value": f"+4841344{self.number:04d}"}],
            "hours": "Mo-Fr 09:00-17:00",
        }
        if disclosure == "exact":
            content["address"] = {"street": f"Ulica{n}", "house_number": "7", "city": "Kielce"}
            content["place"] = {"position": {"lng": 20.6 + self.number / 1000, "lat": 50.85}}
        else:
            content["place"] = {"disclosure": disclosure, "area": {"code": "PL-26", "name": "świętokrzyskie"}}
        return content | more

    def _submissions(self, *states: str) -> list[Row[Any]]:
        return [one for one in self.seen["submissions"] if one.state in states]

    def _features(self, state: str = "published") -> list[Row[Any]]:
        return [one for one in self.seen["features"] if one.state == state and one.merged_into is None]

    async def _send(self, content: dict[str, Any], on: Row[Any] | None = None) -> uuid.UUID:
        read = POINTS.content.read(content, country="PL")
        proposal = Proposal(
            POINTS, read, on.id if on is not None else None, on.revision if on is not None else None
        )
        async with session(self.db) as s:
            return (await submit(s, proposal, language="uk", contact_email="olena@example.org")).id

    async def _confirm(self, key: uuid.UUID) -> None:
        async with session(self.db) as s:
            await confirm(s, key, now=dt.datetime.now(dt.UTC))

    def _allow(self, *keys: uuid.UUID) -> set[str]:
        """Let onto the map what these submissions say; give what was let there before."""
        before = set(self.allowed)

        async def run() -> str:
            async with session(self.db) as s:
                query = "SELECT string_agg(content::text, ' ') FROM core.submission WHERE id = ANY(:ids)"
                return str(await s.scalar(text(query), {"ids": list(keys)}))

        self.allowed |= canaries(self._loop.run(run()))
        return before

    @initialize()
    def open(self) -> None:
        async def run() -> list[uuid.UUID]:
            async with session(self.db) as s:
                s.add_all(
                    User(id=one.user_id, email=f"moderator{n}@example.org")
                    for n, one in enumerate(self.staff)
                )
                county = polish_unit("26", box(19, 49, 22, 52), name="świętokrzyskie", population=1_200_000)
                await import_units(s, [county])
            return [await self._send(self._new(kind)) for kind in ("exact", "exact", "area")]

        keys = self._loop.run(run())
        self._allow(*keys)
        for key in keys:
            self._moves += 1
            self._loop.run(self._confirm(key))
            # As it came, and confirmed.
            self._loop.run(self._decide("approve", key, 2))
        self._look()

    # --- The end -------------------------------------------------------------------------------

    def teardown(self) -> None:
        with self._open:
            if self.seen:
                self._loop.run(self._make_anew())

    async def _make_anew(self) -> None:
        """What is derived is what a reindex derives: nothing public changes, and nobody is told of a change."""
        async with session(self.db) as s:
            before = await public_rows(s)
            await reindex(s, self.setting, POINTS)
            after = await public_rows(s)
        differs = [table for table in after if after[table] != before[table] and table != "layer_version"]
        assert differs == [], {table: (before[table], after[table]) for table in differs}

    # --- Small parts ---------------------------------------------------------------------------

    async def _with(self, act: Callable[..., Coroutine[Any, Any, Any]], *given: Any, **more: Any) -> None:
        async with session(self.db) as s:
            await by_two(s, lambda: act(s, *given, **more))

    async def _decide(self, act: str, key: uuid.UUID, version: int, by: int = 0) -> None:
        actor = one_of(self.staff, by)
        async with session(self.db) as s:
            if act == "approve":
                await approve_by_two(s, self.setting, POINTS, key, version=version, actor=actor)
            elif act == "reject":
                now = self.setting.now
                await reject(s, key, version=version, actor=actor, reason="closed", now=now)
            else:
                await mark_spam(s, key, version=version, actor=actor, now=self.setting.now)

    def _move(self, one: Row[Any]) -> Move:
        return Move(one.id, self.staff[0], "Tak trzeba.", one.revision)

    @property
    def setting(self) -> Setting:
        """The moment of the move that is made."""
        moment = self._began + dt.timedelta(milliseconds=min(self._moves, 999))
        return replace(SETTING, now=moment)


def _changed(now: Sequence[Row[Any]], before: Sequence[Row[Any]], *columns: str) -> list[Row[Any]]:
    """The rows that are new, or of which one of the columns is."""
    known = {row.id: [getattr(row, column) for column in columns] for row in before}
    return [row for row in now if known.get(row.id) != [getattr(row, column) for column in columns]]


def one_of(found: Sequence[Any], which: int) -> Any:
    return found[which % len(found)]
