"""Two different people for protected help: the first one's yes is noted, the second one's publishes (SECURITY A7).

An act looks whether somebody else has said yes to the very same. `NeedsTwo` takes it back; whoever has asked for it notes
the first yes with `agree`, in a transaction of its own. What only takes off the map, hides or turns down needs one person.
"""

import hashlib
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson
from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from app.accounts.audit import Actor, record
from app.accounts.models import User
from app.errors import Conflict
from app.features.merged import MERGE, UNMERGE
from app.features.models import Feature
from app.features.revisions import StaleRevision
from app.mail.addresses import UnusableAddress, normalised
from app.moderation.agreement_models import Agreement
from app.moderation.models import Submission
from app.moderation.protected_help import is_protected_help, runs_protected_help
from app.moderation.scope import is_within
from app.moderation.states import SubmissionAlreadyDecided, SubmissionState
from app.moderation.submissions import locked
from app.taxonomy.vocabulary import Vocabulary

#: The act on a submission; those on an entry are the actions of their versions.
PUBLISH: Final = "publish"


class OwnSubmission(Conflict):
    """You have sent this yourself, so somebody else decides whether it is published."""


@dataclass(frozen=True, slots=True)
class Yes:
    """What somebody says yes to: an act on a submission (`version`) or on an entry, and the mark of what it makes public.

    `content` is a submission as it was corrected, or which version or other entry is chosen; `base` the live revision that something was made from.
    """

    actor: Actor
    act: str
    mark: str
    submission_id: uuid.UUID | None = None
    version: int | None = None
    feature_id: uuid.UUID | None = None
    content: Mapping[str, Any] | None = None
    base: int | None = None


class NeedsTwo(Conflict):
    """This help is protected, so two people have to say yes. Look at it by itself."""

    def __init__(self, yes: Yes) -> None:
        super().__init__()
        self.yes = yes


def needs_two(vocabulary: Vocabulary, *contents: Mapping[str, Any]) -> bool:
    """Whether one of these, what is on the map and what would be, is protected help."""
    return any(is_protected_help(content, vocabulary) for content in contents)


async def concerns_protected(
    session: AsyncSession, vocabulary: Vocabulary, ids: Iterable[uuid.UUID], *contents: Mapping[str, Any]
) -> bool:
    """Whether one of these contents is protected help, or an entry of these is an organisation that runs some."""
    return needs_two(vocabulary, *contents) or await runs_protected_help(session, vocabulary, ids)


def mark_of(*what: Any) -> str:
    """Give the same for the same, and nothing else for anything else: contents as JSON, ids and numbers."""
    return hashlib.sha256(orjson.dumps(what, option=orjson.OPT_SORT_KEYS)).hexdigest()


async def check_not_own(session: AsyncSession, submission: Submission, actor: Actor) -> None:
    """Raise `OwnSubmission` where whoever publishes has sent it: by their account, or from their address."""
    if await is_own(session, submission, actor.user_id):
        raise OwnSubmission


async def is_own(session: AsyncSession, submission: Submission, user_id: uuid.UUID | None) -> bool:
    """Whether somebody has sent a submission themselves: by their account, or from their address."""
    if user_id is None:
        return False
    if submission.sent_by == user_id:
        return True
    if not submission.contact_email:
        return False
    email = await session.scalar(select(User.email).where(User.id == user_id))
    return email is not None and _address(submission.contact_email) == _address(email)


def _address(given: str) -> str:
    try:
        return normalised(given)
    except UnusableAddress:
        return given.strip().lower()


async def standing(
    session: AsyncSession, *, submission: Submission | None = None, feature: Feature | None = None
) -> Agreement | None:
    """Give the first yes, as long as it counts: what it was made from is still live, and who has said it may still say so."""
    kept = await session.scalar(select(Agreement).where(_of(submission, feature)))
    if kept is None:
        return None
    if submission is not None and submission.feature_id and kept.base_revision is not None:
        feature = await session.get(Feature, submission.feature_id)
    if feature is not None and kept.base_revision not in (None, feature.revision):
        return None
    kind, permission = (
        ("feature", _OF_ACT.get(kept.act, "feature.publish"))
        if submission is None
        else ("submission", _DECIDE)
    )
    row_id = kept.feature_id if submission is None else kept.submission_id
    user = await user_who_may_enter(session, kept.agreed_by)
    if user is None or row_id is None or not await is_within(session, user, permission, kind, row_id):
        return None
    return kept


