"""How many places each row of the filter panel would leave; counted once for a state of the data."""

import datetime as dt
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from app.db import Executor
from app.features.asking import ARRIVAL
from app.features.listing import Asked, Since, counts, total
from app.pages.finder_question import LISTS
from app.pages.views.filters import CHECKED, Row, Section
from app.taxonomy.vocabulary import Vocabulary
from geo.bbox import Position

#: Questions whose counts are kept; the plain one is asked for by nearly everybody.
MOST_KEPT = 200
_FIELDS = {"service": "services", "audience": "audiences", "language": "languages", "access": "access"}

Counted = Mapping[tuple[str, str], int]


class PanelCounts:
    """Counts by question, kept as long as the layer's version and the moment of "now" stand."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._kept: OrderedDict[tuple[str, Asked], Counted] = OrderedDict()

    async def of(
        self,
        connection: Executor,
        version: str,
        asked: Asked,
        vocabulary: Vocabulary,
        panel: Sequence[Section],
        moments: Mapping[str, dt.datetime],
        today: dt.date,
        near: Position | None = None,
    ) -> Counted:
        """Give the counts by parameter and value.

        `open_at` has those for "" (any time), each of `moments` by its name, among which "now" must be, and, with
        `near`, "arrival"; `checked_since` those for "" and its rows.

        A row counts as if nothing else of its own parameter were set, since a second choice there adds places.
        """
        key = (f"{version} {sorted(moments.items())} {near or ''}", asked)
        kept = self._kept.get(key)
        if kept is None:
            kept = await _count(connection, asked, vocabulary, panel)
            kept |= await _moments(connection, asked, vocabulary, moments, near)
            kept |= await _freshness(connection, asked, vocabulary, today)
            self._kept[key] = kept
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(key)
        return kept


async def _count(
    connection: Executor,
    asked: Asked,
    vocabulary: Vocabulary,
    panel: Sequence[Section],
) -> dict[tuple[str, str], int]:
    rows: dict[str, list[Row]] = {name: [] for name in LISTS}
    for section in panel:
        rows[section.name].extend(section.every_row())
    found: dict[tuple[str, str], int] = {}
    # Parameters that nothing is set of share one walk over the places.
    unset = [name for name in LISTS if not getattr(asked.wanted, _FIELDS[name])]
    for names in (unset, *([name] for name in LISTS if name not in unset)):
        nothing_set: dict[str, Any] = {_FIELDS[name]: frozenset() for name in names}
        free = replace(asked.wanted, **nothing_set)
        asked_for = [row for name in names for row in rows[name]]
        numbers = await counts(
            connection, replace(asked, wanted=free), vocabulary, [row.mask for row in asked_for]
        )
        found |= {(row.name, row.value): n for row, n in zip(asked_for, numbers, strict=True)}
    return found


async def _moments(
    connection: Executor,
    asked: Asked,
    vocabulary: Vocabulary,
    moments: Mapping[str, dt.datetime],
    near: Position | None,
) -> dict[tuple[str, str], int]:
    at_any_time = replace(asked.wanted, open_at=None, walking_from=None, unknown_hours=False)
    wanted = {"": at_any_time} | {
        name: replace(at_any_time, open_at=moment) for name, moment in moments.items()
    }
    if near is not None:
        wanted[ARRIVAL] = replace(wanted["now"], walking_from=near)
    return {
        ("open_at", value): int(await total(replace(asked, wanted=filter_), vocabulary).value(connection))
        for value, filter_ in wanted.items()
    }


async def _freshness(
    connection: Executor, asked: Asked, vocabulary: Vocabulary, today: dt.date
) -> dict[tuple[str, str], int]:
    free = replace(asked, wanted=replace(asked.wanted, checked_since=None))
    values = [value for value, _ in CHECKED]
    days = [Since(today - dt.timedelta(days=int(value[1:-1]))) for value in values]
    numbers = await counts(connection, free, vocabulary, days)
    every = int(await total(free, vocabulary).value(connection))
    return {("checked_since", value): n for value, n in zip(("", *values), (every, *numbers), strict=True)}
