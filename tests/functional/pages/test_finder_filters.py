"""What filters leave: in the list, in the counts of the panel, in the ways back."""

import re

import httpx2

from tests.functional.pages.finder_page import count_of, page, titles

Client = httpx2.AsyncClient


FILTERS: list[tuple[str, set[str]]] = [
    ("service=family:food", {"Stołówka"}),
    ("service=food,legal", {"Stołówka", "Poradnia"}),
    ("service=hot_meals&service=crisis_line", {"Stołówka", "Telefon pomocy"}),
    ("language=uk", {"Stołówka"}),
    ("audience=women", {"Poradnia"}),
    ("access=free", {"Stołówka"}),
    ("access=by_phone", {"Telefon pomocy"}),
    ("open_at=now", {"Stołówka", "Telefon pomocy"}),
    ("open_at=now&service=legal", set()),
    ("bbox=20.69,50.89,20.71,50.91", {"Poradnia"}),
    ("q=porad", {"Poradnia"}),
    ("q=обід", set()),
    ("q=legal+advice", {"Poradnia"}),
    ("utm_source=a-newsletter", {"Stołówka", "Poradnia", "Telefon pomocy"}),
]


async def test_filters_leave_what_was_asked_for(client: Client, three: None) -> None:
    for query, expected in FILTERS:
        found = await page(client, f"/en/?{query}")
        assert set(titles(found)) == expected, query
        assert count_of(found) == f"{len(expected)} place{'' if len(expected) == 1 else 's'}", query


async def test_every_row_of_the_panel_says_how_many_it_leaves(client: Client, three: None) -> None:
    found = await page(client, "/en/?language=uk")
    rows = {row.text for row in found.all("label", class_="tick")}
    # A second language adds places; another parameter narrows them down.
    assert {
        "polski 1",
        "українська 1",
        "English 0",
        "Legal and civic advice 0",
        "At any time 1",
        "Open now 1",
    } <= rows
    for row in found.all("label", class_="tick"):
        assert re.search(r" \d+$", row.text), row.text
    chosen = [e["value"] for e in found.all("input", type="checkbox", checked="")]
    assert chosen == ["uk"]


async def test_the_count_of_a_row_is_what_its_choice_shows(client: Client, three: None) -> None:
    found = await page(client, "/en/")
    inputs = [e for e in found.elements if e.tag == "input" and e["type"] in ("checkbox", "radio")]
    rows = {
        (i["name"], i["value"]): row.text
        for i, row in zip(inputs, found.all("label", class_="tick"), strict=True)
    }
    for name, code in (
        ("service", "crisis_line"),
        ("service", "family:law"),
        ("service", "legal"),
        ("audience", "women"),
        ("language", "uk"),
        ("access", "free"),
        ("open_at", "now"),
    ):
        chosen = await page(client, f"/en/?{name}={code}")
        assert rows[name, code].rsplit(" ", 1)[1] == count_of(chosen).split(" ")[0], code


async def test_set_filters_are_tags_that_lead_back(client: Client, three: None) -> None:
    found = await page(client, "/en/?service=hot_meals&language=uk&sort=name")
    tags = {tag.text: tag["href"] for tag in found.all("a", class_="tag")}
    assert tags == {
        "Ukrainian: remove this filter": "/en/?service=hot_meals&sort=name",
        "Hot meals: remove this filter": "/en/?language=uk&sort=name",
    }


async def test_chips_turn_a_filter_on_and_off(client: Client, three: None) -> None:
    found = await page(client, "/en/?service=family:food")
    food = found.one("a", data_filter="service", data_value="family:food")
    assert (food["aria-current"], food["href"]) == ("true", "/en/")
    law = found.one("a", data_filter="service", data_value="family:law")
    assert "aria-current" not in law.attributes
    assert law["href"] == "/en/?service=family%3Afood,family%3Alaw"


async def test_nothing_found_is_no_dead_end(client: Client, three: None) -> None:
    found = await page(client, "/en/?service=hot_meals&audience=women")
    assert count_of(found) == "0 places"
    ways = {
        link.text: link["href"] for link in found.all("a", class_="quiet") if link.text.startswith("Show")
    }
    assert ways == {
        "Show 1 place: Without: Women": "/en/?service=hot_meals",
        "Show 1 place: Without: Hot meals": "/en/?audience=women",
        "Show 3 places: All places": "/en/",
    }
    for href in ways.values():
        assert titles(await page(client, href))
