"""Where nothing fits, help from afar of every kind is a way on."""

from typing import Any

import httpx2
import pytest

from tests.functional.conftest import Publish, aid_point
from tests.functional.html_page import HtmlPage
from tests.functional.pages.finder_page import PHONE, at, page, titles

Client = httpx2.AsyncClient


def line(name: str, language: str) -> dict[str, Any]:
    return {
        "name": {"texts": {"pl": name}, "source": "pl"},
        "services": [{"type": "helpline"}],
        "channel": "phone",
        "contacts": [PHONE],
        "area_served": [{"code": "PL", "name": "Polska"}],
        "languages": [language],
    }


WORDS = "By phone or online, every kind of help"


@pytest.fixture
async def lines(publish: Publish) -> None:
    await publish(
        aid_point("Stołówka", place=at(20.63, 50.87)),
        line("Po ukraińsku", "uk"),
        line("Po polsku", "pl"),
    )


def ways(found: HtmlPage) -> dict[str, str]:
    """The addresses of the ways on by their words."""
    links = [a for a in found.all("a", class_="quiet") if a.text.startswith("Show ")]
    return {link.text.split(": ", 1)[1]: link["href"] for link in links}


@pytest.mark.parametrize(
    "asked",
    [
        "service=vaccination&bbox=20,50,21,51",
        "q=qwxzty",
        "service=hot_meals&access=by_phone",
        "area=PL-26&service=dental_care",
    ],
)
async def test_telephones_of_every_kind_are_offered(client: Client, lines: None, asked: str) -> None:
    found = await page(client, f"/en/?{asked}")
    there = await page(client, ways(found)[WORDS])
    assert sorted(titles(there)) == ["Po polsku", "Po ukraińsku"]


async def test_those_come_first_that_speak_the_language(client: Client, lines: None) -> None:
    found = await page(client, "/en/?service=vaccination&language=uk")
    assert titles(await page(client, ways(found)[WORDS])) == ["Po ukraińsku"]
    found = await page(client, "/en/?service=vaccination&language=ar")
    assert len(titles(await page(client, ways(found)[WORDS]))) == 2


async def test_what_is_the_question_already_or_leads_nowhere_is_no_way_on(
    client: Client, publish: Publish, lines: None
) -> None:
    assert WORDS not in ways(await page(client, "/en/?layer=organisations&q=qwxzty"))
    # Something was found.
    assert WORDS not in ways(await page(client, "/en/"))
