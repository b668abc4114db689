"""The import desk: what each row of a file is beside what is here, and what nobody gets past it."""

import datetime as dt
import uuid
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import SYSTEM
from app.config import Settings
from app.db import Database
from app.db import session as transaction
from app.errors import InvalidInput
from app.features.forgetting import family_of, forget, hold_submissions
from app.features.models import Feature
from app.features.publishing import Item, publish_many, unpublish
from app.imports.models import ImportRun
from app.imports.notes import UnreadableFile
from app.imports.staging.columns import cells_of, columns_of
from app.imports.staging.deciding import link, update
from app.imports.staging.looking import Desk, read_row
from app.imports.staging.staging import begin, read_run, take_in
from app.imports.staging.tasks import stage_run
from app.jobs import Work
from app.layers.registry import LAYERS
from app.web.csv_file import csv_bytes
from tests.integration.imports.conftest import SETTING, count
from tests.integration.imports.staging import (
    POINTS,
    TODAY,
    codes,
    decide,
    file_of,
    kinds_of,
    line,
    on_the_map,
    rows_of,
    staged,
    upload,
)

PHONE = "41 344 51 23"
FAR = {"lat": "52.2297", "lng": "21.0122"}


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

    live = await _content(db, here.feature_id)
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
    content = await _content(db, row.feature_id)
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


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b"id,name,services\n", "no_rows"),
        (b"id,name,name\n1,a,b\n", "header_repeated"),
        (b"id,name\n1,a\x00b\n", "nul"),
        ("id,name\n1,ą\n".encode() + b"2,\xff\xfe\xb1\n", "encoding_mixed"),
        (b'id,name\n1,"' + b"a" * 30_000 + b'"\n', "cell_too_large"),
        (b'id,name\n1,"open\n', "quotes"),
        (
            b"id," + b",".join(b"c%d" % n for n in range(200)) + b"\n" + b"x," * 200 + b"x\n",
            "too_many_columns",
        ),
        (b"id,name\n" + b"1,a\n" * 5_001, "too_many_rows"),
        (b"id,name\n" + b"1," + b"a" * 4_000_000 + b"\n", "file_too_large"),
        (b"PK\x03\x04 no workbook", "xlsx_damaged"),
    ],
)
async def test_a_file_that_cannot_be_read_is_refused_with_its_reason(
    db: Database, session: AsyncSession, data: bytes, code: str
) -> None:
    with pytest.raises(UnreadableFile) as refused:
        await staged(db, data)

    assert refused.value.note.code == code
    assert await count(session, "core.import_run") == 0


async def test_what_is_wrong_with_a_row_is_told_by_its_line_and_column_and_the_others_go_on(
    db: Database,
) -> None:
    run = await staged(
        db,
        file_of(
            line(1, '=HYPERLINK("http://bad.example")'),
            line(2, "Łaźnia", lat="91"),
            line(3, "Bar"),
            line(3, "Inny bar"),
            line(4, "Noclegownia dla kobiet", services="supported_housing"),
            line(5, "Punkt", **FAR),
            line(5, "Punkt", **FAR),
        ),
    )
    rows = await rows_of(db, run)

    said = [(row.kind, [(note["code"], note["path"]) for note in row.notes]) for row in rows]
    assert said[0] == ("refused", [("cell_formula", "name")])
    assert said[1][0] == "refused"
    assert said[2] == ("refused", [("id_repeated", "")])
    assert said[3] == ("refused", [("id_repeated", "")])
    assert said[4] == ("refused", [("protected_service", "")])
    assert [row.cells for row in rows if row.kind != "create"] == [None] * 6
    assert [row.kind for row in rows[5:]] == ["create", "left_out"]
    assert [row.line for row in rows] == [2, 3, 4, 5, 6, 7, 8]


async def test_a_file_brings_no_place_of_what_is_protected(db: Database) -> None:
    where = {"disclosure": "area", "area": {"code": "PL-26", "name": "świętokrzyskie"}}
    here = await on_the_map(db, place=where)
    cells = {"phone": PHONE, "street": "Tajna", "house_number": "7", "city": "Kielce"}
    data = file_of(line(1, "Jadłodajnia Caritas", website="https://caritas.example.org", **cells))

    (row,) = await rows_of(db, await staged(db, data))

    assert row.feature_id == here.feature_id
    assert (row.kind, "protected" in codes(row)) == ("conflict", True)
    assert row.cells is None
    assert "Tajna" not in str(row.content)
    assert "position" not in str(row.content)
    row = await decide(db, row, "update", fields=["website", "place"])
    live = await _content(db, here.feature_id)
    assert (live["place"], live.get("address"), live["website"]) == (
        where,
        None,
        "https://caritas.example.org/",
    )
    async with transaction(db) as s:
        kept = await s.scalar(text("SELECT string_agg(CAST(content AS text), '') FROM core.import_link"))
    assert "Tajna" not in kept
    assert "20.6286" not in kept


