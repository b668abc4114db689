"""Areas that are unions of units: outline, ancestors, and what lies in them."""

from dataclasses import replace
from pathlib import Path

from shapely import box
from sqlalchemy import text

from app.areas.importing import import_units
from app.areas.points import areas_of_points
from app.areas.unions import KNOWN, Union, compose, follow, read_unions
from app.areas.units import Unit
from app.db import Database, session

from .conftest import MakeUnit

NEAR = Union("PL-okolica", "PL", "metropolis", "Okolica", ("PL-100101", "PL-100102"))


async def test_the_outline_is_that_of_all_members_and_the_rest_what_they_share(country: Database) -> None:
    async with session(country) as s:
        [unit] = (await compose(s, [NEAR])).units
    assert unit.geometry is not None
    # The hole of one is filled by the other.
    assert unit.geometry.equals(box(20, 52, 21, 53))
    assert unit.ancestors == ("PL-1001", "PL-10")
    assert unit.population == 30_000
    assert (unit.origin.source, unit.origin.licence, unit.origin.year) == ("test", "CC0", 2021)


async def test_members_of_two_voivodeships_share_none(country: Database) -> None:
    wide = Union("PL-szeroka", "PL", "metropolis", "Szeroka", ("PL-100101", "PL-200101"))
    async with session(country) as s:
        [unit] = (await compose(s, [wide])).units
    assert unit.ancestors == ()
    # Nobody knows how many people live in one of them.
    assert unit.population is None


async def test_a_member_that_is_not_imported_or_has_no_outline_is_named(country: Database) -> None:
    odd = Union("PL-dziwna", "PL", "custom", "Dziwna", ("PL-100101", "PL-200102", "PL-999999"))
    async with session(country) as s:
        composed = await compose(s, [NEAR, odd])
    assert [unit.code for unit in composed.units] == ["PL-okolica"]
    assert composed.missing == {"PL-dziwna": ["PL-200102", "PL-999999"]}


async def test_made_twice_it_is_the_same(country: Database) -> None:
    for same in (False, True):
        async with session(country) as s:
            report = await import_units(s, (await compose(s, [NEAR])).units)
        assert report.touched is not same


async def test_it_follows_its_members_and_stays_as_it_was_when_one_is_gone(
    country: Database, make_unit: MakeUnit
) -> None:
    kept = replace(NEAR, code="PL-wlasna", names={"uk": "Власна"}, level="custom")
    never_made = Union("PL-niczyja", "PL", "metropolis", "Niczyja", ("PL-100101",))
    own = make_unit("moja", box(20, 52, 21, 53))
    grown = make_unit("1001021", box(20.4, 52.4, 20.6, 52.7), population=30_000)
    codes = {"near": NEAR.code}
    area = text("SELECT ST_XMax(geom), population FROM published.area WHERE code = :near")
    async with session(country) as s:
        await import_units(s, (await compose(s, [NEAR, kept])).units)
        await import_units(s, [replace(own, level="custom")])
    async with session(country) as s:
        assert not (await follow(s, [NEAR], {"PL"})).report.touched
        await import_units(s, [grown, make_unit("1001012", box(20, 52, 21.5, 53), population=6000)])
        followed = await follow(s, [NEAR, never_made], {"PL"})
        assert sorted(followed.report.changed) == [NEAR.code, kept.code]
        assert followed.others == ["PL-moja"]
        assert (await follow(s, [], {"PL"})).report.same == [NEAR.code, kept.code]
        assert tuple((await s.execute(area, codes)).one()) == (21.5, 36_000)
    async with session(country) as s:
        await s.execute(text("DELETE FROM published.area WHERE code = 'PL-1001021'"))
        followed = await follow(s, [NEAR], {"PL", "RO"})
        assert followed.missing == {NEAR.code: ["PL-100102"], kept.code: ["PL-100102"]}
        assert tuple((await s.execute(area, codes)).one()) == (21.5, 36_000)
        assert not (await follow(s, [NEAR], {"RO"})).missing
        # With an outline of its own it is no union any more.
        await import_units(s, [replace(own, code=kept.code, stable_code=kept.code, level="custom")])
        assert (await follow(s, [NEAR], {"PL"})).others == ["PL-moja", kept.code]


async def test_a_point_lies_in_the_metropolis_of_its_gmina_and_in_no_other(
    db: Database, make_unit: MakeUnit
) -> None:
    """Also on the border to a gmina of another one, and outside of every outline by a little."""
    west, east = box(20, 52, 21, 53), box(21, 52, 22, 53)
    units: list[Unit] = [make_unit("1001012", west), make_unit("2001012", east)]
    unions = [
        Union("PL-zachod", "PL", "metropolis", "Zachód", ("PL-100101",)),
        Union("PL-wschod", "PL", "metropolis", "Wschód", ("PL-200101",)),
    ]
    async with session(db) as s:
        await import_units(s, units)
        await import_units(s, (await compose(s, unions)).units)
    points = [(20.5, 52.5), (21.5, 52.5), (21.0, 52.5), (22.005, 52.5), (25.0, 52.5)]
    async with db.reading() as connection:
        found = await areas_of_points(connection, points, tolerance_m=1000)
    in_west, in_east = ["PL-1001012", "PL-zachod"], ["PL-2001012", "PL-wschod"]
    assert found == [in_west, in_east, in_west, in_east, []]


async def test_the_metropolis_by_polish_law_is_one_piece_without_holes(poland: Database) -> None:
    async with session(poland) as s:
        composed = await compose(s, read_unions(KNOWN))
        assert composed.missing == {}
        [gzm] = composed.units
        members = await s.scalar(
            text(
                "SELECT sum(area_km2) FROM published.area WHERE stable_code = ANY(:codes) AND level = 'gmina'"
            ),
            {"codes": list(read_unions(KNOWN)[0].members)},
        )
        await import_units(s, composed.units)
        whole = await s.scalar(text("SELECT area_km2 FROM published.area WHERE code = 'PL-gzm'"))
        await s.rollback()
    assert gzm.ancestors == ("PL-24",)
    assert gzm.geometry is not None
    assert len(gzm.geometry.geoms) == 1
    assert len(gzm.geometry.geoms[0].interiors) == 0
    assert members is not None
    assert whole is not None
    assert abs(whole - members) < 0.001 * members
    # As its 41 gminas together are said to have.
    assert 2500 < whole < 2600


def test_the_file_is_shipped_with_the_program() -> None:
    assert Path("app/areas/data/metropolises.toml").parts == KNOWN.parts[-4:]
