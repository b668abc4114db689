"""Loads the demonstration and removes it again, each in the caller's transaction."""

import random
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import delete, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import SYSTEM, record
from app.demonstration.checks import note_checks
from app.demonstration.organisations import invent_organisation
from app.demonstration.points import Invented, Runner, deal, invent_point
from app.demonstration.reading import OrganisationPattern, kinds, names, organisation_patterns, towns
from app.demonstration.spots import Spot, spots
from app.demonstration.submissions import Placed, add_submissions
from app.errors import Conflict
from app.features.layer import Layer
from app.features.models import Feature
from app.features.publishing import DEMONSTRATION, Item, publish_many, remove_examples
from app.features.revisions import hold_layers
from app.features.setting import Setting
from app.layers.registry import layer
from app.moderation.models import Submission
from app.taxonomy.vocabulary import Vocabulary

#: The same places, names and hours in every installation; what has a date counts from the day of loading.
SEED: Final = 20_261_121
#: Called with how many features are done, and of how many.
Progress = Callable[[int, int], None]


class RealDataThere(Conflict):
    """There are real places already, and examples would stand among them. Use --force if you want that."""


class TownsMissing(Conflict):
    """The gazetteer has none of the demonstration's towns. They are in Poland: set COUNTRIES to PL and start once."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was loaded; nothing when the examples were there before (`already`)."""

    points: int = 0
    organisations: int = 0
    submissions: int = 0
    already: bool = False


@dataclass(frozen=True, slots=True)
class Removed:
    """What was removed."""

    features: int
    submissions: int


async def load_demonstration(
    session: AsyncSession,
    setting: Setting,
    *,
    force: bool = False,
    progress: Progress = lambda _done, _all: None,
) -> Loaded:
    """Publish the invented organisations and aid points and fill the queue; a second time does nothing.

    `RealDataThere` when features that are no examples are published, unless `force`. `TownsMissing`
    without the gazetteer.
    """
    await session.execute(text("SELECT pg_advisory_xact_lock(hashtext('app.demonstration'))"))
    if await _exists(session, example=True):
        return Loaded(already=True)
    if not force and await _exists(session, example=False):
        raise RealDataThere
    # Both layers, before anything else is held: on a server that runs, somebody may decide at this moment.
    await hold_layers(session, ["organisations", "aid_points"])
    # Not for secrets: the same numbers every time is what is wanted here.
    chance = random.Random(SEED)  # noqa: S311 - inventions, the same everywhere
    found = list(spots(chance, towns(), await _centres(session), names()))
    if not found:
        raise TownsMissing
    total = len(found) + len(organisation_patterns())
    offices, organisations = _organisations(chance, setting, found)
    ids = await _publish(session, setting, layer("organisations"), organisations)
    progress(len(ids), total)
    runners = [
        Runner(str(id_), pattern.town, pattern.families) for id_, pattern in zip(ids, offices, strict=True)
    ]
    dealt = deal(chance, kinds(), found)
    points = [
        invent_point(
            chance,
            spot,
            kind,
            number,
            names=names(),
            runners=runners,
            now=setting.now,
            serial=serial,
        )
        for serial, (spot, kind, number) in enumerate(dealt, start=1)
    ]
    point_ids = await _publish(session, setting, layer("aid_points"), points)
    progress(total, total)
    placed = [
        Placed(id_, kind.key, spot, point.content)
        for id_, (spot, kind, _), point in zip(point_ids, dealt, points, strict=True)
    ]
    submissions = await add_submissions(session, setting, placed)
    record(session, SYSTEM, "demonstration.loaded", "feature", "examples", count=total)
    return Loaded(len(points), len(organisations), submissions)


async def never_used(session: AsyncSession) -> bool:
    """Whether nothing was ever published or submitted here: then examples may come unasked.

    The changes feed is kept for ever, so they do not come back once somebody has removed them.
    """
    used = text(
        "SELECT EXISTS (SELECT FROM published.change) OR EXISTS (SELECT FROM core.feature)"
        " OR EXISTS (SELECT FROM core.submission)"
    )
    return not await session.scalar(used)


async def remove_demonstration(session: AsyncSession, vocabulary: Vocabulary) -> Removed:
    """Delete every example and every invented submission, also those that were decided meanwhile."""
    ids = (await session.scalars(select(Submission.id).where(Submission.source == DEMONSTRATION))).all()
    await session.execute(delete(Submission).where(Submission.id.in_(ids)))
    features = await remove_examples(session, vocabulary)
    return Removed(features, len(ids))


def _organisations(
    chance: random.Random, setting: Setting, found: Sequence[Spot]
) -> tuple[list[OrganisationPattern], list[Invented]]:
    by_town: dict[str, list[Spot]] = {}
    for spot in found:
        by_town.setdefault(spot.town.name, []).append(spot)
    patterns = [pattern for pattern in organisation_patterns() if pattern.town in by_town]
    invented = [
        invent_organisation(
            chance, pattern, chance.choice(by_town[pattern.town]), now=setting.now, serial=serial
        )
        for serial, pattern in enumerate(patterns, start=1)
    ]
    return patterns, invented


async def _publish(
    session: AsyncSession, setting: Setting, declared: Layer, invented: Sequence[Invented]
) -> list[uuid.UUID]:
    items = [
        Item(declared.content.read(one.content, country="PL"), provenance=one.provenance) for one in invented
    ]
    published = await publish_many(session, setting, declared, items, action="import", reason=DEMONSTRATION)
    ids = [publication.feature_id for publication in published]
    await note_checks(session, setting, declared, ids, invented)
    return ids


async def _exists(session: AsyncSession, *, example: bool) -> bool:
    return bool(await session.scalar(select(select(Feature.id).where(Feature.example.is_(example)).exists())))


async def _centres(session: AsyncSession) -> dict[str, tuple[float, float]]:
    """Where the settlements are that the towns name; lng, lat by id."""
    rows = await session.execute(
        text("SELECT id, lng, lat FROM published.place WHERE id = ANY(:ids)"),
        {"ids": [town.place for town in towns()]},
    )
    return {row.id: (row.lng, row.lat) for row in rows}
