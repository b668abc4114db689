"""Entries on the map that a submission may be a duplicate of, as a moderator compares them with it."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.desk.around import position
from app.desk.content_words import Words
from app.desk.duplicate_words import reason_words
from app.features.models import Feature
from app.features.published_models import PublishedFeature
from app.i18n import Translator
from app.moderation.duplicates.search import likely_duplicates
from app.moderation.models import Submission
from app.moderation.states import SubmissionState
from app.moderation.withheld import is_protected
from app.taxonomy.vocabulary import Vocabulary
from geo.distance import distance_m

#: More are no help to who decides.
MOST = 4


@dataclass(frozen=True, slots=True)
class Alike:
    """One entry: why it may be the same, in words; `metres` is None where a reason says it, and where one of the two has no position.

    `may_take` says that the submission can be made a change of it.
    """

    id: uuid.UUID
    layer: str
    name: str
    score: int
    reasons: list[str]
    metres: float | None
    address: str
    hours: str
    run_by: str
    may_take: bool


async def alike(
    session: AsyncSession,
    submission: Submission,
    content: Mapping[str, Any],
    vocabulary: Vocabulary,
    texts: Translator,
) -> list[Alike]:
    """Give the likeliest first; nothing for what is decided."""
    if submission.state != SubmissionState.PENDING:
        return []
    found = await likely_duplicates(
        session, content, submission.layer, feature_id=submission.feature_id, limit=MOST
    )
    query = select(Feature.id, Feature.content).where(Feature.id.in_([one.feature_id for one in found]))
    contents: dict[uuid.UUID, Mapping[str, Any]] = {
        row.id: row.content for row in await session.execute(query)
    }
    run_by = await _run_by(session, contents)
    words = Words(vocabulary, texts)
    own, may_take = (
        position(content),
        submission.kind == "new" and submission.source is None and not is_protected(content),
    )
    result = []
    for one in found:
        said = contents[one.feature_id]
        at = position(said)
        result.append(
            Alike(
                id=one.feature_id,
                layer=one.layer,
                name=one.name,
                score=one.score,
                reasons=reason_words(texts, [reason.to_dict() for reason in one.reasons]),
                # Of what is near the reasons say it.
                metres=distance_m(own["lng"], own["lat"], at["lng"], at["lat"])
                if own and at and all(reason.code != "near" for reason in one.reasons)
                else None,
                address="; ".join(words.lines("address", said.get("address"))),
                hours="; ".join(words.lines("hours", said.get("hours"))),
                run_by=run_by.get(one.feature_id, ""),
                may_take=may_take and not is_protected(said),
            )
        )
    return result


async def _run_by(
    session: AsyncSession, contents: Mapping[uuid.UUID, Mapping[str, Any]]
) -> dict[uuid.UUID, str]:
    """Names of who runs the entries, by the id of each."""
    behind = {key: said.get("organisation") or {} for key, said in contents.items()}
    ids = {uuid.UUID(given["id"]) for given in behind.values() if given.get("id")}
    query = select(PublishedFeature.id, PublishedFeature.name).where(PublishedFeature.id.in_(ids))
    known = {str(row.id): row.name for row in await session.execute(query)} if ids else {}
    return {key: given.get("name") or known.get(str(given.get("id")), "") for key, given in behind.items()}
