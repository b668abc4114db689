"""The published read model: rows derived from features by pure functions, written set by set."""

import functools
import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Final

import orjson
from sqlalchemy import text
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncSession

from app.areas.points import AreaRef, units_of_points
from app.features import census, words
from app.features.content import Content
from app.features.facets import Facets
from app.features.history import Past
from app.features.history_rows import histories
from app.features.layer import Layer
from app.features.openings import DAYS, as_json, opening_spans, slim_openings
from app.features.protected import AREA_TOLERANCE_M, Shown, shown
from app.features.published_models import NO_POSITION, PublishedFeature
from app.features.published_photos import write_photos
from app.features.pyramid import Counted, Delta
from app.features.rendering import NO_NAME, full_text, slim_text, slug_of
from app.features.setting import Setting
from app.features.spine import Spine
from app.i18n import LANGUAGES
from app.photos.keeping import files_in
from app.taxonomy.additions import stored_vocabulary
from app.taxonomy.discretion import is_discreet
from app.taxonomy.positions import ADDED_WORD
from app.taxonomy.vocabulary import Vocabulary
from geo.crs import web_mercator_of
from geo.names import fold_name
from geo.quadkey import quadkey

#: Of an address, in this order.
ADDRESS_PARTS: Final = ("street", "house_number", "city", "postcode")


async def write(
    session: AsyncSession,
    setting: Setting,
    layer: Layer,
    features: Sequence[tuple[Spine, Content]],
    pyramid: Delta,
    *,
    written_before: Collection[uuid.UUID] | None = None,
    counted_before: bool = True,
    check: Callable[[Facets], None] | None = None,
) -> None:
    """Write the rows of published features anew: read model, positions by service, openings, past.

    What changes in the pyramid is added to `pyramid`, for the caller to apply. The layer's version row is
    held by the caller, so nobody else writes to the layer meanwhile. No feature may come twice.
    `written_before` are those that may have rows already; None means all of them. `counted_before` is False
    when the caller has emptied the pyramid and forgotten words and numbers. `check` gets the facets of each feature before anything is written,
    and raises for what must not be public. Whatever it lets through, no row shows a place more openly than its
    services allow, nor a protected one by more than a large unit.
    """
    ids = [spine.id for spine, _ in features] if written_before is None else list(written_before)
    before: census.Rows = ()
    if ids and counted_before:
        await _count(session, setting.vocabulary, ids, pyramid, -1)
        await words.count_out(session, ids)
        before = await census.counted(session, ids)
    facets = [layer.facets(content, setting.vocabulary) for _, content in features]
    if check is not None:
        for given in facets:
            check(given)
    contents = [content for _, content in features]
    public = await shown(session, setting, layer, list(zip(contents, facets, strict=True)))
    facets = [one.facets for one in public]
    areas = await _areas(session, facets)
    protected = {
        spine.id: given.disclosure != "exact" for (spine, _), given in zip(features, facets, strict=True)
    }
    pasts = await histories(session, setting, layer, protected)
    rows = [
        _row(setting, layer, spine, one, found, pyramid) | _past(pasts[spine.id])
        for (spine, _), one, found in zip(features, public, areas, strict=True)
    ]
    if ids:
        await session.execute(_DELETE_PARTS, {"ids": ids})
    if hidden := [key for key, is_protected in protected.items() if is_protected]:
        await session.execute(_LEAD_NOWHERE, {"ids": hidden})
    await session.execute(_WRITE, {"layer": layer.key, "rows": orjson.dumps(rows).decode()})
    await census.settle(session, before, protected)
    photos = {spine.id: files_in(one.public) for (spine, _), one in zip(features, public, strict=True)}
    await write_photos(session, photos, ids)


async def keep(
    session: AsyncSession, vocabulary: Vocabulary, layer: str, ids: Sequence[uuid.UUID], pyramid: Delta
) -> None:
    """Leave the rows of published features as they are, where the caller has emptied the pyramid and forgotten words and numbers."""
    await _count(session, vocabulary, ids, pyramid, 1)
    await words.count_in(session, layer, ids)
    await census.settle(session, (), ids)


async def withdraw(session: AsyncSession, vocabulary: Vocabulary, ids: Sequence[uuid.UUID]) -> None:
    """Delete every public row of features, and count them out of the pyramid, of the words and of the numbers."""
    pyramid = Delta(vocabulary)
    await _count(session, vocabulary, ids, pyramid, -1)
    await words.count_out(session, ids)
    before = await census.counted(session, ids)
    await session.execute(text("DELETE FROM published.feature WHERE id = ANY(:ids)"), {"ids": list(ids)})
    await pyramid.apply(session)
    await census.settle(session, before, ())


