"""A protected place, whoever brought it in, and what of it is told."""

import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
from sqlalchemy import text

from app.db import Database, session
from app.moderation import links
from app.moderation.models import Submission
from tests.functional.conftest import SECRET, Mailbox
from tests.functional.desk.conftest import Waiting, decision

AREA = {"disclosure": "area", "area": {"code": "PL-26", "name": "świętokrzyskie"}}
ONE = "/api/v1/layers/aid_points/features"


@dataclass(frozen=True, slots=True)
class Hidden:
    """A protected place with the link of whoever brought it in."""

    id: uuid.UUID
    submission: Submission

    @property
    def link(self) -> str:
        """The page of the wish."""
        return f"/pl/status/{links.make_token(SECRET, 'status', self.submission.id)}/open"


Bring = Callable[..., Awaitable[Hidden]]


@pytest.fixture
def bring(moderator: httpx2.AsyncClient, waiting: Waiting, database: Database, mailbox: Mailbox) -> Bring:
    """Bring a protected place onto the map, as its owner would."""

    async def run(**content: Any) -> Hidden:
        submission = await waiting(**{"name": "Kuchnia przy parku", "place": AREA} | content)
        answer = await moderator.post(f"/desk/submissions/{submission.id}/approve", data=decision(submission))
        assert answer.status_code == 303, answer.text
        async with session(database) as s:
            approved = await s.get_one(Submission, submission.id)
        await mailbox.collect()
        assert approved.feature_id is not None
        return Hidden(approved.feature_id, approved)

    return run


@pytest.fixture
async def hidden(bring: Bring) -> Hidden:
    return await bring()


async def shown(client: httpx2.AsyncClient, place: Hidden) -> dict[str, Any]:
    found: dict[str, Any] = (await client.get(f"{ONE}/{place.id}")).json()
    return found


async def given(database: Database) -> str:
    async with session(database) as s:
        found = await s.scalars(
            text(
                "SELECT content::text FROM core.submission UNION ALL SELECT content::text FROM core.revision"
            )
        )
        return "".join(found.all())
