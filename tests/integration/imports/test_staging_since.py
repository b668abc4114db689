"""The import desk: what has happened to a place, or to a row, since its source last spoke of it."""

import datetime as dt
import uuid
from dataclasses import replace
from typing import Final

from sqlalchemy import text

from app.accounts.audit import SYSTEM
from app.db import Database
from app.db import session as transaction
from app.features.merged import lead_to
from app.features.protecting import protect_now
from app.features.publishing import Item, publish_many, unpublish, verify
from app.features.revisions import hold_layers, locked
from app.imports.models import ImportRow
from tests.integration.imports.conftest import SETTING
from tests.integration.imports.staging import (
    POINTS,
    codes,
    decide,
    file_of,
    line,
    on_the_map,
    rows_of,
    staged,
)

NAME: Final = "Jadłodajnia Caritas"
PHONE: Final = "41 344 51 23"


async def hours_on(db: Database, day: str, hours: str, number: str = "1") -> ImportRow:
    """What the only row of a file of that day is, which says that the place is open then."""
    (row,) = await rows_of(
        db, await staged(db, file_of(line(number, NAME, phone=PHONE, hours=hours)), as_of=day)
    )
    return row


async def test_who_spoke_later_is_not_surely_overwritten_by_a_file(db: Database) -> None:
    """Days are those of the installation: half past ten in the evening in UTC is the next day in Warsaw."""
    evening = replace(SETTING, now=dt.datetime(2026, 10, 21, 22, 30, tzinfo=dt.UTC))
    here = (await on_the_map(db)).feature_id
    async with transaction(db) as s:
        (content,) = (await s.scalars(text("SELECT content FROM core.feature"))).all()
        await publish_many(s, evening, POINTS, [Item(POINTS.content.kept(content), here)])

    # Before any file of its source, by likeness.
    for day, kind in (("2026-10-21", "conflict"), ("2026-10-22", "conflict"), ("2026-10-23", "update")):
        row = await hours_on(db, day, "24/7")
        assert (row.kind, "edited" in codes(row)) == (kind, kind == "conflict"), day

    # Our own decision, taken back, is nobody's word; also not where the row is known by then.
    row = await decide(db, await decide(db, row, "update", fields=["hours"]), "undo")
    assert row.kind == "update"
    row = await decide(db, row, "update", fields=["hours"])
    again = await hours_on(db, "2026-10-24", "Mo-Fr 08:00-16:00")
    assert (again.kind, codes(again)) == ("update", ["by_link"])
    await decide(db, await decide(db, again, "update", fields=["hours"]), "undo")
    other = await hours_on(db, "2026-10-24", "Mo-Fr 08:00-16:00")
    assert (other.kind, codes(other)) == ("update", ["by_link"])

    # An earlier file of the same source comes after a later one, also where one before it has said the same.
    same = await hours_on(db, "2026-10-01", "24/7")
    assert same.kind == "same"
    await decide(db, same, "link")
    earlier = await hours_on(db, "2026-10-22", "Sa 10:00-12:00")
    assert (earlier.kind, codes(earlier)[0]) == ("conflict", "older")

    # Somebody called there.
    async with transaction(db) as s:
        now = replace(SETTING, now=dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC))
        await verify(s, now, POINTS, here, how="phone", actor=SYSTEM)
    called = [await hours_on(db, day, "Sa 10:00-12:00") for day in ("2026-10-30", "2026-11-02")]
    assert [(row.kind, codes(row)[0]) for row in called] == [("conflict", "checked"), ("update", "by_link")]


#: What happens to each row's place between two files, and what the row is then, with its first reason.
SINCE: Final = {
    "stays": ("update", "by_link"),
    "vanished": ("same", "as_before"),
    "rejected": ("conflict", "rejected"),
    "waits": ("conflict", "waits"),
    "merged": ("conflict", "merged"),
    "taken down": ("conflict", "taken_down"),
    "protected": ("conflict", "protected"),
    "several": ("conflict", "several"),
}
NEW: Final = ("rejected", "waits", "several")


def _line(what: str, **more: str) -> str:
    number = [*SINCE].index(what)
    said = {
        "lat": str(50.0 + number / 2),
        "phone": f"41 344 51 {number + 20}",
        "street": "Tajna",
        "city": "Kielce",
    }
    return line(what, f"Punkt {what}", **(said | more))


