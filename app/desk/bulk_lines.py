"""What many that are published at once say of where they lead people, and why to look twice at each: names alone show neither."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import Request
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.desk.content_rows import Row, rows
from app.desk.pages import texts_of
from app.desk.risk import reasons_in
from app.features.content import OutdatedContent
from app.features.models import Feature
from app.layers import registry
from app.moderation.models import Submission
from app.moderation.screening.reading import screenings
from app.moderation.suggesting import is_suggestion, merge_of
from app.taxonomy.vocabulary import load_vocabulary

#: Of what is new; of a change everything that matters.
_WAYS = frozenset({"contacts", "website", "place", "address"})


@dataclass(frozen=True, slots=True)
class Lines:
    """Of one submission: the fields that lead people somewhere, its points (None: not screened) and the reasons for them."""

    rows: tuple[Row, ...]
    is_change: bool
    score: int | None
    reasons: tuple[str, ...]


async def lines_of(
    request: Request, session: AsyncSession, ids: Sequence[uuid.UUID]
) -> dict[uuid.UUID, Lines]:
    """Give them by the ids of the submissions."""
    texts = texts_of(request)
    screened = await screenings(session, ids)
    found = {}
    for submission in await session.scalars(select(Submission).where(Submission.id.in_(ids))):
        screening = screened.get(submission.id)
        found[submission.id] = Lines(
            await _rows(request, session, submission),
            submission.kind == "change",
            screening.score if screening else None,
            tuple(reasons_in(texts, screening)) if screening else (),
        )
    return found


async def _rows(request: Request, session: AsyncSession, submission: Submission) -> tuple[Row, ...]:
    vocabulary, texts = load_vocabulary(), texts_of(request)
    live = await session.get(Feature, submission.feature_id) if submission.kind == "change" else None
    if live is None:
        said = rows(submission.content, None, vocabulary, texts)
        return tuple(row for row in said if row.key in _WAYS)
    layer, content = registry.layer(submission.layer), submission.content
    now = live.content
    if is_suggestion(submission):
        try:
            content = (await merge_of(session, layer, vocabulary, submission, live)).content
            now = layer.content.kept(now).to_dict()
        except OutdatedContent:
            # It is not published either.
            return ()
    return tuple(row for row in rows(content, now, vocabulary, texts) if row.material)
