"""The filter for a gmina, a powiat or a voivodeship: by its name, whole, with the help that serves it from afar."""

from typing import Any

import httpx2
import pytest
from shapely import box

from app.areas.gazetteer_loading import load_gazetteer
from app.areas.importing import import_units
from app.areas.units import Unit
from app.db import Database, session
from geo.gazetteer import Place
from tests.areas import polish_unit
from tests.functional.conftest import Publish, aid_point
from tests.functional.html_page import HtmlPage
from tests.functional.pages.finder_page import at, count_of, page, titles

Client = httpx2.AsyncClient

PLACES = [Place(1, "Sioło", ("Сіоло",), "PL", 20.2, 52.2, 900, admin1="74")]


def unit(code: str, area: Any, name: str, kind: str | None = None) -> Unit:
    return polish_unit(code, area, name=name, kind=kind, population=30_000)


def by_phone(name: str, code: str) -> dict[str, Any]:
    return aid_point(
        name,
        services=[{"type": "crisis_line"}],
        place={"disclosure": "exact"},
        channel="phone",
        area_served=[{"code": code, "name": name}],
    )


@pytest.fixture
async def country(database: Database, publish: Publish) -> None:
    """A voivodeship of a powiat with two gminas, and of a town that is its own powiat; a gmina of an equal name elsewhere."""
    west, middle, east, far = (
        box(20, 52, 20.5, 53),
        box(20.5, 52, 21, 53),
        box(21, 52, 22, 53),
        box(23, 52, 24, 53),
    )
    async with session(database) as s:
        await import_units(
            s,
            [
                unit("1001012", west, "Górno", "rural"),
                unit("1001022", middle, "Dolno", "rural"),
                unit("1061011", east, "Miasto", "urban"),
                unit("2001012", far, "Górno", "rural"),
                unit("1001", box(20, 52, 21, 53), "górniański", "land"),
                unit("1061", east, "Miasto", "city"),
                unit("2001", far, "daleki", "land"),
                unit("10", box(20, 52, 22, 53), "zachodnie"),
                unit("20", far, "wschodnie"),
            ],
        )
        await load_gazetteer(s, ["PL"], places=PLACES)
    await publish(
        aid_point("W Górnie", place=at(20.2, 52.5)),
        aid_point("W Dolnie", place=at(20.7, 52.5)),
        aid_point("W mieście", place=at(21.5, 52.5)),
        aid_point("Daleko", place=at(23.5, 52.5)),
        by_phone("Telefon gminy", "PL-1001012"),
        by_phone("Telefon województwa", "PL-10"),
        by_phone("Telefon kraju", "PL"),
        by_phone("Telefon daleki", "PL-20"),
    )


EVERYWHERE = {"Telefon województwa", "Telefon kraju"}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("PL-1001012", {"W Górnie", "Telefon gminy", *EVERYWHERE}),
        ("PL-1001022", {"W Dolnie", *EVERYWHERE}),
        ("PL-1001", {"W Górnie", "W Dolnie", *EVERYWHERE}),
        ("PL-10", {"W Górnie", "W Dolnie", "W mieście", *EVERYWHERE}),
        ("PL-2001", {"Daleko", "Telefon daleki", "Telefon kraju"}),
    ],
)
async def test_an_area_holds_what_lies_in_it_and_what_serves_it(
    client: Client, country: None, code: str, expected: set[str]
) -> None:
    found = await page(client, f"/en/?area={code}")
    assert set(titles(found)) == expected
    assert count_of(found) == f"{len(expected)} places"
    answer = await client.get(f"/api/v1/layers/aid_points/features.geojson?area={code}&count=true")
    body = answer.json()
    assert {feature["properties"]["name"] for feature in body["features"]} == expected
    assert body["numberMatched"] == len(expected)


async def test_a_name_that_is_clear_leads_to_the_area(client: Client, country: None) -> None:
    for typed, code in (
        ("Dolno", "PL-1001022"),
        ("powiat górniański", "PL-1001"),
        ("województwo zachodnie", "PL-10"),
        ("Miasto", "PL-1061"),
        ("zachdnie", "PL-10"),
        ("Сіоло", "PL-1001012"),
    ):
        answer = await client.get("/pl/", params={"area_name": typed, "bbox": "1,2,3,4", "language": "uk"})
        assert (answer.status_code, answer.headers.get("location")) == (
            302,
            f"/pl/?area={code}&language=uk",
        ), typed


