"""The parameters by which a program filters: strict, named as in the public contract."""

import datetime as dt
from typing import Annotated

from fastapi import Depends, Query, Request

from app.features.asking import Question, filter_of
from app.features.filters import Filter
from app.taxonomy.vocabulary import load_vocabulary
from app.web.dependencies import settings_of
from app.web.query import Codes, PlainText

_SERVICE = "Codes of services, groups or families (`family:food`), repeated or comma-separated: any of them"
_TEXT = "Words to search for; the last one may be a beginning"
_AREA = "Code of an administrative unit, such as PL-26"
_OPEN_AT = "`now`, or a local date and time within the next 14 days"
_BBOX = "west,south,east,north in degrees (EPSG:4326)"


async def asked_filter(
    request: Request,
    service: Annotated[Codes, Query(description=_SERVICE)] = (),
    audience: Annotated[Codes, Query(description="Codes of audiences: any of them")] = (),
    language: Annotated[Codes, Query(description="Codes of languages spoken: any of them")] = (),
    access: Annotated[Codes, Query(description="Codes of access conditions: any of them")] = (),
    q: Annotated[PlainText, Query(description=_TEXT)] = "",
    area: Annotated[PlainText, Query(description=_AREA)] = "",
    organisation: Annotated[PlainText, Query(description="Id of the organisation")] = "",
    open_at: Annotated[PlainText, Query(description=_OPEN_AT)] = "",
) -> Filter:
    """Give the filter that a request asks for; `InvalidInput` otherwise."""
    asked = Question(
        services=service,
        audiences=audience,
        languages=language,
        access=access,
        text=q,
        area=area,
        organisation=organisation,
        open_at=open_at,
    )
    timezone = settings_of(request).timezone
    return filter_of(asked, load_vocabulary(), timezone=timezone, now=dt.datetime.now(dt.UTC))


AskedFilter = Annotated[Filter, Depends(asked_filter)]
BBoxText = Annotated[PlainText, Query(description=_BBOX)]
