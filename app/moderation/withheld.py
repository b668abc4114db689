"""What a submission may tell of a place that was protected since it was sent: no more than the map tells of it now."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from app.features.models import Feature
from app.features.place import DISCLOSURES
from app.features.places_in_text import without_places
from app.features.protected import streets_of, without_any_place
from app.moderation.models import Submission
from app.moderation.openings import let_through
from app.moderation.past import is_withheld

#: What was merged leads to another one, which may have been merged as well.
_MOST_MERGES: Final = 20


@dataclass(frozen=True, slots=True)
class Told:
    """What may be read of a submission: `place` stands for the one that it names, None where nothing is withheld."""

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
    place: Mapping[str, Any] | None = None
    wanted, strictest = submission.feature_id, submission.content
    for _ in range(_MOST_MERGES):
        feature = await session.get(Feature, wanted) if wanted else None
        if feature is None:
            break
        if is_withheld(strictest, feature.content):
            strictest, place = feature.content, feature.content["place"]
        wanted = feature.merged_into
    return Told(place, streets_of(submission.content)) if place else Told()


def is_protected(content: Mapping[str, Any]) -> bool:
    """Whether a content names its place less than exactly."""
    return bool((content.get("place") or {}).get("disclosure", DISCLOSURES[0]) != DISCLOSURES[0])