async def test_of_equal_names_there_is_a_choice(client: Client, country: None) -> None:
    found = await page(client, "/pl/?area_name=g%C3%B3rno&language=pl")
    links = {link["href"]: link.text for link in found.all("a", class_="quiet") if "area=" in link["href"]}
    assert set(links) == {"/pl/?area=PL-1001012&language=pl", "/pl/?area=PL-2001012&language=pl"}
    assert set(links.values()) == {"gmina Górno"}
    assert titles(found) == []


async def test_an_unknown_name_is_met_with_a_way_on(client: Client, country: None) -> None:
    found = await page(client, "/en/?area_name=Xyzzy%3Cb%3E&language=uk")
    assert count_of(found) == "We do not know the area “Xyzzy<b>”"
    assert found.one("title").text == "We do not know the area “Xyzzy<b>” – Pomapa"
    assert "Type the name of a gmina" in found.one("div", class_="blank").text
    assert "/en/?language=uk" in [link["href"] for link in found.all("a", class_="button second")]
    assert "area_name" not in {field["name"] for field in found.all("input", type="hidden")}


@pytest.mark.parametrize("at", ["/en/", "/en/table", "/en/table.csv"])
async def test_a_code_that_nobody_knows_is_no_area_with_little_help(
    client: Client, country: None, at: str
) -> None:
    answer = await client.get(f"{at}?area=PL-9999999&language=pl")
    path = at.removesuffix(".csv")
    assert (answer.status_code, answer.headers["location"]) == (
        302,
        f"{path}?area_name=PL-9999999&language=pl",
    )
    found = await page(client, answer.headers["location"])
    assert found.one("h1").text == "We do not know the area “PL-9999999”"
    assert titles(found) == []


@pytest.mark.parametrize("name", ["Xyzzy", "górno"])
async def test_without_a_clear_area_nothing_is_said_to_be_found(
    client: Client, country: None, name: str
) -> None:
    whole = (await client.get(f"/en/?area_name={name}")).text
    part = (await client.get(f"/en/?area_name={name}", headers={"X-Fragment": "results"})).text
    for found in (HtmlPage(whole), HtmlPage(part)):
        assert "8" not in found.one("h1", id="count").text
        assert titles(found) == []
        assert not found.all("select", id="order")
        assert not found.all("a", rel="next")
        assert not [link for link in found.all("a") if "/table" in link["href"]]
    assert "8 places" not in HtmlPage(whole).one("section", id="list").text


async def test_names_that_are_like_it_are_offered_as_such(client: Client, country: None) -> None:
    found = await page(client, "/pl/?area_name=Górnowo&sort=name")
    assert count_of(found) == "Nie znamy obszaru „Górnowo”"
    links = {link["href"] for link in found.all("a", class_="quiet") if "area=" in link["href"]}
    assert {"/pl/?area=PL-1001012&sort=name", "/pl/?area=PL-2001012&sort=name"} <= links
    assert "Obszary o podobnych nazwach" in found.one("div", class_="blank").text


async def test_a_table_is_of_a_clear_area_or_of_none(client: Client, country: None) -> None:
    for file, name, way in (
        ("table", "Dolno", "/en/table?area=PL-1001022"),
        ("table.csv", "Dolno", "/en/table.csv?area=PL-1001022"),
        ("table.csv", "g%C3%B3rno", "/en/table?area_name=g%C3%B3rno"),
        ("table.csv", "Xyzzy", "/en/table?area_name=Xyzzy"),
    ):
        answer = await client.get(f"/en/{file}?area_name={name}")
        assert (answer.status_code, answer.headers["location"]) == (302, way)
    unclear = await page(client, "/en/table?area_name=g%C3%B3rno&sort=name")
    assert not unclear.all("table")
    assert "/en/table?area=PL-1001012&sort=name" in {a["href"] for a in unclear.all("a", class_="quiet")}


