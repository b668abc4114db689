import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import GeoError
from geo.generalise import (
    MIN_POPULATION,
    AdministrativeUnit,
    NoUnitLargeEnoughError,
    UnitLevel,
    publishable_unit,
)

populations = st.none() | st.integers(0, 3_000_000)


def chain(*populations: int | None) -> list[AdministrativeUnit]:
    return [
        AdministrativeUnit(str(level), level, population)
        for level, population in zip(UnitLevel, populations, strict=True)
    ]


@pytest.mark.parametrize(
    ("populations", "level"),
    [
        ((20_000, 90_000, 2_000_000), UnitLevel.GMINA),
        ((19_999, 90_000, 2_000_000), UnitLevel.POWIAT),
        ((5_000, 19_999, 2_000_000), UnitLevel.VOIVODESHIP),
        ((None, 90_000, 2_000_000), UnitLevel.POWIAT),
        ((None, None, None), UnitLevel.POWIAT),
        ((5_000, None, 2_000_000), UnitLevel.POWIAT),
        ((None, 100, None), UnitLevel.VOIVODESHIP),
        ((0, 0, 20_000), UnitLevel.VOIVODESHIP),
    ],
)
def test_the_smallest_unit_that_hides_is_taken(populations: tuple[int | None, ...], level: UnitLevel) -> None:
    assert publishable_unit(chain(*populations)).level is level


@pytest.mark.parametrize("units", [[], chain(1, 2, 3), chain(None, 2, 3), chain(None, None, None)[:1]])
def test_where_nothing_hides_nothing_is_shown(units: list[AdministrativeUnit]) -> None:
    with pytest.raises(NoUnitLargeEnoughError) as raised:
        publishable_unit(units)
    assert raised.value.code == "no_unit_large_enough"


def test_a_chain_out_of_order_is_refused() -> None:
    units = chain(5_000, 90_000, 2_000_000)
    for wrong in (units[::-1], [units[0], units[0]]):
        with pytest.raises(GeoError) as raised:
            publishable_unit(wrong)
        assert raised.value.code == "unit_chain"


@given(populations, populations, populations)
def test_no_small_unit_is_ever_shown(gmina: int | None, powiat: int | None, voivodeship: int | None) -> None:
    units = chain(gmina, powiat, voivodeship)
    try:
        unit = publishable_unit(units)
    except NoUnitLargeEnoughError:
        assert voivodeship is not None
        assert voivodeship < MIN_POPULATION
        return
    assert unit in units
    assert unit.level >= UnitLevel.POWIAT if unit.population is None else unit.population >= MIN_POPULATION
    # The same units give the same answer, however often one asks.
    assert publishable_unit(units) == unit


def test_every_gmina_of_poland_finds_its_powiat_while_no_population_is_known(shared_data: Path) -> None:
    with (shared_data / "boundaries-pl" / "TERC_Adresowy_2026-02-16.csv").open(encoding="utf-8-sig") as file:
        rows = [row for row in csv.DictReader(file, delimiter=";") if row["GMI"]]
    assert len(rows) > 2_400
    for row in rows:
        gmina, powiat = row["WOJ"] + row["POW"] + row["GMI"], row["WOJ"] + row["POW"]
        units = [
            AdministrativeUnit(code, level, None)
            for code, level in zip((gmina, powiat, row["WOJ"]), UnitLevel, strict=True)
        ]
        assert publishable_unit(units).code == powiat
