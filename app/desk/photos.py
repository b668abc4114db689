"""Photos as staff look at them: of what waits, and of every version of what is or was on the map."""

import uuid
from typing import Annotated, Final, Literal

from fastapi import Path, Query
from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from app.desk.listed import id_of
from app.errors import NotFound
from app.features.models import Feature
from app.moderation.live import id_in
from app.moderation.models import Submission
from app.moderation.withheld import told_of, told_of_feature
from app.photos.keeping import read_photo
from app.photos.names import TYPE
from app.web.dependencies import WriteSession
from app.web.query import PlainText
from app.web.routes import page_router, requires

router = page_router("/desk")

Name = Annotated[PlainText, Query(max_length=60)]
Size = Literal["small", "large"]
# What is protected now is shown to nobody, whatever is not erased yet.
_OF_FEATURE: Final = """
    SELECT EXISTS (
      SELECT FROM core.revision r JOIN core.feature f ON f.id = r.feature_id
      WHERE r.feature_id = {feature} AND r.content ? 'photos'
        AND jsonb_path_query_array(r.content, '$.photos[*].file') ? :name
        AND coalesce(f.content #>> '{{place,disclosure}}', 'exact') = 'exact')
"""
_IN_FEATURE = text(_OF_FEATURE.format(feature=":id"))
_IN_SUBMISSION = text(
    f"""
    SELECT EXISTS (
      SELECT FROM core.submission s LEFT JOIN core.feature f ON f.id = s.feature_id
      WHERE s.id = :id AND jsonb_path_query_array(s.content, '$.photos[*].file') ? :name
        AND coalesce(f.content #>> '{{place,disclosure}}', 'exact') = 'exact')
      OR ({_OF_FEATURE.format(feature="(SELECT feature_id FROM core.submission WHERE id = :id)")})
    """  # noqa: S608 - our own constants
)


class PhotoForgotten(NotFound):
    """This photo is no longer kept."""


@router.get("/submissions/{submission_id}/photo", dependencies=[requires("submission.see")])
async def of_submission(
    session: WriteSession,
    submission_id: Annotated[str, Path(max_length=36)],
    name: Name = "",
    size: Size = "large",
) -> Response:
    """A photo that a submission names, or a version of what it is to change."""
    key = id_of(submission_id)
    submission = await session.get(Submission, key) if key else None
    if submission is None or (await told_of(session, submission)).place is not None:
        raise PhotoForgotten
    return await _answer(session, _IN_SUBMISSION, key, name, size)


@router.get("/published/{feature_id}/photo", dependencies=[requires("feature.see")])
async def of_feature(
    session: WriteSession,
    feature_id: Annotated[str, Path(max_length=36)],
    name: Name = "",
    size: Size = "large",
) -> Response:
    """A photo that a version of a feature names."""
    key = id_in(feature_id)
    feature = await session.get(Feature, key) if key else None
    # What was merged into a protected one shows its place to nobody either.
    if feature is None or (await told_of_feature(session, feature)).place is not None:
        raise PhotoForgotten
    return await _answer(session, _IN_FEATURE, key, name, size)


async def _answer(
    session: AsyncSession, named: TextClause, key: uuid.UUID | None, name: str, size: Size
) -> Response:
    is_named = await session.scalar(named, {"id": key, "name": name})
    found = await read_photo(session, name, size) if is_named else None
    if found is None:
        raise PhotoForgotten
    return Response(found, media_type=TYPE)
