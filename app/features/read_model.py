"""The published read model: rows derived from features by pure functions, written set by set."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, insert, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from app.areas.points import AreaRef, units_of_points
from app.features.content import Content
from app.features.facets import Facets
from app.features.layer import Layer
from app.features.models import NO_POSITION, Feature, Opening, PublishedFeature
from app.features.openings import DAYS, as_json, opening_spans, slim_openings
from app.features.pyramid import Counted, deltas
from app.features.rendering import AreaName, Spine, full_text, slim_text, slug_of
from app.features.setting import Setting
from app.taxonomy.vocabulary import Vocabulary
from geo.crs import web_mercator_of
from geo.names import fold_name
from geo.quadkey import quadkey

#: How far outside every known boundary a point may lie and still be counted to the nearest unit: coasts are drawn coarsely.
AREA_TOLERANCE_M = 3000.0


@dataclass(frozen=True, slots=True)
class _Row:
    """One feature's rows, before they are written."""

    published: dict[str, Any]
    counted: Counted | None
    services: list[dict[str, Any]]
    openings: list[dict[str, Any]]


async def write(
    session: AsyncSession,
    setting: Setting,
    layer: Layer,
    features: Sequence[tuple[Feature, Content]],
    *,
    counted_before: bool = True,
) -> None:
    """Write the rows of published features anew: read model, positions by service, openings, pyramid.

    The layer's version row is held by the caller, so nobody else writes to the layer meanwhile.
    `counted_before` is False when the caller has emptied the pyramid.
    """
    ids = [feature.id for feature, _ in features]
    before = await _counted(session, setting.vocabulary, ids) if counted_before else []
    facets = [layer.facets(content, setting.vocabulary) for _, content in features]
    areas = await _areas(session, facets)
    rows = [
        _row(setting, layer, entry, given, found)
        for entry, given, found in zip(features, facets, areas, strict=True)
    ]
    await _delete_parts(session, ids)
    await session.execute(_UPSERT, [row.published for row in rows])
    if services := [part for row in rows for part in row.services]:
        await session.execute(_INSERT_SERVICE, services)
    if openings := [part for row in rows for part in row.openings]:
        await session.execute(insert(Opening), openings)
    after = [row.counted for row in rows if row.counted is not None]
    await deltas(setting.vocabulary, before, after).apply(session)


async def withdraw(session: AsyncSession, vocabulary: Vocabulary, ids: Sequence[uuid.UUID]) -> None:
    """Delete every public row of features, and count them out of the pyramid."""
    before = await _counted(session, vocabulary, ids)
    await session.execute(text("DELETE FROM published.feature WHERE id = ANY(:ids)"), {"ids": list(ids)})
    await deltas(vocabulary, before, []).apply(session)


async def _delete_parts(session: AsyncSession, ids: Sequence[uuid.UUID]) -> None:
    values = {"ids": list(ids)}
    await session.execute(text("DELETE FROM published.service_position WHERE feature_id = ANY(:ids)"), values)
    await session.execute(text("DELETE FROM published.opening WHERE feature_id = ANY(:ids)"), values)


async def _counted(session: AsyncSession, vocabulary: Vocabulary, ids: Sequence[uuid.UUID]) -> list[Counted]:
    """The features as the pyramid counts them now."""
    rows = await session.execute(
        text(
            """
            SELECT layer, qk, lng, lat, family, services_0, services_1, audiences, languages
            FROM published.feature WHERE id = ANY(:ids) AND geom IS NOT NULL
            """
        ),
        {"ids": list(ids)},
    )
    return [
        Counted(
            layer=row.layer,
            qk=row.qk,
            lng=row.lng,
            lat=row.lat,
            family=row.family,
            services=vocabulary.codes((row.services_0, row.services_1)),
            audiences=vocabulary.codes_of_bits("audience", row.audiences),
            languages=vocabulary.codes_of_bits("language", row.languages),
        )
        for row in rows
    ]


async def _areas(session: AsyncSession, facets: Sequence[Facets]) -> list[list[AreaRef]]:
    """The administrative units of each feature, smallest first; none without a published position."""
    placed = {i: given.position for i, given in enumerate(facets) if given.position is not None}
    found = await units_of_points(session, list(placed.values()), tolerance_m=AREA_TOLERANCE_M)
    areas: list[list[AreaRef]] = [[] for _ in facets]
    for i, refs in zip(placed, found, strict=True):
        areas[i] = refs
    return areas


