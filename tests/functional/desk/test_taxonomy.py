"""An administrator adds a type of service: live at once, everywhere, in every process."""

import asyncio
import contextlib
import datetime as dt
import json
import os
import re
import sys
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from sqlalchemy import text

from app.accounts.roles import Role
from app.config import Settings
from app.db import Database, session
from app.features.publishing import Item, Publication, publish_many
from app.features.read_model import withdraw
from app.features.setting import Setting
from app.i18n import LANGUAGES
from app.layers.registry import LAYERS
from app.taxonomy.vocabulary import load_vocabulary, product_vocabulary, use
from tests.functional.conftest import Mailbox, Publish, aid_point
from tests.functional.country import import_country
from tests.functional.desk.conftest import somebody

CODE = "local_bike_repair"
NAMES = {
    "pl": "Naprawa rowerów",
    "uk": "Ремонт велосипедів",
    "en": "Bicycle repair",
    "de": "Fahrradreparatur",
    "ro": "Reparații de biciclete",
    "ru": "Починка велосипедов",
}
WORDS = {
    "pl": "serwis rowerowy",
    "uk": "веломайстерня",
    "en": "bike workshop",
    "de": "Selbsthilfewerkstatt",
    "ro": "atelier de biciclete",
    "ru": "веломастерская",
}
FORM = {
    "code": "bike_repair",
    "group": "daily_needs",
    "icon": "shirt",
    "offer": "service",
    "default_disclosure": "exact",
    "half_life_days": "365",
    "osm": "amenity=bicycle_repair_station",
    "open_eligibility": "Transit / Transportation",
    "open_eligibility_id": "108-02",
    "schema_org": "BikeStore",
    **{f"name_{language}": name for language, name in NAMES.items()},
    **{f"synonyms_{language}": word for language, word in WORDS.items()},
}
TILES = ("6/35/21", "14/9130/5494")
TAXONOMY = "/api/v1/taxonomy/uk.json"
VERSION = text("SELECT version FROM published.layer_version WHERE layer = 'vocabulary'")


@pytest.fixture(autouse=True)
def nothing_added_afterwards() -> Iterator[None]:
    """What a process goes by outlives a test's database."""
    yield
    use("", ())


@pytest.fixture
def publish(database: Database, settings: Settings) -> Publish:
    """Publish by the words that there are by then."""

    async def run(*contents: dict[str, Any], **_other: Any) -> list[Publication]:
        layer = LAYERS["aid_points"]
        setting = Setting(load_vocabulary(), settings.timezone, "PL", dt.datetime.now(dt.UTC))
        async with session(database) as s:
            return await publish_many(
                s, setting, layer, [Item(layer.content.read(content)) for content in contents]
            )

    return run


administrator = somebody(Role.ADMINISTRATOR, "admin@example.org")


async def add(administrator: httpx2.AsyncClient, **other: str) -> None:
    answer = await administrator.post("/desk/services/add", data=FORM | other)
    assert (answer.status_code, answer.headers.get("location")) == (303, "/desk/services?done=added"), (
        answer.text
    )
    shown = await administrator.get("/desk/services?done=added")
    assert shown.status_code == 200
    assert f'id="{CODE}"' in shown.text


def repairs(name: str = "Rowerownia", *also: str) -> dict[str, Any]:
    return aid_point(name, services=[{"type": code} for code in (CODE, *also)])


