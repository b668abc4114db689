"""A metropolis as the area of a question: chosen in the filters, found by name, the same places wherever they are shown."""

import csv
import io

import httpx2
import pytest
from shapely import Polygon, box
from shapely.geometry import shape

from app.areas.importing import import_units
from app.areas.unions import Union, compose
from app.areas.units import Unit
from app.db import Database, session
from geo.tile import tile_at
from tests.areas import polish_unit
from tests.functional.conftest import Publish, aid_point
from tests.functional.pages.finder_page import at, count_of, page, titles

Client = httpx2.AsyncClient

WEST, MIDDLE, EAST = box(20, 52, 20.5, 53), box(20.5, 52, 21, 53), box(21, 52, 22, 53)
INSIDE = {"W Górnie", "W Dolnie"}
VALLEY = Union("PL-dolina", "PL", "metropolis", "Górniańsko-Dolańska Metropolia", ("PL-100101", "PL-100102"))


def unit(code: str, area: Polygon, name: str) -> Unit:
    return polish_unit(code, area, name=name, population=30_000)


@pytest.fixture
async def metropolis(database: Database, publish: Publish) -> None:
    async with session(database) as s:
        units = [
            unit("1001012", WEST, "Górno"),
            unit("1001022", MIDDLE, "Dolno"),
            unit("1001032", EAST, "Bok"),
        ]
        await import_units(s, units)
        await import_units(s, (await compose(s, [VALLEY])).units)
    await publish(
        aid_point("W Górnie", place=at(20.2, 52.5)),
        aid_point("W Dolnie", place=at(20.7, 52.5)),
        aid_point("Obok", place=at(21.5, 52.5)),
    )


async def test_list_table_api_and_tiles_have_the_same_places(client: Client, metropolis: None) -> None:
    found = await page(client, "/en/?area=PL-dolina")
    assert set(titles(found)) == INSIDE
    assert count_of(found) == "2 places"
    [tag] = found.all("a", class_="tag")
    assert tag.text.startswith("Górniańsko-Dolańska Metropolia")
    assert found.one("h1", id="count")["data-bounds"] == "20.0,52.0,21.0,53.0"
    table = await client.get("/en/table.csv?area=PL-dolina")
    rows = [*csv.reader(io.StringIO(table.content.decode("utf-8-sig"), newline=""), delimiter=",")]
    assert len(rows) == 1 + len(INSIDE)
    answer = await client.get("/api/v1/layers/aid_points/features.geojson?area=PL-dolina&count=true")
    assert answer.json()["numberMatched"] == 2
    assert {feature["properties"]["name"] for feature in answer.json()["features"]} == INSIDE
    shown = 0
    for tile in {tile_at(lng, 52.5, 7) for lng in (20.2, 20.7, 21.5)}:
        drawn = await client.get(
            f"/api/v1/tiles/aid_points/{tile.z}/{tile.x}/{tile.y}.geojson?area=PL-dolina"
        )
        shown += sum(feature["properties"].get("count", 1) for feature in drawn.json()["features"])
    assert shown == 2


async def test_its_outline_is_that_of_its_gminas(client: Client, metropolis: None) -> None:
    feature = (await client.get("/api/v1/areas/PL-dolina.geojson")).json()
    assert feature["properties"]["level"] == "metropolis"
    assert feature["properties"]["population"] == 60_000
    assert shape(feature["geometry"]).equals(WEST.union(MIDDLE))


async def test_it_is_chosen_in_the_filters_with_its_count(client: Client, metropolis: None) -> None:
    """Without the box of the map, about which nobody asks who asks for all of an area."""
    found = await page(client, "/pl/?bbox=21,52,22,53&service=hot_meals")
    button = found.one("button", name="in_area")
    assert (button["value"], button.text) == ("PL-dolina", "Górniańsko-Dolańska Metropolia")
    # As the form sends it without script: with all that is ticked, and an empty field for a name beside it.
    sent = {"area_name": "", "in_area": "PL-dolina", "bbox": "21,52,22,53", "service": "hot_meals"}
    answer = await client.get("/pl/", params=sent)
    assert (answer.status_code, answer.headers["location"]) == (302, "/pl/?area=PL-dolina&service=hot_meals")
    panel = await client.get("/pl/?bbox=21,52,22,53", headers={"X-Fragment": "panel"})
    assert 'Metropolia</button><span class="count">2</span>' in panel.text
    chosen = await page(client, "/pl/?area=PL-dolina")
    assert not chosen.all("button", name="in_area")


@pytest.mark.parametrize("typed", ["dolina", "metropolia", "Dolańska", "górniansko-dol", "DOLINA"])
async def test_it_is_found_by_any_word_of_its_name_and_by_its_code(
    client: Client, metropolis: None, typed: str
) -> None:
    answer = await client.get("/pl/units", params={"q": typed})
    assert [unit["code"] for unit in answer.json()["units"]][:1] == ["PL-dolina"]
    meant = await client.get("/pl/", params={"area_name": typed})
    assert (meant.status_code, meant.headers["location"]) == (302, "/pl/?area=PL-dolina")


async def test_a_common_word_of_a_search_is_no_metropolis(client: Client, metropolis: None) -> None:
    for typed in ("metro", "metropolia", "Dolańska"):
        answer = await client.get("/pl/", params={"q": typed})
        assert "area=" not in answer.headers.get("location", ""), typed
    for typed in ("DOLINA", "Górniańsko-Dolańska", "górniańsko dolańska metropolia"):
        answer = await client.get("/pl/", params={"q": typed})
        assert (answer.status_code, answer.headers.get("location")) == (302, "/pl/?area=PL-dolina"), typed
