"""F1: databases that differ only in where protected places are give the same bytes. F2: what the public's role may do."""

import random
import re
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote

import httpx2
import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from app.db import Database, session
from app.features.reindexing import reindex
from app.features.setting import Setting
from app.i18n import LANGUAGES
from app.layers.registry import LAYERS
from app.localdb import LocalCluster
from app.taxonomy.vocabulary import load_vocabulary
from geo.tile import tile_at
from tests.functional.twins import NOW, SERVICES, SIZE, SOUTH, WEST, Twin, browser, twin
from tests.postgis import database_of_its_own

REQUESTS = 1000
#: What may differ from one answer to the next of the same server.
_NONCE = re.compile(rb'nonce-[\w+/=-]+|nonce="[^"]+"|name="(?:started|base)" value="[^"]+"')
_HEADERS = frozenset({"date", "content-security-policy", "x-request-id", "server-timing", "x-answered-at"})


@pytest.fixture
async def twins(cluster: LocalCluster, template: str, tmp_path: Path) -> AsyncIterator[tuple[Twin, Twin]]:
    with database_of_its_own(cluster, template) as one, database_of_its_own(cluster, template) as other:
        async with twin(one, tmp_path / "one", 1) as first, twin(other, tmp_path / "other", 2) as second:
            assert first.ids == second.ids
            yield first, second


def questions(twin: Twin, seeded: random.Random) -> list[str]:
    """Public requests of every kind, around the places and anywhere, right and wrong ones."""
    layer = "/api/v1/layers/aid_points/features"

    def point() -> tuple[float, float]:
        return round(WEST + SIZE * seeded.random(), 5), round(SOUTH + SIZE * seeded.random(), 5)

    def box() -> str:
        (a, b), (c, d) = point(), point()
        return f"{min(a, c)},{min(b, d)},{max(a, c)},{max(b, d)}"

    def near() -> str:
        lng, lat = point()
        return f"{lng:.3f},{lat:.3f}"

    def tile() -> str:
        t = tile_at(*point(), seeded.randrange(19))
        return f"/api/v1/tiles/aid_points/{t.z}/{t.x}/{t.y}.geojson"

    def one() -> str:
        return str(seeded.choice(twin.ids))

    words = (
        "Schronienie",
        "Punkt 7",
        "Leśnaska",
        "Cichaska 3",
        "Zaułek",
        "Ustronie",
        "kielecki",
        "node",
        "example",
    )
    kinds = (
        lambda: f"{layer}.geojson?bbox={box()}&count=true",
        lambda: f"{layer}.geojson?near={near()}&limit={seeded.randrange(1, 50)}",
        lambda: f"{layer}.geojson?service={seeded.choice(SERVICES)}&facets=true&count=true",
        lambda: f"{layer}.geojson?q={quote(seeded.choice(words))}",
        lambda: f"{layer}.geojson?area={seeded.choice(('PL-26', 'PL-2604', 'PL-2604042', 'PL-2604052'))}",
        tile,
        tile,
        lambda: f"{tile()}?service={seeded.choice(SERVICES)}",
        lambda: f"{layer}/{one()}",
        lambda: f"{layer}/{one()}/history",
        lambda: f"{layer}/{one()[:-1]}x",
        lambda: f"/api/v1/search?q={quote(seeded.choice(words))}",
        lambda: f"/{seeded.choice(LANGUAGES)}/?near={near()}",
        lambda: f"/{seeded.choice(LANGUAGES)}/?q={quote(seeded.choice(words))}&as=text",
        lambda: f"/{seeded.choice(LANGUAGES)}/?service=homeless_shelter&sort={seeded.choice(('name', 'near', 'checked'))}",
        lambda: f"/{seeded.choice(LANGUAGES)}/aid_points/{one()}",
        lambda: f"/pl/aid_points/{one()}/{seeded.choice(('row.html', 'slip.html', 'qr.svg'))}",
        lambda: f"/pl/compare?ids={one()},{one()}",
        lambda: f"/pl/suggest/{one()}",
        lambda: f"/pl/report/{one()}",
        lambda: f"/pl/day?need=homeless_shelter,hot_meals&near={near()}",
        lambda: f"/api/v1/changes?limit={seeded.randrange(1, 200)}",
        lambda: f"/api/v1/gone?since=2026-0{seeded.randrange(1, 10)}-01",
        lambda: f"/pl/table?near={near()}&sort={seeded.choice(('-near', 'town', '-address', '-open', 'help'))}",
        lambda: seeded.choice(("/pl/table", "/en/table.csv", "/sitemap.xml", "/api/v1/layers", "/pl/area/PL-2604/offline.html")),
        lambda: f"{layer}.geojson?bbox={seeded.choice(('1,2,3', 'nan,0,1,1', '9,9,1,1'))}",
    )  # fmt: skip
    asked = [kinds[number % len(kinds)]() for number in range(REQUESTS)]
    seeded.shuffle(asked)
    return asked


