"""A table of an organisation's own places: each row put beside what everybody may read. Nothing of it is kept, and nothing is written.

What somebody corrects comes back as cells and is looked at as the file was, so that there is one way of reading only.
"""

import enum
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.memberships import belongs_to
from app.areas.nearest_place import FAR_FROM_TOWN_M, away_from_town_m
from app.errors import InvalidInput
from app.features.content import Content, OutdatedContent
from app.features.layer import Layer
from app.features.revisions import FeatureNotFound
from app.features.setting import Setting
from app.imports.models import ImportRun
from app.imports.notes import Note
from app.imports.planning import Planner
from app.imports.rows import Row
from app.imports.staging.columns import AID_POINTS, cells_of, columns_of, mapping_of
from app.imports.staging.comparing import SURE
from app.imports.staging.laying import differing, laid, stated
from app.imports.staging.reading import decimal_of, with_plain_cells
from app.imports.staging.table_file import EXAMPLE, KEYS, codes_by_words, codes_in
from app.imports.survey import Survey
from app.moderation.duplicates.blocks import likely_pairs
from app.moderation.duplicates.public import OnTheMapAlready, alike_on_the_map
from app.moderation.duplicates.traits import traits_of
from app.moderation.suggesting import Suggestible, read_suggestible

#: What was put right while a row was read, and lost nothing. Whatever else is noticed, its owner looks at.
_PUT_RIGHT: Final = frozenset(
    {
        "phone_range",
        "website_is_email",
        "website_several",
        "website_repaired",
        "postcode_blank",
        "postcode_zero",
        "mixed_alphabets",
        "cyrillic_lookalike",
    }
)
#: Where a new place is, if only so much is known of it; a place that is here keeps the pin that it has.
_UNSURE: Final = "geocoded"
#: What stands as a number is meant as that of a place from so many signs on, whole or cut by a spreadsheet.
_SHORTEST_ID: Final = 20
#: The number of a place's own row, beside that of the row that changes it.
_BEFORE: Final = 1_000


class State(enum.StrEnum):
    """What is to be done with a row."""

    WRONG = "wrong"
    ASKED = "asked"
    NEW = "new"
    CHANGE = "change"
    SAME = "same"
    LEFT_OUT = "left_out"


@dataclass(frozen=True, slots=True)
class Checked:
    """One row. `notes` are what is wrong with it or was put right, `asks` what somebody has to say yes to before it is new.

    `fields` are those that a change changes, `alike` what is on the map already, `rows` other rows that it is about.
    """

    number: int
    cells: Mapping[str, str]
    state: State
    notes: tuple[Note, ...] = ()
    content: Content | None = None
    feature_id: uuid.UUID | None = None
    revision: int | None = None
    fields: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    alike: tuple[OnTheMapAlready, ...] = ()
    rows: tuple[int, ...] = ()

    @property
    def seen(self) -> str:
        """What whoever sends it has been shown of it; what has become something else meanwhile is shown once more."""
        if self.state not in (State.NEW, State.CHANGE):
            return ""
        return " ".join([self.state, *(str(one) for one in (self.feature_id, self.revision) if one)])


@dataclass(frozen=True, slots=True)
class Table:
    """Whose table it is, and what its rows are read as."""

    organisation_id: uuid.UUID
    layer: Layer
    language: str
    countries: tuple[str, ...]


async def check(
    session: AsyncSession,
    setting: Setting,
    table: Table,
    given: Mapping[int, Mapping[str, str]],
    sure: Mapping[int, str],
    broken: Mapping[int, tuple[Note, ...]] | None = None,
) -> list[Checked]:
    """Say of each row, by its number, what it is. `sure` are the questions that somebody has said yes to, as they were asked.

    `broken` are rows of a file that could not be read.
    """
    found: dict[int, Checked] = {}
    rows: list[Row] = []
    places: dict[int, Suggestible] = {}
    known: dict[tuple[str, ...], int] = {}
    codes = codes_by_words()
    for number, cells in given.items():
        said = tuple(" ".join(cells.get(key, "").split()) for key in KEYS)
        typed = cells.get("id", "").strip()
        if typed.casefold() == EXAMPLE:
            found[number] = Checked(number, cells, State.LEFT_OUT, (Note("example"),))
        elif broken and number in broken:
            found[number] = Checked(number, cells, State.WRONG, broken[number])
        elif said in known:
            found[number] = Checked(number, cells, State.LEFT_OUT, (Note("twice"),), rows=(known[said],))
        elif len(typed) < _SHORTEST_ID:
            # A number of somebody's own list says nothing here.
            known[said] = number
            rows.append(_row(number, cells, codes))
        elif (at := await _own(session, setting, table, _uuid(typed))) is None:
            found[number] = Checked(number, cells, State.WRONG, (Note("not_yours"),))
        elif at.is_protected:
            found[number] = Checked(
                number, cells, State.WRONG, (Note("protected_place"),), feature_id=at.feature_id
            )
        else:
            known[said] = number
            places[number] = at
            # What a cell does not say stays as it is; what it says otherwise than the place does is changed.
            before = cells_of(typed, at.whole, table.layer.key)
            rows.append(_row(number, {key: cells.get(key, "").strip() or before[key] for key in KEYS}, codes))
            rows.append(_row(_BEFORE + number, before, codes))
    found |= await _read(session, setting, table, rows, given, places)
    _apart(table.layer, found)
    return [_answered(found[number], sure.get(number, "")) for number in given]


