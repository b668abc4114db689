"""What means harm, sent to every address that there is: the exact status, nothing echoed, nothing stored (SECURITY 4).

What single endpoints make of it in detail is tested beside them; here no endpoint can be forgotten.
"""

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from app.config import Settings
from app.db import Database, session
from app.localdb import ClusterUrls
from app.main import PROGRAM_PATHS
from app.web.routes import BY_LINK, PUBLIC, declared
from tests.functional.addresses import PART, written
from tests.functional.conftest import make_settings
from tests.functional.pages.conftest import Person

#: In percent signs: "zażółć-canary".
MARK = "za%C5%BC%C3%B3%C5%82%C4%87-canary"
QUERIES = (
    *("bbox=nan,50,21,51", "bbox=21,50,20,51", "bbox=637000,487000,638000,488000", f"bbox={MARK}"),
    *("near=0,0", "near=NaN,NaN", "near=20.6,91", "near=1e400,52", f"near={MARK}"),
    *("limit=1_000", "limit=1&limit=2", "radius_m=1e3", "q=%00", "q=%ff", "q=%ed%a0%80", "q=a&q=b"),
    *(f"{MARK}=1", "__proto__=1"),
)
#: Whoever comes back from a sign-in service without having been sent there gets one answer, whatever they say.
BACK = "/desk/sign-in/from/{service}"
#: What an address has in place of a part of it.
PARTS = (
    "0",
    "-1",
    "9" * 5000,
    "%00",
    "a%00b",
    "%ff",
    "%ed%a0%80",
    "..%2f..%2fetc",
    "%2e%2e",
    "²",
    "1_0",
    MARK,
)
#: The JSON rows that an own parser would have to know; but for the one where programs send, no address takes JSON.
BODIES = (
    *(b'{"lat": NaN}', b'{"lat": 1e999}', b'{"name": "\\ud800"}', b'{"name": "a\\u0000"}'),
    *(b'{"a": 1, "a": 2}', b"[" * 30_000, b"null", b'{"__proto__": {}}', b'{"name": "canary"}'),
)
POSITIONS = (
    *("nan, nan", "inf, 20", "0, 0", "0, 52", "52, 0", "91, 20.6", "50.8, 181", "90, 0", "-90, 0"),
    *("1e308, 1", "1e-320, 20.6", "637000, 487000", "52°13′N", "50.8661", "50.8661, 20.6286, 1", "1_0, 2_0"),
    *("20.6286, 50.8661", "52.52, 13.40", "<script>alert(1)</script>"),
)


@pytest.fixture
def settings(module_database_urls: ClusterUrls, tmp_path: Path) -> Settings:
    """One database for all of them: nothing here writes, as the last of them asks it."""
    return make_settings(module_database_urls, tmp_path)


@pytest.fixture
def person(client: httpx2.AsyncClient) -> Person:
    return Person(client)


def _addresses(site: FastAPI, *, reading: bool) -> Iterator[tuple[str, str, bool]]:
    """Every address by its method and path, and whether everybody may use it."""
    for route in declared(site):
        if route.path.endswith("openapi.json") or (route.method in {"GET", "HEAD"}) != reading:
            continue
        yield route.method, route.path, route.permission in {PUBLIC, BY_LINK}


async def _asked(client: httpx2.AsyncClient, target: str) -> httpx2.Response:
    path, _, query = target.partition("?")
    return await client.get(httpx2.URL("http://testserver" + path, query=query.encode() or None))


async def _stored(database: Database) -> dict[str, int]:
    """How many rows each table has that the application writes."""
    async with session(database) as s:
        names = await s.scalars(
            text(
                "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname IN ('core', 'jobs')"
            )
        )
        return {name: (await s.scalar(text(f"SELECT count(*) FROM {name}"))) or 0 for name in names.all()}


async def test_a_wrong_question_is_422_at_every_address_for_programs(
    site: FastAPI, client: httpx2.AsyncClient
) -> None:
    asked = [path for _, path, _ in _addresses(site, reading=True) if path.startswith(("/api/", "/tiles/"))]
    assert len(asked) > 10
    for path in asked:
        for query in QUERIES:
            answer = await _asked(client, f"{written(path)}?{query}")
            # An odd near is a right question of nobody but the search's own field of text.
            assert answer.status_code == 422, (path, query)
            assert answer.headers["content-type"] == "application/problem+json", (path, query)
            assert "canary" not in answer.text, (path, query)


async def test_a_wrong_question_is_never_an_error_of_ours_on_a_page(
    site: FastAPI, client: httpx2.AsyncClient
) -> None:
    pages = [
        path for _, path, _ in _addresses(site, reading=True) if not path.startswith(("/api/", "/tiles/"))
    ]
    assert len(pages) > 40
    for path in pages:
        for query in QUERIES:
            answer = await _asked(client, f"{written(path)}?{query}")
            assert answer.status_code in {
                200,
                302,
                303,
                401,
                404,
                410 if path == BACK else 404,
                429 if path == BACK else 404,
                422,
            }, (
                path,
                query,
            )


async def test_a_part_of_an_address_that_cannot_be_is_404(site: FastAPI, client: httpx2.AsyncClient) -> None:
    checked = 0
    for _, path, public in _addresses(site, reading=True):
        for name in PART.findall(path):
            for part in PARTS:
                if (name, part) in {("x", "0"), ("y", "0")}:
                    continue  # a tile that there is
                answer = await _asked(client, written(path, **{name: part}))
                expected = {404, 410, 429} if path == BACK else {404} if public else {401, 404}
                assert answer.status_code in expected, (path, name, part, answer.status_code)
                # Pages of the desk have a form that leads back to them, in another language.
                is_named = not public or path == BACK
                assert is_named or "canary" not in answer.text, (path, name)
                checked += 1
    assert checked > 500


async def test_json_is_415_at_every_address_that_changes_something(
    site: FastAPI, client: httpx2.AsyncClient, database: Database
) -> None:
    before = await _stored(database)
    asked = list(_addresses(site, reading=False))
    assert len(asked) > 20
    for method, path, _ in asked:
        for body in BODIES:
            answer = await client.request(
                method, written(path), content=body, headers={"content-type": "application/json"}
            )
            refusals = {400, 422} if path in PROGRAM_PATHS else {415}
            assert answer.status_code in refusals, (path, body[:30])
            assert "canary" not in answer.text, path
    # That somebody has tried is counted where programs send.
    counters = {"core.rate_limit", "core.rate_limit_key"}
    after = await _stored(database)
    assert {table for table in after if after[table] != before[table]} <= counters


@pytest.mark.parametrize("position", POSITIONS)
async def test_a_position_that_cannot_be_right_is_asked_again(
    person: Person, database: Database, position: str
) -> None:
    page = await person.opens("/pl/add/aid_points")
    page = await person.presses(page, "next", name="Kuchnia", services=["hot_meals"])
    page = await person.presses(
        page, "next", address__street="Planty", address__house_number="12", address__city="Kielce",
        hours__kind="always", position=position,
    )  # fmt: skip
    assert page.status == 422
    assert "#position" in page.links
    # It stands in its own field, to be put right, and nowhere else.
    assert page.fields["position"] == [position]
    assert "<script>alert" not in page.html
    assert (await _stored(database))["core.submission"] == 0