def _said(answer: httpx2.Response) -> tuple[int, bytes, list[tuple[str, str]]]:
    headers = sorted((k, v) for k, v in answer.headers.items() if k.lower() not in _HEADERS)
    return answer.status_code, _NONCE.sub(b"", answer.content), headers


async def differing(twins: tuple[Twin, Twin], asked: list[str]) -> list[str]:
    """The requests that the twins answer with different bytes, also when they are asked whether anything changed."""
    found = []
    async with browser(twins[0]) as first, browser(twins[1]) as second:
        for url in asked:
            one, other = await first.get(url), await second.get(url)
            assert one.status_code < 500, url
            if _said(one) != _said(other):
                found.append(url)
            elif "etag" in one.headers and hash(url) % 4 == 0:
                again = {"If-None-Match": one.headers["etag"]}
                if (await first.get(url, headers=again)).status_code != (
                    await second.get(url, headers=again)
                ).status_code:
                    found.append(f"{url} (conditional)")
    return found


async def test_f1_a_thousand_public_requests_differ_in_no_byte(twins: tuple[Twin, Twin]) -> None:
    asked = questions(twins[0], random.Random(11))
    assert len(set(asked)) > 0.6 * REQUESTS
    assert await differing(twins, asked) == []


async def test_f1_a_leak_is_seen(twins: tuple[Twin, Twin], monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: what is published is the unit that was given, however small it is."""
    monkeypatch.setattr("app.features.protected._generalised", lambda facets, _units: facets)
    for one in twins:
        setting = Setting(load_vocabulary(), "Europe/Warsaw", "PL", NOW)
        async with session(one.site.state.database) as s:
            await reindex(s, setting, LAYERS["aid_points"])
            await s.execute(text("UPDATE published.layer_version SET changed_at = :now"), {"now": NOW})
    asked = questions(twins[0], random.Random(11))[:100]
    assert len(await differing(twins, asked)) >= 3


async def test_f2_the_role_of_the_public_reads_what_is_published_and_nothing_else(db: Database) -> None:
    async with db.reading() as reader:
        role = await reader.scalar(text("SELECT current_user"))
        tables = await reader.execute(text(_PRIVILEGES), {"role": role})
        assert [tuple(row) for row in tables] == []
        assert await reader.scalar(text("SELECT has_schema_privilege('core', 'USAGE')")) is False
        assert (
            await reader.scalar(
                text("SELECT count(*) FROM pg_stats WHERE schemaname IN ('core', 'jobs')")
            )
        ) == 0  # fmt: skip
        assert not await reader.scalar(
            text(
                "SELECT rolsuper OR rolcreaterole OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
            )
        )
        members = text(
            "SELECT count(*) FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member WHERE r.rolname = current_user"
        )
        assert await reader.scalar(members) == 0
    for forbidden in (
        "SELECT * FROM core.feature",
        "SELECT * FROM core.revision",
        "DELETE FROM published.feature",
    ):
        with pytest.raises(ProgrammingError, match="permission denied"):
            async with db.reading() as reader:
                await reader.execute(text(forbidden))


#: Everything outside of what everybody's PostgreSQL has, and outside of `published`, on which the role may do anything;
#: and everything in `published` on which it may do more than read.
_PRIVILEGES = """
    SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'v', 'm', 'f', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
      AND CASE WHEN n.nspname = 'published'
        THEN has_table_privilege(:role, c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')
        ELSE n.nspname = ANY(ARRAY['core', 'jobs']) AND (has_any_column_privilege(:role, c.oid, 'SELECT')
          OR has_table_privilege(:role, c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE')) END
    UNION ALL
    SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE CASE WHEN c.relkind = 'S' AND n.nspname IN ('core', 'jobs', 'published')
      THEN has_sequence_privilege(:role, c.oid, 'USAGE, UPDATE') ELSE false END
    UNION ALL
    SELECT n.nspname, p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname IN ('core', 'jobs') AND has_schema_privilege(:role, n.oid, 'USAGE')
"""
