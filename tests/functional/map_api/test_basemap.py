"""The base map's caching proxy against a tile server of our own: good, slow, broken, gone."""

import asyncio
import io
import json
import os
import socket
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI

from app.config import Settings
from app.localdb import ClusterUrls
from app.log import configure
from app.main import create_app
from app.map_api import tile_upstream
from app.map_api.tile_cache import FRESH_S, TileCache
from tests.functional.conftest import make_settings

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 100


@dataclass
class Upstream:
    """A tile server that does as it is told."""

    port: int = 0
    answer: bytes = PNG
    status: str = "200 OK"
    delay_s: float = 0.0
    requests: list[str] = field(default_factory=list)
    now: int = 0
    most_at_once: int = 0

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            self.requests.append(head.decode("latin-1"))
            self.now += 1
            self.most_at_once = max(self.most_at_once, self.now)
            await asyncio.sleep(self.delay_s)
            self.now -= 1
            writer.write(
                f"HTTP/1.1 {self.status}\r\nContent-Length: {len(self.answer)}\r\nConnection: close\r\n\r\n".encode()
                + self.answer
            )
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


@pytest.fixture
async def upstream() -> AsyncIterator[Upstream]:
    made = Upstream()
    server = await asyncio.start_server(made.handle, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    async with server:
        yield made


@pytest.fixture
def settings(module_database_urls: ClusterUrls, tmp_path: Path, upstream: Upstream) -> Settings:
    address = f"http://127.0.0.1:{upstream.port}/{{z}}/{{x}}/{{y}}.png"
    changes = {"basemap_tiles_url": address, "basemap_contact": "map@example.org"}
    return make_settings(module_database_urls, tmp_path).model_copy(update=changes)


TILE = "/tiles/base/6/35/21"


@pytest.fixture
async def site(settings: Settings) -> AsyncIterator[FastAPI]:
    app = create_app(settings)
    yield app
    if hasattr(app.state, "tile_upstream"):
        await app.state.tile_upstream.close()
    await app.state.database.dispose()


async def test_a_tile_is_fetched_once_and_then_kept(client: httpx2.AsyncClient, upstream: Upstream) -> None:
    for _ in range(3):
        answer = await client.get(TILE)
        assert answer.status_code == 200
        assert answer.content == PNG
        assert answer.headers["content-type"] == "image/png"
        assert f"max-age={FRESH_S}" in answer.headers["cache-control"]
    assert len(upstream.requests) == 1
    assert upstream.requests[0].startswith("GET /6/35/21.png ")


async def test_nothing_of_the_visitor_goes_upstream(client: httpx2.AsyncClient, upstream: Upstream) -> None:
    private = {
        "Cookie": "secret=1", "User-Agent": "Visitor/1", "Accept-Language": "uk", "Referer": "http://a/b",
        "X-Forwarded-For": "198.51.100.7", "Authorization": "Bearer x", "X-Canary": "visitor-canary",
    }  # fmt: skip
    await client.get(TILE, headers=private)
    (seen,) = upstream.requests
    assert "User-Agent: Pomapa/" in seen
    assert "map@example.org" in seen
    for value in ("secret", "Visitor/1", "uk", "http://a/b", "198.51.100.7", "Bearer", "visitor-canary"):
        assert value not in seen


async def test_many_visitors_of_one_missing_tile_ask_once(
    client: httpx2.AsyncClient, upstream: Upstream
) -> None:
    upstream.delay_s = 0.3
    answers = await asyncio.gather(*(client.get(TILE) for _ in range(20)))
    assert {answer.status_code for answer in answers} == {200}
    assert len(upstream.requests) == 1


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        ("500 Internal Server Error", PNG),
        ("403 Forbidden", b"blocked"),
        ("200 OK", b"<html>Not a picture</html>"),
        ("200 OK", b""),
        ("302 Found", b""),
        ("200 OK", PNG + b"0" * tile_upstream.LARGEST_BYTES),
    ],
)
async def test_a_wrong_answer_is_not_passed_on_and_not_kept(
    client: httpx2.AsyncClient, upstream: Upstream, settings: Settings, status: str, answer: bytes
) -> None:
    upstream.status, upstream.answer = status, answer
    given = await client.get(TILE)
    assert given.status_code == 503
    assert given.headers["content-type"] == "application/problem+json"
    assert not list((settings.data_dir / "tiles").rglob("21"))


