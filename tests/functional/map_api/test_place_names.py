import httpx2
import pytest

from app.areas.gazetteer_loading import load_gazetteer
from app.db import Database, session
from geo.gazetteer import Place

TILE = "/api/v1/place-names/9/285/171.json"
KIELCE = Place(1, "Kielce", ("Кельце",), "PL", 20.6275, 50.8703, 208_000, admin1="72")
MASLOW = Place(2, "Masłów", (), "PL", 20.72, 50.9, 1_300, admin1="72")
PART = Place(3, "Niewachlów", (), "PL", 20.57, 50.89, 5_000, admin1="72", feature_code="PPLX")
ELSEWHERE = Place(4, "Radom", (), "PL", 21.147, 51.403, 226_000, admin1="78")


async def load(database: Database, *places: Place) -> None:
    async with session(database) as s:
        await load_gazetteer(s, ["PL"], places=places)


async def test_the_places_of_a_tile_the_most_populous_first(
    client: httpx2.AsyncClient, database: Database
) -> None:
    await load(database, MASLOW, KIELCE, ELSEWHERE)
    answer = await client.get(TILE)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    kielce, maslow = answer.json()["places"]
    assert (kielce["name"], kielce["lng"], kielce["lat"], kielce["population"]) == (
        "Kielce",
        20.6275,
        50.8703,
        208_000,
    )
    assert maslow["name"] == "Masłów"
    assert "names" not in maslow


async def test_a_place_belongs_to_one_tile_only(client: httpx2.AsyncClient, database: Database) -> None:
    edge = Place(5, "Brzeg", (), "PL", 20.390625, 50.9, 2_000, admin1="72")
    await load(database, edge)
    assert [place["name"] for place in (await client.get(TILE)).json()["places"]] == ["Brzeg"]
    assert (await client.get("/api/v1/place-names/9/284/171.json")).json() == {"places": []}


async def test_parts_of_towns_are_named_from_near_only(
    client: httpx2.AsyncClient, database: Database
) -> None:
    await load(database, KIELCE, PART)
    assert [place["name"] for place in (await client.get(TILE)).json()["places"]] == ["Kielce"]
    near = await client.get("/api/v1/place-names/12/2282/1373.json")
    assert [place["name"] for place in near.json()["places"]] == ["Kielce", "Niewachlów"]


async def test_no_more_names_than_find_room(client: httpx2.AsyncClient, database: Database) -> None:
    many = [Place(i, f"Wieś {i}", (), "PL", 20.6, 50.8, i, admin1="72") for i in range(10, 90)]
    await load(database, *many)
    places = (await client.get(TILE)).json()["places"]
    assert len(places) == 40
    assert places[0]["name"] == "Wieś 89"


async def test_a_known_answer_is_not_sent_again(client: httpx2.AsyncClient, database: Database) -> None:
    await load(database, KIELCE)
    first = await client.get(TILE)
    assert first.headers["cache-control"].startswith("public, max-age=86400")
    assert "set-cookie" not in first.headers
    again = await client.get(TILE, headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""


@pytest.mark.parametrize(
    "tile",
    [
        "9/512/1",
        "9/1/512",
        "-1/0/0",
        "17/0/0",
        "9/+1/1",
        "9/1.0/1",
        "9/ 1/1",
        "a/b/c",
        "9/01/1",
        "9/١/1",
        "1e1/0/0",
    ],
)
async def test_what_is_no_tile_is_not_found(client: httpx2.AsyncClient, tile: str) -> None:
    answer = await client.get(f"/api/v1/place-names/{tile}.json")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
