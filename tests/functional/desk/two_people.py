"""A moderator whose colleague says yes as well, for tests that are about something else than who says it."""

import time
import uuid
from typing import Any

import httpx2
from sqlalchemy import text

from app.db import Database, session
from app.desk.shown import LEAST_S, Shown
from app.moderation.models import Submission
from tests.functional.conftest import SECRET
from tests.two_people import colleague


def with_colleague(browser: httpx2.AsyncClient, database: Database) -> httpx2.AsyncClient:
    """Have every first yes that comes of a press taken for a colleague's, and the press repeated."""
    alone = browser.post

    async def post(url: Any, **more: Any) -> httpx2.Response:
        answer = await alone(url, **more)
        found = await _as_a_colleagues(database)
        if not found:
            return answer
        (agreement, submission_id) = found[0]
        if submission_id is not None:
            # What was corrected is published as it was said yes to.
            url = f"/desk/submissions/{submission_id}/approve"
            async with session(database) as s:
                version = (await s.get_one(Submission, submission_id)).version
            stamp = Shown(submission_id, version).stamp(SECRET, time.time() - LEAST_S)
            more["data"] = {"version": str(version), "shown": stamp, "agreed": str(agreement)}
        return await alone(url, **more)

    browser.post = post  # type: ignore[method-assign]
    return browser


async def _as_a_colleagues(database: Database) -> list[tuple[uuid.UUID, uuid.UUID | None]]:
    """Say of what was agreed to just now that a colleague has; give its id and the submission, None for an act on an entry."""
    async with session(database) as s:
        if not await s.scalar(text("SELECT count(*) FROM core.agreement")):
            return []
        said = text(
            "UPDATE core.agreement SET agreed_by = :id WHERE agreed_by <> :id RETURNING id, submission_id"
        )
        rows = await s.execute(said, {"id": await colleague(s)})
        return [(row.id, row.submission_id) for row in rows]
