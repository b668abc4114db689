"""What an organisation has: its entries with their state and their last check, what its people have sent, what is left to do."""

import datetime as dt
import uuid
import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Row, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.features.freshness import FULL_DAYS
from app.features.setting import Setting
from app.moderation.models import Submission
from app.moderation.reports import told_reasons
from app.moderation.states import OPEN_STATES

#: Members without which nobody knows who an organisation is and how to reach it, in the order of the form.
PROFILE: Final = ("description", "sector", "contacts", "areas")
SHOWN: Final = 50


class Which(StrEnum):
    """Which of an organisation's entries are listed."""

    ALL = ""
    TO_CONFIRM = "confirm"
    INCOMPLETE = "incomplete"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class OwnEntry:
    """One entry of an organisation; `waiting` counts the changes of it that a moderator has not decided on.

    `disputed`: a report waits that its people may know of.
    """

    id: uuid.UUID
    layer: str
    content: dict[str, Any]
    revision: int
    is_live: bool
    verified_at: dt.datetime | None
    incomplete: bool
    disputed: bool
    waiting: int


@dataclass(frozen=True, slots=True)
class Counted:
    """How many entries an organisation has, and of how many something is left to do."""

    live: int
    off: int
    to_confirm: int
    incomplete: int


def fresh_since(setting: Setting) -> dt.datetime:
    """Give the moment from which on a check gives a full ring, as the public sees it."""
    day = setting.today - dt.timedelta(days=FULL_DAYS)
    return dt.datetime.combine(day, dt.time(), zoneinfo.ZoneInfo(setting.timezone))


async def own_entries(
    session: AsyncSession,
    setting: Setting,
    organisation_id: uuid.UUID,
    which: Which,
    *,
    behind: uuid.UUID | None = None,
    limit: int = SHOWN,
) -> list[OwnEntry]:
    """Give entries, what is off the map last, and before it those first that nobody has checked for the longest time.

    `behind` is the last one of the page before.
    """
    conditions = f"{_WHICH[which]} AND {_BEHIND if behind else 'true'}"
    statement = text(_LIST.replace("<which>", conditions))
    given = _values(setting, organisation_id) | {"limit": limit, "told": told_reasons(setting.vocabulary)}
    rows = await session.execute(statement, given | ({"behind": behind} if behind else {}))
    return [OwnEntry(**row) for row in rows.mappings()]


async def count_entries(session: AsyncSession, setting: Setting, organisation_id: uuid.UUID) -> Counted:
    """Count an organisation's entries and what is left to do with them."""
    rows = await session.execute(text(_COUNT), _values(setting, organisation_id))
    return Counted(**rows.mappings().one())


async def sent_by_its_people(
    session: AsyncSession, organisation_id: uuid.UUID, limit: int = SHOWN
) -> Sequence[Row[Any]]:
    """Give what its people have sent and no moderator has decided on yet, with what waits for their answer first."""
    query = (
        select(
            Submission.id,
            Submission.state,
            Submission.content,
            Submission.created_at,
            Submission.language,
            Submission.sent_by,
        )
        .where(Submission.organisation_id == organisation_id, Submission.state.in_(OPEN_STATES))
        .order_by(Submission.state, Submission.created_at)
        .limit(limit)
    )
    return (await session.execute(query)).all()


def missing_of_profile(content: dict[str, Any]) -> list[str]:
    """Give the members that an organisation has not said yet, of those that matter."""
    return [member for member in PROFILE if not content.get(member)]


def _values(setting: Setting, organisation_id: uuid.UUID) -> dict[str, Any]:
    return {"organisation": str(organisation_id), "fresh_since": fresh_since(setting)}


_OWN: Final = """
    core.feature f
    WHERE f.content ? 'organisation' AND (f.content -> 'organisation') ->> 'id' = :organisation
      AND f.merged_into IS NULL
"""
# A place without hours sends people to a closed door; one without phone, e-mail and page can be asked by nobody.
_INCOMPLETE: Final = """
    (coalesce(f.content ->> 'hours', '') = '' AND NOT f.content ? 'appointment'
       AND NOT jsonb_path_exists(f.content, '$.services[*].hours ? (@ != null && @ != "")')
     OR coalesce(jsonb_array_length(f.content -> 'contacts'), 0) = 0 AND f.content ->> 'website' IS NULL)
"""
_TO_CONFIRM: Final = "(f.verified_at IS NULL OR f.verified_at < :fresh_since)"
# What has closed for good needs no hours, and nobody asks whether it is still open.
_LIVE: Final = "f.state = 'published' AND coalesce(f.content #>> '{status,state}', '') <> 'closed'"
_WHICH: Final = {
    Which.ALL: "true",
    Which.TO_CONFIRM: f"{_LIVE} AND {_TO_CONFIRM}",
    Which.INCOMPLETE: f"{_LIVE} AND {_INCOMPLETE}",
    Which.OFF: "f.state <> 'published'",
}
_ORDER: Final = "(f.state <> 'published', coalesce(f.verified_at, '-infinity'), f.id)"
_BEHIND: Final = f"""
    {_ORDER} > (SELECT {_ORDER.replace("f.", "g.").strip("()")} FROM core.feature g
      WHERE g.id = :behind AND (g.content -> 'organisation') ->> 'id' = :organisation)
"""  # noqa: S608 - our own constants; values are parameters
_LIST: Final = f"""
    SELECT f.id, f.layer, f.content, f.revision, f.state = 'published' AS is_live, f.verified_at,
      {_LIVE} AND {_INCOMPLETE} AS incomplete,
      EXISTS (SELECT FROM core.report r WHERE r.feature_id = f.id AND r.state = 'open'
       AND r.reason = ANY(:told)) AS disputed,
      (SELECT count(*) FROM core.submission s WHERE s.feature_id = f.id AND s.kind = 'change'
       AND s.state IN ('pending', 'needs_changes')) AS waiting
    FROM {_OWN} AND <which>
    ORDER BY {_ORDER.strip("()")}
    LIMIT :limit
"""  # noqa: S608 - our own constants; values are parameters
_COUNT: Final = f"""
    SELECT count(*) FILTER (WHERE f.state = 'published') AS live,
      count(*) FILTER (WHERE f.state <> 'published') AS off,
      count(*) FILTER (WHERE {_LIVE} AND {_TO_CONFIRM}) AS to_confirm,
      count(*) FILTER (WHERE {_LIVE} AND {_INCOMPLETE}) AS incomplete
    FROM {_OWN}
"""  # noqa: S608 - our own constants; values are parameters
