"""One published feature with what belongs beside it: opening rules, its organisation, what is near, what it runs."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import orjson
from fastapi import Depends, Request
from sqlalchemy import Row, text

from app.db import Executor
from app.errors import NotFound
from app.features.filters import Filter
from app.features.history import Past, read_past
from app.features.listing import Asked, Order, page
from app.features.published import nearest
from app.layers import registry
from app.pages.answers import versions_of
from app.pages.finder_question import DEFAULT_LAYER
from app.taxonomy.vocabulary import Vocabulary
from app.web.dependencies import ReadConnection
from geo.bbox import Position

NEIGHBOURS = 5
#: Further away is not near any more.
NEAR_M = 20_000
MOST_OF_AN_ORGANISATION = 10

_RECORDS = """
    SELECT f.id, f.layer, f.whole, f.slim, f.hours, f.slug, f.organisation_id,
      o.name AS organisation, o.slug AS organisation_slug, h.events, h.earlier, h.since
    FROM published.feature f
    LEFT JOIN published.feature o ON o.id = f.organisation_id AND o.layer = 'organisations'
    LEFT JOIN published.history h ON h.feature_id = f.id
"""
_RECORD = text(f"{_RECORDS} WHERE f.id = :id AND f.layer = :layer")
_SEVERAL = text(f"{_RECORDS} WHERE f.id = ANY(:ids)")


class FeatureNotPublished(NotFound):
    """This place is not on the map, or no longer."""


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
    past: Past | None = None
    """What happened to it; None where nobody has worked that out yet."""
    organisation_id: uuid.UUID | None = None
    """Of the organisation, when that is published."""

    @property
    def updated(self) -> dt.date:
        """The day of its last change."""
        return dt.date.fromisoformat(self.properties["updated"])

    @property
    def has_phone(self) -> bool:
        """Whether somebody can call there."""
        return "phone" in self.slim

    @property
    def path(self) -> str:
        """The path of its page, without language."""
        return f"{self.lasting_path}/{self.slug}"

    @property
    def lasting_path(self) -> str:
        """The path that leads to its page whatever its name becomes, without language."""
        return f"/{self.layer}/{self.id}"


async def read_record(connection: Executor, layer: str, feature_id: uuid.UUID) -> Record | None:
    """Give the feature; None when the public cannot see it."""
    row = (await connection.execute(_RECORD, {"id": feature_id, "layer": layer})).one_or_none()
    return None if row is None else _record(row)


async def read_records(connection: Executor, ids: Sequence[uuid.UUID]) -> list[Record]:
    """Give several features in the order in which they are asked for; what the public cannot see is left out."""
    rows = await connection.execute(_SEVERAL, {"ids": list(ids)})
    found = {row.id: _record(row) for row in rows}
    return [found[feature_id] for feature_id in ids if feature_id in found]


def _record(row: Row[Any]) -> Record:
    feature = orjson.loads(row.whole)
    geometry = feature["geometry"]
    organisation = None
    if row.organisation is not None:
        organisation = (row.organisation, f"/organisations/{row.organisation_id}/{row.organisation_slug}")
    return Record(
        id=row.id,
        layer=row.layer,
        slug=row.slug,
        properties=feature["properties"],
        slim=orjson.loads(row.slim)["properties"],
        position=Position(*geometry["coordinates"]) if geometry else None,
        rules={rule["service"]: rule["expression"] for rule in row.hours},
        organisation=organisation,
        past=None if row.events is None else read_past(row.events, row.earlier, row.since),
        organisation_id=None if row.organisation is None else row.organisation_id,
    )


async def published_record(
    request: Request, reader: ReadConnection, layer: str, feature_id: uuid.UUID
) -> Record:
    """Give the feature of an address; `FeatureNotPublished` when the public cannot see it, or there is no such layer."""
    # Before the feature is read, or a change in between would have its old text kept under the new validator.
    await versions_of(request)
    record = await read_record(reader, layer, feature_id) if layer in registry.LAYERS else None
    if record is None:
        raise FeatureNotPublished
    return record


#: For a route below `/{layer}/{feature_id:uuid}`.
PublishedRecord = Annotated[Record, Depends(published_record)]


async def neighbours(
    connection: Executor, record: Record, vocabulary: Vocabulary
) -> Sequence[Mapping[str, Any]]:
    """Give the nearest other aid points as slim Features; none for what has no public position."""
    if record.position is None:
        return ()
    statement = nearest(
        DEFAULT_LAYER, *record.position, Filter(), vocabulary, limit=NEIGHBOURS + 1, radius_m=NEAR_M
    )
    found: list[Mapping[str, Any]] = orjson.loads(await statement.bytes(connection))["features"]
    return [feature for feature in found if feature["id"] != str(record.id)][:NEIGHBOURS]


async def siblings(
    connection: Executor, record: Record, vocabulary: Vocabulary
) -> Sequence[Mapping[str, Any]]:
    """Give other aid points of the organisation behind a place as slim Features: the nearest, else by name."""
    if record.organisation_id is None:
        return ()
    asked = Asked(DEFAULT_LAYER, Filter(organisation_id=record.organisation_id))
    order = Order.NAME if record.position is None else Order.NEAR
    statement = page(asked, vocabulary, order, limit=NEIGHBOURS + 1, skip=0, origin=record.position)
    found: list[Mapping[str, Any]] = orjson.loads(await statement.bytes(connection))
    return [feature for feature in found if feature["id"] != str(record.id)][:NEIGHBOURS]


async def run_by(connection: Executor, record: Record, vocabulary: Vocabulary) -> Sequence[Mapping[str, Any]]:
    """Give the aid points of an organisation as slim Features, by name."""
    asked = Asked(DEFAULT_LAYER, Filter(organisation_id=record.id))
    statement = page(asked, vocabulary, Order.NAME, limit=MOST_OF_AN_ORGANISATION, skip=0)
    found: list[Mapping[str, Any]] = orjson.loads(await statement.bytes(connection))
    return found
