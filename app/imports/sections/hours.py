"""`[hours]`: opening hours of the place, where the source says them in a way that can be read for certain."""

import datetime as dt
from collections.abc import Mapping
from typing import Self

from pydantic import Field, model_validator

from app.features.hours_week import DAYS
from app.imports.expressions import Declaration, Text, walk
from app.imports.record import Record
from app.imports.values.hours import hours_from_days, hours_from_prose, hours_from_schedules


class HoursSection(Declaration):
    """Where the hours are; the first way that gives any wins."""

    prose: tuple[Text, ...] = ()
    """Texts that may be hours and nothing else; others are passed over without a word."""
    days: Mapping[str, Text] = Field(default_factory=dict)
    """A column for each day: Mo, Tu, …"""
    schedules: str | None = None
    """A path to schedules of HSDS."""

    @model_validator(mode="after")
    def _days_are_days(self) -> Self:
        if unknown := set(self.days) - set(DAYS):
            raise ValueError(f"unknown days {sorted(unknown)}")
        return self

    def build(self, record: Record) -> str | None:
        """Give the expression in the OSM syntax, None when the hours are not known."""
        for text in self.prose:
            for said in text.texts(record.values):
                if expression := hours_from_prose(said):
                    return expression
        if self.days:
            cells = {day: text.text(record.values) or "" for day, text in self.days.items()}
            expression = hours_from_days(cells)
            if expression is None:
                record.note("hours_unreadable")
            elif expression:
                return expression
        if self.schedules is not None:
            schedules = [found for found in walk(record.values, self.schedules) if isinstance(found, Mapping)]
            expression, ended = hours_from_schedules(schedules, dt.datetime.now(dt.UTC).date())
            if ended:
                record.note("hours_expired")
            return expression
        return None
