"""A municipality in a file over HTTP: what is published there, never what is not, made once while nothing changes."""

import asyncio
import datetime as dt
import io
import os
import time
import zipfile
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from app.accounts.audit import SYSTEM
from app.config import Settings
from app.db import Database, session
from app.exports.municipality import making
from app.exports.municipality.files import File, files_of
from app.exports.nightly import municipalities
from app.features.publishing import Item, publish_many, unpublish
from app.features.setting import Setting
from app.jobs import Work
from app.layers.registry import LAYERS
from app.taxonomy.vocabulary import load_vocabulary
from tests.functional.conftest import Mailbox, Publish, aid_point
from tests.functional.country import import_country, protected_places

CODE = "PL-2661011"
FILE = f"/pl/area/{CODE}/offline.html"
INSIDE = {"position": {"lng": 20.6286, "lat": 50.8661}}


@pytest.fixture(autouse=True)
async def country(database: Database) -> None:
    await import_country(database)


def remote(name: str, code: str) -> dict[str, Any]:
    point = aid_point(name, channel="phone", area_served=[{"code": code}])
    del point["place"]
    return point | {"contacts": [{"kind": "phone", "value": "+48 800 100 200"}]}


async def test_it_holds_what_is_there_and_what_serves_it(
    client: httpx2.AsyncClient, publish: Publish
) -> None:
    await publish(
        aid_point("Jadłodajnia w Kielcach"),
        aid_point("Gdzie indziej", place={"position": {"lng": 20.9, "lat": 50.9}}),
        remote("Telefon krajowy", "PL"),
        remote("Telefon wojewódzki", "PL-26"),
        remote("Telefon miejski", CODE),
        remote("Telefon innej gminy", "PL-2604042"),
        *protected_places(),
    )
    await publish(
        {
            "name": {"texts": {"pl": "Fundacja Blisko"}, "source": "pl"},
            "sector": "ngo",
            "areas": [{"code": "PL-26"}],
        },
        layer="organisations",
    )
    answer = await client.get(FILE)
    assert answer.status_code == 200, answer.text
    for name in (
        "Jadłodajnia w Kielcach",
        "Telefon krajowy",
        "Telefon wojewódzki",
        "Telefon miejski",
        "Schronienie",
    ):
        assert name in answer.text
    assert "Fundacja Blisko" in answer.text
    assert "Tajne" not in answer.text
    assert "Gdzie indziej" not in answer.text
    assert "Telefon innej gminy" not in answer.text
    assert "świętokrzyskie" in answer.text
    assert "Granice (CC0)" in answer.text


async def test_it_comes_as_a_download_that_caches_may_keep(
    client: httpx2.AsyncClient, publish: Publish
) -> None:
    await publish(aid_point())
    answer = await client.get(FILE)
    assert answer.headers["content-disposition"] == 'attachment; filename="pomapa-kielce-pl-2661011-pl.html"'
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-language"] == "pl"
    assert answer.headers["cache-control"].startswith("public")
    assert "set-cookie" not in answer.headers
    etag = answer.headers["etag"]
    again = await client.get(FILE, headers={"If-None-Match": etag})
    assert again.status_code == 304
    await publish(aid_point("Nowe miejsce"))
    time.sleep(0.3)  # noqa: ASYNC251 - as long as a process believes the versions it knows
    fresh = await client.get(FILE, headers={"If-None-Match": etag})
    assert fresh.status_code == 200
    assert "Nowe miejsce" in fresh.text


@pytest.mark.parametrize("code", ["PL-9999999", "PL-26", "PL-2661", "..%2f..%2fx", "x%00y", "PL-2661011'--"])
async def test_any_other_code_is_not_found(client: httpx2.AsyncClient, code: str) -> None:
    answer = await client.get(f"/pl/area/{code}/offline.html")
    assert answer.status_code == 404


