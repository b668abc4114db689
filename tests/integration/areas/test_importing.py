from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from shapely import MultiPolygon, box
from sqlalchemy import text

from app.areas.boundary_file import read_boundaries
from app.areas.importing import AreaImport, import_units
from app.areas.units import Origin, Unit
from app.db import Database, session

ORIGIN = Origin("test", "CC0", 2021)


async def load(db: Database, units: list[Unit], *, remove_gone: bool = False) -> AreaImport:
    async with session(db) as s:
        return await import_units(s, units, remove_gone=remove_gone)


async def test_a_second_import_changes_nothing(db: Database, squares: list[Unit]) -> None:
    first = await load(db, squares)
    assert sorted(first.new) == sorted(unit.code for unit in squares)
    second = await load(db, squares)
    assert not second.touched
    assert sorted(second.same) == sorted(first.new)


async def test_a_unit_has_its_parents_area_and_a_label_inside(country: Database) -> None:
    async with country.reading() as connection:
        rows = await connection.execute(
            text(
                """
                SELECT code, parent_code, ancestors, area_km2, ST_Covers(geom, label) AS inside, ST_X(label) AS lng
                FROM published.area ORDER BY code
                """
            )
        )
        found = {row.code: row for row in rows}
    assert found["PL-1001012"].ancestors == ["PL-1001", "PL-10"]
    assert found["PL-1001012"].inside
    # A degree square at 52° N, without its hole.
    assert found["PL-1001012"].area_km2 == pytest.approx(7600 * 0.96, rel=0.01)
    # The label is on the larger of the two islands.
    assert 21 < found["PL-2001012"].lng < 22
    assert found["PL-2001022"].parent_code == "PL-2001"
    assert found["PL-2001022"].area_km2 is None


async def test_changed_and_gone_units_are_told_apart(db: Database, squares: list[Unit]) -> None:
    await load(db, squares)
    middle = replace(squares[1], population=26000)
    report = await load(db, [squares[0], middle, *squares[4:]])
    assert report.changed == ["PL-1001021"]
    assert report.gone == ["PL-2001012", "PL-2001022"]
    assert report.removed == []
    removed = await load(db, [squares[0], middle, *squares[4:]], remove_gone=True)
    assert removed.removed == ["PL-2001012", "PL-2001022"]
    async with db.reading() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM published.area")) == 6
        parts = await connection.scalar(
            text("SELECT count(*) FROM published.area_part WHERE area_code = 'PL-2001012'")
        )
        assert parts == 0


async def test_units_of_other_levels_and_countries_are_not_gone(db: Database, squares: list[Unit]) -> None:
    await load(db, squares)
    report = await load(db, [unit for unit in squares if unit.level == "powiat"])
    assert report.gone == []


async def test_a_gmina_that_becomes_a_town_keeps_its_row_under_a_new_code(
    db: Database, squares: list[Unit]
) -> None:
    await load(db, squares)
    town = replace(squares[0], code="PL-1001013")
    report = await load(db, [town])
    assert report.renamed == [("PL-1001012", "PL-1001013")]
    async with db.reading() as connection:
        codes = set(
            await connection.scalars(text("SELECT code FROM published.area WHERE stable_code = 'PL-100101'"))
        )
        assert codes == {"PL-1001013"}
        in_parts = text("SELECT count(*) FROM published.area_part WHERE area_code = :code")
        assert await connection.scalar(in_parts, {"code": "PL-1001013"}) > 0
        assert await connection.scalar(in_parts, {"code": "PL-1001012"}) == 0


async def test_a_new_outline_replaces_the_pieces_of_the_old(db: Database, squares: list[Unit]) -> None:
    await load(db, squares)
    await load(db, [replace(squares[1], geometry=MultiPolygon([box(20.45, 52.45, 20.55, 52.55)]))])
    async with db.reading() as connection:
        area = await connection.scalar(
            text("SELECT sum(ST_Area(geom)) FROM published.area_part WHERE area_code = 'PL-1001021'")
        )
    assert area == pytest.approx(0.01)


async def test_nothing_is_left_of_an_import_that_fails(db: Database, squares: list[Unit]) -> None:
    bad = replace(squares[7], code="not a code", stable_code="not a code")
    with pytest.raises(Exception, match="ck_area_code"):
        await load(db, [*squares[:7], bad])
    async with db.reading() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM published.area")) == 0


async def test_progress_counts_up_to_all_units(db: Database, make_unit: Callable[..., Unit]) -> None:
    units = [make_unit(f"10{number:02}") for number in range(1, 61)]
    seen: list[tuple[int, int]] = []
    async with session(db) as s:
        await import_units(s, units, progress=lambda done, total: seen.append((done, total)))
    assert seen[0] == (0, 60)
    assert seen[-1] == (60, 60)


async def test_the_real_sets_are_all_there_and_the_same_twice(db: Database, shared_data: Path) -> None:
    files = [
        *(f"boundaries-pl/poland.{name}.json" for name in ("municipalities", "counties", "voivodeships")),
        "boundaries-ro/romania_uat.geojson",
    ]
    for file in files:
        units = read_boundaries(shared_data / file, ORIGIN).units
        await load(db, units)
        assert not (await load(db, units)).touched
    async with db.reading() as connection:
        rows = await connection.execute(
            text(
                "SELECT level, count(*) AS n, count(geom) AS drawn, sum(area_km2) AS km2 FROM published.area GROUP BY 1"
            )
        )
        found = {row.level: row for row in rows}
        orphans = await connection.scalar(
            text(
                "SELECT count(*) FROM published.area a WHERE parent_code IS NOT NULL"
                " AND NOT EXISTS (SELECT FROM published.area p WHERE p.code = a.parent_code)"
            )
        )
        most = await connection.scalar(text("SELECT max(ST_NPoints(geom)) FROM published.area_part"))
    assert {level: row.n for level, row in found.items()} == {
        "gmina": 2477,
        "powiat": 380,
        "voivodeship": 16,
        "uat": 3186,
        "county": 42,
    }
    assert found["uat"].drawn == 3183
    assert orphans == 0
    assert most <= 128
    # Levels cover the same ground: Poland has some 312,700 km², Romania 238,400.
    assert found["gmina"].km2 == pytest.approx(found["voivodeship"].km2, rel=1e-6)
    assert found["voivodeship"].km2 == pytest.approx(312_700, rel=0.001)
    assert found["county"].km2 == pytest.approx(238_400, rel=0.001)
