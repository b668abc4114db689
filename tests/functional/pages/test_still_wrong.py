"""While somebody fills in a form: a field says the same as it will when it is sent."""

import re

import httpx2
import pytest

from tests.functional.conftest import Publish, aid_point
from tests.functional.pages.conftest import Person
from tests.functional.pages.test_adding import first_steps

TYPED = {"at": "1", "name": "Jadłodajnia", "services": "hot_meals"}
ASK = "/pl/add/aid_points/still-wrong"


def messages(html: str) -> dict[str, str]:
    """The words of each message by the id of its field."""
    found = re.findall(r'<p class="error" id="([\w-]+)-error">(.*?)</p>', html, re.DOTALL)
    return {field: " ".join(re.sub("<[^>]+>", " ", words).split()) for field, words in found}


async def test_what_is_said_on_the_way_is_what_is_said_when_it_is_sent(
    person: Person, client: httpx2.AsyncClient
) -> None:
    page = await first_steps(person)
    page = await person.presses(
        page, "next", address__city="Kielce", position="50.87, 20.62", hours__kind="always"
    )
    page = await person.presses(page, "next")
    # The last questions, with a number too short, an address that is none, and a page without a host.
    wrong = {"phones__0__value": "12", "emails__0__value": "kuchnia", "websites__0__value": "http://"}
    fields = set(page.fields)
    known = {name: value for name, value in wrong.items() if name.replace("__", ".") in fields}
    assert len(known) >= 2, sorted(fields)
    sent = await person.presses(page, "next", **known)
    assert sent.status == 422
    said = {name: words for name, words in messages(sent.html).items() if name.replace("-", "__") in known}
    assert said.keys() == {name.replace("__", "-") for name in known}
    typed = TYPED | {"at": "4"} | {name.replace("__", "."): words for name, words in known.items()}
    on_the_way = await client.post(ASK, data=typed)
    assert on_the_way.status_code == 200
    assert on_the_way.headers["cache-control"] == "no-store"
    assert {name: messages(on_the_way.text)[name] for name in said} == said
    right = await client.post(ASK, data=typed | {"phones.0.value": "41 555 01 23"})
    assert messages(right.text).keys() & said.keys() == said.keys() - {"phones-0-value"}


async def test_of_a_change_the_sender_is_told_as_well_and_in_their_language(
    person: Person, client: httpx2.AsyncClient, publish: Publish
) -> None:
    (made,) = await publish(aid_point("Jadłodajnia"))
    page = await person.opens(f"/uk/suggest/{made.feature_id}")
    assert 'data-still-wrong-url="/uk/add/aid_points/still-wrong"' in page.html
    answer = await client.post("/uk/add/aid_points/still-wrong", data={"name": "Їдальня", "email": "ola"})
    assert "Помилка" in messages(answer.text)["email"]
    right = await client.post(
        "/uk/add/aid_points/still-wrong", data={"name": "Їдальня", "email": "ola@poczta.pl"}
    )
    assert "email" not in messages(right.text)


@pytest.mark.parametrize("hostile", ["<img src=x onerror=alert(1)>", "\u202e", "x" * 5000, "'; DROP TABLE"])
async def test_nothing_that_was_typed_comes_back(client: httpx2.AsyncClient, hostile: str) -> None:
    answer = await client.post(
        ASK, data=TYPED | {"phones.0.value": hostile, "address.city": hostile, "email": hostile}
    )
    assert answer.status_code in {200, 422}
    assert hostile not in answer.text
    assert (await client.post("/pl/add/nothing/still-wrong", data=TYPED)).status_code == 404
