"""F1: databases that differ only in where protected places are give the same bytes. F2: what the public's role may do."""

import asyncio
import os
import random
import uuid
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final
from urllib.parse import quote

import httpx2
import psycopg
import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import ProgrammingError

from app.db import Database, session
from app.features.reindexing import reindex
from app.features.setting import Setting
from app.i18n import LANGUAGES
from app.layers.registry import LAYERS
from app.localdb import LocalCluster
from app.taxonomy.vocabulary import load_vocabulary
from geo.quadkey import quadkey
from geo.tile import tile_at
from tests.functional.bisecting import HALVINGS, WAYS, Box, Target, narrowed
from tests.functional.twins import (
    NOW,
    SERVICES,
    SHELTER,
    SIZE,
    SOUTH,
    WEST,
    Filled,
    Twin,
    browser,
    fill,
    said,
    twin,
)
from tests.postgis import database_of_its_own

#: So many; `POMAPA_TEST_REQUESTS=10000` asks as many as before a release, which takes minutes.
REQUESTS: Final = int(os.environ.get("POMAPA_TEST_REQUESTS", "1000"))
#: Of whoever halves the box: one beside the thousand, and about as many requests more as there are more of these.
ATTACKS: Final = 1 + max(0, REQUESTS - 1000) // (2 * HALVINGS)
COUNTY: Final = Box(WEST, SOUTH, WEST + SIZE, SOUTH + SIZE)


@pytest.fixture(scope="module")
def filled(cluster: LocalCluster, template: str) -> Iterator[tuple[Filled, Filled]]:
    """Two databases as they are before anybody asks; tests have copies of them."""
    with database_of_its_own(cluster, template) as one, database_of_its_own(cluster, template) as other:
        first, second = asyncio.run(fill(one, 1)), asyncio.run(fill(other, 2))
        assert first.ids == second.ids
        assert not set(first.hidden.values()) & set(second.hidden.values())
        yield first, second


@pytest.fixture
async def twins(
    cluster: LocalCluster, filled: tuple[Filled, Filled], tmp_path: Path
) -> AsyncIterator[tuple[Twin, Twin]]:
    names = [str(make_url(one.urls.app).database) for one in filled]
    with (
        database_of_its_own(cluster, names[0]) as one,
        database_of_its_own(cluster, names[1]) as other,
    ):
        copies = replace(filled[0], urls=one), replace(filled[1], urls=other)
        async with twin(copies[0], tmp_path / "one") as first, twin(copies[1], tmp_path / "other") as second:
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

    def words() -> str:
        """Of names, streets, numbers, sources and units, right ones and wrong ones, whole and begun."""
        street = seeded.choice(("Leśnaska", "Cichaska", "Długaska"))
        return quote(
            seeded.choice(
                (
                    f"Schronienie {seeded.randrange(30)}",
                    f"Punkt {seeded.randrange(30)}",
                    f"{street[: seeded.randrange(2, 9)]}",
                    f"{street} {seeded.randrange(1, 99)}",
                    f"+4860{seeded.randrange(10**7):07d}",
                    f"node {seeded.randrange(10**9)}",
                    seeded.choice(("Zaułek", "Ustronie", "kielecki", "example")),
                )
            )
        )

    def lang() -> str:
        return seeded.choice(LANGUAGES)

    kinds = (
        lambda: f"{layer}.geojson?bbox={box()}&count=true",
        lambda: f"{layer}.geojson?near={near()}&limit={seeded.randrange(1, 50)}",
        lambda: f"{layer}.geojson?service={seeded.choice(SERVICES)}&limit={seeded.randrange(1, 60)}&count=true",
        lambda: f"{layer}.geojson?q={words()}",
        lambda: f"{layer}.geojson?q={words()}&area={seeded.choice(('PL-26', 'PL-2604', 'PL-2604042', 'PL-2604052'))}",
        tile,
        tile,
        lambda: f"{tile()}?service={seeded.choice(SERVICES)}",
        lambda: f"{layer}/{one()}",
        lambda: f"{layer}/{one()}/history",
        lambda: f"{layer}/{one()[:-1]}x",
        lambda: f"/api/v1/search?q={words()}",
        lambda: f"/{lang()}/?near={near()}",
        lambda: f"/{lang()}/?q={words()}&as=text",
        lambda: f"/{lang()}/?service=homeless_shelter&near={near()}&sort={seeded.choice(('name', 'near', 'checked'))}",
        lambda: f"/{lang()}/aid_points/{one()}",
        lambda: f"/{lang()}/aid_points/{one()}/{seeded.choice(('row.html', 'slip.html', 'qr.svg'))}",
        lambda: f"/{lang()}/compare?ids={one()},{one()}",
        lambda: f"/{lang()}/suggest/{one()}",
        lambda: f"/{lang()}/report/{one()}",
        lambda: f"/pl/day?need=homeless_shelter,hot_meals&near={near()}",
        lambda: f"/api/v1/changes?limit={seeded.randrange(1, 200)}",
        lambda: f"/api/v1/gone?since=2026-0{seeded.randrange(1, 10)}-{seeded.randrange(10, 29)}",
        lambda: f"/pl/table?near={near()}&sort={seeded.choice(('-near', 'town', '-address', '-open', 'help'))}",
        lambda: seeded.choice(("/pl/table", "/en/table.csv", "/sitemap.xml", "/api/v1/layers", "/pl/area/PL-2604/offline.html")),
        lambda: f"{layer}.geojson?bbox={seeded.choice(('1,2,3', 'nan,0,1,1', '9,9,1,1'))}",
    )  # fmt: skip
    asked = [kinds[number % len(kinds)]() for number in range(REQUESTS)]
    seeded.shuffle(asked)
    return asked


