"""How many places each row of the filter panel would leave; counted once for a state of the data."""

import datetime as dt
import functools
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from app.db import Executor, TookTooLong
from app.features.asking import ARRIVAL
from app.features.counting import Choice, Since, counts, open_counts, total
from app.features.filters import Filter
from app.features.listing import Asked
from app.features.run_by import Runner, find_runner, who_runs
from app.features.welcome import Welcome
from app.pages.views.filter_panel import Row, Section
from app.pages.views.filter_words import CHECKED
from app.taxonomy.vocabulary import Vocabulary
from geo.bbox import Position

#: Questions whose counts are kept; the plain one is asked for by nearly everybody.
MOST_KEPT = 200
_FIELDS: Mapping[str, tuple[str, ...]] = {
    "service": ("services",),
    "audience": ("audiences", "audience_modes"),
    "audience_mode": ("audiences", "audience_modes"),
    "language": ("languages",),
}

#: Of more places than this everything that is open is gathered, instead of looking up the hours of each.
MANY = 20_000
#: So many organisations are offered without a tap; the others are found by their names.
MOST_RUNNERS = 8

Counted = Mapping[tuple[str, str], int]
#: Rows that are counted together, by parameter and value, and what counts them.
Part = tuple[Sequence[tuple[str, str]], Callable[[], Awaitable[Sequence[int]]]]
Key = TypeVar("Key")
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Runners:
    """The organisations that run most of what fits, the chosen one first if it is not among them; and how many places
    there are whoever runs them, where that was counted.
    """

    every: int | None
    most: tuple[Runner, ...]