async def test_the_area_is_a_tag_a_tick_and_what_the_map_shows(client: Client, country: None) -> None:
    found = await page(client, "/en/?area=PL-1001")
    (tag,) = found.all("a", class_="tag")
    assert tag["href"] == "/en/"
    assert tag.text.startswith("powiat górniański")
    assert found.one("div", id="map")["data-bounds"] == "20,52,21,53"
    assert [tick["value"] for tick in found.all("input", name="area", type="checkbox")] == ["PL-1001"]
    assert found.one("span", data_filter_count="").text == "1"


async def test_suggestions_of_areas_are_in_words(client: Client, country: None) -> None:
    answer = await client.get("/pl/units?q=gór")
    assert [(u["code"], u["name"], u["detail"]) for u in answer.json()["units"]] == [
        ("PL-1001", "powiat górniański", "województwo zachodnie"),
        ("PL-1001012", "gmina Górno", "powiat górniański, województwo zachodnie"),
        ("PL-2001012", "gmina Górno", "powiat daleki, województwo wschodnie"),
    ]
    # A town that is its own powiat comes once, and says that it is a town.
    answer = await client.get("/pl/units?q=miasto")
    assert [(u["code"], u["name"], u["detail"]) for u in answer.json()["units"]] == [
        ("PL-1061", "miasto Miasto", "województwo zachodnie")
    ]


async def test_without_boundaries_there_is_no_such_field(client: Client, publish: Publish) -> None:
    await publish(aid_point())
    assert not (await page(client, "/en/")).all("input", id="area-name")
    found = await page(client, "/en/?area_name=Kielce")
    assert count_of(found) == "We do not know the area “Kielce”"
    assert "does not know the borders of any areas yet" in found.one("div", class_="blank").text
    assert "1 place" not in found.one("section", id="list").text


async def test_script_gets_the_form_of_the_filters_alone(client: Client, country: None) -> None:
    answer = await client.get("/en/?area=PL-1001&service=hot_meals", headers={"X-Fragment": "panel"})
    assert "X-Fragment" in answer.headers["vary"]
    part = HtmlPage(answer.text)
    assert part.unbalanced == []
    assert part.one("form", id="filter-form")
    assert part.one("button").text == "Show 2 places"
    whole = await client.get("/en/?area=PL-1001&service=hot_meals")
    assert whole.headers["etag"] != answer.headers["etag"]


async def test_a_municipality_can_be_taken_along_as_a_file(client: Client, country: None) -> None:
    found = await page(client, "/pl/?area=PL-1001012")
    (link,) = [a for a in found.all("a") if a["href"].endswith("/offline.html")]
    assert link["href"] == "/pl/area/PL-1001012/offline.html"
    answer = await client.get(link["href"])
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith("attachment")
    assert "W Górnie" in answer.text
    larger = await page(client, "/pl/?area=PL-1001")
    assert not [a for a in larger.all("a") if "offline.html" in a["href"]]


async def test_a_voivodeship_is_found_and_said_in_ukrainian_with_the_name_on_signs(
    database: Database, client: Client, publish: Publish
) -> None:
    east = box(23, 52, 24, 53)
    async with session(database) as s:
        units = [
            unit("2001012", east, "Górno", "rural"),
            unit("2001", east, "daleki", "land"),
            unit("20", east, "podlaskie"),
        ]
        await import_units(s, units)
    await publish(aid_point("Daleko", place=at(23.5, 52.5)))
    answer = await client.get("/uk/", params={"area_name": "Підляське"}, follow_redirects=False)
    assert answer.headers["location"].endswith("area=PL-20")
    asked = await client.get("/uk/?area=PL-20")
    said = 'Підляське воєводство (<bdi lang="pl">podlaskie</bdi>)'
    assert asked.text.count(said) == 2  # The chip, and the tick of the panel.
    for language, words in (("uk", "гміна"), ("de", "Gemeinde"), ("pl", "gmina")):
        page = (await client.get(f"/{language}/table?area=PL-2001012")).text
        name = "Górno" if language == "pl" else '<bdi lang="pl">Górno</bdi>'
        assert f"{words} {name}" in page
    (found,) = (await client.get("/uk/units", params={"q": "Підл"})).json()["units"]
    assert (found["code"], found["own"], found["own_language"]) == ("PL-20", "podlaskie", "pl")
