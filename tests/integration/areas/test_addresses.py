"""Typed addresses among imported ones."""

from pathlib import Path

import pytest
from sqlalchemy import text

from app.areas.address_file import AddressRow, Refused, read_addresses
from app.areas.address_loading import AddressLoad, load_addresses
from app.areas.address_search import AddressHit, find_known_addresses
from app.areas.address_words import read_address
from app.db import Database, session
from geo.distance import distance_m

KIELCE, LODZ = (20.63, 50.87), (19.46, 51.77)


def street(
    town: str, name: str, numbers: str, at: tuple[float, float], *, region: str = ""
) -> list[AddressRow]:
    """Houses ten metres from each other, in the order of their numbers."""
    lng, lat = at
    return [
        AddressRow(town, name, number, "", region, round(lng + step * 0.00014, 6), lat)
        for step, number in enumerate(numbers.split())
    ]


ROWS = [
    *street("Kielce", "Henryka Sienkiewicza", "1 2 3 12 12a 27 28", KIELCE, region="2661"),
    *street("Kielce", "1 Maja", "1 3 5 135", (20.61, 50.89), region="2661"),
    *street("Kielce", "3 Maja", "2 4", (20.60, 50.88), region="2661"),
    *street("Łódź", "Henryka Sienkiewicza", "1 5 77", LODZ, region="1061"),
    *street("Łódź", "Kielecka", "1", (19.5, 51.8), region="1061"),
    *street("Nowa Wieś", "", "7 9", (21.0, 52.0), region="1433"),
    *street("Nowa Wieś", "", "7 8", (17.0, 53.0), region="3002"),
]


async def load(db: Database, rows: list[AddressRow], source: str = "register") -> AddressLoad:
    async with session(db) as s:
        return await load_addresses(s, rows, country="PL", source=source, licence="CC0")


async def find(
    db: Database, typed: str, near: tuple[float, float] | None = None, limit: int = 5
) -> list[AddressHit]:
    read = read_address(typed)
    assert read is not None
    return await find_known_addresses(db, read, limit=limit, near=near, countries=["PL"])


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("Osiedle 11, Kielce", "Osiedle 11, Kielce"),
        ("os. 11 Kielce", "Osiedle 11, Kielce"),
        ("Osiedle 2000 3, Kielce", "Osiedle 2000 3, Kielce"),
        ("os. Pod Lipami 106, Kielce", "os. Pod Lipami 106, Kielce"),
        ("osiedle Pod Lipami 106, Kielce", "os. Pod Lipami 106, Kielce"),
        ("Pod Lipami 104, Kielce", "Pod Lipami 104, Kielce"),
        ("al. Legionów 11, Kielce", "Aleja Legionów 11, Kielce"),
        ("алея Легіонув 11, Kielce", "Aleja Legionów 11, Kielce"),
        ("ul. Legionów 11, Kielce", "Legionów 11, Kielce"),
        ("Sybiraków 11, Kielce", "Sybiraków 11, Kielce"),
        ("plac Sybiraków 11, Kielce", "Plac Sybiraków 11, Kielce"),
        ("Osiedle Centrum B 2, Kielce", "Osiedle Centrum B 2, Kielce"),
        ("28 Czerwca 1956 r. 5, Kielce", "28 Czerwca 1956 r. 5, Kielce"),
        ("28 czerwca 1956 roku 5 kielce", "28 Czerwca 1956 r. 5, Kielce"),
        # A letter is still a part of the number.
        ("Legionów 11 r, Kielce", "Legionów 11R, Kielce"),
    ],
)
async def test_what_stands_beside_the_name_tells_streets_apart(db: Database, typed: str, first: str) -> None:
    rows = [
        *street("Kielce", "Legionów", "1 11 11r 17 21 23", KIELCE, region="2661"),
        *street("Kielce", "Aleja Legionów", "11", (20.65, 50.87), region="2661"),
        *street("Kielce", "Sybiraków", "11", (20.66, 50.87), region="2661"),
        *street(
            "Kielce", "Plac Sybiraków", "1 3 5 7 9 11 13 15 17 19 21 23 25 27", (20.67, 50.87), region="2661"
        ),
        *street("Kielce", "Pod Lipami", "104 106", (20.60, 50.86), region="2661"),
        *street("Kielce", "os. Pod Lipami", "106", (20.60, 50.85), region="266101"),
        *street("Kielce", "Osiedle", "11", (20.61, 50.85), region="2661"),
        *street("Kielce", "Osiedle 2000", "3 5", (20.62, 50.85), region="2661"),
        *street("Kielce", "Osiedle Centrum A", "2 4 6", (20.63, 50.85), region="2661"),
        *street("Kielce", "Osiedle Centrum B", "2", (20.64, 50.85), region="2661"),
        *street("Kielce", "28 Czerwca 1956 r.", "5", (20.64, 50.86), region="2661"),
    ]
    await load(db, rows)
    assert [hit.whole for hit in await find(db, typed)][:1] == [first]


