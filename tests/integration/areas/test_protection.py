import pytest
from sqlalchemy import text

from app.areas.protection import NoPublishableUnit, published_unit, published_units
from app.db import Database


@pytest.mark.parametrize(
    ("unit", "published"),
    [
        ("PL-1001021", "PL-1001021"),  # 25,000 people
        ("PL-1001012", "PL-1001"),  # 5,000: the powiat above has 30,000
        ("PL-2001012", "PL-2001"),  # not known: never below the powiat
        ("PL-2001022", "PL-2001"),  # without an outline
        ("PL-10", "PL-10"),
    ],
)
async def test_a_place_is_published_by_a_unit_of_enough_people(
    country: Database, unit: str, published: str
) -> None:
    async with country.reading() as connection:
        assert (await published_unit(connection, unit)).code == published


async def test_without_a_unit_that_is_large_enough_nothing_is_published(country: Database) -> None:
    async with country.write.begin() as connection:
        await connection.execute(text("DELETE FROM published.area WHERE level <> 'gmina'"))
    async with country.reading() as connection:
        for code in ("PL-1001012", "PL-2001012", "PL-nowhere"):
            with pytest.raises(NoPublishableUnit):
                await published_unit(connection, code)


async def test_no_real_unit_is_ever_published_below_its_powiat_unless_its_people_are_known(
    poland: Database,
) -> None:
    async with poland.reading() as connection:
        gminas = list(await connection.scalars(text("SELECT code FROM published.area WHERE level = 'gmina'")))
        units = [await published_unit(connection, code) for code in gminas[::10]]
    assert {unit.level for unit in units} == {"powiat"}


async def test_f8_no_real_unit_of_poland_is_published_below_its_powiat(poland: Database) -> None:
    async with poland.reading() as reader:
        rows = (await reader.execute(text("SELECT code, level, population FROM published.area"))).all()
        units = await published_units(reader, [row.code for row in rows])
    people = {row.code: row.population for row in rows}
    assert all(people[unit.code] is None or people[unit.code] >= 20_000 for unit in units.values())
    assert all(unit.level != "gmina" or (people[unit.code] or 0) >= 20_000 for unit in units.values())
