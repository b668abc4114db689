"""Rows of a file at the import desk: new, changed, the same, or for somebody to look at."""

import pytest
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import SYSTEM
from app.db import Database
from app.db import session as transaction
from app.errors import InvalidInput
from app.features.publishing import Item, publish_many, unpublish
from app.imports.staging.deciding import link, update
from app.imports.staging.looking import Desk, read_row
from app.imports.staging.staging import read_run
from tests.integration.imports.conftest import SETTING, count
from tests.integration.imports.staged_rows import FAR, PHONE, content_of
from tests.integration.imports.staging import (
    POINTS,
    codes,
    decide,
    file_of,
    kinds_of,
    line,
    on_the_map,
    rows_of,
    staged,
)


async def test_rows_are_new_changed_the_same_or_for_somebody_to_look_at(db: Database) -> None:
    here = await on_the_map(db)
    data = file_of(
        line(1, "Jadłodajnia Caritas", phone=PHONE),
        line(2, "Noclegownia miejska", **FAR),
        line(3, "Bar mleczny", lat="0", lng="0", city=""),
        line(4, "Łaźnia", services="nothing_we_know"),
    )
    run = await staged(db, data)
    assert (run.state, run.file, run.total) == ("ready", None, 4)
    same, new, nowhere, unknown = await rows_of(db, run)

    assert (same.kind, same.feature_id, same.revision) == ("same", here.feature_id, here.revision)
    assert same.likelihood >= 90
    assert {"near", "name", "phone"} <= set(codes(same))
    assert (new.kind, new.likelihood, new.feature_id) == ("create", 100, None)
    assert (nowhere.kind, unknown.kind) == ("refused", "refused")
    assert [note["code"] for note in unknown.notes] == ["no_service"]
    # Beside no place, what stood in their cells would be forgotten with none.
    assert (nowhere.cells, unknown.cells, unknown.line) == (None, None, 5)


async def test_many_rows_are_compared_with_as_many_statements_as_few(db: Database) -> None:
    await on_the_map(db)
    # Each is like what is here, by its phone.
    few = file_of(*(line(n, "Jadłodajnia Caritas", phone=PHONE) for n in range(1, 3)))
    many = file_of(*(line(n, "Jadłodajnia Caritas", phone=PHONE) for n in range(1, 31)))
    said: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        said.append(statement)

    engine = db.write.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        runs = []
        for source, data in (("few", few), ("many", many)):
            run = await staged(db, data, source=source)
            runs.append((await rows_of(db, run), list(said)))
            said.clear()
    finally:
        event.remove(engine, "before_cursor_execute", note)

    (rows_of_few, asked_for_few), (rows_of_many, asked_for_many) = runs
    assert (len(rows_of_few), len(rows_of_many)) == (2, 30)
    assert all("phone" in codes(row) for row in (*rows_of_few, *rows_of_many))
    assert len(asked_for_many) == len(asked_for_few)


async def test_nothing_of_a_file_is_public_before_somebody_has_decided(
    db: Database, session: AsyncSession
) -> None:
    await staged(db, file_of(line(1, "Noclegownia"), line(2, "Łaźnia", **FAR)))

    assert await count(session, "published.feature") == 0
    assert await count(session, "core.feature") == 0
    assert await count(session, "core.audit", "action = 'import.uploaded'") == 1


async def test_a_new_place_names_its_source_and_is_known_again(db: Database, session: AsyncSession) -> None:
    data = file_of(line("K-1", "Noclegownia", phone=PHONE))
    (row,) = await rows_of(db, await staged(db, data))
    row = await decide(db, row, "create")

    found = (await session.execute(text("SELECT * FROM core.feature"))).one()
    assert (found.source, found.source_id, found.licence, found.attribution) == (
        "caritas",
        "K-1",
        "CC0-1.0",
        "Caritas Kielce",
    )
    assert (found.source_url, found.verified_at.date().isoformat()) == (
        "https://example.org/list",
        "2026-11-20",
    )
    assert (row.decision, row.feature_id, row.made_revision) == ("created", found.id, 1)
    await session.rollback()
    assert await count(session, "core.audit", "action = 'import.row_created'") == 1

    (again,) = await rows_of(db, await staged(db, data))
    assert (again.kind, codes(again)) == ("same", ["as_before"])
    (changed,) = await rows_of(
        db, await staged(db, file_of(line("K-1", "Noclegownia", phone="41 344 51 24")))
    )
    assert (changed.kind, changed.likelihood, codes(changed)) == ("update", 100, ["by_link"])


async def test_a_change_takes_the_chosen_fields_and_loses_nothing_else(db: Database) -> None:
    here = await on_the_map(
        db, contacts=[{"kind": "phone", "value": "+48413445123"}, {"kind": "email", "value": "a@example.org"}]
    )
    data = file_of(
        line(
            1,
            "Jadłodajnia Caritas Kielce",
            phone=PHONE,
            website="https://caritas.example.org",
            hours="Mo-Fr 08:00-16:00",
        )
    )
    (row,) = await rows_of(db, await staged(db, data))
    assert (row.kind, row.feature_id) == ("update", here.feature_id)
    with pytest.raises(InvalidInput):
        await decide(db, row, "update", fields=["description"])

    row = await decide(db, row, "update", fields=["name", "website"])

    live = await content_of(db, here.feature_id)
    assert live["name"]["texts"] == {"pl": "Jadłodajnia Caritas Kielce", "uk": "Їдальня Карітас"}
    assert live["name"]["states"] == {"uk": "outdated"}
    assert live["website"] == "https://caritas.example.org/"
    assert "hours" not in live
    assert [one["value"] for one in live["contacts"]] == ["+48413445123", "a@example.org"]
    # What was not taken is not offered again: its source says what it said.
    assert await kinds_of(db, data) == ["same"]


