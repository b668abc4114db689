"""What a submission would publish without some of its photos: a correction that needs no form."""

from collections.abc import Collection

from sqlalchemy.ext.asyncio import AsyncSession

from app.features.content import Content
from app.features.layer import Layer
from app.features.models import Feature
from app.features.setting import Setting
from app.moderation.merging import ConflictingChange
from app.moderation.models import Submission
from app.moderation.suggesting import is_suggestion, merge_of
from app.photos.keeping import PHOTOS


async def without_photos(
    session: AsyncSession, setting: Setting, layer: Layer, submission: Submission, files: Collection[str]
) -> tuple[Content, int | None]:
    """Give the content without the photos of these names, and the live revision that a suggestion was laid on.

    `ConflictingChange` where the suggestion cannot be laid on what is live.
    """
    live = await session.get(Feature, submission.feature_id) if is_suggestion(submission) else None
    if live is None:
        content, base = submission.content, None
    else:
        merged = await merge_of(session, layer, setting.vocabulary, submission, live)
        if merged.conflicts:
            raise ConflictingChange
        content, base = merged.content, live.revision
    kept = [photo for photo in content.get(PHOTOS, ()) if photo["file"] not in files]
    return layer.content.kept({**content, PHOTOS: kept}), base
