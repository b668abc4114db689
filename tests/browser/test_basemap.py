"""The three base maps as a reader sees them: pictures by our proxy, an operator's PMTiles file, the outline beneath both."""

import asyncio
import http.server
import io
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from PIL import Image
from playwright.async_api import Browser, Page, expect
from sqlalchemy import NullPool, create_engine, text

from app.localdb import ClusterUrls
from tests.browser.conftest import DESKTOP, PATIENCE_S, Visitor
from tests.browser.own_site import OwnSite

pytestmark = pytest.mark.browser

COUNTRY = "/pl/?bbox=14.1,49.0,24.2,54.9"
PURPLE = (120, 20, 140)
#: The zooms of the PMTiles file, whose tiles are all alike.
DEEPEST = 3

#: The colours of the pixels in the middle of every canvas of the base map, as "r,g,b".
CANVAS_COLOURS = """() => [...new Set([...document.querySelectorAll("#map .leaflet-basemap-pane canvas")].flatMap(canvas => {
  const pixels = canvas.getContext("2d").getImageData(0, canvas.height >> 1, canvas.width, 1).data;
  const found = [];
  for (let i = 0; i < pixels.length; i += 4) if (pixels[i + 3] === 255) found.push(`${pixels[i]},${pixels[i + 1]},${pixels[i + 2]}`);
  return found;
}))]"""


class Upstream:
    """A tile server whose every tile is one purple picture, or an error while it is `broken`."""

    def __init__(self) -> None:
        picture = io.BytesIO()
        Image.new("RGB", (256, 256), PURPLE).save(picture, "PNG")
        self.broken = False
        self.asked: list[dict[str, str]] = []
        upstream = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                upstream.asked.append(dict(self.headers))
                self.send_response(500 if upstream.broken else 200)
                self.end_headers()
                self.wfile.write(picture.getvalue())

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
                """Say nothing."""

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}/{{z}}/{{x}}/{{y}}.png"


@contextmanager
def served(site: OwnSite, **settings: str) -> Iterator[OwnSite]:
    """The site with these settings, while the block lasts."""
    site.settings = settings
    site.start()
    try:
        yield site
    finally:
        site.stop()


@pytest.fixture(scope="module")
def site(module_database_urls: ClusterUrls, tmp_path_factory: pytest.TempPathFactory) -> OwnSite:
    return OwnSite(tmp_path_factory.mktemp("basemap"), module_database_urls)


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    made = Upstream()
    yield made
    made.server.shutdown()
    made.server.server_close()


async def opened(chromium: Browser, site: OwnSite) -> tuple[Visitor, Page]:
    context = await chromium.new_context(viewport=DESKTOP, service_workers="block")
    person = Visitor(context, site.address)
    page = await person.page()
    await page.goto(site.address + COUNTRY)
    return person, page


async def test_streets_are_drawn_over_the_outline_and_asked_of_nobody_but_us(
    chromium: Browser, site: OwnSite, upstream: Upstream
) -> None:
    with served(site, BASEMAP_TILES_URL=upstream.address):
        person, page = await opened(chromium, site)
        pictures = page.locator("#map .leaflet-basemap-pane img.leaflet-tile-loaded")
        await expect(pictures.first).to_be_visible()
        assert (await pictures.first.get_attribute("src") or "").startswith("/tiles/base/")
        await expect(page.locator("#map .leaflet-outline-pane canvas").first).to_be_attached()
        await expect(page.locator(".credit")).to_contain_text("OpenStreetMap")
        person.assert_quiet()
    assert upstream.asked
    assert all(asked["User-Agent"].startswith("Pomapa/") for asked in upstream.asked)
    assert not any({"Cookie", "Referer", "Accept-Language"} & set(asked) for asked in upstream.asked)


async def test_where_no_streets_come_the_outline_stays_and_the_places_with_it(
    chromium: Browser, site: OwnSite, upstream: Upstream
) -> None:
    upstream.broken = True
    # Nothing that another test has kept.
    with served(site, BASEMAP_TILES_URL=upstream.address, DATA_DIR=str(site.folder / "other")):
        person, page = await opened(chromium, site)
        await expect(page.locator("#map .leaflet-outline-pane canvas").first).to_be_attached()
        await expect(page.locator("#map .map-name").first).to_be_visible()
        await expect(page.locator("li.hit").first).to_be_visible()
        # After so many failures the layer rests and nothing broken is left on the map.
        await expect(page.locator("#map .leaflet-basemap-pane img")).to_have_count(0)
        person.assert_quiet()
    assert upstream.asked


async def test_the_operator_s_file_is_drawn_deeper_than_its_deepest_zoom(
    chromium: Browser, site: OwnSite
) -> None:
    file = site.folder / "poland.pmtiles"
    file.write_bytes(pmtiles(site))
    with served(site, BASEMAP_PMTILES=str(file)):
        person, page = await opened(chromium, site)
        # Water and land of the light look, as the library draws them.
        wanted, drawn = {"128,222,234", "226,223,218"}, set[str]()
        deadline = time.monotonic() + PATIENCE_S
        while not wanted <= drawn and time.monotonic() < deadline:
            drawn = set(await page.evaluate(CANVAS_COLOURS))
            await asyncio.sleep(0.1)
        assert wanted <= drawn
        person.assert_quiet()


def pmtiles(site: OwnSite) -> bytes:
    """A PMTiles file (version 3) whose tiles of all zooms are alike: water in the west, land in the east."""
    tile = "SELECT ST_AsMVT(q, :layer, 4096, 'geom') FROM (SELECT ST_MakeEnvelope(:west, 0, :east, 4096) AS geom, :layer AS kind) q"
    with create_engine(site.urls.superuser, poolclass=NullPool).connect() as connection:
        layers = [
            bytes(connection.execute(text(tile), {"layer": layer, "west": west, "east": east}).scalar_one())
            for layer, west, east in (("earth", 0, 4096), ("water", 0, 2048))
        ]
    body = b"".join(layers)
    tiles = sum(4**zoom for zoom in range(DEEPEST + 1))
    # One entry: from tile 0 on so many tiles, so long, at the beginning (which is written as 1).
    directory = b"".join(map(_varint, (1, 0, tiles, len(body), 1)))
    about = b"{}"
    begins = [127, 127 + len(directory), 127 + len(directory) + len(about)]
    head = b"PMTiles\x03" + struct.pack(
        "<11Q",
        begins[0],
        len(directory),
        begins[1],
        len(about),
        begins[2],
        0,
        begins[2],
        len(body),
        tiles,
        1,
        1,
    )
    # Clustered, nothing compressed, vector tiles, zooms, the whole world, its middle.
    head += struct.pack(
        "<6B4iB2i", 1, 1, 1, 1, 0, DEEPEST, -(180 * 10**7), -(85 * 10**7), 180 * 10**7, 85 * 10**7, 0, 0, 0
    )
    return head + directory + about + body


def _varint(number: int) -> bytes:
    out = b""
    while number > 127:
        out, number = out + bytes([number & 127 | 128]), number >> 7
    return out + bytes([number])