async def test_what_people_changed_since_the_last_file_is_for_somebody_to_look_at(db: Database) -> None:
    (row,) = await rows_of(db, await staged(db, file_of(line(1, "Noclegownia", phone=PHONE))))
    row = await decide(db, row, "create")
    content = await content_of(db, row.feature_id)
    async with transaction(db) as s:
        item = Item(POINTS.content.kept(content | {"hours": "Mo 08:00-10:00"}), row.feature_id)
        await publish_many(s, SETTING, POINTS, [item])

    (later,) = await rows_of(db, await staged(db, file_of(line(1, "Noclegownia", phone="41 344 51 24"))))

    assert (later.kind, codes(later)[0]) == ("conflict", "edited")
    # What the source repeats is nothing to decide about.
    assert await kinds_of(db, file_of(line(1, "Noclegownia", phone=PHONE))) == ["same"]


async def test_what_was_taken_down_or_left_out_comes_back_only_with_a_word(db: Database) -> None:
    rows = await rows_of(
        db, await staged(db, file_of(line(1, "Noclegownia", phone=PHONE), line(2, "Łaźnia", **FAR)))
    )
    gone = await decide(db, rows[0], "create")
    await decide(db, rows[1], "skip")
    assert gone.feature_id
    async with transaction(db) as s:
        await unpublish(s, SETTING, POINTS, gone.feature_id, actor=SYSTEM, reason="Gone")

    again = file_of(line(1, "Noclegownia", phone="41 344 51 24"), line(2, "Łaźnia", **FAR))
    moved, left = await rows_of(db, await staged(db, again))
    # The same place under another number: it is known by its name and its telephone.
    (other,) = await rows_of(db, await staged(db, file_of(line("X", "Noclegownia", phone=PHONE))))

    assert (moved.kind, codes(moved)[0]) == ("conflict", "taken_down")
    assert (left.kind, codes(left)[0]) == ("conflict", "skipped")
    assert (other.kind, codes(other)[0]) == ("conflict", "gone")


async def test_a_closed_place_is_not_changed_by_a_press_on_many(db: Database) -> None:
    await on_the_map(db, status={"state": "closed"})

    (row,) = await rows_of(
        db, await staged(db, file_of(line(1, "Jadłodajnia Caritas", phone=PHONE, hours="24/7")))
    )

    assert (row.kind, codes(row)[0]) == ("conflict", "closed")
    assert "status" not in (row.content or {})


async def test_two_rows_of_one_place_and_two_that_are_alike_are_told(db: Database) -> None:
    await on_the_map(db)
    rows = await rows_of(
        db,
        await staged(
            db,
            file_of(
                line(1, "Jadłodajnia Caritas", phone=PHONE, hours="24/7"),
                line(2, "Jadłodajnia Caritas", phone=PHONE, hours="Mo 08:00-10:00"),
                line(3, "Noclegownia św. Brata Alberta", phone="22 100 20 30", **FAR),
                line(4, "Noclegownia św. Brata Alberta", phone="22 100 20 30", **FAR),
            ),
        ),
    )

    assert [row.kind for row in rows] == ["conflict"] * 4
    assert [codes(row)[0] for row in rows] == ["two_rows", "two_rows", "alike_row", "alike_row"]
    assert [row.reasons[0]["rows"] for row in rows] == [[2], [1], [4], [3]]


async def test_a_number_that_slipped_to_another_line_changes_nothing_by_itself(db: Database) -> None:
    (row,) = await rows_of(db, await staged(db, file_of(line(1, "Noclegownia", phone=PHONE))))
    await decide(db, row, "create")

    (slipped,) = await rows_of(db, await staged(db, file_of(line(1, "Przychodnia Salus", **FAR))))

    assert (slipped.kind, codes(slipped)[0]) == ("conflict", "unlike")


async def test_an_invented_place_is_beside_nothing_real(db: Database) -> None:
    await on_the_map(db)
    async with transaction(db) as s:
        await s.execute(text("UPDATE core.feature SET example = true"))

    assert await kinds_of(db, file_of(line(1, "Jadłodajnia Caritas", phone=PHONE))) == ["create"]


@pytest.mark.parametrize("act", ["update", "link"])
async def test_who_decides_about_a_row_holds_its_number(db: Database, act: str) -> None:
    """Two files of one source at once: the second one to decide sees what the first has made."""
    await on_the_map(db)
    (row,) = await rows_of(
        db, await staged(db, file_of(line(1, "Jadłodajnia Caritas", phone=PHONE, hours="24/7")))
    )
    async with transaction(db) as s:
        held = await read_row(s, row.id, lock=True)
        desk = Desk(s, SETTING, POINTS, await read_run(s, row.run_id), SYSTEM)
        assert held.feature_id
        if act == "link":
            await link(desk, held, held.feature_id, 1)
        else:
            await update(desk, held, held.feature_id, 1, ["hours"])
        async with transaction(db) as other:
            free = await other.scalar(
                text("SELECT pg_try_advisory_xact_lock(hashtextextended('import caritas 1', 0))")
            )

    assert free is False


async def test_an_organisation_is_staged_as_well(db: Database) -> None:
    data = b"id,name,krs,city,email\n1,Fundacja Pomoc,0000123459,Kielce,a@example.org\n"

    (row,) = await rows_of(db, await staged(db, data, layer="organisations"))

    assert row.kind in ("create", "refused"), row.notes