@pytest.fixture
async def known(db: Database) -> Database:
    await load(db, ROWS)
    return db


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("ul. Sienkiewicza 12, Kielce", "Henryka Sienkiewicza 12, Kielce"),
        ("Kielce Sienkiewicza 12A", "Henryka Sienkiewicza 12A, Kielce"),
        ("henryka sienkiewicza 5 lodz", "Henryka Sienkiewicza 5, Łódź"),
        # The nearest number, on the same side first.
        ("Sienkiewicza 26 Kielce", "Henryka Sienkiewicza 28, Kielce"),
        ("Sienkiewicza 900 Kielce", "Henryka Sienkiewicza 28, Kielce"),
        # A street alone is in the middle of its numbers.
        ("Sienkiewicza, Kielce", "Henryka Sienkiewicza, Kielce"),
        ("Sienkiewicza 12, Kie", "Henryka Sienkiewicza 12, Kielce"),
        ("3 Maja 4 Kielce", "3 Maja 4, Kielce"),
        ("1 Maja 5, Kielce", "1 Maja 5, Kielce"),
        # The house has the number of the street.
        ("1 Maja 1, Kielce", "1 Maja 1, Kielce"),
        ("Nowa Wieś 8", "Nowa Wieś 8"),
        # Only there is such a number.
        ("Sienkiewicza 77", "Henryka Sienkiewicza 77, Łódź"),
    ],
)
async def test_the_address_meant_comes_first(known: Database, typed: str, first: str) -> None:
    assert [hit.whole for hit in await find(known, typed)][:1] == [first]


async def test_what_is_found_is_found_again_by_its_own_words_at_the_same_place(known: Database) -> None:
    for typed in ("Sienkiewicza 26 Kielce", "1 Maja", "Nowa Wieś 9", "Sienkiewicza"):
        hits = await find(known, typed)
        assert hits
        for hit in hits:
            assert hit in await find(known, hit.whole, near=(hit.lng, hit.lat))


async def test_the_nearer_of_equals_comes_first(known: Database) -> None:
    assert (await find(known, "Sienkiewicza 1", near=LODZ))[0].town == "Łódź"
    assert (await find(known, "Sienkiewicza 1", near=KIELCE))[0].town == "Kielce"
    assert (await find(known, "Nowa Wieś 7", near=(17.0, 53.1)))[0].lng == 17.0


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("Długa 1, Opole", "Długa 1, Opole"),
        ("Длуга 1, Ополе", "Długa 1, Opole"),
        # It has not the number, but it is the town.
        ("Długa 5, Opole", "Długa 1, Opole"),
        ("Długa 1, Opole Lub", "Długa 1, Opole Lubelskie"),
        # No town was named: the nearer one.
        ("Długa 1", "Długa 1, Opole Lubelskie"),
        ("Opolska 1", "Opolska 1, Opole Lubelskie"),
    ],
)
async def test_the_town_whose_whole_name_was_typed_comes_before_a_nearer_one(
    db: Database, typed: str, first: str
) -> None:
    opole, lubelskie = (17.92, 50.67), (21.97, 51.15)
    await load(
        db,
        [
            *street("Opole", "Długa", "1", opole, region="1661"),
            *street("Opole", "Opolska", "1", opole, region="1661"),
            *street("Opole Lubelskie", "Długa", "1 5", lubelskie, region="0612"),
            *street("Opole Lubelskie", "Opolska", "1", lubelskie, region="0612"),
        ],
    )
    assert (await find(db, typed, near=(21.0, 52.2)))[0].whole == first


async def test_a_town_is_no_street_and_another_number_no_name(known: Database) -> None:
    assert [hit.street for hit in await find(known, "Kielce")] == []
    assert [hit.street for hit in await find(known, "Kiel")] == ["Kielecka"]
    assert await find(known, "2 Maja 5 Kielce") == []
    assert await find(known, "Sienkiewicza 5 Radom") == []


async def test_a_source_is_replaced_as_a_whole_and_others_stay(known: Database) -> None:
    other = await load(known, street("Radom", "Długa", "1 2", (21.15, 51.4)), source="other")
    assert other == AddressLoad(streets=1, addresses=2)
    again = await load(known, ROWS[:7])
    assert again == AddressLoad(streets=1, addresses=7)
    assert [hit.town for hit in await find(known, "Długa 2")] == ["Radom"]
    assert await find(known, "1 Maja 5") == []
    async with session(known) as s:
        assert await s.scalar(text("SELECT count(*) FROM published.address")) == 9


