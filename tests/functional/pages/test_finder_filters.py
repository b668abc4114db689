"""What filters leave: in the list, in the counts of the panel, in the ways back."""

import re
from typing import Any

import httpx2

from tests.functional.conftest import Publish, aid_point
from tests.functional.html_page import HtmlPage
from tests.functional.pages.finder_page import PHONE, count_of, page, titles

Client = httpx2.AsyncClient
#: Headers by which script asks for the list without the panel.
LIST_ALONE = {"X-Fragment": "results"}


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


async def test_who_runs_the_places_is_chosen_with_right_counts(client: Client, publish: Publish) -> None:
    """From the panel's most important ones, by a typed name, together with other filters, and back again."""
    names = [*("Caritas Kielce", "Caritas Radom", "Fundacja Łąka", "Fundacja Nikogo"), *_many]
    made = await publish(*(_organisation(name) for name in names), layer="organisations")
    ids = {name: str(one.feature_id) for name, one in zip(names, made, strict=True)}
    hidden = "00000000-0000-4000-8000-000000000007"
    await publish(
        *(_run_by(ids["Caritas Kielce"], f"Stołówka {n}", languages=["uk"]) for n in range(3)),
        _run_by(
            ids["Caritas Kielce"],
            "Azyl",
            place={"disclosure": "contact_only", "area": {"code": "PL"}},
            contacts=[PHONE],
        ),
        _run_by(ids["Caritas Radom"], "Radom"),
        _run_by(ids["Fundacja Łąka"], "Łąka", languages=["uk"]),
        _run_by(hidden, "Nie wiadomo czyje"),
        aid_point("Niczyje"),
        *(_run_by(ids[name], name, languages=["ro"]) for name in _many),
    )

    async def offered(query: str) -> dict[str, str]:
        """The rows of the panel by their value: words and count, as the list counts what each leaves."""
        found = await page(client, f"/en/?{query}")
        rows = _runners(found)
        for value, words in rows.items():
            kept = "&".join(part for part in query.split("&") if part and "organisation" not in part)
            chosen = await page(client, f"/en/?{kept}&organisation={value}", 200, **LIST_ALONE)
            assert count_of(chosen).split(" ")[0] == words.rsplit(" ", 1)[1], (query, words)
        return rows

    everybody = await offered("")
    assert [*everybody.values()][:2] == ["All of them 17", "Caritas Kielce 4"]
    assert len(everybody) == 1 + 8
    assert hidden not in everybody
    speaking = await offered("language=uk")
    assert [*speaking.values()] == ["All of them 4", "Caritas Kielce 3", "Fundacja Łąka 1"]
    # A protected place is counted where it is listed: nowhere on the map.
    around = await offered("bbox=20.5,50.8,20.7,50.9")
    assert around[ids["Caritas Kielce"]] == "Caritas Kielce 3"
    # Whoever is chosen stays among the choices, and is a tag that leads back.
    nobody = ids["Fundacja Nikogo"]
    chosen = await offered(f"language=uk&organisation={nobody}")
    assert chosen[nobody] == "Fundacja Nikogo 0"
    found = await page(client, f"/en/?language=uk&organisation={nobody}")
    assert {tag.text: tag["href"] for tag in found.all("a", class_="tag")} == {
        "Fundacja Nikogo: remove this filter": "/en/?language=uk",
        "Ukrainian: remove this filter": f"/en/?organisation={nobody}",
    }
    [ticked] = [e["value"] for e in found.all("input", name="organisation", checked="")]
    assert ticked == nobody
    # A name that is clear leads there, with what else is set, and takes the place of the one before.
    for typed, meant in (("fundacja laka", "Fundacja Łąka"), ("radom", "Caritas Radom")):
        answer = await client.get(
            "/en/", params={"organisation_name": typed, "organisation": nobody, "language": "uk"}
        )
        assert answer.headers["location"] == f"/en/?language=uk&organisation={ids[meant]}"
    # Of several one is chosen; how many places each would leave is said.
    unclear = await page(client, "/en/?organisation_name=caritas&language=uk")
    assert unclear.one("h1", id="count").text == "Which “caritas” do you mean?"
    assert titles(unclear) == []
    assert [e["href"] for e in unclear.all("a", class_="quiet") if e.text.startswith("Caritas")] == [
        f"/en/?language=uk&organisation={ids[name]}" for name in ("Caritas Kielce", "Caritas Radom")
    ]
    assert "Caritas Kielce3 places Caritas Radom0 places" in unclear.one("section", id="list").text
    # Misspelt, and such as nobody has.
    misspelt = await page(client, "/en/?organisation_name=Cartias+Kielce")
    assert misspelt.one("h1", id="count").text == "We do not know the organisation “Cartias Kielce”"
    assert "Caritas Kielce" in misspelt.one("section", id="list").text
    unknown = await page(client, "/en/?organisation_name=qqqqqq")
    assert "Go on without an organisation" in unknown.one("section", id="list").text
    # What nobody wrote is refused or means nothing, and breaks nothing.
    for typed in ("'", "&!|:*", "%", "\\", "a", "<script>", "x" * 120):
        assert (await client.get("/en/", params={"organisation_name": typed})).status_code == 200
    assert (await client.get(f"/en/?organisation_name={'x' * 121}")).status_code == 422


#: More of them than are offered without a tap.
_many = [f"Zbór {n}" for n in range(9)]


def _organisation(name: str) -> dict[str, Any]:
    return {"name": {"texts": {"pl": name}, "source": "pl"}, "sector": "ngo"}


def _run_by(organisation: str, name: str, **more: Any) -> dict[str, Any]:
    return aid_point(name, organisation={"id": organisation}, **more)


def _runners(found: HtmlPage) -> dict[str, str]:
    """The panel's rows of organisations by their value, in their order."""
    inputs = [e for e in found.elements if e.tag == "input" and e["type"] in ("checkbox", "radio")]
    rows = zip(inputs, found.all("label", class_="tick"), strict=True)
    return {i["value"]: row.text for i, row in rows if i["name"] == "organisation"}