@pytest.mark.parametrize("act", ["update", "link"])
async def test_a_row_put_by_hand_beside_what_is_protected_keeps_no_place_either(
    db: Database, act: str
) -> None:
    where = {"disclosure": "area", "area": {"code": "PL-26", "name": "świętokrzyskie"}}
    here = await on_the_map(db, place=where)
    cells = {"website": "https://example.org", "street": "Tajna", "house_number": "7", "city": "Warszawa"}
    (row,) = await rows_of(db, await staged(db, file_of(line(1, "Noclegownia", **cells, **FAR))))
    assert (row.kind, row.feature_id) == ("create", None)
    assert "Tajna" in str(row.cells)

    row = await decide(db, row, act, here.feature_id, fields=["website"])

    assert row.decision
    assert row.cells is None
    assert "Tajna" not in str(row.content)
    assert "52.2297" not in str(row.content)
    assert (row.content or {})["place"] == where


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


async def test_what_is_protected_later_is_forgotten_at_the_import_desk_too(db: Database) -> None:
    cells = {"phone": PHONE, "street": "Tajna", "house_number": "7", "city": "Kielce"}
    first = file_of(line(1, "Noclegownia", **cells))
    (row,) = await rows_of(db, await staged(db, first))
    row = await decide(db, row, "create")
    waits = await staged(db, file_of(line(1, "Noclegownia", website="https://example.org", **cells)))
    content = await _content(db, row.feature_id)
    assert row.feature_id
    async with transaction(db) as s:
        place = {"disclosure": "area", "area": {"code": "PL-26"}}
        family = await family_of(s, row.feature_id)
        held = await hold_submissions(s, family)
        kept = {key: value for key, value in content.items() if key != "address"} | {"place": place}
        await publish_many(s, SETTING, POINTS, [Item(POINTS.content.kept(kept), row.feature_id)])
        await forget(s, family, place, held, actor=SYSTEM)

    for run_id in (row.run_id, waits.id):
        (found,) = await rows_of(db, await _run(db, run_id))
        assert found.cells is None
        assert "Tajna" not in str(found.content)
        assert "50.8661" not in str(found.content)
    async with transaction(db) as s:
        kept_text = await s.scalar(text("SELECT CAST(content AS text) FROM core.import_link"))
    assert "Tajna" not in kept_text
    assert "50.8661" not in kept_text


async def test_our_own_file_read_again_changes_nothing(db: Database) -> None:
    """Also with numbers that a spreadsheet would take for formulas."""
    here = await on_the_map(
        db,
        address={"street": "Warszawska", "house_number": "12", "postcode": "25-001", "city": "Kielce"},
        website="https://caritas.example.org/",
        hours="Mo-Fr 08:00-16:00",
        description={"texts": {"pl": "+ ciepłe posiłki; - herbata"}, "source": "pl"},
    )
    async with transaction(db) as s:
        feature = await s.get_one(Feature, here.feature_id)
        cells = cells_of(str(feature.id), feature.content, "aid_points")
    for language in ("pl", "en"):
        data = csv_bytes([one.key for one in columns_of("aid_points")], [[*cells.values()]], language)
        assert b"'+48" in data
        assert await kinds_of(db, data, source="own") == ["same"]


async def test_an_organisation_is_staged_as_well(db: Database) -> None:
    data = b"id,name,krs,city,email\n1,Fundacja Pomoc,0000123459,Kielce,a@example.org\n"

    (row,) = await rows_of(db, await staged(db, data, layer="organisations"))

    assert row.kind in ("create", "refused"), row.notes


def test_what_is_said_of_a_file_is_checked() -> None:
    with pytest.raises(InvalidInput) as refused:
        upload(source="A B", licence="", as_of="2027-01-01", source_url="ftp://x").checked(
            LAYERS, dt.date(2026, 11, 21)
        )
    assert {problem.path for problem in refused.value.problems} == {
        "source",
        "licence",
        "as_of",
        "source_url",
    }


def test_a_file_is_not_of_the_source_of_what_is_invented() -> None:
    with pytest.raises(InvalidInput) as refused:
        upload(source="demonstration").checked(LAYERS, dt.date(2026, 11, 21))
    assert [(problem.path, problem.code) for problem in refused.value.problems] == [("source", "taken")]


async def test_a_comparing_that_ended_half_way_still_keeps_no_place_of_what_was_protected_meanwhile(
    db: Database,
) -> None:
    here = await on_the_map(db)
    cells = {"phone": PHONE, "street": "Tajna", "house_number": "7", "city": "Kielce", "hours": "24/7"}
    async with transaction(db) as s:
        run = await take_in(
            s, LAYERS, upload(), file_of(line(1, "Jadłodajnia Caritas", **cells)), actor=SYSTEM, today=TODAY
        )
        await begin(s, SETTING, POINTS, run, ("PL",))
    async with transaction(db) as s:
        content = await s.scalar(text("SELECT content FROM core.feature"))
        where = {"disclosure": "area", "area": {"code": "PL-26"}}
        await publish_many(
            s, SETTING, POINTS, [Item(POINTS.content.kept(content | {"place": where}), here.feature_id)]
        )

    await stage_run(Work(Settings(), db), run_id=str(run.id))

    (row,) = await rows_of(db, run)
    assert row.cells is None
    assert "Tajna" not in str(row.content)


async def _run(db: Database, run_id: uuid.UUID) -> ImportRun:
    async with transaction(db) as s:
        return await read_run(s, run_id)


async def _content(db: Database, feature_id: uuid.UUID | None) -> dict[str, Any]:
    assert feature_id
    async with transaction(db) as s:
        return (await s.get_one(Feature, feature_id)).content