async def test_gmina_and_powiat_of_one_town_are_one_region(db: Database) -> None:
    """Two registers, one with codes of gminas and one with those of powiats."""
    rows = [
        *street("Kielce", "Długa", "1 2", KIELCE, region="266101"),
        *street("KIELCE".title(), "Długa", "9", KIELCE, region="2661"),
        # Two villages of one name in one powiat stay two.
        *street("Wola", "", "1", (20.1, 50.1), region="260401"),
        *street("Wola", "", "2", (20.9, 50.9), region="260402"),
        *street("Wola", "", "3", (20.5, 50.5), region="2604"),
    ]
    assert await load(db, rows) == AddressLoad(streets=4, addresses=6)


async def test_the_public_reads_it(known: Database) -> None:
    async with known.reading() as reader:
        assert await reader.scalar(text("SELECT count(*) FROM published.street")) == 7


_DRAWN = """
(SELECT s.street, a.number, s.town, a.lng, a.lat
 FROM published.address a JOIN published.street s ON s.id = a.street_id ORDER BY md5(a.street_id || a.number) LIMIT 300)
UNION
(SELECT DISTINCT ON (s.id) s.street, a.number, s.town, a.lng, a.lat
 FROM published.address a JOIN published.street s ON s.id = a.street_id
 WHERE s.street ~* '^(os\\.|osiedle|al\\.|aleja|pl\\.|plac)( |$)| r\\.' ORDER BY s.id, a.number LIMIT 400)
"""


async def test_real_addresses(db: Database, shared_data: Path) -> None:
    refused = Refused()
    path = shared_data / "gazetteer-pl-addresses" / "pl_address_points.csv.gz"
    async with session(db) as s:
        loaded = await load_addresses(
            s, read_addresses(path, "PL", refused), country="PL", source="test", licence="?"
        )
    assert loaded.addresses > 45_000
    assert refused.count["abroad"] == 9
    async with session(db) as s:
        drawn = (await s.execute(text(_DRAWN))).all()
    # Among them streets named "Osiedle", "Osiedle 2000", "28 Czerwca 1956 r.", and those that only their kind tells apart.
    for known, number, town, lng, lat in drawn:
        whole = f"{known} {number}, {town}" if known else f"{town} {number}"
        [first, *_] = await find(db, whole, near=(lng, lat))
        assert distance_m(lng, lat, first.lng, first.lat) < 300, (whole, first)
    assert len(drawn) > 500
    assert [hit.whole for hit in await find(db, "Krakowska 293, Kielce")] == ["Krakowska 293, Kielce"]
    assert (await find(db, "Krakowska 293"))[0].whole == "Krakowska 293, Kielce"


@pytest.mark.parametrize(
    ("typed", "first", "guessed"),
    [
        ("Sienkieiwcza 12, Kielce", "Henryka Sienkiewicza 12, Kielce", True),
        ("ul. Senkewicza 12 Kielce", "Henryka Sienkiewicza 12, Kielce", True),
        ("Sienkiewicza 12, Kielec", "Henryka Sienkiewicza 12, Kielce", True),
        ("Sienkieiwcza 5, Łodzi", "Henryka Sienkiewicza 5, Łódź", True),
        ("Сенкевича 12, Кельці", "Henryka Sienkiewicza 12, Kielce", True),
        ("вул. Сенкевича 5, Лодзь", "Henryka Sienkiewicza 5, Łódź", False),
        ("ул. Сенкевича 77", "Henryka Sienkiewicza 77, Łódź", False),
        ("Sienkiewicza 12, Kielce", "Henryka Sienkiewicza 12, Kielce", False),
        ("Sienkiewicza 12, Kie", "Henryka Sienkiewicza 12, Kielce", False),
        # What is one street's name is another's in a town that has no such street.
        ("Kielecka 3, Kielce", None, False),
    ],
)
async def test_a_street_is_found_misspelt_and_as_it_is_heard(
    known: Database, typed: str, first: str | None, guessed: bool
) -> None:
    found = (await find(known, typed))[:1]
    assert [(hit.whole, hit.guessed) for hit in found] == ([(first, guessed)] if first else [])


async def test_a_word_that_is_written_so_elsewhere_may_be_misspelt_here(known: Database) -> None:
    await load(known, street("Radom", "Sienkewicza", "1", (21.15, 51.4)), source="other")
    [hit] = await find(known, "Sienkewicza 12, Kielce")
    assert (hit.whole, hit.guessed) == ("Henryka Sienkiewicza 12, Kielce", True)
    [hit] = await find(known, "Sienkewicza 1, Radom")
    assert (hit.whole, hit.guessed) == ("Sienkewicza 1, Radom", False)


async def test_words_of_streets_that_are_gone_are_not_meant(known: Database) -> None:
    await load(known, ROWS[7:11])
    assert await find(known, "Sienkieiwcza 12, Kielce") == []
    async with known.reading() as reader:
        words = await reader.execute(text("SELECT word FROM published.street_word ORDER BY 1"))
        assert words.scalars().all() == ["kielce", "maja"]
