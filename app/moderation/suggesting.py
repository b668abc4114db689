"""What is on the map, for whoever suggests a change of it; and what such a change makes of it at the desk."""

import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.features.content import OutdatedContent
from app.features.disclosure import is_too_open
from app.features.layer import Layer
from app.features.models import Feature, FeatureState, Revision
from app.features.revisions import FeatureNotFound
from app.moderation.merging import Merge, merge
from app.moderation.models import Submission
from app.moderation.openings import let_through
from app.moderation.past import OFF_THE_MAP
from app.moderation.patching import WHERE
from app.taxonomy.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class OnTheMap:
    """What everybody may read of something on the map (`public`), as it is in a revision."""

    feature_id: uuid.UUID
    layer: Layer
    revision: int
    public: dict[str, Any]

    @property
    def is_protected(self) -> bool:
        """Whether its place must not be known."""
        return bool(self.public.get("place", {}).get("disclosure", "exact") != "exact")


@dataclass(frozen=True, slots=True)
class Suggestible(OnTheMap):
    """A published content as its form may show it.

    Of a protected place nothing is asked: `unasked` are its members, which are kept and never shown.
    """

    unasked: dict[str, Any]

    @property
    def whole(self) -> dict[str, Any]:
        """A content that can be checked."""
        return self.public | self.unasked


def is_suggestion(submission: Submission) -> bool:
    """Whether it was made from what is public, by somebody who has seen nothing else."""
    return submission.kind == "change" and submission.channel != "import"


async def read_suggestible(
    session: AsyncSession,
    layers: Any,
    vocabulary: Vocabulary,
    feature_id: uuid.UUID,
    revision: int | None = None,
) -> Suggestible:
    """Give what is published under an id, as it was in `revision` when that is one that was public.

    What is protected now is given as it is now: nobody is led back to where it was. `layers` are the layers by key.
    `FeatureNotFound` for what the public cannot see; `OutdatedContent` for what is published and would be refused today.
    """
    feature = await session.get(Feature, feature_id)
    if feature is None or feature.state != FeatureState.PUBLISHED:
        raise FeatureNotFound
    layer: Layer = layers[feature.layer]
    now = _suggestible(feature_id, layer, vocabulary, feature.revision, feature.content)
    if revision is None or revision == now.revision or now.is_protected:
        return now
    older = await session.get(Revision, (feature_id, revision))
    if older is None or older.action in OFF_THE_MAP:
        return now
    try:
        return _suggestible(feature_id, layer, vocabulary, older.number, older.content)
    except OutdatedContent:
        return now


def _suggestible(
    feature_id: uuid.UUID, layer: Layer, vocabulary: Vocabulary, number: int, content: Any
) -> Suggestible:
    read = layer.content.kept(content)
    if is_too_open(layer.facets(read, vocabulary), vocabulary):
        # Its help is protected from a newer vocabulary on: what the register still says of its place is told to nobody.
        raise OutdatedContent
    shown = OnTheMap(feature_id, layer, number, dict(layer.public_content(read, vocabulary)))
    given = read.to_dict() if shown.is_protected else {}
    unasked = {key: given[key] for key in WHERE if key in given}
    return Suggestible(feature_id, layer, number, shown.public, unasked)


async def merge_of(
    session: AsyncSession, layer: Layer, vocabulary: Vocabulary, submission: Submission, live: Feature
) -> Merge:
    """Give what a suggestion makes of what is live now; `OutdatedContent` when one of them would be refused today."""
    base = await session.scalar(
        select(Revision.content).where(
            Revision.feature_id == live.id, Revision.number == submission.base_revision
        )
    )
    if base is None:
        raise FeatureNotFound
    base_content, suggested, now = (
        layer.content.kept(data) for data in (base, submission.content, live.content)
    )
    found = merge(layer, vocabulary, base_content, suggested, now)
    if await let_through(session, submission.id) is None:
        return found
    # The owner says where it is, and two moderators have agreed that this be shown: of the rest nothing changes.
    kept = {key: value for key, value in live.content.items() if key not in WHERE}
    said = {key: submission.content[key] for key in WHERE if key in submission.content}
    return Merge(kept | said, ())
