"""No file brings or keeps the place of what is protected (SECURITY F4)."""

import pytest
from sqlalchemy import text

from app.accounts.audit import SYSTEM, Actor
from app.accounts.granting import grant_role
from app.accounts.roles import Role
from app.config import Settings
from app.db import Database
from app.db import session as transaction
from app.features.family import family_of, hold_submissions
from app.features.forgetting import forget
from app.features.publishing import Item, publish_many
from app.imports.staging.deciding import OwnFile, UploaderGone
from app.imports.staging.staging import begin, take_in
from app.imports.staging.tasks import stage_run
from app.jobs import Work
from app.layers.registry import LAYERS
from app.moderation.agreements import NeedsTwo, agree
from tests.integration.imports.conftest import SETTING
from tests.integration.imports.staged_rows import FAR, PHONE, content_of, run_of
from tests.integration.imports.staging import (
    POINTS,
    TODAY,
    codes,
    decide,
    file_of,
    line,
    on_the_map,
    rows_of,
    staged,
    upload,
)


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
    live = await content_of(db, here.feature_id)
    assert (live["place"], live.get("address"), live["website"]) == (
        where,
        None,
        "https://caritas.example.org/",
    )
    async with transaction(db) as s:
        kept = await s.scalar(text("SELECT string_agg(CAST(content AS text), '') FROM core.import_link"))
    assert "Tajna" not in kept
    assert "20.6286" not in kept


async def test_a7_whoever_has_uploaded_a_file_does_not_publish_protected_help_of_it(db: Database) -> None:
    """SECURITY A7: they are the first of two people."""
    where = {"disclosure": "area", "area": {"code": "PL-26", "name": "świętokrzyskie"}}
    here = await on_the_map(db, place=where)
    run = await staged(
        db, file_of(line(1, "Jadłodajnia Caritas", website="https://new.example.org", phone=PHONE))
    )
    async with transaction(db) as s:
        first, second = [
            Actor("staff", (await grant_role(s, email, Role.MODERATOR)).id)
            for email in ("a@b.example", "c@b.example")
        ]
        await s.execute(text("UPDATE core.import_run SET created_by = :id"), {"id": first.user_id})
    (row,) = await rows_of(db, run)
    with pytest.raises(OwnFile):
        await decide(db, row, "update", fields=["website"], actor=first)
    assert "website" not in await content_of(db, here.feature_id)
    # Nor whoever has said what its columns mean; nor anybody when whoever has uploaded it was suspended since.
    for refused, fault in (
        (OwnFile, f"UPDATE core.import_run SET columns_by = '{second.user_id}'"),
        (UploaderGone, f"""UPDATE core."user" SET suspended_at = now() WHERE id = '{first.user_id}'"""),
    ):
        async with transaction(db) as s:
            await s.execute(text(fault))
        with pytest.raises(refused):
            await decide(db, row, "update", fields=["website"], actor=second)
        async with transaction(db) as s:
            await s.execute(text("UPDATE core.import_run SET columns_by = NULL"))
            await s.execute(text('UPDATE core."user" SET suspended_at = NULL'))
    row = await decide(db, row, "update", fields=["website"], actor=second)
    assert (await content_of(db, here.feature_id))["website"] == "https://new.example.org/"
    # What it said before is an older version, which two people bring back.
    with pytest.raises(NeedsTwo) as needed:
        await decide(db, row, "undo", actor=second)
    async with transaction(db) as s:
        await agree(s, needed.value.yes)
    with pytest.raises(NeedsTwo):
        await decide(db, row, "undo", actor=second)
    assert "website" in await content_of(db, here.feature_id)
    await decide(db, row, "undo", actor=first)
    assert "website" not in await content_of(db, here.feature_id)


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


async def test_what_is_protected_later_is_forgotten_at_the_import_desk_too(db: Database) -> None:
    cells = {"phone": PHONE, "street": "Tajna", "house_number": "7", "city": "Kielce"}
    first = file_of(line(1, "Noclegownia", **cells))
    (row,) = await rows_of(db, await staged(db, first))
    row = await decide(db, row, "create")
    waits = await staged(db, file_of(line(1, "Noclegownia", website="https://example.org", **cells)))
    content = await content_of(db, row.feature_id)
    assert row.feature_id
    async with transaction(db) as s:
        place = {"disclosure": "area", "area": {"code": "PL-26"}}
        family = await family_of(s, row.feature_id)
        held = await hold_submissions(s, family)
        kept = {key: value for key, value in content.items() if key != "address"} | {"place": place}
        await publish_many(s, SETTING, POINTS, [Item(POINTS.content.kept(kept), row.feature_id)])
        await forget(s, family, place, held, actor=SYSTEM)

    for run_id in (row.run_id, waits.id):
        (found,) = await rows_of(db, await run_of(db, run_id))
        assert found.cells is None
        assert "Tajna" not in str(found.content)
        assert "50.8661" not in str(found.content)
    async with transaction(db) as s:
        kept_text = await s.scalar(text("SELECT CAST(content AS text) FROM core.import_link"))
    assert "Tajna" not in kept_text
    assert "50.8661" not in kept_text


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