async def _count(
    session: AsyncSession, vocabulary: Vocabulary, ids: Sequence[uuid.UUID], pyramid: Delta, sign: int
) -> None:
    """Count the features into the pyramid (`sign` 1) or out of it (-1), as their rows are now."""
    rows = (await session.execute(_COUNTED, {"ids": list(ids)})).all()
    known = vocabulary.mask(vocabulary.services)
    if any(row.services_2 & ~known[ADDED_WORD] for row in rows):
        # Work that takes long began before a service was added, and somebody has given it to a place meanwhile.
        vocabulary = await stored_vocabulary(session)
        pyramid.go_by(vocabulary)
    for row in rows:
        counted = Counted(
            layer=row.layer,
            qk=row.qk,
            lng=row.lng,
            lat=row.lat,
            family=row.family,
            services=vocabulary.codes((row.services_0, row.services_1, row.services_2)),
            audiences=vocabulary.codes_of_bits("audience", row.audiences),
            languages=vocabulary.codes_of_bits("language", row.languages),
            audiences_preferred=vocabulary.codes_of_bits("audience", row.audiences_preferred),
            audiences_only=vocabulary.codes_of_bits("audience", row.audiences_only),
            for_everyone=row.for_everyone,
        )
        pyramid.add(counted, sign)


async def _areas(session: AsyncSession, facets: Sequence[Facets]) -> list[list[AreaRef]]:
    """The administrative units of each feature, smallest first; none without a published position."""
    placed = {i: given.position for i, given in enumerate(facets) if given.position is not None}
    found = await units_of_points(session, list(placed.values()), tolerance_m=AREA_TOLERANCE_M)
    areas: list[list[AreaRef]] = [[] for _ in facets]
    for i, refs in zip(placed, found, strict=True):
        areas[i] = refs
    return areas


def _row(
    setting: Setting,
    layer: Layer,
    spine: Spine,
    given: Shown,
    areas: list[AreaRef],
    pyramid: Delta,
) -> dict[str, Any]:
    """Everything to be written of one feature, as `_WRITE` takes it; its position is counted into `pyramid`."""
    vocabulary, facets = setting.vocabulary, given.facets
    slug = NO_NAME if _tells_too_much(facets, vocabulary) else slug_of(_fold(facets.name))
    services_0, services_1, services_2 = vocabulary.mask(facets.services)
    family = list(vocabulary.families).index(facets.family)
    row: dict[str, Any] = {
        "id": spine.id,
        "qk": NO_POSITION,
        "family": family,
        "services_0": services_0,
        "services_1": services_1,
        "services_2": services_2,
        "audiences": vocabulary.bits("audience", facets.audiences),
        "audiences_preferred": vocabulary.bits("audience", facets.audiences_preferred),
        "audiences_only": vocabulary.bits("audience", facets.audiences_only),
        "for_everyone": facets.for_everyone,
        "languages": vocabulary.bits("language", facets.languages),
        "access": vocabulary.bits("access", facets.access),
        "organisation_id": facets.organisation_id,
        "disclosure": facets.disclosure,
        "area_codes": list(dict.fromkeys([*(ref.code for ref in areas), *facets.area_served])),
        "name": facets.name,
        **{f"name_{language}": facets.name_in(language) for language in LANGUAGES},
        "slug": slug,
        "verified_on": setting.day_of(spine.verified_at) if spine.verified_at else None,
        "valid_until": facets.valid_until,
        "updated_at": spine.updated_at,
        "revision": spine.revision,
        "example": spine.example,
        "hours": as_json(facets.hours),
        "search_a": _folded(facets.search_a),
        "search_b": _folded_services(facets.search_b),
        "search_c": _folded((*facets.search_c, *(ref.name for ref in areas))),
        "slim": slim_text(setting, spine, facets, slug, areas, slim_openings(setting, facets.hours)),
        "whole": full_text(setting, spine, facets, slug, areas, given.public),
        "codes": [],
        "openings": opening_spans(setting, facets.hours, days=DAYS),
    }
    if facets.position is not None:
        row |= _placed(given, facets.position)
        pyramid.add(_counted(layer, facets, row), 1)
    return row


def _counted(layer: Layer, facets: Facets, row: Mapping[str, Any]) -> Counted:
    """What clusters count of a row that has a position."""
    return Counted(
        layer.key,
        row["qk"],
        row["lng"],
        row["lat"],
        row["family"],
        facets.services,
        facets.audiences,
        facets.languages,
        facets.audiences_preferred,
        facets.audiences_only,
        facets.for_everyone,
    )


