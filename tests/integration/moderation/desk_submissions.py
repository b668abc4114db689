"""What submitters may do, and what moderators may decide about what they sent."""

import uuid
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy import Row

from app.db import session
from app.errors import Conflict
from app.layers.registry import LAYERS
from app.moderation import bulk, leases
from app.moderation.actions import still_true
from app.moderation.actions.answer import answer
from app.moderation.actions.ask_second import ask_second
from app.moderation.actions.bulk import carry_out, undo_bulk
from app.moderation.actions.request_changes import request_changes
from app.moderation.actions.turn_into_change import turn_back, turn_into_change
from app.moderation.actions.undo import undo
from app.moderation.actions.withdraw import withdraw
from app.moderation.states import OPEN_STATES, UNDOABLE
from app.moderation.suggesting import read_suggestible
from app.moderation.ways_to_check import ways_to_check
from tests.two_people import approve_by_two

from .desk_world import ACTS, POINTS, VOCABULARY, WINDOW, World, one_of
from .published_invariants import canaries

#: Which of those that can be meant, and which way to do it.
PICK = st.integers(0, 5)
PARTS = st.sampled_from(["name", "place", "services", "description"])


class Submissions(World):
    """All that happens between somebody who sends something and the desk."""

    # --- Submitters ----------------------------------------------------------------------------

    @rule(hidden=st.booleans(), confirmed=st.sampled_from([True, True, False]))
    def send_something_new(self, hidden: bool, confirmed: bool) -> None:
        async def run() -> None:
            key = await self._send(self._new("area" if hidden else "exact"))
            if confirmed:
                await self._confirm(key)

        self._do("send", run(), must=True)

    @precondition(lambda self: self._features())
    @rule(which=PICK, what=PARTS)
    def suggest_a_change(self, which: int, what: str) -> None:
        on = one_of(self._features(), which)
        said = self._new()
        said["description"] = {"texts": {"pl": f"notatka{self.number:04d}x"}, "source": "pl"}

        async def run() -> None:
            async with session(self.db) as s:
                found = await read_suggestible(s, LAYERS, VOCABULARY, on.id)
            parts = ("place", "address") if what == "place" and not found.is_protected else (what,)
            changed = found.whole | {part: said[part] for part in parts if part != "place" or len(parts) > 1}
            await self._confirm(await self._send(changed, on))

        self._do("suggest", run())

    @precondition(lambda self: self._submissions("unconfirmed"))
    @rule(which=PICK)
    def confirm_the_mail(self, which: int) -> None:
        self._do("confirm", self._confirm(one_of(self._submissions("unconfirmed"), which).id), must=True)

    @precondition(lambda self: self._submissions("unconfirmed", *OPEN_STATES))
    @rule(which=PICK)
    def withdraw(self, which: int) -> None:
        key = one_of(self._submissions("unconfirmed", *OPEN_STATES), which).id
        self._do("withdraw", self._with(withdraw, key), must=True)

    @precondition(lambda self: self._submissions("needs_changes"))
    @rule(which=PICK, corrected=st.booleans())
    def answer_the_question(self, which: int, corrected: bool) -> None:
        one = one_of(self._submissions("needs_changes"), which)

        async def run() -> None:
            content = POINTS.content.read(self._new()) if corrected and one.kind == "new" else None
            async with session(self.db) as s:
                await answer(s, one.id, body="Drugie piętro.", content=content)

        self._do("answer", run(), must=True)

    # --- Moderators, about submissions ---------------------------------------------------------

    @precondition(lambda self: self._submissions("pending"))
    @rule(which=PICK, by=PICK)
    def ask(self, which: int, by: int) -> None:
        one = one_of(self._submissions("pending"), which)
        actor = one_of(self.staff, by)
        self._do(
            "ask",
            self._with(request_changes, one.id, version=one.version, actor=actor, question="Gdzie?"),
            must=True,
        )

    @precondition(lambda self: self._submissions("pending"))
    @rule(which=PICK, by=PICK)
    def approve(self, which: int, by: int) -> None:
        self._approve(one_of(self._submissions("pending"), which), by)

    @precondition(lambda self: self._submissions(*OPEN_STATES))
    @rule(which=PICK, by=PICK, act=st.sampled_from(["reject", "spam"]))
    def turn_down(self, which: int, by: int, act: str) -> None:
        one = one_of(self._submissions(*OPEN_STATES), which)
        self._do(act, self._decide(act, one.id, one.version, by))

    @rule(hidden=st.booleans())
    def send_and_approve(self, hidden: bool) -> None:
        self.send_something_new(hidden, True)
        self._approve(self.seen["submissions"][-1], 1)

    @precondition(lambda self: self._features())
    @rule(which=PICK, what=PARTS)
    def suggest_and_approve(self, which: int, what: str) -> None:
        self.suggest_a_change(which, what)
        if self.seen["submissions"][-1].state == "pending":
            self._approve(self.seen["submissions"][-1], 1)

    def _approve(self, one: Row[Any], by: int, name: str = "approve") -> None:
        before = self._allow(one.id)
        if not self._do(name, self._decide("approve", one.id, one.version, by)):
            self.allowed = before

    @precondition(lambda self: self._submissions("pending"))
    @rule(which=PICK, by=PICK)
    def correct_and_approve(self, which: int, by: int) -> None:
        one = one_of(self._submissions("pending"), which)
        live = [f for f in self._features() if f.id == one.feature_id]
        edited = self._new(live[0].disclosure if live else "exact")

        async def run() -> None:
            async with session(self.db) as s:
                await approve_by_two(
                    s,
                    self.setting,
                    POINTS,
                    one.id,
                    version=one.version,
                    actor=one_of(self.staff, by),
                    edited=POINTS.content.read(edited, country="PL"),
                    edited_from=live[0].revision if live else None,
                )

        before, self.allowed = self.allowed, self.allowed | canaries(str(edited))
        if not self._do("correct", run()):
            self.allowed = before

    @precondition(lambda self: self._submissions(*UNDOABLE))
    @rule(which=PICK)
    def undo(self, which: int) -> None:
        # The last of them are those that nothing else has changed since.
        one = one_of(self._submissions(*UNDOABLE)[::-1], which)

        async def run() -> None:
            async with session(self.db) as s:
                await undo(
                    s, self.setting, LAYERS, one.id, version=one.version, actor=self.staff[0], within=WINDOW
                )

        before = {live.id: live.revision for live in self._features()}
        if self._do("undo", run()) and one.state == "approved":
            after = {live.id: live.revision for live in self._features()}
            # What was new has left the map; what was changed is as it was, in a version of its own.
            wanted = None if one.kind == "new" else before[one.feature_id] + 1
            assert after.get(one.feature_id) == wanted

    @precondition(lambda self: self._submissions(*UNDOABLE, "withdrawn", "unconfirmed"))
    @rule(which=PICK, act=st.sampled_from(ACTS), stale=st.booleans())
    def decide_out_of_turn(self, which: int, act: str, stale: bool) -> None:
        """What is decided, or looked at as it was before, is decided on by nobody."""
        out = self._submissions(*UNDOABLE, "withdrawn", "unconfirmed")
        one = one_of([o for o in out if o.state != "needs_changes" or act == "approve"] or out, which)
        version = one.version - 1 if stale or one.state == "needs_changes" else one.version

        async def run() -> None:
            try:
                await self._decide(act, one.id, version)
            except Conflict:
                return
            raise AssertionError((one.state, act))

        self._do("out of turn", run(), must=True)

    @precondition(lambda self: self._submissions("pending") and self._features())
    @rule(which=PICK, by=PICK, act=st.sampled_from(["second", "claim", "release", "check"]))
    def look_at(self, which: int, by: int, act: str) -> None:
        one, actor = one_of(self._submissions("pending"), which), one_of(self.staff, by)
        if act == "second":
            self._do(act, self._with(ask_second, one.id, version=one.version, actor=actor))
        elif act == "check":
            live, how = one_of(self._features(), which), ways_to_check(self.setting)[0]
            given = {"how": how, "revision": live.revision, "actor": actor}
            self._do(act, self._with(still_true.check, self.setting, POINTS, live.id, **given), must=True)
        else:
            self._do(act, self._with(getattr(leases, act), one.id, actor), must=True)

    @precondition(lambda self: self._features())
    @rule(on=PICK)
    def turn_into_a_change(self, on: int) -> None:
        live = one_of(self._features(), on)
        name = {"texts": {"pl": "Jadłodajnia"}, "source": "pl"}

        async def run() -> None:
            key = await self._send(self._new(name=name, description=name))
            await self._confirm(key)
            async with session(self.db) as s:
                await turn_into_change(s, self.setting, POINTS, key, live.id, version=2, actor=self.staff[0])

        if live.disclosure == "exact":
            self._do("turn", run())

    @precondition(lambda self: any(one.came_as_new for one in self._submissions("pending")))
    @rule(which=PICK)
    def turn_back(self, which: int) -> None:
        one = one_of([s for s in self._submissions("pending") if s.came_as_new], which)
        self._do("turn back", self._with(turn_back, one.id, version=one.version, actor=self.staff[1]))

    @precondition(lambda self: self._submissions("pending"))
    @rule(act=st.sampled_from(ACTS), least=PICK)
    def decide_on_many(self, act: str, least: int) -> None:
        many = self._submissions("pending")[least % 2 :] or self._submissions("pending")
        chosen = [(one.id, one.version) for one in many]
        if act == "approve":
            self._allow(*(key for key, _ in chosen))

        async def run() -> None:
            async with session(self.db) as s:
                made = await bulk.plan(s, act, chosen, "", self.staff[0], vocabulary=self.setting.vocabulary)
            await carry_out(self.db, self.setting, LAYERS, made, actor=self.staff[0], reason="closed")

        self._do("bulk", run(), must=True)

    @precondition(lambda self: any(one.undone_at is None for one in self.seen["bulks"]))
    @rule()
    def undo_many(self) -> None:
        last = [one.id for one in self.seen["bulks"] if one.undone_at is None][-1]

        async def check(_session: Any, _feature: uuid.UUID) -> None:
            return

        async def run() -> None:
            await undo_bulk(
                self.db, self.setting, LAYERS, last, actor=self.staff[0], window=WINDOW, check=check
            )

        self._do("bulk undo", run(), must=True)
