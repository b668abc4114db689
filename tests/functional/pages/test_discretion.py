"""What others may see of a discreet place over a shoulder: neutral titles, no code, and a way out on every page with it."""

import datetime as dt
from urllib.parse import parse_qsl

import httpx2
import pytest
import time_machine

from app.config import Settings
from app.db import Database, session
from app.layers.registry import LAYERS
from app.moderation.actions.submit import Proposal, submit
from app.moderation.links import Purpose, make_token
from app.moderation.models import Submission
from app.moderation.states import SubmissionState
from tests.functional.conftest import Publish, aid_point
from tests.functional.html_page import HtmlPage
from tests.functional.pages.conftest import Person

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


@pytest.mark.parametrize(
    ("question", "out"),
    [
        ("service=violence_shelter", 1),
        ("service=violence_shelter&language=uk", 1),
        ("audience=violence_victims", 1),
        ("q=doznaję przemocy", 1),
        ("q=Azyl&as=text", 1),
        ("service=hot_meals", 0),
        ("", 0),
    ],
)
async def test_the_finder_has_the_way_out_while_it_is_asked_for_such_help(
    client: Client, publish: Publish, question: str, out: int
) -> None:
    await publish(aid_point("Obok"), REFUGE)
    found = await page(client, f"/en/?{question}")
    assert len(ways_out(found)) == out
    assert len([script for script in found.all("script") if "/exit-" in script["src"]]) == out
    assert "Azyl" not in found.one("title").text
    assert "violence" not in found.one("title").text.lower()
    # With the list that script asks for it comes and goes.
    part = await client.get(f"/en/?{question}", headers={"X-Fragment": "results"})
    assert len(ways_out(HtmlPage(part.text))) == out


async def test_a_table_without_a_place_has_the_way_out_too(client: Client, publish: Publish) -> None:
    await publish(aid_point("Obok"))
    assert ways_out(await page(client, "/en/table?service=violence_shelter"))


@pytest.mark.parametrize("services", [["violence_shelter"], ["hot_meals"]])
async def test_each_page_of_a_submission_about_a_refuge_has_the_way_out(
    client: Client, database: Database, settings: Settings, services: list[str]
) -> None:
    layer = LAYERS["aid_points"]
    content = layer.content.read(aid_point("Azyl", services=[{"type": code} for code in services]))
    out = 1 if services == ["violence_shelter"] else 0
    async with session(database) as s:
        submission = await submit(s, Proposal(layer, content), language="pl", contact_email="ola@poczta.pl")
    secret = settings.secret_key.get_secret_value()

    async def has_it(purpose: Purpose, further: str = "") -> None:
        path = f"/en/{purpose}/{make_token(secret, purpose, submission.id)}{further}"
        found = HtmlPage((await client.get(path, follow_redirects=True)).text)
        assert len(ways_out(found)) == out, (purpose, further)
        assert len([script for script in found.all("script") if "/exit-" in script["src"]]) == out
        assert "Azyl" not in found.one("title").text

    await has_it("confirm")
    await has_it("sent")
    await has_it("status")
    await has_it("status", "/withdraw")
    async with session(database) as s:
        (await s.get_one(Submission, submission.id)).state = SubmissionState.NEEDS_CHANGES
    await has_it("status", "/correct")
    answer = await client.post(
        f"/en/status/{make_token(secret, 'status', submission.id)}/answer", data={"answer": ""}
    )
    assert answer.status_code == 422
    assert len(ways_out(HtmlPage(answer.text))) == out


async def test_who_takes_the_refuge_out_of_a_place_has_the_way_out(
    client: Client, publish: Publish, database: Database, settings: Settings
) -> None:
    """The place keeps its name, and was a refuge when they wrote."""
    [made] = await publish(REFUGE)
    layer = LAYERS["aid_points"]
    content = layer.content.read({**REFUGE, "services": [{"type": "hot_meals"}]})
    async with session(database) as s:
        submission = await submit(
            s, Proposal(layer, content, made.feature_id), language="pl", contact_email="ola@poczta.pl"
        )
    secret = settings.secret_key.get_secret_value()
    for path in ("confirm/{}", "sent/{}", "status/{}", "status/{}/withdraw"):
        purpose = path.partition("/")[0]
        token = make_token(secret, purpose, submission.id)  # type: ignore[arg-type]  # it is one of them
        found = HtmlPage((await client.get(f"/en/{path.format(token)}", follow_redirects=True)).text)
        assert len(ways_out(found)) == 1, path


async def test_who_adds_a_refuge_has_the_way_out_from_the_choice_of_its_help_on(person: Person) -> None:
    first = await person.opens("/en/add/aid_points")
    assert not ways_out(HtmlPage(first.html))
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=3)):
        second = await person.presses(first, "next", name="Azyl", services=["violence_shelter"])
    assert ways_out(HtmlPage(second.html)) == ["https://en.wikipedia.org/"]
    assert "Azyl" not in HtmlPage(second.html).one("title").text


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
