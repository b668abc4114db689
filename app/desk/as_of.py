"""What was on the map on a day: one place, a whole layer to look through, a whole layer as a file.

For staff only: what was taken down or protected since was public once, and is not to be public again.
"""

import datetime as dt
import re
import uuid
import zoneinfo
from collections.abc import AsyncIterator, Mapping
from typing import Annotated, Any, Final

import orjson
from fastapi import Query, Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from app.desk.acts import setting_of
from app.desk.guard import user_id_of
from app.desk.listed import name_of
from app.desk.pages import desk_page, texts_of
from app.desk.published import FeatureId
from app.desk.revisions import versions_page
from app.errors import FieldProblem, InvalidInput
from app.features.content import OutdatedContent
from app.features.layer import Layer
from app.i18n import N_
from app.layers import registry
from app.moderation.as_of import Then, layer_at, revision_at, whole_layer_at
from app.moderation.live import id_in, read_feature
from app.taxonomy.vocabulary import Vocabulary, load_vocabulary
from app.web.dependencies import WriteSession, database_of, limited, settings_of
from app.web.etag import private
from app.web.query import PlainText
from app.web.rate_limit import Limit
from app.web.routes import page_router, requires

router = page_router("/desk")

Day = Annotated[PlainText, Query(max_length=10)]
LayerKey = Annotated[PlainText, Query(max_length=40)]
NO_DAY = N_("Write a day as in 2026-11-20. It cannot be in the future.")
NOT_THERE = N_("It was not there yet on that day.")
#: So many are looked at for one page of the list.
PAGE: Final = 100
#: Files of whole layers that one person may fetch.
FILES: Final = Limit("as_of_file", times=6, period_s=600)
_DAY: Final = re.compile(r"20\d\d-\d\d-\d\d", re.ASCII)
_FIRST: Final = uuid.UUID(int=0)


@router.get("/published/{feature_id}/as-of", dependencies=[requires("feature.see")])
async def one_on_a_day(
    request: Request, session: WriteSession, feature_id: FeatureId, day: Day = ""
) -> Response:
    """Lead to the version that was there when the day ended."""
    feature = await read_feature(session, id_in(feature_id))
    try:
        end = _end_of(request, day)
    except InvalidInput as error:
        wrong = error.problems[0].message
        return await versions_page(request, session, feature, status=422, problem=wrong, day=day)
    number = await revision_at(session, feature.id, end)
    if number is None:
        return await versions_page(request, session, feature, status=404, problem=NOT_THERE, day=day)
    return RedirectResponse(f"/desk/published/{feature.id}/version?number={number}&day={day}", 303)


@router.get("/as-of", dependencies=[requires("layer.as_of")])
async def layer_on_a_day(
    request: Request,
    session: WriteSession,
    layer: LayerKey = "",
    day: Day = "",
    after: Annotated[PlainText, Query(max_length=36)] = "",
) -> Response:
    """The field for a day and a layer, what was on the map when it ended, and the way to all of it as a file."""
    texts = texts_of(request)
    data: dict[str, Any] = {
        "layers": [(key, texts.gettext(known.plural)) for key, known in registry.LAYERS.items()],
        "layer": layer,
        "day": day,
        "found": None,
        "next": None,
        "problem": "",
    }
    if not layer and not day:
        return await desk_page(request, session, "desk/as_of.html", **data)
    declared = registry.layer(layer)
    try:
        end = _end_of(request, day)
    except InvalidInput as error:
        data["problem"] = error.problems[0].message
        return await desk_page(request, session, "desk/as_of.html", status=422, **data)
    found, data["next"] = await layer_at(session, declared.key, end, after=id_in(after) or _FIRST, limit=PAGE)
    data["found"] = [
        {"then": one, "name": name_of(dict(one.live if one.content is None else one.content)) or "—"}
        for one in found
    ]
    return await desk_page(request, session, "desk/as_of.html", **data)


@router.get("/as-of/features.geojson", dependencies=[requires("layer.as_of")])
async def file_of_a_day(request: Request, layer: LayerKey, day: Day) -> Response:
    """What of a layer was public when a day ended, as GeoJSON, sent as it is read."""
    declared, end = registry.layer(layer), _end_of(request, day)
    await limited(request, FILES, also=str(user_id_of(request)))
    name = f"{declared.key}-{day}.geojson"
    response = StreamingResponse(
        _collection(request, declared, end),
        media_type="application/geo+json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
    private(response)
    return response


async def _collection(request: Request, layer: Layer, end: dt.datetime) -> AsyncIterator[bytes]:
    vocabulary, first = load_vocabulary(), True
    yield b'{"type":"FeatureCollection","features":['
    async for batch in whole_layer_at(database_of(request), layer.key, end):
        for then in batch:
            yield (b"\n" if first else b",\n") + orjson.dumps(feature_of(then, layer, vocabulary))
            first = False
    yield b"\n]}\n"


def feature_of(then: Then, layer: Layer, vocabulary: Vocabulary) -> dict[str, Any]:
    """Give what the public could read of it; `state` says why there is nothing, where there is nothing.

    `withheld`: its place is protected now. `outdated`: what is public of it was decided by rules that are gone.
    """
    said: dict[str, Any] = {"layer": layer.key, "revision": then.revision, "since": then.since.isoformat()}
    position: Mapping[str, float] | None = None
    if then.content is None:
        said["state"] = "withheld"
    else:
        try:
            public = layer.public_content(layer.content.kept(then.content), vocabulary)
        except OutdatedContent:
            said["state"] = "outdated"
        else:
            said |= public
            position = (public.get("place") or {}).get("position")
    geometry = {"type": "Point", "coordinates": [position["lng"], position["lat"]]} if position else None
    return {"type": "Feature", "id": str(then.feature_id), "geometry": geometry, "properties": said}


def _end_of(request: Request, day: str) -> dt.datetime:
    """The moment at which a day ends where this is; `InvalidInput` for what is no day, or has not begun."""
    try:
        given = dt.date.fromisoformat(day) if _DAY.fullmatch(day) else None
    except ValueError:
        given = None
    if given is None or given > setting_of(request).today:
        raise InvalidInput(FieldProblem("day", "day", NO_DAY))
    zone = zoneinfo.ZoneInfo(settings_of(request).timezone)
    return dt.datetime.combine(given + dt.timedelta(days=1), dt.time(), zone)
