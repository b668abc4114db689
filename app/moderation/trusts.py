"""Whether an organisation is trusted, for what, and what it has published by itself; as it is at this request."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Select, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import Actor, record
from app.accounts.memberships import is_organisation
from app.accounts.models import User
from app.accounts.roles import Holder
from app.accounts.scopes import Scope
from app.errors import NotFound
from app.features.models import Feature
from app.moderation.models import Submission
from app.moderation.scope import submissions_within
from app.moderation.trust_models import OwnApproval, Trust
from app.moderation.verification_models import Verification

ORGANISATIONS: Final = "organisations"
#: So many of the first ones, and each tenth after them, a moderator looks at afterwards.
FIRST_LOOKED_AT: Final = 5
EACH_LOOKED_AT: Final = 10
#: More than these in a day wait as any other: nobody puts right a hundred places by hand at once, but a thief does.
MOST_A_DAY: Final = 60
SHOWN: Final = 50


_Listed = Select[OwnApproval, Submission, Feature, User]


class NotByThemselves(NotFound):
    """No organisation has published this by itself."""


@dataclass(frozen=True, slots=True)
class ByThemselves:
    """What an organisation has published by itself: the submission, whose it is, who of them did so."""

    approval: OwnApproval
    submission: Submission
    organisation: Feature
    user: User | None


async def standing_trust(session: AsyncSession, organisation_id: uuid.UUID) -> Trust | None:
    """Give the trust in an organisation, proposed or confirmed."""
    query = select(Trust).where(Trust.organisation_id == organisation_id, Trust.ended_at.is_(None))
    found: Trust | None = await session.scalar(query.execution_options(populate_existing=True))
    return found


async def trust_in(session: AsyncSession, organisation_id: uuid.UUID) -> Trust | None:
    """Give the trust that holds: two people have given it, two have made sure who they are, and they are on the map."""
    query = (
        select(Trust)
        .join(Verification, Verification.id == Trust.verification_id)
        .where(
            Trust.organisation_id == organisation_id,
            Trust.ended_at.is_(None),
            Trust.second_by.is_not(None),
            Verification.feature_id == organisation_id,
            Verification.ended_at.is_(None),
            Verification.second_by.is_not(None),
        )
    )
    found: Trust | None = await session.scalar(query.execution_options(populate_existing=True))
    if found is None or not await is_organisation(session, organisation_id):
        return None
    return found


async def note_own_approval(
    session: AsyncSession, trust: Trust, submission_id: uuid.UUID, user_id: uuid.UUID, now: dt.datetime
) -> None:
    """Note that a submission was published by its organisation; some of them a moderator looks at afterwards.

    The caller holds the layer of organisations: of two at once none is counted twice.
    """
    query = select(func.count()).select_from(OwnApproval).where(OwnApproval.trust_id == trust.id)
    before = await session.scalar(query) or 0
    again = before < FIRST_LOOKED_AT or (before + 1) % EACH_LOOKED_AT == 0
    session.add(
        OwnApproval(submission_id=submission_id, trust_id=trust.id, user_id=user_id, at=now, look_again=again)
    )


async def is_own_approval(session: AsyncSession, submission_id: uuid.UUID) -> bool:
    """Whether an organisation has published a submission by itself, and nobody has undone that."""
    query = select(OwnApproval.submission_id).where(
        OwnApproval.submission_id == submission_id, OwnApproval.undone_at.is_(None)
    )
    return await session.scalar(query) is not None


async def undo_own_approval(session: AsyncSession, submission_id: uuid.UUID, now: dt.datetime) -> None:
    """Note that it was undone: it waits for a moderator as any other, and is counted so. Nothing for what was not."""
    await session.execute(
        update(OwnApproval).where(OwnApproval.submission_id == submission_id).values(undone_at=now)
    )


async def count_lately(session: AsyncSession, organisation_id: uuid.UUID, now: dt.datetime) -> int:
    """Count what an organisation has published by itself within a day, under this trust or another."""
    query = (
        select(func.count())
        .select_from(OwnApproval)
        .join(Trust, Trust.id == OwnApproval.trust_id)
        .where(Trust.organisation_id == organisation_id, OwnApproval.at > now - dt.timedelta(days=1))
    )
    return await session.scalar(query) or 0


async def to_look_at(session: AsyncSession, user: Holder | None, permission: str) -> Sequence[ByThemselves]:
    """Give what somebody may look at again and nobody has yet, the oldest first."""
    query = _listed(submissions_within(user, permission)).where(*_UNSEEN)
    return await _read(session, query.order_by(OwnApproval.at, OwnApproval.submission_id))


async def published_lately(
    session: AsyncSession, user: Holder | None, permission: str
) -> Sequence[ByThemselves]:
    """Give what organisations have published by themselves where somebody may see, the newest first."""
    query = _listed(submissions_within(user, permission))
    return await _read(session, query.order_by(OwnApproval.at.desc(), OwnApproval.submission_id))


async def count_to_look_at(session: AsyncSession, within: Scope) -> int:
    """Count what waits to be looked at again, within a scope (of `core.submission`)."""
    query = (
        select(func.count())
        .select_from(OwnApproval)
        .join(Submission, Submission.id == OwnApproval.submission_id)
        .where(*_UNSEEN, within.clause)
    )
    return await session.scalar(query) or 0


async def note_seen(session: AsyncSession, submission_id: uuid.UUID, actor: Actor, now: dt.datetime) -> None:
    """Note that a moderator has looked at it afterwards. A second time changes nothing; `NotByThemselves`."""
    query = select(OwnApproval).where(OwnApproval.submission_id == submission_id).with_for_update()
    found = await session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotByThemselves
    if found.seen_at is None:
        found.seen_at, found.seen_by = now, actor.user_id
        await session.flush()
        record(session, actor, "submission.looked_at_again", "submission", submission_id)


_UNSEEN: Final = (OwnApproval.look_again, OwnApproval.seen_at.is_(None), OwnApproval.undone_at.is_(None))


def _listed(within: Scope) -> _Listed:
    return (
        select(OwnApproval, Submission, Feature, User)
        .join(Submission, Submission.id == OwnApproval.submission_id)
        .join(Trust, Trust.id == OwnApproval.trust_id)
        .join(Feature, Feature.id == Trust.organisation_id)
        .outerjoin(User, User.id == OwnApproval.user_id)
        .where(within.clause)
        .limit(SHOWN)
    )


async def _read(session: AsyncSession, query: _Listed) -> Sequence[ByThemselves]:
    return [ByThemselves(*row) for row in await session.execute(query)]