def is_second(kept: Agreement | None, yes: Yes) -> bool:
    """Whether somebody else has said yes to the very same; `kept` is the first yes, as long as it counts."""
    return (
        kept is not None
        and yes.actor.user_id is not None
        and kept.agreed_by != yes.actor.user_id
        and (kept.act, kept.mark) == (yes.act, yes.mark)
    )


async def check_two(
    session: AsyncSession,
    vocabulary: Vocabulary,
    yes: Yes,
    *contents: Mapping[str, Any],
    others: Iterable[uuid.UUID] = (),
) -> None:
    """Let an act on an entry go on where nothing of protected help becomes public by it, or somebody else has said yes; `NeedsTwo`.

    `others` are entries that it concerns as well.
    """
    assert yes.feature_id is not None
    if await concerns_protected(session, vocabulary, [yes.feature_id, *others], *contents):
        await use_first_yes(session, yes)


async def use_first_yes(session: AsyncSession, yes: Yes) -> None:
    """Use up somebody else's yes to the very same act on an entry; `NeedsTwo` where there is none."""
    kept = await standing(session, feature=await session.get_one(Feature, yes.feature_id))
    if kept is None or not is_second(kept, yes):
        raise NeedsTwo(yes)
    await session.execute(delete(Agreement).where(Agreement.id == kept.id))


async def agree(session: AsyncSession, yes: Yes) -> None:
    """Note a first yes, in place of any other; the second one has to see what this one saw.

    `StaleSubmission`, `SubmissionAlreadyDecided`, `StaleRevision` where it was changed meanwhile.
    """
    submission = feature = None
    if yes.submission_id is not None:
        submission = await locked(session, yes.submission_id, version=yes.version)
        if submission.state != SubmissionState.PENDING:
            raise SubmissionAlreadyDecided
        submission.version += 1
        record(session, yes.actor, "submission.agreed", "submission", submission.id)
    else:
        query = select(Feature).where(Feature.id == yes.feature_id).with_for_update(key_share=True)
        feature = (await session.scalars(query.execution_options(populate_existing=True))).one()
        if feature.revision != yes.base:
            raise StaleRevision
        record(session, yes.actor, "feature.agreed", "feature", feature.id, act=yes.act)
    assert yes.actor.user_id is not None
    await session.execute(delete(Agreement).where(_of(submission, feature)))
    session.add(
        Agreement(
            id=uuid.uuid4(),
            submission_id=yes.submission_id,
            feature_id=yes.feature_id,
            act=yes.act,
            mark=yes.mark,
            content=None if yes.content is None else dict(yes.content),
            base_revision=yes.base,
            agreed_by=yes.actor.user_id,
        )
    )
    await session.flush()


async def others_may(
    session: AsyncSession, user_id: uuid.UUID | None, permission: str, kind: str, row_id: uuid.UUID
) -> bool:
    """Whether there is anybody else who may say yes to this."""
    query = select(User).where(User.id != user_id, User.suspended_at.is_(None), User.grants.any())
    others = await session.scalars(query.options(selectinload(User.grants)))
    for other in others.all():
        if await is_within(session, other, permission, kind, row_id):
            return True
    return False


async def user_who_may_enter(session: AsyncSession, user_id: uuid.UUID) -> User | None:
    """Give somebody with their roles; None for whoever is suspended, or is no longer known."""
    query = select(User).where(User.id == user_id, User.suspended_at.is_(None))
    found: User | None = await session.scalar(
        query.options(selectinload(User.grants)).execution_options(populate_existing=True)
    )
    return found


def _of(submission: Submission | None, feature: Feature | None) -> ColumnElement[bool]:
    if submission is not None:
        return Agreement.submission_id == submission.id
    assert feature is not None
    return Agreement.feature_id == feature.id


_DECIDE: Final = "submission.decide"
#: What whoever does these has to be allowed; what puts a version on the map, `feature.publish`.
_OF_ACT: Final = {MERGE: "feature.merge", UNMERGE: "feature.merge"}