def _row(
    setting: Setting, layer: Layer, entry: tuple[Feature, Content], facets: Facets, areas: list[AreaRef]
) -> _Row:
    feature, content = entry
    vocabulary = setting.vocabulary
    names = [AreaName(ref.code, ref.level, ref.name) for ref in areas]
    spine = _spine(setting, feature)
    position = (
        None if facets.position is None else (round(facets.position[0], 6), round(facets.position[1], 6))
    )
    key = NO_POSITION if position is None else quadkey(*position)
    services_0, services_1 = vocabulary.mask(facets.services)
    family = list(vocabulary.families).index(facets.family)
    published = {
        "id": feature.id,
        "layer": layer.key,
        "qk": key,
        "lng": position[0] if position else None,
        "lat": position[1] if position else None,
        "family": family,
        "services_0": services_0,
        "services_1": services_1,
        "audiences": vocabulary.bits("audience", facets.audiences),
        "languages": vocabulary.bits("language", facets.languages),
        "access": vocabulary.bits("access", facets.access),
        "organisation_id": uuid.UUID(facets.organisation_id) if facets.organisation_id else None,
        "disclosure": facets.disclosure,
        "area_codes": list(dict.fromkeys([*(ref.code for ref in areas), *facets.area_served])),
        "name": facets.name,
        "slug": slug_of(facets.name),
        "verified_on": spine.verified_on,
        "valid_until": dt.date.fromisoformat(facets.valid_until) if facets.valid_until else None,
        "updated_at": feature.updated_at,
        "revision": feature.revision,
        "example": feature.example,
        "hours": as_json(facets.hours),
        "search_a": _folded(facets.search_a),
        "search_b": _folded(facets.search_b),
        "search_c": _folded((*facets.search_c, *(ref.name for ref in areas))),
        "slim": slim_text(spine, facets, names, slim_openings(setting, facets.hours)),
        "whole": full_text(spine, facets, names, layer.public_content(content, vocabulary)),
    }
    counted = position and Counted(
        layer.key, key, *position, family, facets.services, facets.audiences, facets.languages
    )
    return _Row(
        published=published,
        counted=counted or None,
        services=_service_rows(layer, feature, facets, position),
        openings=[
            {"feature_id": feature.id, "service": service, "span": span, "state": state}
            for service, span, state in opening_spans(setting, facets.hours, days=DAYS)
        ],
    )


def _spine(setting: Setting, feature: Feature) -> Spine:
    return Spine(
        id=feature.id,
        layer=feature.layer,
        revision=feature.revision,
        verified_on=setting.day_of(feature.verified_at) if feature.verified_at else None,
        verified_how=feature.verified_how,
        updated_on=setting.day_of(feature.updated_at),
        source=feature.source,
        source_id=feature.source_id,
        source_url=feature.source_url,
        licence=feature.licence,
        attribution=feature.attribution,
        example=feature.example,
    )


def _service_rows(
    layer: Layer, feature: Feature, facets: Facets, position: tuple[float, float] | None
) -> list[dict[str, Any]]:
    if position is None:
        return []
    x, y = web_mercator_of(*position)
    codes = ["", *dict.fromkeys(facets.services)]
    return [{"feature_id": feature.id, "code": code, "layer": layer.key, "x": x, "y": y} for code in codes]


def _folded(texts: Sequence[str]) -> str:
    """Search texts as one line of folded words: a search folds its words in the same way."""
    return " ".join(fold_name(part) for part in texts)


_COLUMNS = [
    column.name
    for column in PublishedFeature.__table__.columns
    if column.name not in {"geom", "search", "hours"}
]
_SET = ", ".join(
    f"{name} = excluded.{name}" for name in [*_COLUMNS, "geom", "search", "hours"] if name != "id"
)
# Names of our own columns only.
_UPSERT = text(
    f"""
    INSERT INTO published.feature ({", ".join(_COLUMNS)}, geom, hours, search)
    VALUES ({", ".join(f":{name}" for name in _COLUMNS)},
      CASE WHEN CAST(:lng AS float8) IS NOT NULL
           THEN ST_SetSRID(ST_MakePoint(CAST(:lng AS float8), CAST(:lat AS float8)), 4326) END,
      :hours,
      setweight(to_tsvector('simple', :search_a), 'A')
        || setweight(to_tsvector('simple', :search_b), 'B')
        || setweight(to_tsvector('simple', :search_c), 'C'))
    ON CONFLICT (id) DO UPDATE SET {_SET}
    """  # noqa: S608
).bindparams(bindparam("hours", type_=JSONB))
_INSERT_SERVICE = text(
    """
    INSERT INTO published.service_position (feature_id, code, layer, geom)
    VALUES (:feature_id, :code, :layer, ST_SetSRID(ST_MakePoint(:x, :y), 3857))
    """
)
