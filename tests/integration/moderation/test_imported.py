"""What is imported by way of the queue: as old as its source when approved, and remembered when turned down."""

import datetime as dt
import json
import uuid
from typing import Any

import pytest
from sqlalchemy import text

from app.accounts.audit import SYSTEM, Actor
from app.db import Database, session
from app.features.publishing import Provenance
from app.features.setting import Setting
from app.layers.registry import LAYERS
from app.moderation.actions.approve import approve
from app.moderation.actions.reject import reject
from app.moderation.actions.submit import Proposal, submit, submit_imports
from app.moderation.models import Submission
from app.moderation.retention import forget
from app.taxonomy.vocabulary import load_vocabulary

STAFF = Actor("staff", uuid.UUID(int=7))
POINTS = LAYERS["aid_points"]
NOW = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)
AS_OF = dt.datetime(2022, 2, 27, 12, 0, tzinfo=dt.UTC)


@pytest.fixture
def setting() -> Setting:
    return Setting(load_vocabulary(), "Europe/Warsaw", "PL", NOW)


def _proposal(name: str = "Punkt recepcyjny", **provenance: Any) -> Proposal:
    content = POINTS.content.read(
        {
            "name": {"texts": {"pl": name}, "source": "pl"},
            "services": [{"type": "hot_meals"}],
            "place": {"position": {"lng": 20.6286, "lat": 50.8661}},
        }
    )
    return Proposal(POINTS, content, provenance=Provenance(**provenance))


async def _imported(db: Database, **provenance: Any) -> Submission:
    given = {"source": "old-data", "source_id": "1"} | provenance
    async with session(db) as s:
        (made,) = await submit_imports(s, [_proposal(**given)], language="pl", actor=SYSTEM)
        return made


async def _approved(db: Database, setting: Setting, submission: Submission) -> dict[str, Any]:
    """Approve it; gives what the public then reads."""
    async with session(db) as s:
        made = await approve(s, setting, POINTS, submission.id, version=submission.version, actor=STAFF)
    async with db.reading() as reader:
        slim = await reader.scalar(
            text("SELECT slim FROM published.feature WHERE id = :id"), {"id": made.feature_id}
        )
    properties: dict[str, Any] = json.loads(slim)["properties"]
    return properties


async def test_what_is_approved_years_later_was_checked_years_ago(db: Database, setting: Setting) -> None:
    submission = await _imported(db, verified_at=AS_OF, verified_how="official_register")
    assert (await _approved(db, setting, submission))["checked"] == "2022-02-27"
    async with session(db) as s:
        row = (await s.execute(text("SELECT verified_at, verified_how FROM core.feature"))).one()
    assert tuple(row) == (AS_OF, "official_register")


async def test_a_source_without_a_date_was_checked_nobody_knows_when(db: Database, setting: Setting) -> None:
    assert "checked" not in await _approved(db, setting, await _imported(db))


async def test_what_people_send_is_not_checked_by_being_approved(db: Database, setting: Setting) -> None:
    async with session(db) as s:
        submission = await submit(s, _proposal(), language="pl", contact_email="ola@poczta.pl")
        submission.state = "pending"
    # A mail that was confirmed and one press at the desk: nobody has been there, and nobody has called.
    assert "checked" not in await _approved(db, setting, submission)
    async with session(db) as s:
        row = (await s.execute(text("SELECT verified_at, verified_how FROM core.feature"))).one()
    assert tuple(row) == (None, "not_verified")


async def test_a_rejected_row_of_an_import_is_remembered(db: Database, setting: Setting) -> None:
    imported = await _imported(db)
    async with session(db) as s:
        sent = await submit(s, _proposal(), language="pl", contact_email="ola@poczta.pl")
        sent.state = "pending"
    long_ago = dt.datetime.now(dt.UTC) - dt.timedelta(days=31)
    for submission in (imported, sent):
        async with session(db) as s:
            await reject(
                s, submission.id, version=submission.version, actor=STAFF, reason="closed", now=long_ago
            )
    assert (await forget(db))["rejected"] == 1
    async with session(db) as s:
        kept = (await s.execute(text("SELECT id, state FROM core.submission"))).all()
    assert [tuple(row) for row in kept] == [(imported.id, "rejected")]
