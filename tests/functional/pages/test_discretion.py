"""What others may see of a discreet place over a shoulder: neutral titles, no code, and a way out on every page with it."""

from urllib.parse import parse_qsl

import httpx2
import pytest

from tests.functional.conftest import Publish, aid_point
from tests.functional.html_page import HtmlPage

Client = httpx2.AsyncClient
REFUGE = aid_point(
    "Azyl",
    services=[{"type": "violence_shelter"}],
    place={"disclosure": "contact_only", "area": {"code": "PL-1863", "name": "Rzeszów"}},
    contacts=[{"kind": "phone", "value": "+48 17 555 09 09"}],
)


async def page(client: Client, path: str) -> HtmlPage:
    answer = await client.get(path)
    assert answer.status_code == 200, answer.text[-2000:]
    read = HtmlPage(answer.text)
    assert read.unbalanced == []
    return read


def ways_out(found: HtmlPage) -> list[str]:
    return [link["href"] for link in found.all("a") if "data-quick-exit" in link.attributes]


async def test_each_page_with_a_discreet_place_has_the_way_out(client: Client, publish: Publish) -> None:
    [kitchen, refuge] = await publish(aid_point("Obok"), REFUGE)
    for path in (
        "/en/table",
        "/en/table?service=violence_shelter",
        f"/en/compare?ids={kitchen.feature_id},{refuge.feature_id}",
        f"/en/aid_points/{refuge.feature_id}/slip.html",
    ):
        found = await page(client, path)
        assert ways_out(found) == ["https://en.wikipedia.org/"], path
        assert "Azyl" not in found.one("title").text, path
    for path in (
        "/en/table?service=hot_meals",
        f"/en/compare?ids={kitchen.feature_id}",
        f"/en/aid_points/{kitchen.feature_id}/slip.html",
    ):
        assert not ways_out(await page(client, path)), path


FORMS = (
    "/en/suggest/{id}", "/en/suggest/{id}/closed", "/en/report/{id}", "/en/report/{id}/sent?reason=unsafe",
    "/en/report/{id}/still-true", "/en/report/{id}/still-true/sent",
)  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
async def test_each_form_about_a_discreet_place_has_the_way_out(
    client: Client, publish: Publish, form: str
) -> None:
    [kitchen, refuge] = await publish(aid_point("Obok"), REFUGE)
    found = await page(client, form.format(id=refuge.feature_id))
    assert ways_out(found) == ["https://en.wikipedia.org/"]
    assert "Azyl" not in found.one("title").text
    assert [script["src"] for script in found.all("script") if "/exit-" in script["src"]]
    other = await page(client, form.format(id=kitchen.feature_id))
    assert not ways_out(other)
    assert not [script for script in other.all("script") if "/exit-" in script["src"]]


async def test_also_when_something_in_the_form_is_wrong(client: Client, publish: Publish) -> None:
    [refuge] = await publish(REFUGE)
    for form in (*FORMS[:3], FORMS[4]):
        answer = await client.post(form.format(id=refuge.feature_id), data={"nickname": "x"})
        assert answer.status_code in (409, 422), form
        assert ways_out(HtmlPage(answer.text)) == ["https://en.wikipedia.org/"], form


@pytest.mark.parametrize(
    ("question", "out"),
    [
        ("service=violence_shelter", 1),
        ("audience=violence_victims", 1),
        ("q=przemoc", 1),
        ("service=hot_meals&q=obiad", 0),
        ("", 0),
    ],
)
async def test_who_looked_for_such_help_in_vain_has_the_way_out(
    client: Client, question: str, out: int
) -> None:
    assert len(ways_out(await page(client, f"/en/missing?{question}"))) == out
    asked = dict(parse_qsl(question))
    sent = await client.post("/en/missing", data=asked | {"searched": asked.get("q", "")})
    assert sent.status_code == 422
    assert len(ways_out(HtmlPage(sent.text))) == out


async def test_a_row_of_a_list_has_a_neutral_title_and_says_that_no_list_keeps_it(
    client: Client, publish: Publish
) -> None:
    [kitchen, refuge] = await publish(aid_point("Obok"), REFUGE)
    row = await page(client, f"/en/aid_points/{refuge.feature_id}/row.html")
    assert row.one("title").text == "Help point"
    assert "Azyl" in row.one("article").text
    assert "data-discreet" in row.one("article").attributes
    other = await page(client, f"/en/aid_points/{kitchen.feature_id}/row.html")
    assert other.one("title").text == "Obok"
    assert "data-discreet" not in other.one("article").attributes


async def test_a_discreet_place_has_no_code(client: Client, publish: Publish) -> None:
    [kitchen, refuge] = await publish(aid_point("Obok"), REFUGE)
    assert (await client.get(f"/uk/aid_points/{kitchen.feature_id}/qr.svg")).status_code == 200
    answer = await client.get(f"/en/aid_points/{refuge.feature_id}/qr.svg")
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
