"""Where to count the places takes too long, the finder shows itself without their numbers, and says nothing false."""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Protocol

import httpx2
import psycopg
import pytest
from sqlalchemy import make_url

from app.config import Settings
from app.localdb import ClusterUrls
from tests.functional.conftest import Publish, aid_point, make_settings
from tests.functional.html_page import HtmlPage
from tests.functional.pages.finder_page import ALWAYS, count_of, page, titles

Client = httpx2.AsyncClient
#: More than two pages of the list.
MANY = 60


@pytest.fixture
def settings(database_urls: ClusterUrls, tmp_path: Path) -> Settings:
    return make_settings(database_urls, tmp_path).model_copy(update={"counts_timeout_ms": 400})


@pytest.fixture
async def many(publish: Publish) -> None:
    await publish(
        *(
            aid_point(
                f"Punkt {i}",
                languages=["uk" if i % 3 else "pl"],
                **({"hours": ALWAYS} if i % 2 else {}),
            )
            for i in range(MANY)
        )
    )


class Held(Protocol):
    """Holds a table, so that whatever reads it waits."""

    def __call__(self, table: str, /) -> AbstractAsyncContextManager[None]: ...


@pytest.fixture
def held(database_urls: ClusterUrls) -> Held:
    address = make_url(database_urls.owner).set(drivername="postgresql").render_as_string(hide_password=False)

    @asynccontextmanager
    async def hold(table: str) -> AsyncIterator[None]:
        async with await psycopg.AsyncConnection.connect(address) as connection:
            await connection.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
            yield
            await connection.rollback()

    return hold


def numbers(found: HtmlPage) -> Mapping[tuple[str, str], str]:
    """What each row of the panel says, "" where it says no number."""
    inputs = [e for e in found.elements if e.tag == "input" and e["type"] in ("checkbox", "radio")]
    rows = found.all("label", class_="tick")
    said = {}
    for box, row in zip(inputs, rows, strict=True):
        number = re.search(r" (\d+)$", row.text)
        said[box["name"], box["value"]] = number[1] if number else ""
    return said


async def whole(client: Client, path: str) -> HtmlPage:
    """The page with all its numbers, which a crowded machine may not have counted in its first times."""
    for _ in range(100):
        answer = await client.get(path)
        assert answer.status_code == 200
        if "ETag" in answer.headers:
            return HtmlPage(answer.text)
    raise AssertionError


def test_the_bound_is_the_shorter_one(settings: Settings) -> None:
    fresh = Settings(secret_key="x" * 40)
    assert fresh.counts_timeout_ms < fresh.read_statement_timeout_ms


async def test_the_finder_shows_itself_without_numbers(client: Client, many: None, held: Held) -> None:
    async with held("published.census"):
        answer = await client.get("/en/")
        found = HtmlPage(answer.text)
        assert answer.status_code == 200
        # The list was read as far as its next page, and no farther.
        assert count_of(found) == "50 places or more"
        assert "data-total" not in found.one("h1", id="count").attributes
        assert len(titles(found)) == 25
        assert found.one("a", rel="next").text == "Show the next 25 places"
        assert found.one("button", **{"data-count-button": ""}).text == "Show"
        assert set(numbers(found).values()) == {""}
        assert found.all("span", class_="count") == []
        assert "numbers are missing" in found.one("p", **{"data-uncounted": ""}).text
        # Whoever asks again soon gets the numbers, and the device may still keep the list.
        assert answer.headers["Cache-Control"] == "public, max-age=5"
        assert "ETag" not in answer.headers
        assert answer.headers["X-Keep"] == "yes"

        alone = await client.get("/en/", headers={"X-Fragment": "panel"})
        assert alone.headers["Cache-Control"] == "public, max-age=5"
        assert set(numbers(HtmlPage(alone.text)).values()) == {""}
        table = await page(client, "/en/table")
        assert table.one("caption").text == "Places 1 to 25"

        # To read the list to its end is to count it.
        assert count_of(await page(client, "/en/?page=3")) == f"{MANY} places"
        beyond = await page(client, "/en/?page=9")
        assert count_of(beyond) == "The list ends before this page"
        nothing = await page(client, "/en/?service=shelter")
        assert count_of(nothing) == "0 places"

    found = await whole(client, "/en/")
    assert count_of(found) == f"{MANY} places"
    assert "" not in numbers(found).values()
    assert found.all("p", **{"data-uncounted": ""}) == []


async def test_what_was_counted_in_time_is_shown_and_is_right(client: Client, many: None, held: Held) -> None:
    question = "/en/?language=uk&service=hot_meals"
    async with held("published.opening"):
        for _ in range(100):
            said = numbers(await page(client, question))
            assert said["open_at", "now"] == ""
            # On a crowded machine the time may be over before; the next time goes on from there.
            if said["language", "pl"] and said["checked_since", ""]:
                break
        else:
            raise AssertionError
    right = numbers(await whole(client, question))
    assert "" not in right.values()
    assert right["open_at", "now"] == "20"
    assert {row: number for row, number in right.items() if said[row]} == {
        row: number for row, number in said.items() if number
    }
