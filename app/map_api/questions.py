"""The parameters by which a program asks: strict, named as in the public contract."""

import datetime as dt
from typing import Annotated

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field

from app.errors import FieldProblem, InvalidInput
from app.features.asking import NO_ORIGIN, Question, filter_of
from app.features.filters import Filter
from app.taxonomy.discretion import asks_discreetly, speaks_of_discreet
from app.taxonomy.vocabulary import load_vocabulary
from app.web.dependencies import settings_of
from app.web.query import COMPOSED, PLAIN_DECIMAL, PLAIN_INTEGER, Codes, PlainText
from geo.bbox import parse_position
from geo.errors import GeoError

DEFAULT_LIMIT = 500
HIGHEST_LIMIT = 10_000
FARTHEST_M = 200_000
LONGEST_CURSOR = 64

_SERVICE = "Codes of services, groups or families (`family:food`), repeated or comma-separated: any of them"
_ACCESS = (
    "Codes of access conditions: any of those of one group (cost, entry, …), and of each group that is named"
)
_MODE = (
    "`everyone`, `preferred`, `only`: any of them; with `audience`, `preferred` and `only` are about the audiences"
    " asked for"
)
_WITHIN = (
    "A drawn area, `lng,lat;lng,lat;…` in degrees (EPSG:4326), 3 to 50 corners: what has a position in it"
)
_OPEN_AT = (
    "`now`, `PT30M` (in so many minutes), `arrival` (for who sets out now on foot from `near`), or a local date and"
    " time within the next 14 days"
)
_HOURS = "`unknown`: instead of what is open, what may be, since its hours are not known or by arrangement"
_CHECKED = "Checked on this day or later: a date, or `P90D` for so many days ago"
_LIMIT = "At most so many features; with near at most 100"
_CURSOR = "From the link of the answer before"

Radius = Annotated[float, Field(gt=0, le=FARTHEST_M, allow_inf_nan=False), PLAIN_DECIMAL]


class FilterQuery(BaseModel):
    """What every list, map and count is filtered by."""

    model_config = ConfigDict(frozen=True)

    service: Annotated[Codes, Field(description=_SERVICE)] = ()
    audience: Annotated[Codes, Field(description="Codes of audiences: any of them")] = ()
    audience_mode: Annotated[Codes, Field(description=_MODE)] = ()
    language: Annotated[Codes, Field(description="Codes of languages spoken: any of them")] = ()
    access: Annotated[Codes, Field(description=_ACCESS)] = ()
    q: Annotated[PlainText, Field(description="Words to search for; the last one may be a beginning")] = ""
    area: Annotated[PlainText, Field(description="Code of an administrative unit, such as PL-26")] = ""
    within: Annotated[PlainText, Field(description=_WITHIN)] = ""
    organisation: Annotated[PlainText, Field(description="Id of the organisation")] = ""
    open_at: Annotated[PlainText, Field(description=_OPEN_AT)] = ""
    hours: Annotated[PlainText, Field(description=_HOURS)] = ""
    checked_since: Annotated[PlainText, Field(description=_CHECKED)] = ""

    @property
    def origin(self) -> str:
        """Where a way on foot begins, as it was given."""
        return ""

    @property
    def discreet(self) -> bool:
        """Whether it asks for help that nobody else is to find."""
        if not self.model_fields_set:
            return False
        return asks_discreetly(load_vocabulary(), services=self.service, audiences=self.audience, text=self.q)

    def may_be_kept(self, body: bytes) -> bool:
        """Whether the device of who asked may keep the answer: not one about help that nobody else is to find."""
        if self.discreet:
            return False
        # Words and organisations may name a single place.
        return not (self.q or self.organisation) or not speaks_of_discreet(body, load_vocabulary())

    def asks_for(self, request: Request) -> Filter:
        """Give the filter; `InvalidInput` names every parameter that cannot be understood."""
        if not self.model_fields_set:
            return NO_FILTER
        asked = Question(**{name: getattr(self, name) for name in FilterQuery.model_fields}, near=self.origin)
        timezone = settings_of(request).timezone
        return filter_of(asked, load_vocabulary(), timezone=timezone, now=dt.datetime.now(dt.UTC))


class TileQuery(FilterQuery):
    """What a tile is asked for by."""

    near: Annotated[PlainText, Field(description="lng,lat: where the way begins, with `open_at=arrival`")] = (
        ""
    )

    @property
    def origin(self) -> str:
        """Where a way on foot begins."""
        return self.near

    def asks_for(self, request: Request) -> Filter:
        """Give the filter; what is no position is refused where no way begins at it, too."""
        if self.near:
            try:
                parse_position(self.near)
            except GeoError as error:
                raise InvalidInput(FieldProblem("near", error.code, NO_ORIGIN)) from None
        return super().asks_for(request)


class FeaturesQuery(FilterQuery):
    """What a page of features is asked for by."""

    bbox: Annotated[PlainText, Field(description="west,south,east,north in degrees (EPSG:4326)")] = ""
    near: Annotated[PlainText, Field(description="lng,lat: the nearest features first")] = ""
    radius_m: Annotated[Radius | None, Field(description="With near: at most so many metres away")] = None
    limit: Annotated[int, Field(ge=1, le=HIGHEST_LIMIT, description=_LIMIT), PLAIN_INTEGER] = DEFAULT_LIMIT
    cursor: Annotated[str, Field(max_length=LONGEST_CURSOR, description=_CURSOR), COMPOSED] = ""
    count: Annotated[bool, Field(description="Give numberMatched as well")] = False

    @property
    def origin(self) -> str:
        """Where a way on foot begins."""
        return self.near


NO_FILTER = Filter(single_facet="")
