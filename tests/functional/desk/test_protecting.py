"""F7: a place that is protected now is in no public answer any more, and in no row of the register."""

import datetime as dt
import io
import time
import uuid
import zipfile
from typing import Any
from zoneinfo import ZoneInfo

import httpx2
import pytest
from fastapi import FastAPI
from shapely import box
from sqlalchemy import text

from app.accounts.audit import Actor, verify_chain
from app.accounts.roles import Role
from app.areas.importing import import_units
from app.db import Database, session
from app.features.publishing import Item, Provenance, StillProtected, publish_many
from app.features.publishing import publish as publish_content
from app.features.reindexing import reindex
from app.features.setting import Setting
from app.i18n import LANGUAGES
from app.layers.registry import LAYERS
from app.web import etag
from geo.tile import tile_at
from tests.areas import polish_unit
from tests.functional.conftest import Mailbox, Publish, aid_point
from tests.functional.desk.conftest import Waiting, decision, signed_in

pytestmark = pytest.mark.by_two

LAYER = LAYERS["aid_points"]
LNG, LAT = 20.612345, 50.854321
STREET = "Kryjówkowa"
REASON = "Ktoś szuka tam ludzi, przy ul. Kryjówkowej 77."
#: What leads there, also written in other ways.
LEADS_THERE = ("612345", "854321", STREET, "Kryjówkowej", "kryjowkow", "25-987", "node/9988776", "Zaułek")


def exact(**more: Any) -> dict[str, Any]:
    said = f"Wejście od podwórza, ul. {STREET} 77, drzwi nr 2. {STREET} jest cicha."
    return {
        "name": "Dom Otwarty",
        "description": {"texts": {"pl": said, "uk": "Вхід з двору"}, "source": "pl"},
        "address": {"street": STREET, "house_number": "77", "postcode": "25-987", "city": "Kielce"},
        "place": {"position": {"lng": LNG, "lat": LAT}},
        "services": [{"type": "homeless_shelter"}],
        "contacts": [{"kind": "phone", "value": "+48413445599"}],
    } | more  # fmt: skip


@pytest.fixture
async def country(database: Database) -> None:
    """Zaułek, of 900 people, in the county of Kielce."""
    around = box(20, 50, 21.5, 51.5)
    async with session(database) as s:
        await import_units(
            s,
            [
                polish_unit("2604042", box(20.5, 50.8, 20.8, 51.0), name="Zaułek", population=900),
                polish_unit("2604", around, name="kielecki", population=200_000),
                polish_unit("26", around, name="świętokrzyskie", population=1_200_000),
            ],
        )


@pytest.fixture
async def live(
    country: None, moderator: httpx2.AsyncClient, waiting: Waiting, database: Database, mailbox: Mailbox
) -> uuid.UUID:
    """A place that came in by the form, was approved and changed; and a change of it waits."""
    submission = await waiting(**exact())
    await moderator.post(f"/desk/submissions/{submission.id}/approve", data=decision(submission))
    async with session(database) as s:
        found: uuid.UUID = (await s.execute(text("SELECT feature_id FROM core.submission"))).scalar_one()
    change = await waiting(feature_id=found, **exact(website="https://example.org/"))
    await moderator.post(f"/desk/submissions/{change.id}/approve", data=decision(change))
    await waiting(feature_id=found, **exact(website="https://www.openstreetmap.org/node/9988776"))
    await mailbox.collect()
    return found


async def _protect(browser: httpx2.AsyncClient, feature_id: uuid.UUID, **typed: str) -> httpx2.Response:
    given = {"revision": "2", "reason": REASON, "disclosure": "area"} | typed
    return await browser.post(f"/desk/published/{feature_id}/protect", data=given)


async def _public(client: httpx2.AsyncClient, feature_id: uuid.UUID) -> dict[str, httpx2.Response]:
    """Every kind of answer that the public gets about a place, with its headers."""
    layer, tiles = "/api/v1/layers/aid_points", [tile_at(LNG, LAT, z) for z in range(19)]
    page = f"aid_points/{feature_id}"
    asked = [
        *(f"/{lang}/" for lang in LANGUAGES),
        *(f"/{lang}/{page}" for lang in LANGUAGES),
        *(f"/pl/{page}/{part}" for part in ("row.html", "slip.html", "picture.png", "qr.svg")),
        f"/pl/?near={LNG:.3f},{LAT:.3f}",
        f"/pl/?q={STREET}",
        "/pl/table",
        "/pl/table.csv",
        f"/pl/compare?ids={feature_id}",
        f"/pl/slips?ids={feature_id}",
        f"/pl/suggest/{feature_id}",
        f"/pl/report/{feature_id}",
        "/sitemap.xml",
        "/api/v1/layers",
        f"{layer}/features.geojson?count=true&facets=true",
        f"{layer}/features.geojson?bbox=20.61,50.85,20.62,50.86",
        f"{layer}/features.geojson?near={LNG:.3f},{LAT:.3f}",
        f"{layer}/features/{feature_id}",
        f"{layer}/features/{feature_id}/history",
        f"/api/v1/search?q={STREET}",
        "/api/v1/search?q=Dom Otwarty",
        *(f"/api/v1/tiles/aid_points/{t.z}/{t.x}/{t.y}.geojson" for t in tiles),
        *(f"/pl/area/PL-2604042/offline{kind}" for kind in (".html", ".zip")),
    ]
    return {url: await client.get(url, follow_redirects=True) for url in asked}


