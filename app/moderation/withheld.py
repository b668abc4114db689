"""What a submission, or an entry that was merged, may tell of a place that is protected: no more than the map tells of it now."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.features.models import Feature
from app.features.place import DISCLOSURES
from app.features.places_in_text import without_places
from app.features.protected import streets_of, without_any_place
from app.moderation.models import Submission
from app.moderation.openings import let_through
from app.moderation.past import is_withheld, least_told


@dataclass(frozen=True, slots=True)
class Told:
    """What may be read of it: `place` stands for the one that it names, None where nothing is withheld."""

    place: Mapping[str, Any] | None = None
    streets: frozenset[str] = frozenset()

    def content(self, content: Mapping[str, Any]) -> dict[str, Any]:
        """Give a content as JSON, of the submission or of a version that came of it."""
        if self.place is None:
            return dict(content)
        kept = {key: value for key, value in content.items() if key != "address"}
        return without_any_place(kept | {"place": self.place}, self.streets)

    def text(self, said: str) -> str:
        """Give what somebody wrote about it."""
        return said if self.place is None else without_places(said, self.streets)


async def told_of(session: AsyncSession, submission: Submission) -> Told:
    """Say what may be read of a submission, by what its feature, and whatever that was merged into, tells now."""
    if await let_through(session, submission.id) is not None:
        # Its owner and two moderators have agreed that this may be known.
        return Told()
    feature = await session.get(Feature, submission.feature_id) if submission.feature_id else None
    return Told() if feature is None else _told(submission.content, await least_told(session, feature))


async def told_of_feature(session: AsyncSession, feature: Feature) -> Told:
    """Say what may be read of a feature: of one merged into a protected one no place, which is kept for the undoing alone."""
    return _told(feature.content, await least_told(session, feature))


def _told(content: Mapping[str, Any], live: Mapping[str, Any]) -> Told:
    return Told(live["place"], streets_of(content)) if is_withheld(content, live) else Told()


def is_protected(content: Mapping[str, Any]) -> bool:
    """Whether a content names its place less than exactly."""
    return bool((content.get("place") or {}).get("disclosure", DISCLOSURES[0]) != DISCLOSURES[0])
