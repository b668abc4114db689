"""What of the queue is asked for, as it stands in the address: the same in a link, a form, a saved view."""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass, fields
from typing import Annotated, Final
from urllib.parse import parse_qsl, urlencode

from fastapi import Depends, Query

from app.accounts.scopes import Scope
from app.i18n import LANGUAGES
from app.layers.registry import LAYERS
from app.moderation.waiting import AGES_H, ASSIGNED, CHANNELS, KINDS, RISKS, Asked
from app.web.query import PlainText

LONGEST_WORD: Final = 200
Word = Annotated[PlainText, Query(max_length=LONGEST_WORD)]
LONGEST: Final = 2000


@dataclass(frozen=True, slots=True)
class Filters:
    """The values of the filters, "" where one is not set."""

    layer: str = ""
    kind: str = ""
    risk: str = ""
    age: str = ""
    assigned: str = ""
    channel: str = ""
    language: str = ""
    source: str = ""
    area: str = ""
    organisation: str = ""

    def query(self) -> str:
        """As it stands in an address, without a question mark; "" for the whole queue."""
        return urlencode(
            [(one.name, getattr(self, one.name)) for one in fields(self) if getattr(self, one.name)]
        )

    def asked(self, me: uuid.UUID, within: Scope, until: dt.datetime | None = None) -> Asked:
        """As the queue reads it; `within` is where they may do what they ask for."""
        return Asked(
            me,
            within,
            layer=self.layer,
            kind=self.kind,
            risk=self.risk,
            age_h=int(self.age or 0),
            assigned=self.assigned,
            channel=self.channel,
            language=self.language,
            source=self.source,
            area=self.area,
            organisation=self.organisation,
            until=until,
        )


def filters_of(
    layer: Word = "",
    kind: Word = "",
    risk: Word = "",
    age: Word = "",
    assigned: Word = "",
    channel: Word = "",
    language: Word = "",
    source: Word = "",
    area: Word = "",
    organisation: Word = "",
) -> Filters:
    """The filters of a request. What there is not, an old link may still ask for: it asks for everything."""

    def one_of(value: str, known: Collection[str]) -> str:
        return value if value in known else ""

    return Filters(
        layer=one_of(layer, LAYERS),
        kind=one_of(kind, KINDS),
        risk=one_of(risk, RISKS),
        age=one_of(age, [str(hours) for hours in AGES_H]),
        assigned=one_of(assigned, ASSIGNED),
        channel=one_of(channel, CHANNELS),
        language=one_of(language, LANGUAGES),
        source=source,
        area=area,
        organisation=_id(organisation),
    )


def _id(given: str) -> str:
    """An id as the database writes it; "" for what is none."""
    try:
        return str(uuid.UUID(given)) if given else ""
    except ValueError:
        return ""


AskedFilters = Annotated[Filters, Depends(filters_of)]


def filters_in(query: str) -> Filters:
    """The filters of a query that stands in a form; what is no text that an address may hold asks for nothing."""
    known = {one.name for one in fields(Filters)}
    return filters_of(
        **{
            name: value
            for name, value in parse_qsl(query[:LONGEST])
            if name in known and len(value) <= LONGEST_WORD and value.isprintable()
        }
    )


def moment_of(micros: str) -> dt.datetime | None:
    """A moment in microseconds of the epoch, as pages send it back; None for anything else."""
    if not (micros.isascii() and micros.isdigit() and len(micros) <= 17):
        return None
    return dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=int(micros))


def micros_of(moment: dt.datetime) -> str:
    """A moment as pages carry it."""
    return str((moment - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(microseconds=1))