async def test_an_old_tile_is_better_than_none(
    client: httpx2.AsyncClient, upstream: Upstream, settings: Settings
) -> None:
    cache = TileCache(settings.data_dir / "tiles", 10**6)
    cache.write(6, 35, 21, PNG)
    old = time.time() - FRESH_S - 60
    os.utime(settings.data_dir / "tiles" / "6" / "35" / "21", (old, old))
    upstream.status = "500 Internal Server Error"
    answer = await client.get(TILE)
    assert answer.status_code == 200
    assert len(upstream.requests) == 1


async def test_an_upstream_that_fails_is_left_alone(client: httpx2.AsyncClient, upstream: Upstream) -> None:
    upstream.status = "500 Internal Server Error"
    for x in range(10):
        assert (await client.get(f"/tiles/base/6/{x}/21")).status_code == 503
    assert len(upstream.requests) == tile_upstream.FAILURES


def lines(written: io.StringIO, word: str) -> list[dict[str, object]]:
    """The log's events that have this word in them."""
    return [json.loads(line) for line in written.getvalue().splitlines() if word in line]


async def test_an_outage_is_one_line_when_it_begins_and_one_when_it_ends(
    client: httpx2.AsyncClient, upstream: Upstream, site: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = io.StringIO()
    configure(production=True, stream=written)
    monkeypatch.setattr(tile_upstream, "REST_S", 0.0)
    upstream.status = "500 Internal Server Error"
    for x in range(3 * tile_upstream.FAILURES):
        assert (await client.get(f"/tiles/base/6/{x}/21")).status_code == 503
    assert len(upstream.requests) == 3 * tile_upstream.FAILURES

    (warning,) = lines(written, "base map")
    assert warning["level"] == "warning"
    assert warning["reason"] == "status 500"
    assert not lines(written, '"error"')

    upstream.status = "200 OK"
    for x in range(5):
        assert (await client.get(f"/tiles/base/6/{x}/21")).status_code == 200
    assert [line["event"] for line in lines(written, "base map")] == [
        "the base map cannot be reached",
        "the base map is reached again",
    ]


async def test_a_single_failure_is_no_outage(client: httpx2.AsyncClient, upstream: Upstream) -> None:
    written = io.StringIO()
    configure(production=True, stream=written)
    for status in ("500 Internal Server Error", "200 OK", "500 Internal Server Error"):
        upstream.status = status
        await client.get(f"/tiles/base/6/{len(upstream.requests)}/21")
    assert lines(written, "base map") == []


async def test_a_slow_upstream_does_not_hold_visitors(
    client: httpx2.AsyncClient, upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tile_upstream, "TIMEOUT_S", 0.2)
    upstream.delay_s = 30
    began = time.monotonic()
    assert (await client.get(TILE)).status_code == 503
    assert time.monotonic() - began < 10


async def test_a_screen_of_new_tiles_is_no_outage(
    client: httpx2.AsyncClient, upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two connections, 24 tiles, each answered well in time: together they take longer than one may."""
    monkeypatch.setattr(tile_upstream, "TIMEOUT_S", 0.5)
    upstream.delay_s = 0.1
    answers = await asyncio.gather(*(client.get(f"/tiles/base/6/{x}/21") for x in range(24)))
    assert {answer.status_code for answer in answers} == {200}
    assert upstream.most_at_once <= tile_upstream.AT_ONCE


async def test_who_waits_too_long_for_a_turn_goes_without_and_it_is_no_outage(
    client: httpx2.AsyncClient, upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tile_upstream, "PATIENCE_S", 0.3)
    upstream.delay_s = 0.2
    answers = await asyncio.gather(*(client.get(f"/tiles/base/6/{x}/21") for x in range(12)))
    codes = [answer.status_code for answer in answers]
    assert 0 < codes.count(200) < 12
    assert codes.count(503) > tile_upstream.FAILURES
    assert (await client.get("/tiles/base/6/60/21")).status_code == 200


async def test_no_more_than_so_many_wait(
    client: httpx2.AsyncClient, upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tile_upstream, "MOST_WAITING", 5)
    upstream.delay_s = 0.2
    answers = await asyncio.gather(*(client.get(f"/tiles/base/6/{x}/21") for x in range(12)))
    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [503] * 7


async def test_those_who_wait_do_not_ask_an_upstream_that_failed_before_their_turn(
    client: httpx2.AsyncClient, upstream: Upstream
) -> None:
    upstream.status, upstream.delay_s = "500 Internal Server Error", 0.05
    await asyncio.gather(*(client.get(f"/tiles/base/6/{x}/21") for x in range(24)))
    assert len(upstream.requests) < tile_upstream.FAILURES + tile_upstream.AT_ONCE


async def test_an_upstream_that_is_down_is_said_plainly(client: httpx2.AsyncClient, site: FastAPI) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        site.state.settings = site.state.settings.model_copy(
            update={"basemap_tiles_url": f"http://127.0.0.1:{taken.getsockname()[1]}/{{z}}/{{x}}/{{y}}"}
        )
        assert (await client.get(TILE)).status_code == 503


@pytest.mark.parametrize("path", ["18/0/0", "-1/0/0", "6/64/0", "6/1_0/1", "6/..%2f/1", "x/y/z"])
async def test_a_tile_that_does_not_exist_is_not_asked_for(
    client: httpx2.AsyncClient, upstream: Upstream, path: str
) -> None:
    assert (await client.get(f"/tiles/base/{path}")).status_code == 404
    assert upstream.requests == []


async def test_switched_off_there_is_no_base_map(
    client: httpx2.AsyncClient, site: FastAPI, upstream: Upstream
) -> None:
    site.state.settings = site.state.settings.model_copy(update={"basemap_tiles_url": "off"})
    assert (await client.get(TILE)).status_code == 404
    assert upstream.requests == []


async def test_a_pmtiles_file_is_given_in_ranges(
    client: httpx2.AsyncClient, site: FastAPI, tmp_path: Path
) -> None:
    assert (await client.get("/tiles/base.pmtiles")).status_code == 404
    file = tmp_path / "poland.pmtiles"
    file.write_bytes(bytes(range(256)) * 64)
    site.state.settings = site.state.settings.model_copy(update={"basemap_pmtiles": str(file)})
    answer = await client.get("/tiles/base.pmtiles", headers={"Range": "bytes=10-19"})
    assert answer.status_code == 206
    assert answer.content == bytes(range(10, 20))


async def test_head_of_a_pmtiles_file_reads_nothing_of_it(
    client: httpx2.AsyncClient, site: FastAPI, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "poland.pmtiles"
    with file.open("wb") as made:
        made.truncate(6_000_000_000)
    site.state.settings = site.state.settings.model_copy(update={"basemap_pmtiles": str(file)})
    monkeypatch.setattr("anyio.open_file", lambda *_args, **_options: pytest.fail("was opened"))
    answer = await client.head("/tiles/base.pmtiles")
    assert answer.status_code == 200
    assert answer.headers["content-length"] == "6000000000"
    assert answer.headers["accept-ranges"] == "bytes"
    part = await client.head("/tiles/base.pmtiles", headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.headers["content-length"]) == (206, "10")


def test_the_cache_stays_below_its_size(tmp_path: Path) -> None:
    cache = TileCache(tmp_path / "tiles", most_bytes=20_000)
    for x in range(1200):
        cache.write(11, x, 0, PNG)
    kept = sum(path.stat().st_size for path in (tmp_path / "tiles").rglob("*") if path.is_file())
    assert 0 < kept <= 20_000 + 500 * len(PNG)
