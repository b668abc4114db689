"""The imported address nearest to a position, and positions that are far from the address beside them."""

import math
import random

import pytest
from sqlalchemy import text

from app.areas.address_distance import is_far_from_address
from app.areas.address_file import AddressRow
from app.areas.address_loading import load_addresses
from app.areas.nearest_address import REACH_M, nearest_address
from app.db import Database, session
from geo.distance import METRES_PER_DEGREE, distance_m

WARSAW = (21.01, 52.23)


async def load(db: Database, rows: list[AddressRow], country: str = "PL") -> None:
    async with session(db) as s:
        await load_addresses(s, rows, country=country, source=f"register {country}", licence="CC0")


def aside(at: tuple[float, float], metres: float) -> tuple[float, float]:
    """So far to the east."""
    return at[0] + metres / METRES_PER_DEGREE / math.cos(math.radians(at[1])), at[1]


async def test_it_is_the_nearest_of_all(db: Database) -> None:
    chance = random.Random(42)
    lng, lat = WARSAW
    rows = [
        AddressRow(
            "Warszawa", f"Ulica {i % 90}", str(i), "", "1465",
            lng + chance.uniform(-0.02, 0.02), lat + chance.uniform(-0.012, 0.012),
        )
        for i in range(1, 900)
    ]  # fmt: skip
    await load(db, rows)
    found_none = 0
    async with session(db) as s:
        for _ in range(200):
            x, y = lng + chance.uniform(-0.03, 0.03), lat + chance.uniform(-0.018, 0.018)
            nearest = min(distance_m(x, y, row.lng, row.lat) for row in rows)
            found = await nearest_address(s, x, y, countries=["PL"])
            if nearest > REACH_M:
                assert found is None
                found_none += 1
            else:
                assert found is not None
                assert found.away_m == pytest.approx(nearest, abs=0.01)
                assert distance_m(x, y, found.hit.lng, found.hit.lat) == pytest.approx(nearest, abs=0.01)
    assert 0 < found_none < 150


@pytest.mark.parametrize("lat", [0.0, 52.23, 69.0])
async def test_a_degree_of_longitude_is_shorter_in_the_north(db: Database, lat: float) -> None:
    up = 100 / METRES_PER_DEGREE
    east = aside((21.0, lat), 90)
    await load(
        db,
        [AddressRow("A", "North", "1", "", "", 21.0, lat + up), AddressRow("A", "East", "1", "", "", *east)],
    )
    async with session(db) as s:
        found = await nearest_address(s, 21.0, lat, countries=["PL"])
    assert found is not None
    assert (found.hit.street, round(found.away_m)) == ("East", 90)


@pytest.mark.parametrize(("metres", "known"), [(299, True), (301, False)])
async def test_beyond_its_reach_there_is_none(db: Database, metres: float, known: bool) -> None:
    await load(db, [AddressRow("Kielce", "Długa", "12a", "25-001", "2661", *WARSAW)])
    async with session(db) as s:
        found = await nearest_address(s, *aside(WARSAW, metres), countries=["PL"])
    assert (found is not None) is known
    if found:
        assert (found.hit.name, found.hit.postcode, found.country) == ("Długa 12A", "25-001", "PL")


async def test_only_of_the_countries_that_an_installation_is_for(db: Database) -> None:
    await load(db, [AddressRow("Wilno", "Ta", "1", "", "", *WARSAW)], country="LT")
    await load(db, [AddressRow("Sejny", "Tu", "1", "", "", *aside(WARSAW, 50))])
    async with session(db) as s:
        found = await nearest_address(s, *WARSAW, countries=["PL"])
    assert found is not None
    assert found.hit.street == "Tu"


async def test_the_public_role_reads_it_by_the_index(db: Database) -> None:
    rows = [
        AddressRow("Łódź", "Ta", str(i), "", "1061", 19 + i % 70 / 100, 51 + i / 7000) for i in range(1, 5000)
    ]
    await load(db, rows)
    async with db.reading() as reader:
        assert await nearest_address(reader, rows[0].lng, rows[0].lat, countries=["PL"])
        plan = await reader.execute(
            text(
                "EXPLAIN SELECT 1 FROM published.address a WHERE point(a.lng, a.lat) <@ box(point(19, 51), point(19.01, 51.01))"
            )
        )
        assert "ix_address_position" in "\n".join(row[0] for row in plan)


@pytest.mark.parametrize(
    ("street", "number", "town", "metres", "far"),
    [
        ("Długa", "12a", "Kielce", 200, False),
        ("Długa", "12A", "Kielce", 300, True),
        ("ul. Długa", "12a", "Kielce", 300, True),
        # The house is not known: its street is long.
        ("Długa", "900", "Kielce", 1900, False),
        ("Długa", "", "Kielce", 2100, True),
        # Nothing is known of these.
        ("Krótka", "1", "Kielce", 9000, False),
        ("Długa", "12a", "Radom", 9000, False),
        ("", "12a", "Kielce", 9000, False),
    ],
)
async def test_a_pin_is_far_from_its_address(
    db: Database, street: str, number: str, town: str, metres: float, far: bool
) -> None:
    await load(db, [AddressRow("Kielce", "Długa", "12a", "", "2661", *WARSAW)])
    async with session(db) as s:
        told = await is_far_from_address(s, (street, number, town), aside(WARSAW, metres), countries=["PL"])
    assert told is far