def _placed(given: Shown, position: tuple[float, float]) -> dict[str, Any]:
    """What a row has for its position (lng, lat in degrees of WGS 84), `x` and `y` in metres of web mercator."""
    lng, lat = round(position[0], 6), round(position[1], 6)
    x, y = web_mercator_of(lng, lat)
    return {
        "qk": quadkey(lng, lat),
        "lng": lng,
        "lat": lat,
        "x": x,
        "y": y,
        "address": _address(given.public),
        "codes": ["", *dict.fromkeys(given.facets.services)],
    }


def _tells_too_much(facets: Facets, vocabulary: Vocabulary) -> bool:
    """Whether the name has to stay out of the address, which stands in the history of a shared device and in logs.

    The name of a refuge says what help somebody looked for, that of a protected place often its street.
    """
    return facets.disclosure != "exact" or is_discreet({"services": facets.services}, vocabulary)


def _address(public: Mapping[str, Any]) -> str | None:
    """The parts of an address by which typed ones are found, as text of JSON; None without a house number or a town."""
    address = public.get("address") or {}
    if not address.get("house_number") or not address.get("city"):
        return None
    return orjson.dumps([address.get(part) or "" for part in ADDRESS_PARTS]).decode()


def _past(past: Past) -> dict[str, Any]:
    return {
        "events": [event.to_dict() for event in past.events],
        "earlier": past.earlier,
        "since": past.since,
    }


def _folded(texts: Sequence[str]) -> str:
    """Search texts as one line of folded words: a search folds its words in the same way."""
    return " ".join(_fold(part) for part in texts)


# The names of the services come again with every feature, and its own with its slug.
_fold = functools.lru_cache(maxsize=4096)(fold_name)
_folded_services = functools.lru_cache(maxsize=1024)(_folded)

_COUNTED = text(
    """
    SELECT layer, qk, lng, lat, family, services_0, services_1, services_2, audiences, languages,
           audiences_preferred, audiences_only, for_everyone
    FROM published.feature WHERE id = ANY(:ids) AND geom IS NOT NULL
    """
)
_DELETE_PARTS = text(
    """
    WITH services AS (DELETE FROM published.service_position WHERE feature_id = ANY(:ids))
    DELETE FROM published.opening WHERE feature_id = ANY(:ids)
    """
)
# Whoever knew where one was must not learn that a protected place is the same.
_LEAD_NOWHERE = text("DELETE FROM published.merged WHERE into_id = ANY(:ids)")
_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]
#: What comes as it is stored; layer, position and search text are made by the statement.
_COLUMNS = {
    column.name: column.type.compile(_DIALECT)
    for column in PublishedFeature.__table__.columns
    if column.name not in {"layer", "geom", "search"}
}
_SET = ", ".join(f"{name} = excluded.{name}" for name in [*_COLUMNS, "geom", "search"] if name != "id")
# One value holds all rows: the driver would spend more on 30 parameters a feature than the server on reading
# them. Names and types of our own columns only.
_WRITE = text(
    f"""
    WITH given AS (
      SELECT *, setweight(to_tsvector('simple', search_a), 'A')
          || setweight(to_tsvector('simple', search_b), 'B')
          || setweight(to_tsvector('simple', search_c), 'C') AS search
      FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS given (
        {", ".join(f"{name} {kind}" for name, kind in _COLUMNS.items())},
        search_a text, search_b text, search_c text, x float8, y float8, codes text[], openings jsonb,
        events jsonb, earlier integer, since date)
    ),
    feature AS (
      INSERT INTO published.feature (layer, {", ".join(_COLUMNS)}, geom, search)
      SELECT :layer, {", ".join(_COLUMNS)},
        CASE WHEN lng IS NOT NULL THEN ST_SetSRID(ST_MakePoint(lng, lat), 4326) END, search
      FROM given
      ON CONFLICT (id) DO UPDATE SET {_SET}
    ),
    service_position AS (
      INSERT INTO published.service_position (feature_id, code, layer, geom)
      SELECT id, code, :layer, ST_SetSRID(ST_MakePoint(x, y), 3857) FROM given, unnest(codes) AS code
    ),
    word AS ({words.COUNT_IN}),
    history AS (
      INSERT INTO published.history (feature_id, events, earlier, since)
      SELECT id, events, earlier, since FROM given
      ON CONFLICT (feature_id) DO UPDATE SET
        events = excluded.events, earlier = excluded.earlier, since = excluded.since
    )
    INSERT INTO published.opening (feature_id, service, span, state)
    SELECT given.id, o.service, tstzrange(to_timestamp(o.since), to_timestamp(o.until)), o.state
    FROM given, jsonb_to_recordset(openings) AS o (service text, since float8, until float8, state text)
    """  # noqa: S608 - our own constants; values are parameters
)
