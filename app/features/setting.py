"""What publication needs to know of the installation."""

import datetime as dt
import zoneinfo
from dataclasses import dataclass

from app.taxonomy.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Setting:
    """Vocabulary, time zone (IANA name), home country (ISO 3166-1 alpha-2) and the time now (aware)."""

    vocabulary: Vocabulary
    timezone: str
    country: str
    now: dt.datetime

    @property
    def today(self) -> dt.date:
        """The day that it is in the time zone."""
        return self.day_of(self.now)

    def day_of(self, moment: dt.datetime) -> dt.date:
        """Give the day of an aware moment in the time zone."""
        return moment.astimezone(zoneinfo.ZoneInfo(self.timezone)).date()