async def test_it_is_chosen_found_filtered_and_exported_with_the_next_request(
    administrator: httpx2.AsyncClient, client: httpx2.AsyncClient, publish: Publish, database: Database
) -> None:
    await import_country(database)
    before = await client.get(TAXONOMY)
    tile = f"/api/v1/tiles/aid_points/{TILES[0]}.geojson"
    old_tile = (await client.get(tile)).headers["etag"]
    unknown = await client.get(f"{tile}?service={CODE}")
    assert unknown.status_code == 422

    await add(administrator)

    # The form: the whole new one, and the steps of a visitor.
    form = await client.get("/pl/add/aid_points", follow_redirects=True)
    assert re.search(rf'<input type="checkbox"[^>]*value="{CODE}"', form.text)
    await publish(
        aid_point("Jadłodajnia"),
        repairs(),
        repairs("Warsztat", "laundry"),
    )
    for language in LANGUAGES:
        for typed in (NAMES[language], WORDS[language]):
            found = (await client.get("/api/v1/search", params={"q": typed, "lang": language})).json()[
                "services"
            ]
            assert [(one["code"], one["name"], one["count"]) for one in found[:1]] == [
                (CODE, NAMES[language], 2)
            ]
        named = {
            one["code"]: one["name"]
            for one in (await client.get(f"/api/v1/taxonomy/{language}.json")).json()["services"]
        }
        assert named[CODE] == NAMES[language]

    for at in TILES:
        for filtered, count in ((CODE, 2), ("daily_needs", 2), ("hot_meals", 1), ("family:shelter", 2)):
            got = (await client.get(f"/api/v1/tiles/aid_points/{at}.geojson?service={filtered}")).json()[
                "features"
            ]
            assert sum(one["properties"].get("count", 1) for one in got) == count, (at, filtered)
    for filtered, count in ((CODE, 2), ("daily_needs", 2), ("laundry", 1)):
        got = await client.get(f"/api/v1/layers/aid_points/features.geojson?service={filtered}&count=true")
        assert got.json()["numberMatched"] == count
    near = await client.get(f"/api/v1/layers/aid_points/features.geojson?service={CODE}&near=20.63,50.87")
    assert len(near.json()["features"]) == 2
    shown = await client.get(f"/pl/?service={CODE}")
    assert "Rowerownia" in shown.text
    assert "Jadłodajnia" not in shown.text

    # Other programs: the whole vocabulary, the table of terms, the file of the municipality.
    (term,) = [
        one for one in (await client.get("/api/v1/vocabularies")).json()["services"] if one["code"] == CODE
    ]
    assert (term["added"], term["parent"], term["osm"]) == (
        True,
        "daily_needs",
        ["amenity=bicycle_repair_station"],
    )
    async with session(database) as s:
        row = (
            await s.execute(text("SELECT uuid, names FROM published.term WHERE code = :code"), {"code": CODE})
        ).one()
    assert (str(row.uuid), row.names) == (term["uuid"], NAMES)
    file = await client.get("/uk/area/PL-2661011/offline.html")
    assert NAMES["uk"] in file.text

    # What clients hold of before is no longer current; what they get now is, until the next change.
    assert (await client.get(TAXONOMY, headers={"If-None-Match": before.headers["etag"]})).status_code == 200
    assert (await client.get(tile, headers={"If-None-Match": old_tile})).status_code == 200
    for path in (TAXONOMY, tile):
        etag = (await client.get(path)).headers["etag"]
        assert (await client.get(path, headers={"If-None-Match": etag})).status_code == 304


async def test_an_answer_without_a_change_of_layers_has_another_validator_all_the_same(
    administrator: httpx2.AsyncClient, client: httpx2.AsyncClient, publish: Publish
) -> None:
    """A group means one service more: a kept answer to it would be wrong, though no place has changed."""
    await publish(aid_point())
    held = {}
    paths = (
        "/api/v1/tiles/aid_points/6/35/21.geojson?service=daily_needs",
        "/pl/",
        "/api/v1/search?q=rower",
        "/sitemap.xml",
    )
    for path in paths:
        held[path] = (await client.get(path)).headers["etag"]
    await add(administrator)
    for path, etag in held.items():
        assert (await client.get(path, headers={"If-None-Match": etag})).status_code == 200, path


ELSEWHERE = """
import asyncio, json, sys
import httpx2
from app.config import Settings
from app.main import create_app

async def main():
    app = create_app(Settings(**json.loads(sys.stdin.readline())))
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://testserver") as client:
        async def known():
            found = (await client.get("/api/v1/taxonomy/pl.json")).json()["services"]
            return [one["name"] for one in found if one["code"] == "local_bike_repair"]
        print(json.dumps(await known()), flush=True)
        sys.stdin.readline()
        async with asyncio.timeout(30):
            while not await known():
                await asyncio.sleep(0.02)
        form = await client.get("/pl/add/aid_points", follow_redirects=True)
        search = await client.get("/api/v1/search?q=serwis+rowerowy")
        codes = [one["code"] for one in search.json()["services"]]
        print(json.dumps([await known(), 'value="local_bike_repair"' in form.text, codes]), flush=True)
    await app.state.database.dispose()

asyncio.run(main())
"""