def _row(number: int, cells: Mapping[str, str], codes: Mapping[str, str]) -> Row:
    values = {key: cells.get(key, "") for key in KEYS if key != "id"}
    values["services"] = codes_in(values["services"], codes)
    return with_plain_cells(Row(number, number, "", values), {key: key for key in values})


async def _read(
    session: AsyncSession,
    setting: Setting,
    table: Table,
    rows: Sequence[Row],
    given: Mapping[int, Mapping[str, str]],
    places: Mapping[int, Suggestible],
) -> dict[int, Checked]:
    run = _run(setting, table)
    mapping = mapping_of(run, table.countries, decimal=decimal_of(rows, run))
    survey = Survey(len(rows), {}, frozenset(), None)
    drafts, plans = await Planner(session, mapping, table.layer, survey, table.countries).contents(rows)
    found = {
        number: Checked(number, given[number], State.WRONG, plan.report.notes)
        for number, plan in plans.items()
        if number in given
    }
    before = {
        draft.row.number - _BEFORE: stated(content)
        for draft, content in drafts
        if draft.row.number not in given
    }
    for draft, content in drafts:
        number, notes = draft.row.number, tuple(draft.notes)
        if number not in given:
            continue
        if given[number].get("hours", "").strip() and not content.to_dict().get("hours"):
            notes = (*notes, Note("hours_left_out", "hours"))
        one = Checked(number, given[number], State.NEW, notes, content)
        at = places.get(number)
        found[number] = (
            await _changed(session, setting, table, one, at, before.get(number))
            if at is not None
            else await _beside(session, setting, table, one)
        )
    return found


def _run(setting: Setting, table: Table) -> ImportRun:
    """What a mapping is made of; it is never written."""
    columns = {column.key: column.key for column in columns_of(AID_POINTS) if column.key in KEYS}
    columns.pop("id")
    return ImportRun(
        layer=AID_POINTS,
        title="-",
        source="own-table",
        source_url="",
        licence="-",
        attribution="-",
        language=table.language,
        as_of=setting.today,
        format="csv",
        columns=columns,
    )


async def _beside(session: AsyncSession, setting: Setting, table: Table, row: Checked) -> Checked:
    """A row beside its place, where exactly one of the organisation's is like it; else as something new."""
    assert row.content is not None
    alike = await alike_on_the_map(session, row.content.to_dict(), table.layer.key)
    own = [
        at
        for one in alike
        if one.score >= SURE and (at := await _own(session, setting, table, uuid.UUID(one.slim["id"])))
    ]
    if len(own) == 1:
        return await _changed(session, setting, table, row, own[0], None)
    return await _new(session, setting, table, row, tuple(alike))


async def _own(
    session: AsyncSession, setting: Setting, table: Table, feature_id: uuid.UUID | None
) -> Suggestible | None:
    """One of the organisation's places as everybody may read it; None of anything else, whatever that is."""
    if feature_id is None or not await belongs_to(session, table.organisation_id, feature_id):
        return None
    try:
        at = await read_suggestible(session, {table.layer.key: table.layer}, setting.vocabulary, feature_id)
    except (FeatureNotFound, OutdatedContent, KeyError):
        return None
    return at


