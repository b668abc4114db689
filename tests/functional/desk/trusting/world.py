"""A trusted organisation, its people, and what they send."""

import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import text

from app.accounts.models import User
from app.db import Database, session
from app.features.content import Content
from app.features.setting import Setting
from app.layers.registry import LAYERS
from app.moderation.actions.publish_own import WouldWait, send_or_publish
from app.moderation.actions.submit import Proposal
from app.moderation.own_publication import Why
from tests.functional.desk.trusted import (
    KIELCE,
)

LAYER = LAYERS["aid_points"]
ANNA, JAN, OLA = "anna@stol.example", "jan@stol.example", "ola@stol.example"
EWA: Final = "ewa@stol.example"
PHONE: Final = {"kind": "phone", "value": "+48413680001"}
PHOTO: Final = {
    "file": "0123456789abcdef0123456789abcdef-800x600",
    "alt": {"texts": {"pl": "Drzwi"}, "source": "pl"},
}
SITE: Final = {"website": "https://stol.example/kuchnia"}
HOUSING: Final[dict[str, Any]] = {
    "services": [{"type": "supported_housing"}],
    "place": {"disclosure": "area", "area": {"code": KIELCE, "name": "Kielce"}},
}
Prepare = Callable[[uuid.UUID], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class World:
    """A trusted organisation in Kielce, another one, and people of the first: an admin, a member, an admin without a second step."""

    database: Database
    setting: Setting
    organisation: uuid.UUID
    other: uuid.UUID
    users: dict[str, uuid.UUID]

    async def waits(self, proposal: Proposal, email: str = ANNA) -> set[Why]:
        """Why what somebody sends to be published waits; nothing: it is public."""
        try:
            async with session(self.database) as s:
                user = await s.get_one(User, self.users[email])
                organisation = self.organisation
                await send_or_publish(
                    s, self.setting, proposal, organisation_id=organisation, user=user, told=()
                )
        except WouldWait as error:
            return set(error.whys)
        return set()

    async def run(self, statement: str, **values: Any) -> Any:
        """What the first row of a statement begins with."""
        return await run(self.database, statement, **values)

    @property
    def mine(self) -> dict[str, str]:
        """As an entry of the organisation names it."""
        return {"id": str(self.organisation)}

    @property
    def theirs(self) -> dict[str, str]:
        """As an entry of the other one names that."""
        return {"id": str(self.other)}


def content_of(data: dict[str, Any]) -> Content:
    return LAYER.content.read({key: value for key, value in data.items() if value is not None})


async def run(database: Database, statement: str, **values: Any) -> Any:
    async with session(database) as s:
        rows: Any = await s.execute(text(statement), values)
        return rows.scalar() if rows.returns_rows else None


async def actions(database: Database, like: str) -> list[str]:
    async with session(database) as s:
        query = text("SELECT action FROM core.audit WHERE action LIKE :like ORDER BY id")
        return list((await s.execute(query, {"like": like})).scalars())