async def test_what_happened_to_places_and_rows_since_the_last_file(db: Database) -> None:
    """Also of a row that a file leaves out: its place stays, and the row is known when it comes back."""
    known = [what for what in SINCE if what not in NEW]
    made = {}
    for row in await rows_of(db, await staged(db, file_of(*map(_line, known)))):
        done = await decide(db, row, "create")
        assert done.feature_id
        made[done.source_id] = done.feature_id
    winner = await _happens(db, made)

    first = await staged(db, file_of(*(_line(what, hours="24/7") for what in SINCE if what != "vanished")))
    rows = {row.source_id: row for row in await rows_of(db, first)}
    rows |= {row.source_id: row for row in await rows_of(db, await staged(db, file_of(_line("vanished"))))}

    assert {what: (row.kind, codes(row)[0]) for what, row in rows.items()} == SINCE
    assert "Tajna" not in str(rows["protected"].content)
    assert rows["protected"].cells is None
    assert rows["merged"].feature_id == winner
    async with transaction(db) as s:
        assert await s.scalar(
            text("SELECT state FROM core.feature WHERE id = :id"), {"id": made["vanished"]}
        ) == ("published")

    # Each is decided by itself: laid on what it leads to, taken as new after all, put beside one of several.
    await decide(db, rows["merged"], "update", fields=["hours"])
    await decide(db, rows["protected"], "update", fields=["hours"])
    await decide(db, rows["rejected"], "create")
    await decide(db, rows["several"], "update", rows["several"].feature_id, fields=["hours"])
    await decide(db, rows["taken down"], "skip")
    async with transaction(db) as s:
        open_now = set(
            (await s.scalars(text("SELECT id FROM core.feature WHERE content ->> 'hours' = '24/7'"))).all()
        )
        protected = await s.scalar(
            text("SELECT content -> 'place' FROM core.feature WHERE id = :id"), {"id": made["protected"]}
        )
    assert {winner, made["protected"], rows["several"].feature_id} <= open_now
    assert made["taken down"] not in open_now
    assert "position" not in protected
    again = await rows_of(
        db,
        await staged(db, file_of(*(_line(what, hours="24/7") for what in ("merged", "several", "rejected")))),
    )
    assert [(row.kind, codes(row)[0]) for row in again] == [("same", "as_before")] * 3


async def _happens(db: Database, made: dict[str, uuid.UUID]) -> uuid.UUID:
    """Everything of `SINCE`; gives the place that the merged one leads to."""
    winner = (
        await on_the_map(
            db, name={"texts": {"pl": "Inny punkt"}, "source": "pl"}, place=_pin("merged", 0.003)
        )
    ).feature_id
    for _ in range(2):
        phone = [{"kind": "phone", "value": f"+4841344512{[*SINCE].index('several')}"}]
        await on_the_map(
            db,
            name={"texts": {"pl": "Punkt several"}, "source": "pl"},
            place=_pin("several"),
            contacts=phone,
        )
    async with transaction(db) as s:
        await hold_layers(s, [POINTS.key])
        loser = (await locked(s, POINTS, [made["merged"]]))[made["merged"]]
        await lead_to(s, SETTING, POINTS, loser, winner, actor=SYSTEM, reason=None, openly=True)
    async with transaction(db) as s:
        await unpublish(s, SETTING, POINTS, made["taken down"], actor=SYSTEM, reason="Gone")
    async with transaction(db) as s:
        await protect_now(s, SETTING, POINTS, made["protected"], actor=SYSTEM, reason="Schronienie")
    async with transaction(db) as s:
        for what, state in (("rejected", "rejected"), ("waits", "pending")):
            await s.execute(_TURNED_DOWN, {"id": what, "state": state})
    return winner


def _pin(what: str, aside: float = 0.0) -> dict[str, dict[str, float]]:
    return {"position": {"lng": 20.6286 + aside, "lat": 50.0 + [*SINCE].index(what) / 2}}


_TURNED_DOWN = text(
    """
    INSERT INTO core.submission (layer, kind, channel, content, state, language, source, source_id)
    VALUES ('aid_points', 'new', 'import', '{}', :state, 'pl', 'caritas', :id)
    """
)


async def test_two_layers_may_number_their_rows_from_one_under_one_word(db: Database) -> None:
    (place,) = await rows_of(db, await staged(db, file_of(line(1, "Noclegownia", phone=PHONE))))
    place = await decide(db, place, "create")
    register = b"id,name,krs,city,email\n1,Fundacja Pomoc,0000123459,Kielce,a@example.org\n"
    (row,) = await rows_of(db, await staged(db, register, layer="organisations"))
    assert (row.kind, row.feature_id) == ("create", None), row.notes

    row = await decide(db, row, "create")

    assert row.feature_id not in (None, place.feature_id)
    for data, layer in (
        (register, "organisations"),
        (file_of(line(1, "Noclegownia", phone=PHONE)), "aid_points"),
    ):
        (again,) = await rows_of(db, await staged(db, data, layer=layer))
        assert (again.kind, codes(again)) == ("same", ["as_before"])
    undone = await decide(db, row, "undo")
    assert (undone.kind, undone.decision) == ("create", None)
    async with transaction(db) as s:
        assert (await s.scalars(text("SELECT layer FROM core.import_link"))).all() == ["aid_points"]