class PanelCounts:
    """Counts by question, kept as long as the layer's version and the moment of "now" stand."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._kept: OrderedDict[tuple[str, Asked], Counted] = OrderedDict()
        #: By their first rows the parts that took too long.
        self._late: OrderedDict[tuple[str, Asked], frozenset[tuple[str, str]]] = OrderedDict()
        self._runners: OrderedDict[tuple[str, Asked], Runners] = OrderedDict()

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
        areas: Sequence[str] = (),
        size: int | None = None,
    ) -> Counted:
        """Give the counts by parameter and value; `size` is how many places the list has, where that is known.

        `open_at` has those for "" (any time), each of `moments` by its name, among which "now" must be, and, with
        `near`, "arrival"; `checked_since` those for "" and its rows; `area` those of the whole of each of `areas`.

        What takes too long is not among them; what was counted by then is kept, and the next time goes on from there.

        A row counts as if nothing else of its own parameter were set, or of its own group of access, since a second
        choice there adds places. Audiences are counted in the modes that are set, and modes for the audiences that are.
        """
        key = (f"{version} {sorted(moments.items())} {near or ''} {','.join(areas)}", asked)
        known = dict(self._kept.get(key, {}))
        sizes = _Sizes(connection, vocabulary, {} if size is None else {asked: size})
        parts = (
            *_panel(connection, asked, vocabulary, panel),
            *_areas(sizes, asked, areas),
            *_moments(sizes, asked, moments, near),
            *_freshness(sizes, asked, today),
        )
        late = self._late.get(key, frozenset())
        missing = [part for part in parts if any(row not in known for row in part[0])]
        # What took too long the last time lets the others go first.
        for rows, counted in sorted(missing, key=lambda part: part[0][0] in late):
            try:
                known |= zip(rows, await counted(), strict=True)
            except TookTooLong:
                late |= {rows[0]}
                break
        _keep(self._kept, key, known)
        _keep(self._late, key, late)
        return known

    async def runners(
        self, connection: Executor, version: str, asked: Asked, vocabulary: Vocabulary
    ) -> Runners:
        """Give who runs the places, counted as if no organisation were chosen: one is chosen at a time.

        That is one more walk over what fits, a seventh of what the rows of services and conditions cost. `TookTooLong` as
        it is raised.
        """
        key = (version, asked)
        kept = self._runners.get(key)
        if kept is None:
            kept = await _runners(connection, asked, vocabulary)
        _keep(self._runners, key, kept)
        return kept


class _Sizes:
    """How many places lists have: several rows ask for the same one, which is counted once."""

    def __init__(self, connection: Executor, vocabulary: Vocabulary, known: dict[Asked, int]) -> None:
        self.connection = connection
        self.vocabulary = vocabulary
        self._known = known

    async def of(self, asked: Asked) -> int:
        if asked not in self._known:
            self._known[asked] = int(await total(asked, self.vocabulary).value(self.connection))
        return self._known[asked]


def _keep(kept: OrderedDict[Key, Value], key: Key, value: Value) -> None:
    """Keep a value as that of the last question, and of no more questions than `MOST_KEPT`."""
    kept[key] = value
    kept.move_to_end(key)
    while len(kept) > MOST_KEPT:
        kept.popitem(last=False)


def _panel(
    connection: Executor,
    asked: Asked,
    vocabulary: Vocabulary,
    panel: Sequence[Section],
) -> Iterator[Part]:
    # Parameters that nothing is set of share one walk over the places.
    walks: dict[Filter, list[Row]] = {}
    for section in panel:
        for kind, rows in _of_one_kind(section, vocabulary).items():
            walks.setdefault(_freed(asked.wanted, section.name, kind, vocabulary), []).extend(rows)
    for free, rows in walks.items():
        choices = [_choice(row, asked.wanted, vocabulary) for row in rows]
        count = functools.partial(counts, connection, replace(asked, wanted=free), vocabulary, choices)
        yield [(row.name, row.value) for row in rows], count


def _of_one_kind(section: Section, vocabulary: Vocabulary) -> dict[str, list[Row]]:
    """The rows of a section by what a second choice adds places to: of access those of a group, else all of them."""
    kinds: dict[str, list[Row]] = {}
    for row in section.every_row():
        kind = vocabulary.access[row.value].group if section.name == "access" else ""
        kinds.setdefault(kind, []).append(row)
    return kinds


def _freed(wanted: Filter, name: str, group: str, vocabulary: Vocabulary) -> Filter:
    """The question as if nothing were set of a section; of access, of one of its groups."""
    if name == "access":
        kept = frozenset(code for code in wanted.access if vocabulary.access[code].group != group)
        return replace(wanted, access=kept)
    nothing_set: dict[str, Any] = dict.fromkeys(_FIELDS[name], frozenset())
    return replace(wanted, **nothing_set)


def _choice(row: Row, wanted: Filter, vocabulary: Vocabulary) -> Choice:
    """What a row asks for beside the rest: who may come is one question of two parameters."""
    if row.name == "audience":
        return Welcome(vocabulary.bits("audience", (row.value,)), wanted.audience_modes)
    if row.name == "audience_mode":
        return Welcome(vocabulary.bits("audience", wanted.audiences), frozenset((row.value,)))
    return row.choice


def _moments(
    sizes: _Sizes, asked: Asked, moments: Mapping[str, dt.datetime], near: Position | None
) -> Iterator[Part]:
    free = replace(asked, wanted=replace(asked.wanted, open_at=None, walking_from=None, unknown_hours=False))
    yield _one(sizes, "open_at", "", free)

    async def count() -> Sequence[int]:
        many = await sizes.of(free) > MANY
        at = list(moments.values())
        return await open_counts(sizes.connection, free, sizes.vocabulary, at, many=many)

    yield [("open_at", name) for name in moments], count
    if near is not None:
        walking = replace(free.wanted, open_at=moments["now"], walking_from=near)
        yield _one(sizes, "open_at", ARRIVAL, replace(asked, wanted=walking))


def _freshness(sizes: _Sizes, asked: Asked, today: dt.date) -> Iterator[Part]:
    free = replace(asked, wanted=replace(asked.wanted, checked_since=None))
    yield _one(sizes, "checked_since", "", free)
    values = [value for value, _ in CHECKED]
    days = [Since(today - dt.timedelta(days=int(value[1:-1]))) for value in values]
    rows = [("checked_since", value) for value in values]
    yield rows, functools.partial(counts, sizes.connection, free, sizes.vocabulary, days)


def _areas(sizes: _Sizes, asked: Asked, areas: Sequence[str]) -> Iterator[Part]:
    """What the whole of an area has, wherever the map is now."""
    everywhere = replace(asked.wanted, bbox=None)
    for code in areas:
        yield _one(sizes, "area", code, Asked(asked.layer, replace(everywhere, area=code)))


def _one(sizes: _Sizes, name: str, value: str, asked: Asked) -> Part:
    """The row that leaves all of a list."""

    async def count() -> Sequence[int]:
        return (await sizes.of(asked),)

    return ((name, value),), count


async def _runners(connection: Executor, asked: Asked, vocabulary: Vocabulary) -> Runners:
    free = replace(asked, wanted=replace(asked.wanted, organisation_id=None))
    most = await who_runs(connection, free, vocabulary, limit=MOST_RUNNERS)
    chosen = asked.wanted.organisation_id
    if chosen is not None and chosen not in {runner.id for runner in most}:
        runner = await find_runner(connection, chosen)
        if runner is not None:
            number = int(await total(asked, vocabulary).value(connection))
            most = [replace(runner, count=number), *most]
    return Runners(int(await total(free, vocabulary).value(connection)), tuple(most))


async def uncounted_runners(connection: Executor, asked: Asked) -> Runners:
    """The organisation that is chosen, where to count what they run takes too long."""
    chosen = asked.wanted.organisation_id
    runner = await find_runner(connection, chosen) if chosen is not None else None
    return Runners(None, (runner,) if runner else ())
