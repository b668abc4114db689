"""An area that somebody has drawn: in the address, in the list, in the counts, in the panel, in the API."""

import httpx2

from tests.functional.pages.finder_page import count_of, page, titles

Client = httpx2.AsyncClient
#: A triangle around the counsel at 20.70, 50.90; the canteen at 20.63, 50.87 lies in its box, but outside of it.
AROUND = "20.60,50.95;20.75,50.95;20.75,50.85"
EVERYTHING = "20,50;21,50;21,51;20,51"
API = "/api/v1/layers/aid_points/features.geojson"


async def test_only_what_lies_inside_is_listed_and_counted(client: Client, three: None) -> None:
    for area, expected in ((AROUND, {"Poradnia"}), (EVERYTHING, {"Poradnia", "Stołówka"})):
        found = await page(client, f"/en/?within={area}")
        assert set(titles(found)) == expected
        assert count_of(found).split(" ")[0] == str(len(expected))
        rows = {row.text for row in found.all("label", class_="tick")}
        assert f"Drawn area {len(expected)}" in rows
        assert f"українська {int('Stołówka' in expected)}" in rows
        answer = await client.get(f"{API}?within={area}&count=true")
        assert answer.json()["numberMatched"] == len(expected)


async def test_tiles_count_what_lies_inside(client: Client, three: None) -> None:
    for area, expected in ((AROUND, 1), (EVERYTHING, 2)):
        answer = await client.get(f"/api/v1/tiles/aid_points/5/17/10.geojson?within={area}")
        found = answer.json()["features"]
        assert sum(feature["properties"].get("count", 1) for feature in found) == expected


async def test_the_map_shows_the_area_and_a_tag_takes_it_away(client: Client, three: None) -> None:
    found = await page(client, f"/en/?within={AROUND}")
    assert found.one("div", id="map")["data-bounds"] == "20.6,50.85,20.75,50.95"
    (tag,) = found.all("a", class_="tag")
    assert (tag.text, tag["href"]) == ("Drawn area: remove this filter", "/en/")


async def test_an_empty_area_shows_the_nearest_places_outside(client: Client, three: None) -> None:
    found = await page(client, "/en/?within=19.0,50.0;19.2,50.0;19.1,50.2")
    assert count_of(found) == "0 places"
    assert "Stołówka" in titles(found)


async def test_what_is_no_area_is_refused_by_name(client: Client, three: None) -> None:
    for area in ("20,50", "20,50;21,51;21,50;20,51", "1,1;2,2;x,y", "0,40;30,40;15,60"):
        assert (await client.get(f"/en/?within={area}")).status_code == 422, area
        answer = await client.get(f"{API}?within={area}")
        assert [problem["path"] for problem in answer.json()["problems"]] == ["within"], area
