"""Every version that a feature ever had, for staff: who made it, when and why, and what it said.

What is protected now has no past place: the content of a version that told more of where it was is given to nobody.
Nor has what was merged into something protected: where the one was, the other is.
"""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Select, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import User
from app.errors import NotFound
from app.features.merged import MERGE, UNMERGE
from app.features.models import Feature, Revision
from app.features.place import DISCLOSURES, disclosure_in
from app.features.places_in_text import without_places
from app.features.protected import streets_of
from app.features.protecting import PROTECT_OFF_THE_MAP

#: So many versions stand on one page of the list.
PAGE: Final = 50
#: Actions of versions after which a feature is not on the map.
OFF_THE_MAP: Final = frozenset({"unpublish", PROTECT_OFF_THE_MAP})
#: The action of a version that says again what an older one said.
RESTORED: Final = "revert"
#: What was merged leads to another one, which may have been merged as well.
MOST_MERGES: Final = 20


class RevisionNotFound(NotFound):
    """There is no such version of this place."""


@dataclass(frozen=True, slots=True)
class PastRevision:
    """One version, as the list tells of it.

    `action` is publish, import, unpublish, republish or revert; `by` is a colleague's name, or ""; `submission_id` is
    what it came from. `same_as` is the number of the older version whose content a restored one has, None where only
    some of its fields were restored. `withheld`: see the module.
    """

    number: int
    action: str
    reason: str
    at: dt.datetime
    by: str
    submission_id: uuid.UUID | None
    same_as: int | None
    withheld: bool


@dataclass(frozen=True, slots=True)
class PastContent:
    """One version with what it said; `content` is None where that is withheld."""

    told: PastRevision
    content: Mapping[str, Any] | None

    @property
    def was_on_the_map(self) -> bool:
        """Whether the public saw it."""
        return self.told.action not in OFF_THE_MAP


def is_withheld(content: Mapping[str, Any], live: Mapping[str, Any]) -> bool:
    """Whether an older content tells more of the place than may be told of it now."""
    return _tier(content) < _tier(live)


async def least_told(session: AsyncSession, feature: Feature) -> Mapping[str, Any]:
    """Give the content that tells least of the place: of a feature, and of whatever it was merged into."""
    least, into = feature.content, feature.merged_into
    for _ in range(MOST_MERGES):
        found = await session.get(Feature, into) if into else None
        if found is None:
            break
        if is_withheld(least, found.content):
            least = found.content
        into = found.merged_into
    return least


async def history_of(
    session: AsyncSession, feature: Feature, *, before: int | None = None, limit: int = PAGE
) -> Sequence[PastRevision]:
    """Give the versions of a feature, the newest first; with `before` those whose number is less."""
    query = _TOLD.where(Revision.feature_id == feature.id).order_by(Revision.number.desc()).limit(limit)
    if before is not None:
        query = query.where(Revision.number < before)
    rows = (await session.execute(query)).all()
    restored = [row.number for row in rows if row.action == RESTORED]
    same = await _same_as(session, feature.id, restored)
    live = await least_told(session, feature)
    streets = streets_of(feature.content)
    return [_told(row, live, same, streets) for row in rows]


async def read_past(session: AsyncSession, feature: Feature, number: int) -> PastContent:
    """Give one version with its content; `RevisionNotFound`."""
    query = _TOLD.add_columns(Revision.content).where(
        Revision.feature_id == feature.id, Revision.number == number
    )
    row = (await session.execute(query)).one_or_none()
    if row is None:
        raise RevisionNotFound
    same = await _same_as(session, feature.id, [number] if row.action == RESTORED else [])
    told = _told(row, await least_told(session, feature), same, streets_of(feature.content))
    return PastContent(told, None if told.withheld else row.content)


def _told(
    row: Any, live: Mapping[str, Any], same: Mapping[int, int], streets: Collection[str]
) -> PastRevision:
    withheld = is_withheld({"place": row.place}, live)
    reason = row.reason or ""
    if withheld and row.action not in (MERGE, UNMERGE):
        reason = without_places(reason, streets)
    return PastRevision(
        number=row.number,
        action=row.action,
        reason=reason,
        at=row.created_at,
        by=row.User.known_as if row.User else "",
        submission_id=row.submission_id,
        same_as=same.get(row.number),
        withheld=withheld,
    )


async def _same_as(session: AsyncSession, feature_id: uuid.UUID, numbers: Sequence[int]) -> Mapping[int, int]:
    if not numbers:
        return {}
    rows = await session.execute(_SAME, {"id": feature_id, "numbers": list(numbers)})
    return {row.number: row.same_as for row in rows}


def _tier(content: Mapping[str, Any]) -> int:
    return DISCLOSURES.index(disclosure_in(content))


_TOLD: Select[Any] = select(
    Revision.number,
    Revision.action,
    Revision.reason,
    Revision.created_at,
    Revision.submission_id,
    Revision.content["place"].label("place"),
    User,
).outerjoin(User, User.id == Revision.actor_id)
# The version just before a restored one is what it was restored from, never what it was restored to.
_SAME = text(
    """
    SELECT r.number, max(o.number) AS same_as
    FROM core.revision r JOIN core.revision o
      ON o.feature_id = r.feature_id AND o.number < r.number AND o.content = r.content
    WHERE r.feature_id = :id AND r.number = ANY(:numbers)
    GROUP BY r.number
    """
)
