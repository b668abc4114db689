"""One published feature with what belongs beside it: opening rules, its organisation, what is near, what it runs."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Annotated, Any

import orjson
from fastapi import Depends, Request
from sqlalchemy import Row, text

from app.db import Executor
from app.errors import NotFound
from app.features.filters import Filter
from app.features.history import Past, read_past
from app.features.listing import Asked, Order, page
from app.features.merged import way_on
from app.features.published import nearest
from app.features.rendering import NO_NAME
from app.layers import registry
from app.pages.answers import versions_of
from app.pages.finder_question import DEFAULT_LAYER
from app.pages.led_on import led_on
from app.taxonomy.discretion import discreet_services, is_discreet
from app.taxonomy.vocabulary import Vocabulary, load_vocabulary
from app.web.dependencies import ReadConnection
from geo.bbox import Position

NEIGHBOURS = 5
#: So many are looked at, of which some are not to be shown.
_LOOKED_AT = 4 * NEIGHBOURS
#: Further away is not near any more.
NEAR_M = 20_000
MOST_OF_AN_ORGANISATION = 10

# Of an organisation that runs nothing else than what is discreet or protected, the name says as much as theirs.
_OPENLY = """
    r.disclosure = 'exact' AND r.services_0 & :discreet_0 = 0 AND r.services_1 & :discreet_1 = 0
    AND r.services_2 & :discreet_2 = 0
"""
_ONLY_DISCREET = f"""
    EXISTS (SELECT FROM published.feature r WHERE r.organisation_id = {{id}})
    AND NOT EXISTS (SELECT FROM published.feature r WHERE r.organisation_id = {{id}} AND {_OPENLY})
"""  # noqa: S608 - constants of this module
_RECORDS = f"""
    SELECT f.id, f.layer, f.whole, f.slim, f.hours, f.slug, f.organisation_id,
      f.layer = 'organisations' AND {_ONLY_DISCREET.format(id="f.id")} AS only_discreet,
      o.name AS organisation, h.events,
      CASE WHEN {_ONLY_DISCREET.format(id="o.id")} THEN '{NO_NAME}' ELSE o.slug END AS organisation_slug, h.earlier, h.since,
      EXISTS (SELECT FROM published.being_checked c WHERE c.feature_id = f.id) AS being_checked,
      (SELECT since FROM published.verified_organisation v WHERE v.feature_id = coalesce(f.organisation_id, f.id)) AS verified_since
    FROM published.feature f
    LEFT JOIN published.feature o ON o.id = f.organisation_id AND o.layer = 'organisations'
    LEFT JOIN published.history h ON h.feature_id = f.id