def _unpacked(answer: httpx2.Response) -> str:
    if answer.headers.get("content-type") != "application/zip":
        return answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as files:
        return "".join(files.read(name).decode(errors="replace") for name in files.namelist())


def _leading(answers: dict[str, httpx2.Response]) -> dict[str, list[str]]:
    found = {}
    for url, answer in answers.items():
        assert answer.status_code < 500, url
        # A field of a search repeats what was searched for.
        body = _unpacked(answer).replace(f'value="{STREET}"', "").replace(f"q={STREET}", "")
        # The file of a municipality has its name.
        telling = [word for word in LEADS_THERE if word != "Zaułek" or "/area/" not in url]
        if leading := [word for word in telling if word in body + str(answer.headers)]:
            found[url] = leading
    return found


async def test_f7_no_public_answer_leads_there_once_it_is_protected(
    client: httpx2.AsyncClient,
    moderator: httpx2.AsyncClient,
    live: uuid.UUID,
    mailbox: Mailbox,
) -> None:
    before = _leading(await _public(client, live))
    assert len(before) > 30
    assert any("tiles" in url for url in before)
    assert any("offline" in url for url in before)

    began = time.monotonic()
    answer = await _protect(moderator, live)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/desk/published/{live}")
    await mailbox.collect()
    after = await _public(client, live)
    # The page of a search repeats what was searched for.
    leading = {url: words for url, words in _leading(after).items() if STREET not in url}
    assert leading == {}
    assert not [url for url, answer in after.items() if STREET in url and str(live) in answer.text]
    assert time.monotonic() - began < 60

    one = after[f"/api/v1/layers/aid_points/features/{live}"].json()
    assert one["geometry"] is None
    assert one["properties"]["place"] == {
        "disclosure": "area",
        "area": {"code": "PL-2604", "name": "kielecki"},
    }
    assert one["properties"]["contacts"][0]["value"] == "+48413445599"
    past = after[f"/api/v1/layers/aid_points/features/{live}/history"].json()
    assert not {"place", "address"} & {field for event in past["events"] for field in event.get("fields", [])}


def test_f7_no_cache_keeps_an_answer_for_longer_than_a_minute_while_we_answer() -> None:
    said = dict(part.partition("=")[::2] for part in etag.PUBLIC.split(", "))
    assert int(said["max-age"]) + int(said["stale-while-revalidate"]) <= 60


async def test_f7_where_it_was_is_in_no_row_of_the_register(
    moderator: httpx2.AsyncClient, live: uuid.UUID, database: Database, mailbox: Mailbox, setting: Setting
) -> None:
    assert await _rows_that_lead_there(database)
    assert (await _protect(moderator, live)).status_code == 303
    await mailbox.collect()
    assert await _rows_that_lead_there(database) == {}
    async with session(database) as s:
        audit = (
            await s.execute(
                text("SELECT action, detail FROM core.audit WHERE object_id = :id ORDER BY id DESC LIMIT 2"),
                {"id": str(live)},
            )
        ).all()
        assert {row.action for row in audit} == {"feature.protect", "feature.place_erased"}
        assert {"disclosure": "area", "revisions": 2, "submissions": 3} in [row.detail for row in audit]
        assert await verify_chain(s) is None
        # The row is a function of the revision still.
        seen = text("SELECT slim, whole, search, area_codes FROM published.feature")
        before = (await s.execute(seen)).all()
        await reindex(s, setting, LAYER)
        assert (await s.execute(seen)).all() == before


async def _rows_that_lead_there(database: Database) -> dict[str, int]:
    """How many rows of each table, but those of areas, hold what leads there."""
    found = {}
    async with session(database) as s:
        tables = await s.execute(
            text(
                "SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) FROM pg_tables"
                " WHERE schemaname IN ('core', 'published', 'jobs') AND tablename NOT LIKE 'area%'"
            )
        )
        for table in tables.scalars().all():
            pattern = "|".join(LEADS_THERE)
            count = await s.scalar(
                text(f"SELECT count(*) FROM {table} AS t WHERE CAST(to_jsonb(t) AS text) ~ :pattern"),
                {"pattern": pattern},
            )
            if count:
                found[table] = count
    return found


