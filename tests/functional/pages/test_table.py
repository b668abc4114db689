"""Table, its file and the comparison over HTTP: the same places, the same words."""

import csv
import io
import uuid

import httpx2

from tests.functional.conftest import Publish, aid_point
from tests.functional.html_page import HtmlPage
from tests.functional.pages.feature_page import NASTY, kitchen, text

Client = httpx2.AsyncClient


async def page(client: Client, path: str) -> HtmlPage:
    answer = await client.get(path)
    assert answer.status_code == 200, answer.text[-2000:]
    read = HtmlPage(answer.text)
    assert read.unbalanced == []
    return read


async def file_of(client: Client, path: str) -> list[list[str]]:
    answer = await client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"].startswith('attachment; filename="pomapa-')
    assert answer.content.startswith(b"\xef\xbb\xbf")
    sign = "," if path.startswith("/en/") else ";"
    return [*csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""), delimiter=sign)]


def cells_of(found: HtmlPage) -> list[list[str]]:
    heads = [e.text.partition(": ")[0] for e in found.all("th", scope="col")]
    bodies = [e.text for e in found.all("td")]
    names = [e.text for e in found.all("th", scope="row")]
    width = len(heads) - 1
    rows = [bodies[i : i + width] for i in range(0, len(bodies), width)]
    return [heads, *([row[0], name, *row[1:]] for row, name in zip(rows, names, strict=True))]


async def test_the_file_is_exactly_what_the_screen_shows(client: Client, publish: Publish) -> None:
    await publish(
        kitchen(hours="24/7"),
        aid_point("=HYPERLINK(1)", services=[{"type": "legal_advice"}], hours="Mo-Su 00:00-24:00 closed"),
        *(aid_point(f"Punkt {n:02}") for n in range(25)),
    )
    for query in ("?sort=name", "?sort=name&page=2", "?service=legal_advice", "?q=Punkt&as=text"):
        screen = cells_of(await page(client, f"/en/table{query}"))
        file = await file_of(client, f"/en/table.csv{query}")
        assert [[cell.removeprefix("'") for cell in row] for row in file] == screen
        assert all(not cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in file for cell in row)
    [heads, legal] = await file_of(client, "/en/table.csv?service=legal_advice")
    assert heads == [
        *("Help", "Name", "Organisation", "Municipality", "Address", "Phone", "Hours today", "Languages"),
        *("Who is welcome", "Last check"),
    ]
    assert legal[1] == "'=HYPERLINK(1)"
    assert legal[6] == "closed"


async def test_the_table_is_sorted_paged_and_led_back(client: Client, publish: Publish) -> None:
    await publish(*(aid_point(f"Punkt {n:02}") for n in range(27)))
    found = await page(client, "/en/table?sort=name")
    assert found.one("h1").text == "27 places"
    assert found.one("caption").text == "Places 1 to 25 of 27"
    assert [e["aria-sort"] for e in found.all("th", scope="col") if "aria-sort" in e.attributes] == [
        "ascending"
    ]
    links = {a["href"] for a in found.all("a")}
    assert {"/en/?sort=name", "/en/table?page=2&sort=name", "/en/table.csv?sort=name"} <= links
    # The keyboard goes on at the head that was pressed.
    checked = found.one("a", id="by-checked")
    assert checked["href"] == "/en/table?sort=checked#by-checked"
    second = await page(client, "/en/table?page=2&sort=name")
    assert second.one("caption").text == "Places 26 to 27 of 27"
    assert "/en/table.csv?page=2&sort=name" in {a["href"] for a in second.all("a")}
    finder = await page(client, "/en/?sort=name")
    assert "/en/table?sort=name" in {a["href"] for a in finder.all("a")}


async def test_all_that_narrows_the_table_down_is_said_and_can_be_taken_away(
    client: Client, publish: Publish
) -> None:
    await publish(kitchen(hours="24/7"))
    found = await page(client, "/en/table?service=family:food,legal_advice&open_at=now")
    tags = {link.text.partition(":")[0]: link["href"] for link in found.all("a", class_="tag")}
    assert tags == {
        "Open now": "/en/table?service=family%3Afood,legal_advice",
        "Food": "/en/table?open_at=now&service=legal_advice",
        "Legal and civic advice": "/en/table?open_at=now&service=family%3Afood",
    }