"""  # noqa: S608 - constants of this module
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
    being_checked: bool = False
    """Whether several people have said that it is dangerous, and nobody has looked yet."""
    verified_since: dt.datetime | None = None
    """Since when two people vouch for the organisation that runs it, or that it is."""
    only_discreet: bool = False
    """Whether it is an organisation that runs nothing but places that nobody else is to find."""

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
    row = (await connection.execute(_RECORD, {"id": feature_id, "layer": layer} | _discreet())).one_or_none()
    return None if row is None else _record(row)


async def read_records(connection: Executor, ids: Sequence[uuid.UUID]) -> list[Record]:
    """Give several features in the order in which they are asked for; what the public cannot see is left out.

    In the place of what was merged stands what it was merged with.
    """
    found = await _several(connection, ids)
    led = {key: await way_on(connection, key) for key in ids if key not in found}
    others = {key: way[0] for key, way in led.items() if way is not None}
    if others:
        found = await _several(connection, list(others.values())) | found
    # Two of a list that were merged are one.
    given = dict.fromkeys(others.get(key, key) for key in ids)
    return [found[key] for key in given if key in found]


async def _several(connection: Executor, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Record]:
    return {
        row.id: _record(row) for row in await connection.execute(_SEVERAL, {"ids": list(ids)} | _discreet())
    }


def _discreet() -> dict[str, int]:
    vocabulary = load_vocabulary()
    masks = vocabulary.mask(discreet_services(vocabulary))
    return {f"discreet_{word}": mask for word, mask in enumerate(masks)}


def _record(row: Row[Any]) -> Record:
    feature = orjson.loads(row.whole)
    geometry = feature["geometry"]
    organisation = None
    if row.organisation is not None:
        organisation = (row.organisation, f"/organisations/{row.organisation_id}/{row.organisation_slug}")
    return Record(
        id=row.id,
        layer=row.layer,
        slug=NO_NAME if row.only_discreet else row.slug,
        only_discreet=row.only_discreet,
        properties=feature["properties"],
        slim=orjson.loads(row.slim)["properties"],
        position=Position(*geometry["coordinates"]) if geometry else None,
        rules={rule["service"]: rule["expression"] for rule in row.hours},
        organisation=organisation,
        past=None if row.events is None else read_past(row.events, row.earlier, row.since),
        organisation_id=None if row.organisation is None else row.organisation_id,
        being_checked=row.being_checked,
        verified_since=row.verified_since,
    )


async def published_record(
    request: Request, reader: ReadConnection, layer: str, feature_id: uuid.UUID
) -> Record:
    """Give the feature of an address; `FeatureNotPublished` when the public cannot see it, or there is no such layer.

    What was merged answers with the way to what it was merged with.
    """
    if layer not in registry.LAYERS:
        raise FeatureNotPublished
    # Before the feature is read, or a change in between would have its old text kept under the new validator.
    await versions_of(request)
    record = await read_record(reader, layer, feature_id)
    if record is None:
        await led_on(request, reader, feature_id, layer)
        raise FeatureNotPublished
    return record


#: For a route below `/{layer}/{feature_id:uuid}`.
PublishedRecord = Annotated[Record, Depends(published_record)]


async def neighbours(
    connection: Executor, record: Record, vocabulary: Vocabulary, besides: Sequence[Mapping[str, Any]]
) -> Sequence[Mapping[str, Any]]:
    """Give the nearest other aid points `besides` some as slim Features; none for what has no public position."""
    if record.position is None:
        return ()
    statement = nearest(
        DEFAULT_LAYER, *record.position, Filter(), vocabulary, limit=_LOOKED_AT, radius_m=NEAR_M
    )
    found = orjson.loads(await statement.bytes(connection))["features"]
    return _first(found, {str(record.id), *(feature["id"] for feature in besides)})


async def siblings(
    connection: Executor, record: Record, vocabulary: Vocabulary
) -> Sequence[Mapping[str, Any]]:
    """Give other aid points of the organisation behind a place as slim Features: the nearest, else by name."""
    if record.organisation_id is None:
        return ()
    asked = Asked(DEFAULT_LAYER, Filter(organisation_id=record.organisation_id))
    order = Order.NAME if record.position is None else Order.NEAR
    statement = page(asked, vocabulary, order, limit=_LOOKED_AT, skip=0, origin=record.position)
    found: list[Mapping[str, Any]] = orjson.loads(await statement.bytes(connection))
    # What is discreet is found on the organisation's page, which no device keeps.
    told = (feature for feature in found if not is_discreet(feature["properties"], vocabulary))
    return _first(told, {str(record.id)})


def _first(found: Iterable[Mapping[str, Any]], shown: Collection[str]) -> list[Mapping[str, Any]]:
    """The first ones whose ids are not `shown` already."""
    return list(islice((feature for feature in found if feature["id"] not in shown), NEIGHBOURS))


async def run_by(connection: Executor, record: Record, vocabulary: Vocabulary) -> Sequence[Mapping[str, Any]]:
    """Give the aid points of an organisation as slim Features, by name."""
    asked = Asked(DEFAULT_LAYER, Filter(organisation_id=record.id))
    statement = page(asked, vocabulary, Order.NAME, limit=MOST_OF_AN_ORGANISATION, skip=0)
    found: list[Mapping[str, Any]] = orjson.loads(await statement.bytes(connection))
    return found
