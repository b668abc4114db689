"""One published feature with what belongs beside it: opening rules, its organisation, what is near, what it runs."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.features.filters import Filter
from app.features.listing import Asked, Order, page
from app.features.published import nearest
from app.pages.finder_question import DEFAULT_LAYER
from app.taxonomy.vocabulary import Vocabulary
from geo.bbox import Position

NEIGHBOURS = 5
#: Further away is not near any more.
NEAR_M = 20_000
MOST_OF_AN_ORGANISATION = 10

_RECORD = text(
    """
    SELECT f.whole, f.slim, f.hours, f.slug, f.organisation_id, o.name AS organisation, o.slug AS organisation_slug
    FROM published.feature f
    LEFT JOIN published.feature o ON o.id = f.organisation_id AND o.layer = 'organisations'
    WHERE f.id = :id AND f.layer = :layer
    """
)


@dataclass(frozen=True, slots=True)
class Record:
    """A feature as the public may see it. `rules` are opening hours by service, closures in them; None is the place."""

    id: uuid.UUID
    layer: str
    slug: str
    properties: Mapping[str, Any]
    slim: Mapping[str, Any]
    position: Position | None
    rules: Mapping[str | None, str]
    organisation: tuple[str, str] | None
    """Name and path (without language) of the organisation, when that is published."""

    @property
    def updated(self) -> dt.date:
        """The day of its last change."""
        return dt.date.fromisoformat(self.properties["updated"])

    @property
    def path(self) -> str:
        """The path of its page, without language."""
        return f"/{self.layer}/{self.id}/{self.slug}"


async def read_record(connection: AsyncConnection, layer: str, feature_id: uuid.UUID) -> Record | None:
    """Give the feature; None when the public cannot see it."""
    row = (await connection.execute(_RECORD, {"id": feature_id, "layer": layer})).one_or_none()
    if row is None:
        return None
    feature = orjson.loads(row.whole)
    geometry = feature["geometry"]
    organisation = None
    if row.organisation is not None:
        organisation = (row.organisation, f"/organisations/{row.organisation_id}/{row.organisation_slug}")
    return Record(
        id=feature_id,
        layer=layer,
        slug=row.slug,
        properties=feature["properties"],
        slim=orjson.loads(row.slim)["properties"],
        position=Position(*geometry["coordinates"]) if geometry else None,
        rules={rule["service"]: rule["expression"] for rule in row.hours},
        organisation=organisation,
    )


async def neighbours(
    connection: AsyncConnection, record: Record, vocabulary: Vocabulary
) -> Sequence[Mapping[str, Any]]:
    """Give the nearest other aid points as slim Features; none for what has no public position."""
    if record.position is None:
        return ()
    statement = nearest(
        DEFAULT_LAYER, *record.position, Filter(), vocabulary, limit=NEIGHBOURS + 1, radius_m=NEAR_M
    )
    found: list[Mapping[str, Any]] = orjson.loads(await statement.bytes(connection))["features"]
    return [feature for feature in found if feature["id"] != str(record.id)][:NEIGHBOURS]


async def run_by(
    connection: AsyncConnection, record: Record, vocabulary: Vocabulary
) -> Sequence[Mapping[str, Any]]:
    """Give the aid points of an organisation as slim Features, by name."""
    asked = Asked(DEFAULT_LAYER, Filter(organisation_id=record.id))
    statement = page(asked, vocabulary, Order.NAME, limit=MOST_OF_AN_ORGANISATION, skip=0)
    found: list[Mapping[str, Any]] = orjson.loads(await statement.bytes(connection))
    return found
