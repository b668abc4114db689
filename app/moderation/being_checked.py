"""Say in public that a place is being checked: where people hand themselves over, and several say it is dangerous.

It says nothing of what is said, changes nothing else, and goes when a moderator has looked (decision 0021).
"""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import TextClause, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import Actor, record
from app.features.models import Feature
from app.features.revisions import hold_layers, tell
from app.moderation.models import Report
from app.taxonomy.vocabulary import Vocabulary

#: Reasons of which somebody may be harmed at the next visit.
GRAVE: Final = frozenset({"unsafe", "exploitation"})
#: From so many connections.
LEAST: Final = 3
#: What is older says nothing of today.
WITHIN: Final = dt.timedelta(days=7)
#: After a moderator has looked and left the place on the map, nobody brings the note back for so long.
QUIET: Final = dt.timedelta(days=7)
#: Who goes there sleeps there, or gets into somebody's car.
GROUPS: Final = frozenset({"accommodation"})
SERVICES: Final = frozenset(
    {
        "transport_help",
        "accessible_transport",
        "evacuation",
        "collective_accommodation",
        "violence_shelter",
        "safe_house",
    }
)

_HOLD = text("SELECT FROM published.layer_version WHERE layer = :layer FOR UPDATE")
_NOTE = text(
    "INSERT INTO published.being_checked (feature_id) SELECT id FROM published.feature WHERE id = :id"
    " ON CONFLICT DO NOTHING RETURNING feature_id"
)
_TAKE_BACK = text("DELETE FROM published.being_checked WHERE feature_id = :id RETURNING feature_id")


def is_handed_over(content: Mapping[str, Any], vocabulary: Vocabulary) -> bool:
    """Whether people who go to a place put themselves into the hands of whoever runs it."""
    for service in content.get("services", ()):
        term = vocabulary.services.get(service["type"])
        if service["type"] in SERVICES or (term is not None and term.group in GROUPS):
            return True
    return False


def kind_of(reason: str) -> str:
    """What a connection sends for the first time that day: who reports wrong hours can still say that a place is unsafe."""
    return "report-grave" if reason in GRAVE else "report"


def may_be_noted(feature: Feature, reason: str, vocabulary: Vocabulary) -> bool:
    """Whether a report for this reason can be one of those that have the public read it."""
    return reason in GRAVE and is_handed_over(feature.content, vocabulary)


async def hold(session: AsyncSession, feature: Feature) -> None:
    """Hold the layer before anything else is written: two reports at once would not see each other, and none be the third.

    Publishers hold it first as well, and the end of the audit log after it.
    """
    with session.no_autoflush:
        await session.execute(_HOLD, {"layer": feature.layer})


async def note_if_several(session: AsyncSession, feature: Feature, actor: Actor) -> None:
    """Have the public read that a feature is being checked, when the report just made is the one that makes it so.

    It `may_be_noted`, and the layer is held.
    """
    if await _is_said_by_several(session, feature.id):
        await _change(session, _NOTE, feature, actor, "feature.being_checked")


async def take_note_back(session: AsyncSession, feature: Feature, actor: Actor) -> None:
    """Say no more that a feature is being checked: somebody has."""
    await hold(session, feature)
    await _change(session, _TAKE_BACK, feature, actor, "feature.checked_after_reports")


async def _change(
    session: AsyncSession, statement: TextClause, feature: Feature, actor: Actor, action: str
) -> None:
    """Change what the public reads, if that changes anything; every page of the layer is another one then."""
    if (await session.execute(statement, {"id": feature.id})).first() is None:
        return
    await hold_layers(session, [feature.layer])
    await tell(session, feature.layer, [feature.id], "published")
    record(session, actor, action, "feature", feature.id)


async def _is_said_by_several(session: AsyncSession, feature_id: uuid.UUID) -> bool:
    """Whether reports of `LEAST` connections wait, and nobody has looked into others lately. Counts no further."""
    now = func.now()
    about = select(Report.id).where(Report.feature_id == feature_id)
    waiting = about.where(
        Report.state == "open",
        Report.independent,
        Report.reason.in_(GRAVE),
        Report.created_at > now - WITHIN,
    )
    looked = about.where(Report.outcome == "done", Report.reason.in_(GRAVE), Report.resolved_at > now - QUIET)
    if (await session.execute(looked.limit(1))).first() is not None:
        return False
    return len((await session.execute(waiting.limit(LEAST))).all()) >= LEAST