async def differing(twins: tuple[Twin, Twin], asked: list[str]) -> list[str]:
    """The requests that the twins answer with different bytes, also when they are asked whether anything changed."""
    found = []
    async with browser(twins[0]) as first, browser(twins[1]) as second:
        for url in asked:
            one, other = await first.get(url), await second.get(url)
            assert one.status_code < 500, url
            if said(one) != said(other):
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
    assert len(set(asked)) > 0.5 * REQUESTS
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


def _target(twin: Twin, number: int) -> Target:
    ids = list(twin.filled.hidden)
    return Target(str(ids[number % len(ids)]), f"Schronienie {number % len(ids)}", SHELTER)


async def test_f1_an_attacker_who_halves_the_box_learns_nothing(twins: tuple[Twin, Twin]) -> None:
    """What they ask next depends on what they were told; they are told the same, whatever is true, at every step."""
    apart: list[str] = []
    async with browser(twins[0]) as first, browser(twins[1]) as second:

        async def ask(url: str) -> httpx2.Response:
            one, other = await first.get(url), await second.get(url)
            assert one.status_code == 200, (url, one.text)
            if said(one) != said(other):
                apart.append(url)
            return one

        for number in range(ATTACKS):
            # The first one asks in every way in turn, the others in one way each.
            ways = WAYS if number == 0 else (WAYS[number % len(WAYS)],)
            await narrowed(ask, COUNTY, _target(twins[0], number), ways)
    assert apart == []


async def test_f1_a_leak_leads_the_attacker_to_the_place(twins: tuple[Twin, Twin]) -> None:
    """Planted: places are found by where they are; what is said of them names their unit, as it should."""
    one = twins[0]
    with psycopg.connect(one.filled.urls.owner.replace("+psycopg", "", 1), autocommit=True) as owner:
        owner.execute("ALTER TABLE published.feature DROP CONSTRAINT ck_feature_disclosure")
        for id_, (lng, lat) in one.filled.hidden.items():
            owner.execute(
                "UPDATE published.feature SET lng = %(lng)s, lat = %(lat)s, qk = %(qk)s,"
                " geom = ST_SetSRID(ST_MakePoint(%(lng)s, %(lat)s), 4326) WHERE id = %(id)s",
                {"id": id_, "lng": round(lng, 6), "lat": round(lat, 6), "qk": quadkey(lng, lat)},
            )
    target = _target(one, 7)
    async with browser(one) as asking:
        left = await narrowed(asking.get, COUNTY, target, WAYS[:1])
        assert (await asking.get(WAYS[0](COUNTY, target))).json()["features"][0]["geometry"] is None
    assert left.holds(*one.filled.hidden[uuid.UUID(target.id)])
    assert left.radius_m < 5


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
