import pytest
from sqlalchemy import text

from app.areas.gazetteer_loading import load_gazetteer
from app.areas.place_search import PlaceHit, find_places
from app.db import Database, session
from geo.gazetteer import Place


async def find(
    db: Database, name: str, *, limit: int = 8, near: tuple[float, float] | None = None
) -> list[PlaceHit]:
    async with db.reading() as connection:
        return await find_places(connection, name, limit=limit, near=near, countries=["PL", "RO"])


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("Kraków", "Kraków"),
        ("KRAKOW", "Kraków"),
        ("Краків", "Kraków"),
        ("Краков", "Kraków"),
        ("Cracovia", "Kraków"),
        ("lodz", "Łódź"),
        ("Breslau", "Wrocław"),
        ("Danzig", "Gdańsk"),
        ("Гданськ", "Gdańsk"),
        ("Бидгощ", "Bydgoszcz"),
        ("Warsaw", "Warszawa"),
        ("Варшава", "Warszawa"),
        ("Ряшів", "Rzeszów"),
        ("Перемишль", "Przemyśl"),
        ("bielsko-biala", "Bielsko-Biała"),
        ("Târgu Mureş", "Târgu-Mureș"),
        ("war", "Warszawa"),
        ("kr", "Kraków"),
        ("bielsko b", "Bielsko-Biała"),
        ("warszwa", "Warszawa"),
        ("czestohova", "Częstochowa"),
        ("katowize", "Katowice"),
        ("zakopne", "Zakopane"),
        ("  Łódź ", "Łódź"),
    ],
)
async def test_the_place_meant_comes_first(poland: Database, typed: str, first: str) -> None:
    hits = await find(poland, typed)
    assert hits[0].name == first


@pytest.mark.parametrize("typed", ["Варшава", "Warszawa", "warszaw", "Варш", "Варшава "])
async def test_a_part_of_a_town_is_found_only_when_it_is_asked_for(poland: Database, typed: str) -> None:
    names = [hit.name for hit in await find(poland, typed)]
    assert names[0] == "Warszawa"
    assert {"Ursus", "Śródmieście"}.isdisjoint(names)
    for asked, name in (
        ("warszawa u", "Ursus"),
        ("Варшава-Урс", "Ursus"),
        ("ursus", "Ursus"),
        ("Śródm", "Śródmieście"),
    ):
        assert (await find(poland, asked))[0].name == name, asked
    # A name of its own in another language is no name of a part, whatever it begins with.
    assert (await find(poland, "Allenst"))[0].name == "Olsztyn"


async def test_a_hit_says_how_it_was_found_and_where_it_lies(poland: Database) -> None:
    [exact, *_] = await find(poland, "Kielce")
    assert (exact.match, exact.regions, exact.area_codes[-1]) == (
        "exact",
        ("Kielce", "Kielce", "świętokrzyskie"),
        "PL-26",
    )
    assert [exact.lng, exact.lat] == pytest.approx([20.63, 50.87], abs=0.05)
    assert (await find(poland, "kiel"))[0].match == "prefix"
    assert (await find(poland, "kielze"))[0].match == "similar"


async def test_a_hit_has_its_names_in_other_languages(poland: Database) -> None:
    assert (await find(poland, "Rzeszów"))[0].names == {"uk": "Ряшів", "ru": "Жешув"}
    assert (await find(poland, "Psary"))[0].names == {}


async def test_of_equal_names_the_near_one_comes_first(poland: Database) -> None:
    assert len(await find(poland, "Psary")) >= 5
    assert (await find(poland, "Psary", near=(19.1, 50.35)))[0].regions[-2:] == ("będziński", "śląskie")
    assert (await find(poland, "Psary", near=(17.0, 51.2)))[0].regions[-2:] == ("trzebnicki", "dolnośląskie")


@pytest.mark.parametrize(
    "typed", ["", " ", "k", "'", "%", "_", "%%%", "\\", "xqzwv", "'; DROP TABLE x", "\U0010ffff" * 3]
)
async def test_what_is_no_name_finds_nothing(poland: Database, typed: str) -> None:
    assert await find(poland, typed) == []


async def test_endless_text_and_limits_are_cut(poland: Database) -> None:
    assert await find(poland, "a" * 100_000) == []
    assert len(await find(poland, "no", limit=10_000)) == 50
    assert len(await find(poland, "no", limit=3)) == 3
    assert await find(poland, "no", limit=0) == []


async def test_only_the_countries_asked_for_are_searched(poland: Database) -> None:
    async with poland.reading() as connection:
        assert await find_places(connection, "Cluj-Napoca", limit=5, countries=["PL"]) == []
        assert await find_places(connection, "Cluj-Napoca", limit=5, countries=["RO"]) != []
        assert await find_places(connection, "Cluj-Napoca", limit=5, countries=[]) == []


async def test_without_boundaries_the_voivodeship_tells_places_apart(db: Database) -> None:
    async with session(db) as s:
        await load_gazetteer(s, ["PL"], places=[Place(1, "Psary", (), "PL", 19.1, 50.35, 900, admin1="83")])
    [hit] = await find(db, "psary")
    assert hit.regions == hit.regions_in("pl") == ("śląskie",)
    assert hit.regions_in("uk") == ("Сілезьке (śląskie)",)
    assert hit.area_codes == ("PL-24",)


@pytest.mark.parametrize(
    ("statement", "index"),
    [
        (
            "SELECT 1 FROM published.place_name n WHERE n.folded ~>=~ 'krak' AND n.folded ~<~ ('krak' || U&'\\+10FFFF')",
            "ix_place_name_prefix",
        ),
        ("SELECT 1 FROM published.place_name n WHERE n.folded % 'warszwa'", "ix_place_name_spelling"),
    ],
)
async def test_the_indexes_serve(poland: Database, statement: str, index: str) -> None:
    async with poland.reading() as connection:
        plan = "\n".join(await connection.scalars(text(f"EXPLAIN {statement}")))
    assert index in plan