async def test_what_is_open_stands_first_when_the_hours_are_chosen(client: Client, publish: Publish) -> None:
    await publish(aid_point("A: nie wiadomo"), aid_point("B: zawsze", hours="24/7"))
    first = await page(client, "/en/table?sort=name")
    (by_hours,) = [a for a in first.all("a") if a.text.startswith("Hours today")]
    assert by_hours.text == "Hours today: First: open now or soon"
    assert by_hours["href"] == "/en/table?sort=open#by-hours"
    found = await page(client, "/en/table?sort=open")
    assert [e.text for e in found.all("th", scope="row")] == ["B: zawsze", "A: nie wiadomo"]
    (sorted_head,) = [e for e in found.all("th", scope="col") if "aria-sort" in e.attributes]
    assert sorted_head.text.startswith("Hours today")
    assert sorted_head["aria-sort"] == "ascending"
    assert "/en/table.csv?sort=open" in {a["href"] for a in found.all("a")}
    # Organisations have no hours to come first by.
    await publish({"name": text("Fundacja"), "sector": "ngo"}, layer="organisations")
    others = await page(client, "/en/table?layer=organisations")
    assert not [a for a in others.all("a") if a.text.startswith("Hours today")]


async def test_every_column_sorts_both_ways_the_same_on_screen_and_in_the_file(
    client: Client, publish: Publish
) -> None:
    """By its head, which says how it is sorted now and leads to the order turned round; page by page, nothing twice."""
    [caritas, lake] = await publish(
        *({"name": text(name), "sector": "ngo"} for name in ("Caritas", "Łąka")), layer="organisations"
    )
    kielce, lodz = {"city": "Kielce"}, {"city": "Łódź"}
    await publish(
        aid_point(
            "Łaźnia",
            services=[{"type": "laundry"}],
            organisation={"id": str(lake.feature_id)},
            address=kielce | {"street": "Żabia", "house_number": "1"},
            contacts=[{"kind": "phone", "value": "+48 41 555 01 23"}],
            hours="24/7",
        ),
        aid_point(
            "Zupa",
            organisation={"id": str(caritas.feature_id), "name": "inaczej"},
            address=lodz | {"street": "Cicha", "house_number": "5"},
            place={"position": {"lng": 19.46, "lat": 51.77}},
        ),
        aid_point("Bar", organisation={"name": "Bank Żywności"}, hours="Mo-Su 00:00-24:00 closed"),
        *(aid_point(f"Punkt {n:02}") for n in range(26)),
    )
    first = await page(client, "/en/table?near=20.6286,50.8661&sort=name")
    sortable = {
        head.text.partition(":")[0]: link["href"].partition("#")[0]
        for head, link in zip(
            [e for e in first.all("th", scope="col") if ":" in e.text],
            [
                e
                for e in first.all("a")
                if e.text.endswith(("sort by this", "turn the order round", "or soon"))
            ],
            strict=True,
        )
    }
    assert [*sortable] == [
        *("Help", "Name", "Organisation", "Municipality", "Address", "Phone", "Hours today", "Last check"),
        "Distance",
    ]
    assert sortable["Name"] == "/en/table?near=20.6286,50.8661&sort=-name"
    for title, href in sortable.items():
        ways = {}
        for sort in ("", "-"):
            path = href.replace("sort=-", "sort=").replace("sort=", f"sort={sort}")
            pages = [await page(client, path), await page(client, f"{path}&page=2")]
            for number, screen in enumerate(pages, 1):
                file = await file_of(client, path.replace("/table?", "/table.csv?") + f"&page={number}")
                plain = [[" ".join(cell.split()).removeprefix("'") for cell in row] for row in file]
                assert plain == cells_of(screen), path
            [sorted_head] = [e for e in pages[0].all("th", scope="col") if "aria-sort" in e.attributes]
            assert sorted_head.text == f"{title}: turn the order round"
            column = cells_of(pages[0])[0].index(title)
            rows = [row for screen in pages for row in cells_of(screen)[1:]]
            assert len({row[1] for row in rows}) == 29, path
            ways[sorted_head["aria-sort"]] = [row[column] for row in rows if row[column]]
        assert sorted(ways) == ["ascending", "descending"], title
        assert ways["ascending"] == ways["descending"][::-1], title
        if title not in ("Hours today", "Distance", "Last check"):
            polish = sorted(ways["ascending"], key=lambda words: words.lower().translate(_ALPHABET))
            assert ways["ascending"] == polish, title
    by_organisation = cells_of(await page(client, "/en/table?sort=organisation"))
    assert [row[2] for row in by_organisation[1:4]] == ["Bank Żywności", "Caritas", "Łąka"]
    by_distance = cells_of(await page(client, "/en/table?near=20.6286,50.8661&sort=-near"))
    assert [row[-1] for row in by_distance[1:3]] == ["129 km", "10 m"]
    for wrong in ("-match", "-best", "--name", "-", "-x"):
        assert (await client.get(f"/en/table?sort={wrong}")).status_code == 422
    # The list goes on in the order of the table.
    finder = await page(client, "/en/?sort=-town")
    assert [e.text for e in finder.all("option", selected="") if e["value"] == "-town"] == ["as in the table"]


#: The Polish order of the letters that are in these words.
_ALPHABET = {ord("ł"): "lz", ord("ż"): "zz", ord("ą"): "az"}


