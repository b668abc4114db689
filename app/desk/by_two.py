"""What pages say where two people have to say yes: who has, whether whoever looks has, and whether there is anybody else."""

import contextlib
import uuid
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import User
from app.accounts.roles import may
from app.db import session as transaction
from app.desk.guard import user_id_of
from app.features.models import Feature
from app.moderation.agreement_models import Agreement
from app.moderation.agreements import NeedsTwo, agree, concerns_protected, needs_two, others_may, standing
from app.moderation.models import Submission
from app.taxonomy.vocabulary import load_vocabulary
from app.web.dependencies import database_of


@dataclass(frozen=True, slots=True)
class ByTwo:
    """`kept` is the first yes, None before it; `by` is who has given it. `alone`: nobody else here may say yes.

    `runs`: it is an organisation, and what it runs is protected.
    """

    kept: Agreement | None
    by: str
    is_mine: bool
    alone: bool
    may_invite: bool
    runs: bool = False

    def of(self, act: str) -> Mapping[str, Any]:
        """Give what the first yes to an act says beside it; nothing where there is none, or for another act."""
        if self.kept is None or self.kept.act != act or self.kept.content is None:
            return {}
        return self.kept.content


async def of_submission(
    request: Request,
    session: AsyncSession,
    submission: Submission,
    kept: Agreement | None,
    *contents: Mapping[str, Any],
) -> ByTwo | None:
    """Say it of a submission, by what is and would be on the map; None where one person is enough."""
    ids = [submission.feature_id] if submission.feature_id else []
    if not await concerns_protected(session, load_vocabulary(), ids, *contents):
        return None
    what = ("submission.decide", "submission", submission.id)
    return await _told(request, session, kept, what, runs=not needs_two(load_vocabulary(), *contents))


async def of_entries(
    request: Request, session: AsyncSession, feature: Feature, *others: Feature, permission: str
) -> ByTwo | None:
    """Say it of an act on an entry, with others; None where one person is enough."""
    contents = [feature.content, *(other.content for other in others)]
    ids = [feature.id, *(other.id for other in others)]
    if not await concerns_protected(session, load_vocabulary(), ids, *contents):
        return None
    kept = await standing(session, feature=feature)
    what = (permission, "feature", feature.id)
    return await _told(request, session, kept, what, runs=not needs_two(load_vocabulary(), *contents))


async def of_version(
    request: Request, session: AsyncSession, feature: Feature, older: Mapping[str, Any]
) -> ByTwo | None:
    """Say it of restoring an older content of an entry; None where one person is enough."""
    contents = (feature.content, older)
    if not await concerns_protected(session, load_vocabulary(), [feature.id], *contents):
        return None
    kept = await standing(session, feature=feature)
    what = ("feature.publish", "feature", feature.id)
    return await _told(request, session, kept, what, runs=not needs_two(load_vocabulary(), *contents))


@contextlib.asynccontextmanager
async def with_first_yes(request: Request) -> AsyncIterator[AsyncSession]:
    """Give a transaction. Where the act in it needs somebody else's yes as well, it is taken back, and the first yes noted in another one.

    A `Conflict` where something has changed meanwhile.
    """
    try:
        async with transaction(database_of(request)) as session:
            yield session
    except NeedsTwo as error:
        async with transaction(database_of(request)) as session:
            await agree(session, error.yes)


async def _told(
    request: Request,
    session: AsyncSession,
    kept: Agreement | None,
    what: tuple[str, str, uuid.UUID],
    *,
    runs: bool,
) -> ByTwo:
    own = user_id_of(request)
    first = await session.get(User, kept.agreed_by) if kept is not None else None
    is_mine = first is not None and first.id == own
    settled = first is not None and not is_mine
    return ByTwo(
        kept,
        first.known_as if first is not None else "",
        is_mine,
        alone=not settled and not await others_may(session, own, *what),
        may_invite=may(request.state.user, "user.grant"),
        runs=runs,
    )