async def test_a_second_process_knows_it_too(administrator: httpx2.AsyncClient, settings: Settings) -> None:
    """It runs before, and is told nothing: it sees what is in the database."""
    given = {
        name: getattr(settings, name)
        if isinstance(getattr(settings, name), str)
        else str(getattr(settings, name))
        for name in (
            "public_url",
            "data_dir",
            "database_url",
            "database_app_url",
            "database_read_url",
            "basemap_tiles_url",
        )
    } | {"secret_key": settings.secret_key.get_secret_value()}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", ELSEWHERE,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, env={**os.environ},
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(json.dumps(given).encode() + b"\n")
        assert json.loads(await process.stdout.readline()) == []
        await add(administrator)
        process.stdin.write(b"\n")
        assert json.loads(await process.stdout.readline()) == [[NAMES["pl"]], True, [CODE]]
        assert await process.wait() == 0
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()


WRONG = [
    ("code", "Bike", "Use small Latin letters"),
    ("code", "bike__repair", "Use small Latin letters"),
    ("group", "nonsense", "Choose from the list."),
    ("name_uk", "", "Write the name in this language, too."),
    ("name_uk", "Remont", "Write it in Cyrillic letters."),
    ("name_ru", "Починка велосипедiв", "One word has Latin and Cyrillic letters in it."),
    ("name_ru", "Ремонт велосипедів", "There is a letter in it that this language does not have."),
    ("name_de", "Ремонт", "Write it in Latin letters."),
    ("name_pl", "Pralnia", "Another service has this name already."),
    ("name_en", "Bike <b>repair</b>", "Use letters, digits and ordinary punctuation only."),
    ("name_en", "x" * 61, "Write it in at most 60 signs."),
    ("synonyms_ro", "atelier\\", "Use letters, digits and ordinary punctuation only."),
    ("icon", "skull", "Choose from the list."),
    ("osm", "amenity", "Write key=value"),
    ("osm", "social_facility=soup_kitchen", "These tags mean another service already."),
    ("open_eligibility_id", "abc", "Write the number as Open Eligibility has it"),
    ("schema_org", "bike store", "Write the name of one type"),
    ("half_life_days", "-1", "Choose from the list."),
    ("default_disclosure", "", "Choose from the list."),
]


async def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost_or_written(
    administrator: httpx2.AsyncClient, database: Database
) -> None:
    await administrator.post("/desk/language", data={"language": "en"})
    for field, typed, said in WRONG:
        answer = await administrator.post("/desk/services/add", data=FORM | {field: typed})
        assert answer.status_code == 422, field
        assert said in answer.text, (field, typed)
        assert f'href="#{field}"' in answer.text
        assert f'id="{field}-error"' in answer.text
        assert WORDS["de"] in answer.text
    # Above the form six faults that are alike say which language they are about.
    bare = (await administrator.post("/desk/services/add", data=FORM | {"name_uk": "", "name_de": ""})).text
    assert "Українська: Write the name" in bare
    assert "Deutsch: Write the name" in bare
    async with session(database) as s:
        assert await s.scalar(text("SELECT count(*) FROM published.service_type")) == 0
        assert await s.scalar(VERSION) is None


async def test_a_code_is_given_once(administrator: httpx2.AsyncClient) -> None:
    await add(administrator)
    other = {f"name_{language}": f"{name} 2" for language, name in NAMES.items()}
    answer = await administrator.post("/desk/services/add", data=FORM | other | {"osm": ""})
    assert answer.status_code == 422
    assert 'href="#code"' in answer.text