async def test_the_table_has_the_filters_and_the_search_of_the_list(client: Client, publish: Publish) -> None:
    await publish(
        kitchen(hours="24/7", languages=["uk"]), aid_point("Porada", services=[{"type": "legal_advice"}])
    )
    found = await page(client, "/en/table?sort=-name&service=legal_advice")
    form = found.one("form", id="filter-form")
    assert form["action"] == "/en/table#count"
    assert "legal_advice" in [e["value"] for e in found.all("input", name="service", checked="")]
    assert [e["value"] for e in found.all("input", type="hidden", name="sort")] == ["-name", "-name"]
    assert found.one("button", form="filter-form").text == "Show 1 place"
    assert any(e.text == "українська 0" for e in found.all("label", class_="tick"))
    # What the form sends without script is understood, and stands in the links.
    asked = "open_at=in&open_in=30&open_day=&open_hour=&checked_since=&organisation=&area_name=&organisation_name="
    sent = await page(client, f"/en/table?{asked}&language=uk&language=pl&sort=-name")
    assert [e.text for e in sent.all("th", scope="row")] == ["Jadłodajnia „Ciepły Stół”"]
    assert {"/en/table.csv?language=pl,uk&open_at=PT30M&sort=-name"} <= {a["href"] for a in sent.all("a")}
    # Words are understood as in the list, by the table and by its file.
    for path in ("/en/table", "/en/table.csv"):
        answer = await client.get(f"{path}?q=hot meals&sort=-name")
        assert answer.headers["location"] == f"{path}?service=hot_meals&sort=-name"
    # Nothing found is no dead end, and organisations have no such filters.
    nothing = await page(client, "/en/table?service=legal_advice&language=uk")
    assert "/en/table?service=legal_advice" in {a["href"] for a in nothing.all("a", class_="quiet")}
    assert not (await page(client, "/en/table?layer=organisations")).all("form", id="filter-form")


async def test_an_area_that_nobody_knows_is_not_the_whole_country(client: Client, publish: Publish) -> None:
    await publish(aid_point("Tajemnica"))
    for name in ("area_name=Nigdziebądź", "organisation_name=Nigdziebądź"):
        answer = await client.get(f"/en/table.csv?{name}&service=hot_meals")
        assert answer.status_code == 302
        assert answer.headers["location"].startswith(f"/en/table?{name.partition('=')[0]}=")
        shown = await page(client, answer.headers["location"])
        assert "We do not know" in shown.one("h1").text
        assert "Tajemnica" not in shown.one("main").text
        assert "/en/table?service=hot_meals" in {a["href"] for a in shown.all("a", class_="second")}


async def test_wrong_questions_and_empty_answers(client: Client, publish: Publish) -> None:
    await publish(aid_point())
    assert "No places match" in (await page(client, "/en/table?service=nursery")).one("main").text
    for path in ("/en/table?sort=x", "/en/table.csv?page=0", "/en/table?near=x"):
        assert (await client.get(path)).status_code == 422
    answer = await client.get("/en/table.csv")
    again = await client.get("/en/table.csv", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


async def test_what_people_wrote_is_text(client: Client, publish: Publish) -> None:
    [made] = await publish(kitchen(name=text(NASTY), address={"street": NASTY, "city": NASTY}))
    for path in ("/pl/table", f"/pl/compare?ids={made.feature_id}"):
        found = await page(client, path)
        assert not found.all("img")
        assert NASTY in found.one("table").text


async def test_places_side_by_side(client: Client, publish: Publish) -> None:
    [one, other, *more] = await publish(
        kitchen(notices=[]),
        aid_point("Obok", documents=["no_documents"]),
        *(aid_point(f"P {n}") for n in range(3)),
    )
    found = await page(client, f"/en/compare?ids={other.feature_id},{one.feature_id},{uuid.uuid4()}")
    assert [e.text for e in found.all("th", scope="col")] == ["Obok", "Jadłodajnia „Ciepły Stół”"]
    words = found.one("main").text
    assert "1 place is not on the map any more." in words
    assert "Documents are not needed" in words
    assert "Low cost" in words
    everything = ",".join(str(p.feature_id) for p in (one, other, *more))
    for ids in ("", "x", everything, f"{one.feature_id};DROP", str(one.feature_id).replace("-", "")):
        assert (await client.get(f"/en/compare?ids={ids}")).status_code == 422


async def test_pages_of_lists_are_the_same_for_everybody(client: Client, publish: Publish) -> None:
    [made] = await publish(kitchen(notices=[]))
    for path in ("/pl/lists", "/uk/slips"):
        answer = await client.get(path)
        assert answer.headers["cache-control"].startswith("public")
        assert HtmlPage(answer.text).unbalanced == []
    found = await page(client, f"/en/aid_points/{made.feature_id}/row.html")
    assert "Jadłodajnia „Ciepły Stół”" in found.one("article").text
    assert "41 555 01 23" in found.one("article").text
    assert (await client.get(f"/en/aid_points/{uuid.uuid4()}/row.html")).status_code == 404
