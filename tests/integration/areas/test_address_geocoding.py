import csv
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import text

from app.areas.address_geocoding import GeocodeResult, geocode_address
from app.areas.gazetteer_loading import load_gazetteer
from app.areas.points import areas_of_points
from app.db import Database, session
from geo.gazetteer import Place


async def geocode(db: Database, **address: str) -> GeocodeResult | None:
    async with db.reading() as connection:
        return await geocode_address(connection, **address)


async def test_every_social_assistance_centre_of_slaskie_is_put_into_its_gmina(
    poland: Database, shared_data: Path
) -> None:
    with (shared_data / "pl-ops-slaskie" / "ops_slaskie.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    async with poland.reading() as connection:
        found = [
            await geocode_address(
                connection,
                postcode=row["kod_pocztowy"],
                city=row["miejscowosc"],
                street=row["adres"],
                gmina=row["gmina"],
                powiat=row["powiat"],
                voivodeship=row["wojewodztwo"],
            )
            for row in rows
        ]
        located = [result for result in found if result is not None]
        codes = await areas_of_points(connection, [(result.lng, result.lat) for result in located])
    assert len(located) == len(rows) == 167
    assert all("PL-24" in chain for chain in codes)
    levels = Counter(result.level for result in located)
    assert levels["locality"] >= 155
    assert levels["locality"] + levels["municipality"] == 167
    assert {result.confidence for result in located} == {0.95}


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        # The gmina decides, also with the words of its kind cut off in the middle.
        ({"city": "Psary", "gmina": "Psary", "powiat": "będziński"}, ("locality", 0.95, "Psary")),
        ({"city": "Żarki", "gmina": "Żarki Miejsko", "powiat": "myszkowski"}, ("locality", 0.95, "Żarki")),
        ({"city": "Kielce", "gmina": "2661011"}, ("locality", 0.95, "Kielce")),
        # A village that the gazetteer does not know: its gmina, else its powiat.
        (
            {"city": "Zdrowa", "gmina": "Kłomnice", "powiat": "częstochowski"},
            ("municipality", 0.95, "Kłomnice"),
        ),
        ({"city": "Zdrowa", "powiat": "powiat częstochowski"}, ("county", 0.85, "częstochowski")),
        ({"gmina": "Kłomnice"}, ("municipality", 0.95, "Kłomnice")),
        # One of its name in the powiat, in the voivodeship, in the country.
        ({"city": "Psary", "powiat": "będziński"}, ("locality", 0.85, "Psary")),
        ({"city": "Wieliczka", "voivodeship": "MAŁOPOLSKIE"}, ("locality", 0.75, "Wieliczka")),
        ({"city": "Wieliczka"}, ("locality", 0.6, "Wieliczka")),
        ({"city": "Zabrze, Biskupice"}, ("locality", 0.6, "Zabrze")),
        ({"city": "Warszawa-Mokotowska"}, ("locality", 0.6, "Warszawa")),
        # A village "Prędocin-Nowy" need not be in Prędocin, the only one of its name.
        ({"city": "Prędocin-Nowy"}, None),
        # A city among villages of its name.
        ({"city": "Olsztyn"}, ("locality", 0.5, "Olsztyn")),
        # Equals are never chosen between.
        ({"city": "Psary"}, None),
        ({"city": "Psary", "voivodeship": "śląskie"}, None),
        ({"city": "Atlantyda"}, None),
        ({"city": "Atlantyda", "voivodeship": "śląskie"}, None),
        ({"street": "Lipowa", "house_number": "1", "postcode": "43-374"}, None),
        ({}, None),
        ({"city": "' OR 1=1", "gmina": "%", "powiat": "\\", "voivodeship": "_"}, None),
    ],
)
async def test_an_address_is_put_where_its_words_say(
    poland: Database, address: dict[str, str], expected: tuple[str, float, str] | None
) -> None:
    found = await geocode(poland, **address)
    assert (None if found is None else (found.level, found.confidence, found.label)) == expected


async def test_two_powiats_of_one_name_are_told_apart_by_the_voivodeship(poland: Database) -> None:
    silesian = await geocode(poland, powiat="bielski", voivodeship="śląskie")
    podlachian = await geocode(poland, powiat="bielski", voivodeship="podlaskie")
    assert silesian is not None
    assert podlachian is not None
    assert silesian.lat < 50.2
    assert podlachian.lat > 52
    assert await geocode(poland, powiat="bielski") is None


async def test_the_town_and_the_villages_around_it_are_two_gminas_of_one_name(poland: Database) -> None:
    town = await geocode(poland, gmina="Przemyśl (miejska)")
    around = await geocode(poland, gmina="Przemyśl, gmina wiejska")
    assert town is not None
    assert around is not None
    async with poland.reading() as connection:
        codes = await areas_of_points(connection, [(town.lng, town.lat), (around.lng, around.lat)])
    assert [chain[0] for chain in codes] == ["PL-1862011", "PL-1813082"]
    assert await geocode(poland, gmina="Przemyśl") is None
    # The settlement is in one of the two only.
    place = await geocode(poland, city="Przemyśl", gmina="Przemyśl")
    assert place is not None
    assert place.level == "locality"


async def test_without_boundaries_the_voivodeship_still_narrows(db: Database) -> None:
    places = [
        Place(1, "Psary", (), "PL", 19.1, 50.35, 900, admin1="83"),
        Place(2, "Psary", (), "PL", 17.0, 51.2, 800, admin1="72"),
    ]
    async with session(db) as s:
        await load_gazetteer(s, ["PL"], places=places)
        assert await s.scalar(text("SELECT count(*) FROM published.area")) == 0
    found = await geocode(db, city="Psary", gmina="Psary", voivodeship="woj. śląskie")
    assert found == GeocodeResult(19.1, 50.35, "locality", 0.75, "geonames", "Psary")
    assert await geocode(db, city="Psary", gmina="Psary") is None


async def test_romanian_counties_go_by_name_or_letters(poland: Database) -> None:
    async with poland.reading() as connection:
        by_name = await geocode_address(connection, city="Cluj Napoca", voivodeship="CLUJ", countries=["RO"])
        commune = await geocode_address(connection, city="Com. Podu Iloaiei", countries=["RO"])
    assert commune is not None
    # The counties of Romania are not loaded here, and the town is the only one of its name.
    assert by_name is not None
    assert (by_name.level, by_name.confidence) == ("locality", 0.6)