async def test_nothing_is_unchanged_that_never_was(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/pl/area/PL-9999999/offline.html", headers={"If-None-Match": "*"})
    assert answer.status_code == 404


async def test_those_who_ask_at_once_get_the_same_file(client: httpx2.AsyncClient, publish: Publish) -> None:
    await publish(aid_point())
    answers = await asyncio.gather(*(client.get(FILE) for _ in range(8)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1


async def test_a_part_that_is_not_there_is_not_found(client: httpx2.AsyncClient) -> None:
    assert (await client.get(f"/pl/area/{CODE}/offline-food.html")).status_code == 404
    assert (await client.get(f"/xx/area/{CODE}/offline.html")).status_code == 404


async def test_the_package_holds_the_same_file(client: httpx2.AsyncClient, publish: Publish) -> None:
    await publish(aid_point())
    page = await client.get(f"/uk/area/{CODE}/offline.html")
    package = await client.get(f"/uk/area/{CODE}/offline.zip")
    assert package.headers["content-type"] == "application/zip"
    assert package.headers["content-disposition"] == 'attachment; filename="pomapa-kielce-pl-2661011-uk.zip"'
    with zipfile.ZipFile(io.BytesIO(package.content)) as opened:
        assert opened.read("pomapa-kielce-pl-2661011-uk.html") == page.content


async def test_what_is_taken_down_is_gone_from_the_next_file(
    client: httpx2.AsyncClient, publish: Publish, database: Database, setting: Setting
) -> None:
    (publication,) = await publish(aid_point("Już nie"))
    assert "Już nie" in (await client.get(FILE)).text
    async with session(database) as s:
        await unpublish(s, setting, LAYERS["aid_points"], publication.feature_id, actor=SYSTEM, reason="test")
    time.sleep(0.3)  # noqa: ASYNC251 - nothing else has to run meanwhile
    assert "Już nie" not in (await client.get(FILE)).text


async def test_what_goes_while_a_file_is_made_does_not_come_back_to_the_disk(
    client: httpx2.AsyncClient,
    publish: Publish,
    settings: Settings,
    database: Database,
    setting: Setting,
    mailbox: Mailbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (gone,) = await publish(aid_point("Już nie"))
    loop = asyncio.get_running_loop()

    async def goes() -> None:
        async with session(database) as s:
            await unpublish(s, setting, LAYERS["aid_points"], gone.feature_id, actor=SYSTEM, reason="test")
        # The worker has dropped everything that it was in, and will not be told again.
        await mailbox.collect()

    def written(*given: Any, **how: Any) -> list[File]:
        asyncio.run_coroutine_threadsafe(goes(), loop).result()
        return files_of(*given, **how)

    with monkeypatch.context() as patched:
        patched.setattr(making, "files_of", written)
        # As things were when it was asked for.
        assert "Już nie" in (await client.get(FILE)).text
    kept = settings.data_dir / "exports" / "municipality" / CODE / "pl.zip"
    assert kept.stat().st_size == 0


async def test_no_file_on_the_disk_keeps_what_was_taken_down(
    client: httpx2.AsyncClient,
    publish: Publish,
    database: Database,
    setting: Setting,
    settings: Settings,
    mailbox: Mailbox,
) -> None:
    there, elsewhere = FILE, "/pl/area/PL-2604042/offline.html"
    refuge = aid_point(
        "Dom",
        services=[{"type": "supported_housing"}],
        place={"disclosure": "area", "area": {"code": "PL-2661", "name": "Kielce"}},
    )
    (placed, hotline, hidden, _) = await publish(
        aid_point("Już nie"),
        remote("Telefon krajowy", "PL"),
        refuge,
        aid_point("Górno", place={"position": {"lng": 20.9, "lat": 50.9}}),
    )
    folder = settings.data_dir / "exports" / "municipality"
    here, beside = folder / CODE / "pl.zip", folder / "PL-2604042" / "pl.zip"
    for gone, dropped, kept in (
        (placed, [here], [beside]),
        (hidden, [here], [beside]),
        (hotline, [here, beside], []),
    ):
        time.sleep(0.3)  # noqa: ASYNC251 - as long as a process believes the versions it knows
        for path in (there, elsewhere):
            assert (await client.get(path)).status_code == 200
        assert here.stat().st_size > 0
        age(here, 3)
        asked_at = here.stat().st_atime
        async with session(database) as s:
            await unpublish(s, setting, LAYERS["aid_points"], gone.feature_id, actor=SYSTEM, reason="test")
        await mailbox.collect()
        assert [path.stat().st_size for path in dropped] == [0] * len(dropped)
        assert all(path.stat().st_size > 0 for path in kept)
        # The night makes it again for whoever asked for it.
        assert abs(here.stat().st_atime - asked_at) < 1
    await municipalities(Work(settings=settings, database=database))
    assert here.stat().st_size > 0


async def test_no_file_on_the_disk_keeps_what_a_place_has_said_before(
    client: httpx2.AsyncClient,
    publish: Publish,
    database: Database,
    setting: Setting,
    settings: Settings,
    mailbox: Mailbox,
) -> None:
    (made,) = await publish(aid_point("Stara nazwa"))
    await client.get(FILE)
    layer = LAYERS["aid_points"]
    item = Item(layer.content.read(aid_point("Nowa nazwa")), feature_id=made.feature_id)
    async with session(database) as s:
        await publish_many(s, setting, layer, [item])
    await mailbox.collect()
    assert (settings.data_dir / "exports" / "municipality" / CODE / "pl.zip").stat().st_size == 0
    time.sleep(0.3)  # noqa: ASYNC251 - nothing else has to run meanwhile
    assert "Nowa nazwa" in (await client.get(FILE)).text


async def test_a_file_is_made_once_while_nothing_changes_there(
    client: httpx2.AsyncClient, publish: Publish, settings: Settings
) -> None:
    await publish(aid_point("Tutaj"))
    first = await client.get(FILE)
    kept = settings.data_dir / "exports" / "municipality" / CODE / "pl.zip"
    written = kept.stat().st_mtime_ns
    assert (await client.get(FILE)).content == first.content
    assert kept.stat().st_mtime_ns == written
    # Of what changes elsewhere only the mark is new.
    await publish(aid_point("Gdzie indziej", place={"position": {"lng": 20.9, "lat": 50.9}}))
    time.sleep(0.3)  # noqa: ASYNC251 - nothing else has to run meanwhile
    assert (await client.get(FILE)).content == first.content
    assert kept.stat().st_mtime_ns > written


async def test_tomorrow_it_is_another_file(
    client: httpx2.AsyncClient, publish: Publish, site: FastAPI
) -> None:
    await publish(aid_point())
    first = await client.get(FILE)
    tomorrow = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
    site.state.clock = lambda: tomorrow
    second = await client.get(FILE, headers={"If-None-Match": first.headers["etag"]})
    assert second.status_code == 200
    assert second.content != first.content


async def test_it_is_given_when_it_cannot_be_kept(
    client: httpx2.AsyncClient, publish: Publish, settings: Settings
) -> None:
    await publish(aid_point("Tutaj"))
    (settings.data_dir / "exports").write_text("a file where the folder should be")
    answer = await client.get(FILE)
    assert answer.status_code == 200
    assert "Tutaj" in answer.text


def age(path: Path, days: float) -> None:
    then = time.time() - days * 86400
    os.utime(path, (then, path.stat().st_mtime))


async def test_the_night_makes_what_was_asked_for_and_what_is_configured(
    client: httpx2.AsyncClient, publish: Publish, settings: Settings, database: Database
) -> None:
    await publish(aid_point("Wczoraj"))
    await client.get(FILE)
    await client.get(f"/uk/area/{CODE}/offline.html")
    folder = settings.data_dir / "exports" / "municipality"
    age(folder / CODE / "uk.zip", 31)
    await publish(aid_point("Dzisiaj"))
    configured = settings.model_copy(update={"offline_areas": ("PL-2604042", "PL-0000000")})
    await municipalities(Work(settings=configured, database=database))
    made = {str(path.relative_to(folder)) for path in folder.rglob("*.zip")}
    others = {f"PL-2604042/{language}.zip" for language in ("pl", "uk", "en", "de", "ro", "ru")}
    assert made == {f"{CODE}/pl.zip"} | others
    with zipfile.ZipFile(folder / CODE / "pl.zip") as opened:
        page = opened.read(opened.namelist()[0]).decode()
    assert "Dzisiaj" in page
    # The web server gives what the night has made, and makes nothing itself.
    written = (folder / CODE / "pl.zip").stat().st_mtime_ns
    time.sleep(0.3)  # noqa: ASYNC251 - nothing else has to run meanwhile
    assert (await client.get(FILE)).text == page
    assert (folder / CODE / "pl.zip").stat().st_mtime_ns == written


async def test_a_place_of_endless_texts_is_shortened_and_its_municipality_has_a_file(
    client: httpx2.AsyncClient, publish: Publish
) -> None:
    words = {"texts": {"pl": "&" * 500}, "source": "pl"}
    codes = [code for code, service in load_vocabulary().services.items() if not service.sensitive][:30]
    services = [
        {"type": code, "description": words, "appointment": words, "cost": {"code": "free", "note": words}}
        for code in codes
    ]
    [made] = await publish(aid_point("Ze wszystkim", services=services))
    answer = await client.get(f"/uk/area/{CODE}/offline.zip")
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.content)) as opened:
        pages = [opened.read(name).decode() for name in opened.namelist()]
    assert all(len(page.encode()) <= 300_000 for page in pages)
    assert any(f"/uk/aid_points/{made.feature_id}" in page for page in pages)
    assert any("Ze wszystkim" in page for page in pages)


async def test_the_night_goes_on_when_one_municipality_cannot_be_made(
    publish: Publish, settings: Settings, database: Database
) -> None:
    [broken, _] = await publish(
        aid_point("Uszkodzone", place={"position": {"lng": 20.9, "lat": 50.9}}), aid_point("Całe")
    )
    async with session(database) as s:
        await s.execute(
            text("UPDATE published.feature SET slim = '{}' WHERE id = :id"), {"id": broken.feature_id}
        )
    configured = settings.model_copy(update={"offline_areas": ("PL-2604042", CODE)})
    await municipalities(Work(settings=configured, database=database))
    folder = settings.data_dir / "exports" / "municipality"
    made = {path.parent.name for path in folder.rglob("*.zip")}
    assert made == {CODE}
