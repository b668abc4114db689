"""A desk at work, for Hypothesis: whatever submitters, visitors and moderators may do, in any order, on one small map.

Each move is one that the rows allow at that moment, as far as they tell; what the actions refuse all the same must have
changed nothing. After each the laws of `published_invariants` are asked, at the end whether everything public can be made
anew from the live revisions.
"""

import datetime as dt
import uuid
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy import Row, text

from app.db import session
from app.layers.registry import LAYERS
from app.moderation.actions import open_up
from app.moderation.actions import report as reports
from app.moderation.actions.close import close, reopen
from app.moderation.actions.merge_features import Choice, merge_features, undo_merge
from app.moderation.actions.protect import protect
from app.moderation.actions.report import Complaint, Resolution, report, resolve
from app.moderation.actions.restore import restore
from app.moderation.actions.take_down import put_back, take_down
from app.moderation.openings import held
from app.moderation.states import OPEN_STATES
from app.moderation.suggesting import read_suggestible

from .desk_own import Own
from .desk_submissions import PICK
from .desk_world import POINTS, VOCABULARY, one_of


class Desk(Own):
    """All of it: also what is done with what is on the map."""

    # --- Moderators, about what is on the map --------------------------------------------------

    @precondition(lambda self: len(self._features()) > 1)
    @rule(keep=PICK, drop=PICK, side=st.sampled_from(["winner", "loser", "both"]))
    def merge(self, keep: int, drop: int, side: str) -> None:
        winner = one_of(self._features(), keep)
        loser = one_of([one for one in self._features() if one.id != winner.id], drop)
        fields = ("name", "services", "contacts", "place", "description")
        choice = Choice(winner.id, loser.id, winner.revision, loser.revision, dict.fromkeys(fields, side))
        move = self._with(merge_features, self.setting, POINTS, choice, actor=self.staff[0])
        self._do("merge", move)

    @precondition(lambda self: self.seen.get("merges"))
    @rule(which=PICK)
    def undo_a_merge(self, which: int) -> None:
        one = one_of(self.seen["merges"][::-1], which)
        self._do("unmerge", self._with(undo_merge, self.setting, POINTS, one.id, actor=self.staff[1]))

    @precondition(lambda self: self._features())
    @rule(which=PICK)
    def take_down(self, which: int) -> None:
        move = self._move(one_of(self._features(), which))
        self._do("take down", self._with(take_down, self.setting, POINTS, move), must=True)

    @precondition(lambda self: self._features("unpublished"))
    @rule(which=PICK)
    def put_back(self, which: int) -> None:
        move = self._move(one_of(self._features("unpublished"), which))
        self._do("put back", self._with(put_back, self.setting, POINTS, move), must=True)

    @precondition(lambda self: any(one.revision > 1 for one in self._features()))
    @rule(which=PICK, number=PICK, fields=st.sampled_from([None, ("name",), ("place",)]))
    def restore(self, which: int, number: int, fields: tuple[str, ...] | None) -> None:
        one = one_of([f for f in self._features() if f.revision > 1], which)
        older = number % (one.revision - 1) + 1
        move = self._with(restore, self.setting, POINTS, self._move(one), older, fields=fields)
        self._do("restore", move)

    @precondition(lambda self: self._features() or self._features("unpublished"))
    @rule(which=PICK, tier=st.sampled_from(["area", "contact_only"]), off=st.booleans())
    def protect(self, which: int, tier: str, off: bool) -> None:
        ones = self._features("unpublished") if off else self._features()
        if ones:
            move = self._move(one_of(ones, which))
            if self._do("protect", self._with(protect, self.setting, POINTS, move, tier)):
                assert self._loop.run(self._kept_of_where(move.feature_id)) == []

    @precondition(lambda self: self._features())
    @rule(which=PICK, back=st.booleans())
    def close(self, which: int, back: bool) -> None:
        move = self._move(one_of(self._features(), which))
        if back:
            self._do("reopen", self._with(reopen, self.setting, POINTS, move))
        else:
            status = {"state": "closed", "reason": "moved"}
            self._do("close", self._with(close, self.setting, POINTS, move, status))

    async def _kept_of_where(self, feature_id: uuid.UUID) -> list[Any]:
        """What submissions and versions of a place still say of where it is."""
        async with session(self.db) as s:
            query = """
                SELECT content::text || coalesce(sent_as_new::text, '') AS said FROM core.submission WHERE feature_id = :id
                UNION ALL SELECT content::text FROM core.revision WHERE feature_id = :id"""
            rows = await s.execute(text(query), {"id": feature_id})
            return [one for one in rows.scalars() if "position" in one or "ulica" in one.lower()]

    # --- Visitors and owners -------------------------------------------------------------------

    @precondition(lambda self: self._features())
    @rule(which=PICK, reason=st.sampled_from(["closed", "unsafe", "unsafe"]))
    def report(self, which: int, reason: str) -> None:
        self.number += 1
        said = f"notatka{self.number:04d}x"
        number = self.number.to_bytes(8, "big")
        one = one_of(self._features(), which)
        complaint = Complaint(one.id, reason, said, "kto@example.org", "pl", number, independent=True)
        self._do("report", self._with(report, complaint), must=True)

    @precondition(lambda self: self.seen.get("reports"))
    @rule(which=PICK, down=st.booleans(), others=st.booleans())
    def resolve(self, which: int, down: bool, others: bool) -> None:
        one = one_of(self.seen["reports"], which)
        about = next(f for f in self.seen["features"] if f.id == one.feature_id)
        too = frozenset(VOCABULARY.report_reasons) if others else frozenset()
        outcome = "taken_down" if down else "done"
        done = Resolution(outcome, "Sprawdzone.", one.version, about.revision, too, dt.datetime.now(dt.UTC))
        move = self._with(resolve, self.setting, POINTS, one.id, done, actor=self.staff[0])
        self._do("resolve", move)

    @precondition(lambda self: self.seen.get("resolved"))
    @rule(which=PICK)
    def let_wait_again(self, which: int) -> None:
        one = one_of(self.seen["resolved"], which)
        move = self._with(
            reports.reopen,
            self.setting,
            POINTS,
            one.id,
            version=one.version,
            actor=self.staff[0],
            within=dt.timedelta(0),
        )
        self._do("reports.reopen", move, must=True)

    @precondition(lambda self: any(one.disclosure != "exact" for one in self._features()))
    @rule(
        which=PICK, steps=st.integers(1, 3), giving_up=st.sampled_from([None, None, None, "refuse", "cancel"])
    )
    def open_up(self, which: int, steps: int, giving_up: str | None) -> None:
        """Go so many steps on the way from a wish to the place on the map again, or end it."""
        one = one_of([f for f in self._features() if f.disclosure != "exact"], which)
        wish = next((w for w in self.seen["wishes"] if w.feature_id == one.id), None)
        if wish is not None and giving_up == "cancel":
            self._do("opening cancel", self._with(open_up.cancel, wish.submission_id, now=self.setting.now))
            return
        if wish is not None and giving_up == "refuse":
            move = self._with(
                open_up.refuse, one.id, version=wish.version, actor=self.staff[2], note="Nie teraz.",
                now=self.setting.now,
            )  # fmt: skip
            self._do("opening refuse", move)
            return
        for _ in range(steps):
            if not self._step_of_opening(one):
                return

    def _step_of_opening(self, one: Row[Any]) -> bool:
        wish = next((w for w in self.seen["wishes"] if w.feature_id == one.id), None)
        if wish is None:
            sent = [s for s in self._submissions("approved") if (s.feature_id, s.kind) == (one.id, "new")]
            if not sent:
                return False
            move = self._with(
                open_up.ask, VOCABULARY, sent[0].id, reason="Tylko obiady.", email="ona@example.org", language="pl"
            )  # fmt: skip
            return self._do("opening ask", move)
        if wish.state == "asked":
            agreeing = self.staff[wish.version % 2]
            move = self._with(
                open_up.agree, VOCABULARY, one.id, version=wish.version, actor=agreeing, now=self.setting.now
            )  # fmt: skip
            return self._do("opening agree", move)
        change = next((s for s in self.seen["submissions"] if s.id == wish.change_id), None)
        if change is None or change.state not in ("unconfirmed", *OPEN_STATES):
            return self._do("opening place", self._give_place(one.id))
        if change.state == "pending":
            self._approve(change, 2, "opening approve")
        return False

    async def _give_place(self, feature_id: uuid.UUID) -> None:
        async with session(self.db) as s:
            found = await read_suggestible(s, LAYERS, VOCABULARY, feature_id)
            where = {part: self._new()[part] for part in ("place", "address")}
            content = POINTS.content.read(found.whole | where, country="PL")
            made = await open_up.give_place(
                s, POINTS, await held(s, feature_id), content, now=self.setting.now
            )
        await self._confirm(made.id)