async def _changed(
    session: AsyncSession,
    setting: Setting,
    table: Table,
    row: Checked,
    at: Suggestible,
    before: Mapping[str, Any] | None,
) -> Checked:
    """What the row says laid on the place; `before` is what the place's own row says, where the row began as that."""
    assert row.content is not None
    if at.is_protected:
        return _wrong(row, Note("protected_place"))
    if wrong := _wrong_notes(row.notes, but={_UNSURE, "geocode_failed"}):
        return replace(row, state=State.WRONG, notes=wrong, content=None)
    said = stated(row.content)
    row = replace(row, feature_id=at.feature_id, revision=at.revision)
    try:
        live = at.layer.content.read(at.whole, country=setting.country)
        content = at.layer.content.read(laid(said, live.to_dict(), before), country=setting.country)
    except InvalidInput as error:
        return _wrong(row, *(Note("invalid", p.path, {"reason": p.message}) for p in error.problems))
    fields = tuple(differing(live.to_dict(), content.to_dict()))
    if not fields:
        return replace(row, state=State.SAME, notes=(), content=None)
    kept = tuple(note for note in row.notes if note.code in _PUT_RIGHT)
    moved = {"place", "address"} & set(fields) and await _is_far(session, table, content.to_dict())
    asks = ("far",) if moved else ()
    return replace(row, state=State.CHANGE, notes=kept, content=content, fields=fields, asks=asks)


async def _new(
    session: AsyncSession,
    setting: Setting,
    table: Table,
    row: Checked,
    alike: tuple[OnTheMapAlready, ...],
) -> Checked:
    assert row.content is not None
    if wrong := _wrong_notes(row.notes, but={_UNSURE}):
        return replace(row, state=State.WRONG, notes=wrong, content=None)
    data = row.content.to_dict() | {"organisation": {"id": str(table.organisation_id)}}
    try:
        content = table.layer.content.read(data, country=setting.country)
    except InvalidInput as error:
        return _wrong(row, *(Note("invalid", p.path, {"reason": p.message}) for p in error.problems))
    asks = ("alike",) if alike else ()
    if any(note.code == _UNSURE for note in row.notes):
        asks = (*asks, _UNSURE)
    elif await _is_far(session, table, data):
        asks = (*asks, "far")
    kept = tuple(note for note in row.notes if note.code in _PUT_RIGHT)
    return replace(row, notes=kept, content=content, asks=asks, alike=alike)


async def _is_far(session: AsyncSession, table: Table, data: Mapping[str, Any]) -> bool:
    position, city = data.get("place", {}).get("position"), data.get("address", {}).get("city")
    if not position or not city:
        return False
    away_m = await away_from_town_m(
        session, city, position["lng"], position["lat"], countries=table.countries
    )
    return away_m is not None and away_m > FAR_FROM_TOWN_M


def _apart(layer: Layer, found: dict[int, Checked]) -> None:
    """Rows that are one place, or look like it: nothing is sent before somebody has said which."""
    by_place: dict[uuid.UUID, list[int]] = {}
    for number, one in found.items():
        if one.feature_id is not None:
            by_place.setdefault(one.feature_id, []).append(number)
    for numbers in by_place.values():
        if len(numbers) > 1:
            for number in numbers:
                others = tuple(other for other in numbers if other != number)
                found[number] = replace(_wrong(found[number], Note("two_rows")), rows=others)
    new = {number: one for number, one in found.items() if one.state is State.NEW and one.content}
    traits = [
        traits_of(one.content.to_dict(), layer.key, uuid.UUID(int=number))
        for number, one in new.items()
        if one.content
    ]
    for a, b in likely_pairs(traits):
        for number, other in ((a.int, b.int), (b.int, a.int)):
            row = found[number]
            asks = row.asks if "alike_row" in row.asks else (*row.asks, "alike_row")
            found[number] = replace(row, asks=asks, rows=tuple(sorted({*row.rows, other})))


def _answered(row: Checked, sure: str) -> Checked:
    """A place that somebody has to be sure of; they are for what they were asked, not for what is asked since."""
    if row.state in (State.NEW, State.CHANGE) and row.asks and not set(row.asks) <= set(sure.split()):
        return replace(row, state=State.ASKED)
    return row


def _wrong(row: Checked, *notes: Note) -> Checked:
    return replace(row, state=State.WRONG, notes=notes, content=None)


def _wrong_notes(notes: Sequence[Note], but: set[str]) -> tuple[Note, ...]:
    return tuple(note for note in notes if note.code not in _PUT_RIGHT and note.code not in but)


def _uuid(typed: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(typed) if len(typed) == len(str(uuid.UUID(int=0))) else None
    except ValueError:
        return None
