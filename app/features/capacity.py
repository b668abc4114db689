"""How much is free: a number that is only true for hours, so it always ends."""

import datetime as dt
from enum import StrEnum
from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from app.features.content import Part
from app.features.dates import Moment
from app.features.problems import refusal
from app.features.text import TranslatedNote

#: Up to this share of all, or up to this number, is "few".
FEW_SHARE: Final = 0.1
FEW: Final = 3
LONGEST: Final = dt.timedelta(days=30)


class CapacityLevel(StrEnum):
    """How full a place is, in words that a marker can show."""

    FREE = "free"
    FEW = "few"
    FULL = "full"
    UNKNOWN = "unknown"


class Capacity(Part):
    """How many of something are free, as counted at a moment."""

    unit: Literal["beds", "places", "meals", "parcels", "people", "rooms", "seats", "items"]
    """What is counted."""
    available: Annotated[int, Field(ge=0, le=100_000)] | None = None
    """How many are free."""
    maximum: Annotated[int, Field(ge=0, le=100_000)] | None = None
    """How many there are in all."""
    updated: Moment
    """When this was counted."""
    expires: Moment
    """When this is no longer believed; at most thirty days later."""
    note: TranslatedNote | None = None
    """What else to know."""

    @model_validator(mode="after")
    def _numbers_and_dates_agree(self) -> Self:
        if self.available is not None and self.maximum is not None and self.available > self.maximum:
            raise refusal("capacity_over", field="available")
        if not dt.timedelta(0) < self.expires - self.updated:
            raise refusal("dates_reversed", field="expires")
        if self.expires - self.updated > LONGEST:
            raise refusal("date_far", field="expires")
        return self

    def level(self, now: dt.datetime) -> CapacityLevel:
        """How full it is at `now`; unknown from the expiry on, or when only the whole is known."""
        if self.available is None or now >= self.expires:
            return CapacityLevel.UNKNOWN
        if self.available == 0:
            return CapacityLevel.FULL
        few = self.available <= FEW
        if self.maximum:
            few = self.available < self.maximum and self.available <= max(1, FEW_SHARE * self.maximum)
        return CapacityLevel.FEW if few else CapacityLevel.FREE
