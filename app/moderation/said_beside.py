"""What people write beside a content names no place that is protected: a remark, an answer, a question, a reason.

Where they can still write it another way it is refused, so that they learn what was wrong; where it must arrive it is taken out.
"""

import uuid

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.errors import FieldProblem, InvalidInput
from app.features.models import Feature
from app.features.places_in_text import places_in
from app.features.problems import MESSAGES
from app.moderation.models import Submission
from app.moderation.openings import let_through
from app.moderation.withheld import is_protected

CODE = "place_in_text"


async def refuse_where(session: AsyncSession, submission: Submission, path: str, said: str) -> None:
    """Raise `InvalidInput` at `path` for words that say where something protected is: proposed, or on the map by now.

    The caller holds the submission, or has its feature kept open.
    """
    if places_in(said) and await _is_secret(session, submission):
        raise InvalidInput(problem_of_place(path))


def problem_of_place(path: str) -> FieldProblem:
    """What whoever wrote it is told."""
    return FieldProblem(path, CODE, MESSAGES[CODE])


async def _is_secret(session: AsyncSession, submission: Submission) -> bool:
    if is_protected(submission.content):
        return True
    if submission.feature_id is None or await let_through(session, submission.id) is not None:
        return False
    return await _is_protected_now(session, submission.feature_id)


async def _is_protected_now(session: AsyncSession, feature_id: uuid.UUID) -> bool:
    content = await session.scalar(select(Feature.content).where(Feature.id == feature_id))
    return content is not None and is_protected(content)
