"""Whether a submission is about help that nobody else is to find: what its mails do not name and its pages help to leave."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.features.models import Feature, Revision
from app.moderation.models import Submission
from app.taxonomy.discretion import is_discreet
from app.taxonomy.vocabulary import load_vocabulary


async def concerns_discreet(session: AsyncSession, submission: Submission) -> bool:
    """Whether it is, or was, about such help.

    A change may take that help out of a place, and the place keeps its name; or somebody else has added it since.
    """
    contents = [submission.content]
    if submission.feature_id is not None:
        feature = await session.get(Feature, submission.feature_id)
        base = await session.get(Revision, (submission.feature_id, submission.base_revision or 0))
        contents += [one.content for one in (feature, base) if one is not None]
    return any(is_discreet(content, load_vocabulary()) for content in contents)
