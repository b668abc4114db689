"""What a trusted organisation publishes by itself, and what it may do no more once it is not trusted."""

import uuid
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule
from sqlalchemy import text

from app.accounts.memberships import Seat
from app.accounts.models import Membership, User
from app.db import session
from app.features.publishing import Item, publish_many
from app.layers.registry import LAYERS
from app.moderation.actions.publish_own import send_or_publish
from app.moderation.actions.submit import Proposal
from app.moderation.actions.trust_organisation import end_trust
from tests.functional.desk.trusted import CONTENT, long_seated, second_step, trust

from .desk_submissions import PICK, Submissions
from .desk_world import POINTS, one_of
from .published_invariants import canaries

ANNA = "anna@stol.example"
#: What the screening has nothing to say of: places far from each other, with names of their own.
NAMES = (
    "Pralnia",
    "Świetlica",
    "Punkt porad",
    "Kuchnia",
    "Ogrzewalnia",
    "Magazyn",
    "Noclegownia",
    "Warsztat",
)


class Own(Submissions):
    """An organisation in the county, and its admin."""

    @initialize()
    def open(self) -> None:
        # Before anything is looked at: what the public reads changes with the places from then on.
        self.organisation, self.is_trusted = self._loop.run(self._organisation()), False
        super().open()
        self.trust_or_not()

    @rule()
    def trust_or_not(self) -> None:
        """Two administrators trust it, or one person trusts it no more."""
        if self.is_trusted:
            end = self._with(
                end_trust,
                self.organisation,
                note="Numer jest cudzy.",
                actor=self.staff[2],
                now=self.setting.now,
            )
            self._do("trust no more", end, must=True)
        else:
            self._loop.run(trust(self.db, self.organisation, areas=("PL-26",)))
        self.is_trusted = not self.is_trusted

    @rule(which=PICK, new=st.booleans(), hidden=st.booleans())
    def publish_by_itself(self, which: int, new: bool, hidden: bool) -> None:
        """Its admin publishes a place of its own, or a change of one: never what is protected or another one's."""
        own = [one for one in self._features() if one.run_by == str(self.organisation)]
        on = None if new or not own else one_of(own, which)
        content = self._own_content("area" if hidden else "exact")
        is_own = on is None or on.disclosure == "exact"
        proposal = Proposal(
            POINTS,
            POINTS.content.read(content, country="PL"),
            on.id if on is not None else None,
            on.revision if on is not None else None,
        )
        before, self.allowed = self.allowed, self.allowed | canaries(str(content))
        if self._do("publish own", self._published(proposal)):
            assert self.is_trusted
            assert not hidden
            assert is_own
            assert self.seen["submissions"][-1].state == "approved"
        else:
            self.allowed = before

    def _own_content(self, disclosure: str) -> dict[str, Any]:
        made = self._new(disclosure, organisation={"id": str(self.organisation)})
        made["name"] = {
            "texts": {"pl": f"{NAMES[self.number % len(NAMES)]} nazwa{self.number:04d}x"}, "source": "pl"
        }  # fmt: skip
        if disclosure == "exact":
            made["place"] = {
                "position": {"lng": 19.5 + self.number % 20 / 10, "lat": 49.5 + self.number / 60}
            }
        return made

    async def _published(self, proposal: Proposal) -> uuid.UUID:
        async with session(self.db) as s:
            user = await s.get_one(User, self.anna)
            sent = await send_or_publish(
                s, self.setting, proposal, organisation_id=self.organisation, user=user, told=()
            )
            return sent.id

    async def _organisation(self) -> uuid.UUID:
        declared = LAYERS["organisations"]
        async with session(self.db) as s:
            (made,) = await publish_many(
                s, self.setting, declared, [Item(declared.content.read(CONTENT))], actor=self.staff[0]
            )
            user = User(email=ANNA, language="pl")
            s.add(user)
            await s.flush()
            s.add(Membership(user_id=user.id, organisation_id=made.feature_id, role=Seat.ADMIN))
            vouched = """
                INSERT INTO core.verification (feature_id, first_by, first_how, second_by, second_at, second_how)
                VALUES (:id, gen_random_uuid(), 'register', gen_random_uuid(), now(), 'letter')"""
            await s.execute(text(vouched), {"id": made.feature_id})
            self.anna = user.id
        await second_step(self.db, ANNA)
        await long_seated(self.db, ANNA)
        return made.feature_id
