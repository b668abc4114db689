"""Where nothing fits, help from afar of every kind is a way on."""

from typing import Any

import httpx2
import pytest

from tests.functional.conftest import Publish, aid_point
from tests.functional.html_page import HtmlPage
from tests.functional.pages.finder_page import PHONE, at, count_of, page, titles

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


async def test_help_that_was_named_is_dropped_last(client: Client, publish: Publish) -> None:
    kinds = {"services": [{"type": "psychological_support"}]}
    await publish(
        aid_point("Poradnia", place=at(19.94, 50.06), **kinds),
        aid_point("Daleko po ukraińsku", place=at(21.01, 52.23), languages=["uk"], **kinds),
        aid_point("Stołówka po ukraińsku", place=at(19.95, 50.06), languages=["uk"]),
        line("Telefon", "pl") | kinds,
        line("Infolinia", "uk"),
    )
    found = await page(client, "/en/?service=psychological_support&language=uk&bbox=19.8,50,20.1,50.1")
    offered = ways(found)
    assert list(offered) == [
        "In the whole country",
        "Without: Ukrainian",
        "Psychological support, by phone or online",
        "Psychological support in the whole country, without other filters",
        "Without: Psychological support",
        WORDS,
        "All places",
    ]
    for link in [a for a in found.all("a", class_="quiet") if a.text.startswith("Show ")]:
        there = await page(client, link["href"])
        assert link.text.startswith(f"Show {count_of(there)}: "), link.text