async def test_no_change_no_import_and_no_older_version_opens_it_up_again(
    site: FastAPI,
    moderator: httpx2.AsyncClient,
    live: uuid.UUID,
    database: Database,
    setting: Setting,
    waiting: Waiting,
) -> None:
    late = await waiting(feature_id=live, **exact(name="Późno"))
    assert (await _protect(moderator, live)).status_code == 303
    # Seen before, decided after.
    answer = await moderator.post(f"/desk/submissions/{late.id}/approve", data=decision(late))
    assert answer.status_code == 409
    item = Item(LAYER.content.read(aid_point(**exact())), live)
    with pytest.raises(StillProtected):
        async with session(database) as s:
            await publish_content(s, setting, LAYER, item, actor=Actor("staff", uuid.uuid4()))
    async with session(database) as s:
        await publish_many(
            s,
            setting,
            LAYER,
            [Item(item.content, live, provenance=Provenance(never_verified=True))],
            action="import",
        )
    changed = await waiting(feature_id=live, **exact(website="https://example.net/"))
    assert changed.content["place"]["disclosure"] == "area"
    assert await _rows_that_lead_there(database) == {}


async def test_it_takes_a_reason_a_moderator_and_the_version_that_is_live(
    site: FastAPI, moderator: httpx2.AsyncClient, client: httpx2.AsyncClient, live: uuid.UUID
) -> None:
    page = await moderator.get(f"/desk/published/{live}/protect")
    assert f'action="/desk/published/{live}/protect"' in page.text
    for typed, status in (({"reason": " "}, 422), ({"disclosure": "exact"}, 422), ({"revision": "1"}, 409)):
        answer = await _protect(moderator, live, **typed)
        assert (answer.status_code, "problem" in answer.text) == (status, True)
    async with signed_in(site, Role.EDITOR, "editor@example.org") as editor:
        assert (await _protect(editor, live)).status_code == 403
    assert (await client.get(f"/api/v1/layers/aid_points/features/{live}")).json()["geometry"]
    assert (await _protect(moderator, live, disclosure="contact_only")).status_code == 303
    one = (await client.get(f"/api/v1/layers/aid_points/features/{live}")).json()
    assert one["properties"]["place"] == {"disclosure": "contact_only"}
    assert "kielecki" not in str(one)
    assert (await _protect(moderator, live, revision="3")).status_code == 409


async def test_f7_what_was_taken_down_first_is_protected_and_comes_back_protected(
    moderator: httpx2.AsyncClient,
    client: httpx2.AsyncClient,
    live: uuid.UUID,
    database: Database,
    mailbox: Mailbox,
) -> None:
    """Whoever is frightened takes a place down first: protecting it must not put it on the map for a moment."""
    down = {"revision": "2", "reason": "Ktoś tu szuka ludzi"}
    assert (await moderator.post(f"/desk/published/{live}/take-down", data=down)).status_code == 303
    page = await moderator.get(f"/desk/published/{live}")
    assert f"/desk/published/{live}/protect" in page.text
    assert (await _protect(moderator, live, revision="3")).status_code == 303
    await mailbox.collect()
    assert await _rows_that_lead_there(database) == {}
    assert (await client.get(f"/api/v1/layers/aid_points/features/{live}")).status_code in (404, 410)
    day = dt.datetime.now(ZoneInfo("Europe/Warsaw")).date().isoformat()
    file = await moderator.get(f"/desk/as-of/features.geojson?layer=aid_points&day={day}")
    assert str(live) not in file.text

    back = {"revision": "4", "reason": "Jest bezpiecznie"}
    assert (await moderator.post(f"/desk/published/{live}/put-back", data=back)).status_code == 303
    one = (await client.get(f"/api/v1/layers/aid_points/features/{live}")).json()
    assert (one["geometry"], one["properties"]["place"]["disclosure"]) == (None, "area")
    assert await _rows_that_lead_there(database) == {}


async def test_f7_a_change_that_protects_a_place_has_it_forgotten_as_well(
    moderator: httpx2.AsyncClient, live: uuid.UUID, database: Database, mailbox: Mailbox, waiting: Waiting
) -> None:
    hidden = {key: value for key, value in exact().items() if key not in ("address", "place", "description")}
    place = {"disclosure": "area", "area": {"code": "PL-2604", "name": "kielecki"}}
    change = await waiting(feature_id=live, **hidden, place=place)
    answer = await moderator.post(f"/desk/submissions/{change.id}/approve", data=decision(change))
    assert answer.status_code == 303, answer.text
    await mailbox.collect()
    assert await _rows_that_lead_there(database) == {}
    async with session(database) as s:
        query = text("SELECT count(*) FROM core.audit WHERE action = 'feature.place_erased'")
        assert await s.scalar(query) == 1
        assert await verify_chain(s) is None


async def test_where_no_area_is_large_enough_that_is_said_before_and_afterwards(
    moderator: httpx2.AsyncClient, publish: Publish
) -> None:
    (made,) = await publish(aid_point(place={"position": {"lng": 14.5, "lat": 53.4}}))
    english = {"Accept-Language": "en"}
    page = await moderator.get(f"/desk/published/{made.feature_id}/protect", headers=english)
    assert "We know no municipality or county of at least 20,000 people around this place" in page.text
    assert 'value="area"' not in page.text
    # From a page that was opened before.
    done = await _protect(moderator, made.feature_id, revision="1", disclosure="area")
    told = await moderator.get(done.headers["location"], headers=english)
    assert "nothing but its contact is public" in told.text
