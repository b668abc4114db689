"""What filters leave: in the list, in the counts of the panel, in the ways back."""

import re

import httpx2

from tests.functional.conftest import Publish, aid_point
from tests.functional.pages.finder_page import count_of, page, titles

Client = httpx2.AsyncClient


FILTERS: list[tuple[str, set[str]]] = [
    ("service=family:food", {"Stołówka"}),
    ("service=food,legal", {"Stołówka", "Poradnia"}),
    ("service=hot_meals&service=crisis_line", {"Stołówka", "Telefon pomocy"}),
    ("language=uk", {"Stołówka"}),
    ("audience=women", {"Poradnia"}),
    ("audience_mode=only", {"Poradnia"}),
    ("audience_mode=only&audience=women", {"Poradnia"}),
    ("audience_mode=only&audience=men", set()),
    ("audience_mode=preferred,everyone&audience=women", set()),
    ("access=free", {"Stołówka"}),
    ("access=by_phone", {"Telefon pomocy"}),
    ("open_at=now", {"Stołówka", "Telefon pomocy"}),
    ("open_at=now&service=legal", set()),
    ("bbox=20.69,50.89,20.71,50.91", {"Poradnia"}),
    ("q=porad", {"Poradnia"}),
    ("q=обід", set()),
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
        ("audience_mode", "only"),
        ("audience_mode", "everyone"),
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
        "Show 1 place: By phone or online, every kind of help": "/en/?access=by_phone,online",
    }
    for href in ways.values():
        assert titles(await page(client, href))


async def test_who_may_come_is_asked_by_groups_and_in_which_mode(client: Client, publish: Publish) -> None:
    women = {"audiences": ["women"]}
    await publish(
        aid_point("Dla wszystkich", audience_mode="everyone"),
        aid_point("Najpierw kobiety", audience_mode="preferred", **women),
        aid_point("Tylko kobiety", audience_mode="only", **women),
        aid_point("Nie wiadomo jak", **women),
        aid_point(
            "Jedno dla wszystkich, drugie tylko dla mężczyzn",
            audience_mode="everyone",
            services=[
                {"type": "hot_meals"},
                {"type": "night_shelter", "audience_mode": "only", "audiences": ["men"]},
            ],
        ),
    )
    both, everyone = "Jedno dla wszystkich, drugie tylko dla mężczyzn", "Dla wszystkich"
    for query, expected in (
        ("audience_mode=everyone", {both, everyone}),
        ("audience_mode=only", {both, "Tylko kobiety"}),
        ("audience_mode=preferred,only", {both, "Tylko kobiety", "Najpierw kobiety"}),
        ("audience=women", {"Tylko kobiety", "Najpierw kobiety", "Nie wiadomo jak"}),
        ("audience=women&audience_mode=only", {"Tylko kobiety"}),
        ("audience=men&audience_mode=only", {both}),
        ("audience=women&audience_mode=everyone,preferred", {both, everyone, "Najpierw kobiety"}),
    ):
        found = await page(client, f"/en/?{query}")
        assert set(titles(found)) == expected, query
        # Whatever else is set, a row counts what is left when it is the only one of its parameter.
        rows = {row.text for row in found.all("label", class_="tick")}
        for name, value, words in (
            ("audience", "women", "Women"),
            ("audience", "men", "Men"),
            ("audience_mode", "everyone", "Open to everyone"),
            ("audience_mode", "preferred", "Certain groups first"),
            ("audience_mode", "only", "Only for certain groups"),
        ):
            kept = "&".join(part for part in query.split("&") if not part.startswith(f"{name}="))
            chosen = await page(client, f"/en/?{kept}&{name}={value}")
            assert f"{words} {count_of(chosen).split(' ')[0]}" in rows, (query, words)


async def test_a_mode_that_is_not_known_is_refused(client: Client, three: None) -> None:
    assert (await client.get("/en/?audience_mode=nobody")).status_code == 422
    answer = await client.get("/api/v1/layers/aid_points/features.geojson?audience_mode=nobody")
    assert [problem["path"] for problem in answer.json()["problems"]] == ["audience_mode"]


async def test_a_mode_is_a_tag_that_leads_back(client: Client, three: None) -> None:
    found = await page(client, "/en/?audience_mode=only")
    assert [(tag.text, tag["href"]) for tag in found.all("a", class_="tag")] == [
        ("Only for certain groups: remove this filter", "/en/")
    ]


async def test_access_is_any_of_a_group_and_all_of_the_groups(client: Client, publish: Publish) -> None:
    free, cheap = {"cost": {"code": "free"}}, {"cost": {"code": "low_cost"}}
    no_steps = {"accessibility": {"step_free": "yes"}}
    await publish(
        aid_point("Darmo, bez schodów", **free, **no_steps),
        aid_point("Tanio, bez schodów", **cheap, **no_steps),
        aid_point("Darmo, ze schodami", **free),
        aid_point("Bez schodów", **no_steps, access=["walk_in"]),
    )
    both = {"Darmo, bez schodów", "Tanio, bez schodów"}
    for codes, expected in (
        ("free,low_cost", {*both, "Darmo, ze schodami"}),
        ("free,step_free", {"Darmo, bez schodów"}),
        ("free,low_cost,step_free", both),
        ("step_free,walk_in", {"Bez schodów"}),
        ("free,walk_in", set()),
    ):
        found = await page(client, f"/en/?access={codes}")
        assert set(titles(found)) == expected, codes
        answer = await client.get(f"/api/v1/layers/aid_points/features.geojson?access={codes}&count=true")
        assert answer.json()["numberMatched"] == len(expected), codes
        # A row counts what is left when it is the only one of its group, those of the others as they are.
        rows = {row.text for row in found.all("label", class_="tick")}
        for code, words, group in (
            ("free", "Free of charge", {"free", "low_cost"}),
            ("low_cost", "Low cost", {"free", "low_cost"}),
            ("step_free", "Step-free entrance", {"step_free"}),
            ("walk_in", "No appointment", {"walk_in"}),
        ):
            asked = ",".join(sorted({*codes.split(",")} - group | {code}))
            chosen = await page(client, f"/en/?access={asked}")
            assert f"{words} {count_of(chosen).split(' ')[0]}" in rows, (codes, code)
