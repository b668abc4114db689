"""What an aid point says: a place with services."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Annotated, Literal, Self

from pydantic import Field, ValidationInfo, model_validator
from pydantic_core import PydanticCustomError

from app.features.address import Address
from app.features.capacity import Capacity
from app.features.codes import ServiceCode
from app.features.contacts import Contact, WebAddress
from app.features.content import Content, Part
from app.features.dates import FIRST, LAST, IsoDate
from app.features.hours_exceptions import DatedHours, with_exceptions
from app.features.notices import Notice
from app.features.photos import Photos
from app.features.place import AreaReference, Place, refuse_showing_where
from app.features.places_in_text import refuse_places_in_texts
from app.features.problems import refusal
from app.features.text import Line, TranslatedDescription, TranslatedName, TranslatedNote
from app.layers.aid_points.accessibility import Accessibility
from app.layers.aid_points.conditions import Conditions
from app.layers.aid_points.status import Status

MOST_SERVICES = 30


class OrganisationReference(Part):
    """The organisation behind a place: one that we know, or just its name."""

    id: Annotated[str, Field(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")] | None = None
    """The id of a feature of the layer `organisations`."""
    name: Annotated[str, Line(200, least=2)] | None = None
    """Its name."""

    @model_validator(mode="after")
    def _says_who(self) -> Self:
        if self.id is None and self.name is None:
            raise refusal("missing", field="name")
        return self


class OfferedService(Conditions):
    """One service of a place; conditions that it does not give are those of the place."""

    type: ServiceCode
    """The type of help."""
    description: TranslatedNote | None = None
    """What exactly is given here."""
    capacity: Capacity | None = None
    """How much is free."""


class AidPoint(Conditions, Content):
    """A place, a telephone or a page where people get help."""

    name: TranslatedName
    """What it is called."""
    also_known_as: Annotated[
        tuple[Annotated[str, Line(150, least=2)], ...], Field(strict=False, max_length=5)
    ] = ()
    """Other names by which people look for it."""
    description: TranslatedDescription | None = None
    """What people find here."""
    services: Annotated[
        tuple[OfferedService, ...], Field(strict=False, min_length=1, max_length=MOST_SERVICES)
    ]
    """What is given here, the most important first: it decides the sign on the map."""
    channel: Literal["on_site", "phone", "online", "mobile"] = "on_site"
    """At a place, by telephone, on the internet, or at changing places."""
    address: Address | None = None
    """The postal address; a protected place has none."""
    place: Place = Field(default_factory=Place)
    """The position, and how much of it may be known."""
    area_served: Annotated[tuple[AreaReference, ...], Field(strict=False, max_length=50)] = ()
    """For which administrative units the help is; needed where there is no place to go to."""
    contacts: Annotated[tuple[Contact, ...], Field(strict=False, max_length=20)] = ()
    """How to reach it, the first choice first."""
    website: WebAddress | None = None
    """Its page on the web."""
    accessibility: Accessibility = Field(default_factory=Accessibility)
    """How it can be reached and used by people with disabilities."""
    organisation: OrganisationReference | None = None
    """Who runs it."""
    notices: Annotated[tuple[Notice, ...], Field(strict=False, max_length=10)] = ()
    """Temporary messages."""
    photos: Photos = ()
    """What it looks like; a protected place has none."""
    status: Status = Field(default_factory=Status)
    """Whether it works."""
    valid_from: IsoDate | None = None
    """The first day of an offer that begins later."""
    valid_until: IsoDate | None = None
    """The last day of an offer that ends."""

    @model_validator(mode="after")
    def _place_fits(self) -> Self:
        refuse_showing_where(self.place, address=self.address, photos=self.photos)
        if self.channel in ("phone", "online"):
            if not self.area_served:
                raise refusal("area_served_missing", field="area_served")
        elif not self.place.is_protected and self.place.position is None and self.address is None:
            raise refusal("position_missing", field="place")
        return self

    @model_validator(mode="after")
    def _no_text_leads_to_a_protected_place(self, info: ValidationInfo) -> Self:
        # What was taken in before is cleaned when it is published.
        if self.place.is_protected and info.context is not None:
            refuse_places_in_texts(self.to_dict())
        return self

    @model_validator(mode="after")
    def _services_and_dates_fit(self) -> Self:
        types = [service.type for service in self.services]
        for index, code in enumerate(types):
            if code in types[:index]:
                raise refusal("service_twice", field=f"services.{index}.type")
        if self.valid_from and self.valid_until and self.valid_until < self.valid_from:
            raise refusal("dates_reversed", field="valid_until")
        return self

    @model_validator(mode="after")
    def _hours_hold_the_closures(self) -> Self:
        for expression, field in [
            (self.hours, "hours"),
            *((service.hours, f"services.{index}.hours") for index, service in enumerate(self.services)),
        ]:
            try:
                self.with_closures(expression or "")
            except PydanticCustomError as error:
                raise refusal(error.type, field=field) from None
        return self

    def with_closures(self, expression: str) -> str:
        """The expression with the closures of notices and status as dated rules, and the days around an offer that begins or ends."""
        days = [(notice.starts, notice.ends) for notice in self.notices if notice.kind == "closed"]
        closed = self.status.closed_days()
        if closed is not None:
            days.append(closed)
        if self.status.state == "closed" and closed is None:
            return "24/7 closed"
        try:
            found = _closed_on(days, expression)
        except PydanticCustomError:
            if self.status.state == "closed":
                # However long its hours were: a place that has closed can always be read.
                return "24/7 closed"
            raise
        try:
            return _closed_on([*days, *self._days_without_offer()], expression)
        except PydanticCustomError:
            # No room for them, and what was taken in before can be read: that it has ended is said beside the hours.
            return found

    def _days_without_offer(self) -> Iterator[tuple[dt.date, dt.date]]:
        """First and last of the days before the offer begins, and of those after it has ended."""
        if self.valid_from and self.valid_from > FIRST:
            yield FIRST, self.valid_from - dt.timedelta(days=1)
        if self.valid_until and self.valid_until < LAST:
            yield self.valid_until + dt.timedelta(days=1), LAST

    def effective(self, service: OfferedService) -> OfferedService:
        """The service with everything that it inherits from the place filled in."""
        inherited: dict[str, object] = {
            field: given
            for field in ("ages", "languages", "access", "documents", "cost", "appointment")
            if (given := getattr(self, field)) and not getattr(service, field)
        }
        if service.audience_mode is None and not service.audiences and (self.audience_mode or self.audiences):
            inherited |= {"audience_mode": self.audience_mode, "audiences": self.audiences}
        if service.hours is None and self.hours is not None:
            inherited["hours"] = self.hours
        return service.model_copy(update=inherited) if inherited else service


def _closed_on(days: Sequence[tuple[dt.date, dt.date]], expression: str) -> str:
    if not days:
        return expression
    return with_exceptions(expression or "24/7 unknown", [DatedHours(*both) for both in days])
