"""Whether a protected place may be opened up again: who may ask, where a wish stands, which change it lets through."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Select, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import SYSTEM, record
from app.accounts.roles import Holder
from app.accounts.scopes import Scope
from app.errors import Conflict, NotFound
from app.features.disclosure import disclosure_of_services
from app.features.forgetting_words import forget_said
from app.features.models import Feature, FeatureState
from app.features.place import disclosure_in
from app.features.protected import streets_of, without_any_place
from app.moderation.models import Submission
from app.moderation.opening_models import STANDING, Opening, OpeningState
from app.moderation.scope import features_within
from app.moderation.states import SubmissionState
from app.taxonomy.vocabulary import Vocabulary

#: So long after both have agreed the owner may say where the place is. The database counts the same days.
ALLOWED_FOR: Final = dt.timedelta(days=30)
_ASKED_FOR: Final = "60 days"
#: Each takes a place, and the end of the log.
ENDED_TOGETHER: Final = 20


class OpeningNotFound(NotFound):
    """Nobody has asked for this place to be shown again."""


class StaleOpening(Conflict):
    """This has changed since you opened it. Look at the current state first."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A wish that stands, with its place."""

    opening: Opening
    feature: Feature


def may_be_opened(feature: Feature, vocabulary: Vocabulary) -> bool:
    """Whether a place is hidden though its help need not be: that of some services never is shown."""
    codes = [service["type"] for service in feature.content.get("services", ()) if "type" in service]
    return (
        feature.state == FeatureState.PUBLISHED
        and disclosure_in(feature.content) != "exact"
        and disclosure_of_services((code for code in codes if code in vocabulary.services), vocabulary)
        == "exact"
    )


async def owned(session: AsyncSession, submission: Submission, vocabulary: Vocabulary) -> Feature | None:
    """Give the place that the holder of a submission's link may ask for; None where they may not.

    Theirs is what they brought in. Whoever once suggested a change of a place is a stranger to it.
    """
    if submission.kind != "new" or submission.state != SubmissionState.APPROVED or not submission.feature_id:
        return None
    feature = await session.get(Feature, submission.feature_id)
    return feature if feature is not None and may_be_opened(feature, vocabulary) else None


async def last_of(session: AsyncSession, submission_id: uuid.UUID) -> Opening | None:
    """Give the last wish that was sent with the link of a submission."""
    query = select(Opening).where(Opening.submission_id == submission_id)
    found: Opening | None = await session.scalar(query.order_by(Opening.asked_at.desc()).limit(1))
    return found


async def standing_of(session: AsyncSession, feature_id: uuid.UUID) -> Opening:
    """Give the wish that stands about a feature; `OpeningNotFound`."""
    found: Opening | None = await session.scalar(_standing(feature_id))
    if found is None:
        raise OpeningNotFound
    return found


async def has_wish(session: AsyncSession, feature_id: uuid.UUID) -> bool:
    """Whether a wish stands about a feature."""
    return await session.scalar(_standing(feature_id)) is not None


async def held(session: AsyncSession, feature_id: uuid.UUID) -> Opening:
    """Give the same, locked; `OpeningNotFound`. What says where the place is, is locked first: a decision on that does so, too."""
    found = await standing_of(session, feature_id)
    if found.change_id is not None:
        await session.scalar(select(Submission.id).where(Submission.id == found.change_id).with_for_update())
    locked = _standing(feature_id).with_for_update().execution_options(populate_existing=True)
    again: Opening | None = await session.scalar(locked)
    if again is None or again.change_id != found.change_id:
        raise OpeningNotFound
    return again


async def withhold_change(session: AsyncSession, opening: Opening) -> None:
    """Keep nothing of where the place is, once it is not to be shown after all. The caller holds the wish."""
    if opening.change_id is None:
        return
    live = await session.get_one(Feature, opening.feature_id, populate_existing=True)
    change = await session.get_one(Submission, opening.change_id, populate_existing=True)
    if disclosure_in(live.content) == "exact":
        return
    kept = {key: value for key, value in change.content.items() if key != "address"}
    streets = streets_of(change.content)
    change.content = without_any_place(kept | {"place": live.content["place"]}, streets)
    change.version += 1
    await session.flush()
    await forget_said(session, [change.id], streets)
    await session.refresh(change)


def _standing(feature_id: uuid.UUID) -> Select[Opening]:
    return select(Opening).where(Opening.feature_id == feature_id, Opening.state.in_(STANDING))


async def let_through(
    session: AsyncSession, submission_id: uuid.UUID, *, lock: bool = False
) -> Opening | None:
    """Give the wish by which a submission may say where a protected place is, if both have agreed and it is not too late."""
    query = select(Opening).where(
        Opening.change_id == submission_id,
        Opening.state == OpeningState.ALLOWED,
        Opening.second_at > func.now() - ALLOWED_FOR,
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found: Opening | None = await session.scalar(query)
    return found


async def waiting(session: AsyncSession, user: Holder | None, permission: str) -> Sequence[Wish]:
    """Give the wishes that stand about places that somebody may decide on, the oldest first."""
    query = (
        select(Opening, Feature)
        .join(Feature, Feature.id == Opening.feature_id)
        .where(Opening.state.in_(STANDING), features_within(user, permission).clause)
    )
    rows = await session.execute(query.order_by(Opening.asked_at, Opening.id).limit(200))
    return [Wish(*row) for row in rows]


async def count_standing(session: AsyncSession, within: Scope) -> int:
    """Count the wishes that stand about places within a scope (of `core.feature`)."""
    query = (
        select(func.count())
        .select_from(Opening)
        .join(Feature, Feature.id == Opening.feature_id)
        .where(Opening.state.in_(STANDING), within.clause)
    )
    return await session.scalar(query) or 0


async def end_old(session: AsyncSession, *, most: int = ENDED_TOGETHER) -> int:
    """End what nobody decided on or came back to, so many at most; how many there were.

    What is personal in it is erased later (`retention`). Its caller ends the next ones in another transaction: each holds
    its place and the end of the log.
    """
    old = (await session.scalars(_OLD, {"most": most})).all()
    for feature_id in old:
        opening = await held(session, feature_id)
        opening.state, opening.ended_at = OpeningState.EXPIRED, await session.scalar(select(func.now()))
        opening.version += 1
        record(session, SYSTEM, "opening.expired", "feature", feature_id)
        await withhold_change(session, opening)
    return len(old)


_OLD = text(
    f"""
    SELECT feature_id FROM core.opening
    WHERE (state = 'allowed' AND second_at <= now() - interval '{ALLOWED_FOR.days} days')
       OR (state = 'asked' AND asked_at <= now() - interval '{_ASKED_FOR}')
    ORDER BY feature_id LIMIT :most
    """  # noqa: S608 - our own constants
)