async def test_a_new_name_is_live_and_places_are_found_by_it_when_the_worker_has_seen_to_it(
    administrator: httpx2.AsyncClient,
    client: httpx2.AsyncClient,
    publish: Publish,
    database: Database,
    mailbox: Mailbox,
) -> None:
    await import_country(database)
    await add(administrator)
    await publish(repairs())
    file = "/pl/area/PL-2661011/offline.html"
    assert NAMES["pl"] in (await client.get(file)).text
    page = await administrator.get(f"/desk/services/{CODE}")
    assert WORDS["ro"] in page.text
    renamed = FORM | {"version": "1", "name_pl": "Warsztat rowerowy"}
    assert (await administrator.post(f"/desk/services/{CODE}", data=renamed)).status_code == 303
    services = (await client.get("/api/v1/taxonomy/pl.json")).json()["services"]
    assert [one["name"] for one in services if one["code"] == CODE] == ["Warsztat rowerowy"]
    # The file of the municipality is another one, though no place of it says anything else.
    taken_along = (await client.get(file)).text
    assert "Warsztat rowerowy" in taken_along
    assert NAMES["pl"] not in taken_along
    await mailbox.collect()
    async with session(database) as s:
        words = await s.scalar(text("SELECT CAST(search AS text) FROM published.feature"))
        entries = (
            await s.scalars(
                text("SELECT action FROM core.audit WHERE object_id = :c ORDER BY id"), {"c": CODE}
            )
        ).all()
    assert "'warsztat'" in words
    assert "'naprawa'" not in words
    assert entries == ["service.added", "service.changed"]
    # Who had the form open before is told, and sees what is there now.
    late = await administrator.post(f"/desk/services/{CODE}", data=renamed | {"name_pl": "Rowery"})
    assert late.status_code == 409
    # The same once more changes nothing.
    again = await administrator.post(f"/desk/services/{CODE}", data=renamed | {"version": "2"})
    assert again.status_code == 303
    async with session(database) as s:
        assert await s.scalar(text("SELECT version FROM published.service_type")) == 2


async def test_what_is_no_longer_offered_stays_where_it_is(
    administrator: httpx2.AsyncClient, client: httpx2.AsyncClient, publish: Publish
) -> None:
    await add(administrator)
    (published,) = await publish(repairs())
    assert (
        await administrator.post(f"/desk/services/{CODE}/offer", data={"act": "retired"})
    ).status_code == 303
    form = await client.get("/pl/add/aid_points", follow_redirects=True)
    assert f'value="{CODE}"' not in form.text
    found = (await client.get("/api/v1/search", params={"q": WORDS["en"]})).json()["services"]
    assert CODE not in [one["code"] for one in found]
    place = await client.get(f"/pl/aid_points/{published.feature_id}", follow_redirects=True)
    assert NAMES["pl"] in place.text
    kept = await client.get(f"/api/v1/layers/aid_points/features.geojson?service={CODE}&count=true")
    assert kept.json()["numberMatched"] == 1
    # Whoever changes the place keeps it.
    suggested = await client.get(f"/pl/suggest/{published.feature_id}", follow_redirects=True)
    assert f'value="{CODE}"' in suggested.text
    assert (
        await administrator.post(f"/desk/services/{CODE}/offer", data={"act": "offered"})
    ).status_code == 303
    assert f'value="{CODE}"' in (await client.get("/pl/add/aid_points", follow_redirects=True)).text


async def test_work_that_began_before_counts_what_it_does_not_know(
    administrator: httpx2.AsyncClient, publish: Publish, database: Database
) -> None:
    """An import that runs for long takes a place away that has got the new service meanwhile: no count of it stays."""
    await add(administrator)
    (published,) = await publish(repairs())
    facets = text("SELECT count(*) FROM published.cell WHERE facet = :facet")
    async with session(database) as s:
        assert await s.scalar(facets, {"facet": f"s:{CODE}"}) == 3
        await withdraw(s, product_vocabulary(), [published.feature_id])
        assert await s.scalar(facets, {"facet": f"s:{CODE}"}) == 0
        assert await s.scalar(facets, {"facet": "g:daily_needs"}) == 0
