"""Versions of a place at the desk: seen, compared, restored; as it was on a day; and nothing of where it was protected."""

import asyncio
import datetime as dt
import json
import uuid
from typing import Any
from zoneinfo import ZoneInfo

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from app.accounts.audit import SYSTEM, Actor, verify_chain
from app.accounts.roles import Role
from app.config import Settings
from app.db import Database, session
from app.desk.as_of import FILES
from app.features.publishing import Item, publish, unpublish
from app.features.setting import Setting
from app.layers.registry import LAYERS
from tests.functional.conftest import Publish, aid_point
from tests.functional.desk.conftest import Waiting, decision, signed_in
from tests.functional.desk.locks import patient, until_all_wait
from tests.postgis import AT_ONCE

POINTS = LAYERS["aid_points"]
REASON = "Poprzednia nazwa była prawdziwa."
#: A name that stands nowhere else.
STREET = "Tajemnicza"


async def _edit(
    database: Database, setting: Setting, feature_id: uuid.UUID, content: dict[str, Any], **more: Any
) -> None:
    async with session(database) as s:
        item = Item(POINTS.content.read(content), feature_id=feature_id)
        await publish(s, setting, POINTS, item, actor=SYSTEM, **more)


@pytest.fixture
async def edited(publish: Publish, database: Database, setting: Setting) -> uuid.UUID:
    """A place with three versions: its name, then its hours were changed."""
    (made,) = await publish(aid_point("Stary Dom", hours="Mo-Fr 09:00-17:00"))
    changed = aid_point("Nowy Dom", hours="Mo-Fr 09:00-17:00")
    await _edit(database, setting, made.feature_id, changed, reason="Zmieniła się nazwa")
    await _edit(database, setting, made.feature_id, changed | {"hours": "Mo-Fr 10:00-16:00"})
    return made.feature_id


async def _live(database: Database, feature_id: uuid.UUID) -> tuple[int, dict[str, Any]]:
    async with session(database) as s:
        row = (
            await s.execute(
                text("SELECT revision, content FROM core.feature WHERE id = :id"), {"id": feature_id}
            )
        ).one()
    return row.revision, row.content


def _wish(older: int, seen: int, **more: Any) -> dict[str, Any]:
    return {
        "number": str(older),
        "revision": str(seen),
        "reason": REASON,
        "field": ["name", "hours"],
    } | more


async def test_every_version_is_listed_with_who_when_why_and_its_submission(
    moderator: httpx2.AsyncClient, waiting: Waiting, database: Database, setting: Setting
) -> None:
    submission = await waiting(name="Stary Dom")
    await moderator.post(f"/desk/submissions/{submission.id}/approve", data=decision(submission))
    async with session(database) as s:
        feature_id = (await s.execute(text("SELECT id FROM core.feature"))).scalar_one()
    await _edit(database, setting, feature_id, aid_point("Nowy Dom"), reason="Zmieniła się nazwa")
    page = await moderator.get(f"/desk/published/{feature_id}")
    assert f'href="/desk/published/{feature_id}/versions"' in page.text
    page = await moderator.get(f"/desk/published/{feature_id}/versions")
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    assert f'href="/desk/submissions/{submission.id}"' in page.text
    assert "Zmieniła się nazwa" in page.text
    assert page.text.index("Wersja 2") < page.text.index("Wersja 1")
    assert "moderator" in page.text.split('class="versions"')[1]


async def test_older_versions_are_on_further_pages(
    moderator: httpx2.AsyncClient, edited: uuid.UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.desk.revisions.PAGE", 2)
    first = await moderator.get(f"/desk/published/{edited}/versions")
    assert 'href="?before=2"' in first.text
    assert "version?number=1" not in first.text
    second = await moderator.get(f"/desk/published/{edited}/versions?before=2")
    assert "version?number=1" in second.text
    assert 'href="?before=' not in second.text


async def test_two_versions_are_compared_word_by_word(
    moderator: httpx2.AsyncClient, edited: uuid.UUID, database: Database, setting: Setting
) -> None:
    where = f"/desk/published/{edited}/compare"
    page = await moderator.get(where, params={"older": "1", "newer": "2"})
    assert "<del>Stary</del>" in page.text
    assert "<ins>Nowy</ins>" in page.text
    assert "Mo-Fr" not in page.text
    turned = await moderator.get(where, params={"older": "2", "newer": "1"})
    assert "<del>Stary</del>" in turned.text
    both = await moderator.get(where, params={"older": "1", "newer": "3"})
    assert "Mo-Fr 10:00-16:00" in both.text
    assert "Mo-Fr 09:00-17:00" in both.text
    assert (await moderator.get(where, params={"older": "1", "newer": "4"})).status_code == 404
    assert (await moderator.get(where, params={"older": "0", "newer": "1"})).status_code == 422
    # What is not there any more is said, and no sign without words.
    assert "Nic</span>" not in both.text
    await _edit(database, setting, edited, aid_point("Nowy Dom"))
    gone = await moderator.get(where, params={"older": "3", "newer": "4"})
    assert '<span class="meta">Nic</span>' in gone.text


async def test_restoring_gives_the_old_content_as_a_new_version(
    client: httpx2.AsyncClient, moderator: httpx2.AsyncClient, edited: uuid.UUID, database: Database
) -> None:
    async with session(database) as s:
        first = (await s.execute(text("SELECT content FROM core.revision WHERE number = 1"))).scalar_one()
        checked = (await s.execute(text("SELECT verified_at FROM core.feature"))).scalar_one()
    page = await moderator.get(f"/desk/published/{edited}/version?number=1")
    assert f'action="/desk/published/{edited}/restore"' in page.text
    answer = await moderator.post(f"/desk/published/{edited}/restore", data=_wish(1, 3))
    assert (answer.status_code, answer.headers["location"]) == (303, f"/desk/published/{edited}")
    assert await _live(database, edited) == (4, first)
    one = await client.get(f"/api/v1/layers/aid_points/features/{edited}")
    assert one.json()["properties"]["name"]["texts"] == {"pl": "Stary Dom"}
    page = await moderator.get(f"/desk/published/{edited}/versions")
    assert "taka sama jak wersja 1" in page.text
    assert REASON in page.text
    async with session(database) as s:
        log = await s.execute(
            text("SELECT action, actor_kind, detail FROM core.audit WHERE object_id = :id ORDER BY id"),
            {"id": str(edited)},
        )
        assert tuple(log.all()[-1]) == ("feature.revert", "staff", {"layer": "aid_points", "revision": 4})
        assert await verify_chain(s) is None
        # Nobody has looked at the place by that.
        assert (await s.execute(text("SELECT verified_at FROM core.feature"))).scalar_one() == checked

    again = await moderator.post(f"/desk/published/{edited}/restore", data=_wish(1, 4))
    assert again.status_code == 409
    assert (await _live(database, edited))[0] == 4


async def test_one_field_is_restored_and_the_others_stay(
    moderator: httpx2.AsyncClient, edited: uuid.UUID, database: Database
) -> None:
    answer = await moderator.post(f"/desk/published/{edited}/restore", data=_wish(1, 3, field="name"))
    assert answer.status_code == 303
    _, content = await _live(database, edited)
    assert content["name"]["texts"] == {"pl": "Stary Dom"}
    assert content["hours"] == "Mo-Fr 10:00-16:00"


@pytest.mark.parametrize(
    ("wish", "status"),
    [
        ({"reason": " "}, 422),
        ({"reason": "x" * 2001}, 422),
        ({"field": []}, 422),
        ({"revision": "2"}, 409),
        ({"revision": "x"}, 409),
        ({"number": "9"}, 404),
        ({"number": "x"}, 404),
        ({"number": "3"}, 409),
    ],
)
async def test_what_stands_in_the_way_of_restoring_is_said(
    moderator: httpx2.AsyncClient,
    edited: uuid.UUID,
    database: Database,
    wish: dict[str, Any],
    status: int,
) -> None:
    answer = await moderator.post(f"/desk/published/{edited}/restore", data=_wish(1, 3, **wish))
    assert answer.status_code == status
    assert (await _live(database, edited))[0] == 3


async def test_what_todays_rules_refuse_is_named_field_by_field(
    moderator: httpx2.AsyncClient, edited: uuid.UUID, database: Database
) -> None:
    async with session(database) as s:
        await s.execute(
            text(
                "UPDATE core.revision SET content = content || "
                """'{"hours": "kiedyś", "channel": "telegraph"}' WHERE number = 1"""
            )
        )
    page = await moderator.get(f"/desk/published/{edited}/version?number=1")
    assert "telegraph" in page.text
    wish = _wish(1, 3, field=["name", "hours", "channel"])
    answer = await moderator.post(f"/desk/published/{edited}/restore", data=wish)
    assert answer.status_code == 422
    problem = answer.text.split('id="problem"')[1].split("</section>")[0]
    assert "Godziny" in problem
    assert REASON in answer.text
    assert (await _live(database, edited))[0] == 3
    # What fits comes back without the rest.
    answer = await moderator.post(f"/desk/published/{edited}/restore", data=_wish(1, 3, field="name"))
    assert answer.status_code == 303
    assert (await _live(database, edited))[1]["name"]["texts"] == {"pl": "Stary Dom"}


async def test_what_is_off_the_map_is_not_restored(
    moderator: httpx2.AsyncClient, edited: uuid.UUID, database: Database
) -> None:
    await moderator.post(f"/desk/published/{edited}/take-down", data={"revision": "3", "reason": REASON})
    page = await moderator.get(f"/desk/published/{edited}/version?number=1")
    assert page.status_code == 200
    assert "/restore" not in page.text
    answer = await moderator.post(f"/desk/published/{edited}/restore", data=_wish(1, 4))
    assert answer.status_code == 409


async def test_an_editor_sees_versions_and_restores_none(site: FastAPI, edited: uuid.UUID) -> None:
    async with signed_in(site, Role.EDITOR, "editor@example.org") as editor:
        page = await editor.get(f"/desk/published/{edited}/version?number=1")
        assert "Stary Dom" in page.text
        assert "/restore" not in page.text
        answer = await editor.post(f"/desk/published/{edited}/restore", data=_wish(1, 3))
        assert answer.status_code == 403


async def test_of_two_who_restore_at_once_one_wins(
    moderator: httpx2.AsyncClient, edited: uuid.UUID, database: Database
) -> None:
    answers = await asyncio.gather(
        *(moderator.post(f"/desk/published/{edited}/restore", data=_wish(number, 3)) for number in (1, 2))
    )
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    assert (await _live(database, edited))[0] == 4


async def test_h7_of_two_hundred_edits_of_one_version_one_wins(
    site: FastAPI, settings: Settings, moderator: httpx2.AsyncClient, edited: uuid.UUID, database: Database
) -> None:
    """Whoever has seen version 3 changes version 3: the others are told that it has changed, or that we are busy."""

    async def one(number: int) -> httpx2.Response:
        wish = _wish(1 + number % 2, 3, reason=f"Zmiana {number}")
        return await moderator.post(f"/desk/published/{edited}/restore", data=wish)

    # As many as there are ways to the database wait for the same; the others find none, and are told so.
    first, others = range(AT_ONCE), range(AT_ONCE, 200)
    async with patient(site, settings):
        async with session(database) as holder:
            await holder.execute(text("SELECT FROM core.feature WHERE id = :id FOR UPDATE"), {"id": edited})
            together = [asyncio.create_task(one(number)) for number in first]
            await until_all_wait(database, together)
            for told in await asyncio.gather(*(one(number) for number in others)):
                assert (told.status_code, told.headers["retry-after"]) == (503, "30")
        statuses = [answer.status_code for answer in await asyncio.gather(*together)]
        assert (statuses.count(303), statuses.count(409)) == (1, AT_ONCE - 1)
        places = asyncio.Semaphore(AT_ONCE)

        async def again(number: int) -> int:
            async with places:
                return (await one(number)).status_code

        assert set(await asyncio.gather(*(again(number) for number in others))) <= {409}
    async with session(database) as s:
        numbers = (await s.execute(text("SELECT number FROM core.revision ORDER BY number"))).scalars().all()
        assert numbers == [1, 2, 3, 4]
        assert await verify_chain(s) is None


def _protected(name: str = "Dom") -> dict[str, Any]:
    place = {"disclosure": "area", "area": {"code": "PL-2661", "name": "Kielce"}}
    return aid_point(name) | {"place": place}


@pytest.fixture
async def protected(publish: Publish, database: Database, setting: Setting) -> uuid.UUID:
    """A place whose street and position were public in version 1, and are protected since version 2."""
    address = {"street": STREET, "house_number": "7", "city": "Kielce"}
    description = {"texts": {"pl": f"Wejście od ulicy {STREET}"}, "source": "pl"}
    (made,) = await publish(aid_point("Dom", address=address, description=description))
    await _edit(database, setting, made.feature_id, _protected(), reason="Ktoś tu grozi ludziom")
    return made.feature_id


async def test_where_a_protected_place_was_is_told_to_nobody(
    site: FastAPI, moderator: httpx2.AsyncClient, protected: uuid.UUID, database: Database
) -> None:
    here, today = f"/desk/published/{protected}", dt.datetime.now(ZoneInfo("Europe/Warsaw")).date()
    await moderator.post(f"{here}/take-down", data={"revision": "2", "reason": "Na wszelki wypadek"})
    asked = [
        f"{here}/versions",
        f"{here}/version?number=1",
        f"{here}/compare?older=1&newer=2",
        f"{here}/compare?older=1&newer=1",
        f"{here}/as-of?day={today}",
    ]
    async with signed_in(site, Role.ADMINISTRATOR, "admin@example.org") as administrator:
        for someone in (moderator, administrator):
            for url in asked:
                answer = await someone.get(url)
                assert answer.status_code in {200, 303}, url
                for said in (STREET, "50.8661", "50,8661", "20.6286"):
                    assert said not in answer.text, (url, said)
    await moderator.post(f"{here}/put-back", data={"revision": "3", "reason": "Już dobrze"})
    answer = await moderator.post(f"{here}/restore", data=_wish(1, 4, field=["place", "address"]))
    assert answer.status_code == 409
    assert STREET not in answer.text
    assert "address" not in (await _live(database, protected))[1]


async def test_what_was_on_the_map_on_a_day(
    client: httpx2.AsyncClient,
    moderator: httpx2.AsyncClient,
    publish: Publish,
    database: Database,
    setting: Setting,
) -> None:
    (one, gone, hidden) = await publish(
        aid_point("Stary Dom"),
        aid_point("Dom, którego nie ma"),
        aid_point("Dom przy ulicy", address={"street": STREET, "house_number": "7", "city": "Kielce"}),
    )
    days = [dt.date(2026, 3, day) for day in (1, 10, 20)]
    await _edit(database, setting, one.feature_id, aid_point("Nowy Dom"))
    async with session(database) as s:
        await unpublish(s, setting, POINTS, gone.feature_id, actor=Actor("staff"), reason="Zamknięte")
    await _edit(database, setting, hidden.feature_id, _protected("Dom"))
    async with session(database) as s:
        await s.execute(
            text(
                "UPDATE core.revision SET created_at = CASE number "
                "WHEN 1 THEN timestamptz '2026-03-10T23:30+01:00' ELSE timestamptz '2026-03-20T00:00+01:00' END"
            )
        )
    found = [await _file(moderator, day) for day in days]
    assert found[0] == {}
    assert found[1].keys() == {str(made.feature_id) for made in (one, gone, hidden)}
    assert found[2].keys() == {str(made.feature_id) for made in (one, hidden)}
    then, now = found[1][str(one.feature_id)], found[2][str(one.feature_id)]
    assert then["properties"]["name"]["texts"]["pl"] == "Stary Dom"
    assert then["geometry"] == {"type": "Point", "coordinates": [20.6286, 50.8661]}
    assert now["properties"]["name"]["texts"]["pl"] == "Nowy Dom"
    withheld = found[1][str(hidden.feature_id)]
    assert withheld["geometry"] is None
    assert withheld["properties"]["state"] == "withheld"
    assert withheld["properties"].keys() == {"layer", "revision", "since", "state"}

    page = await moderator.get("/desk/as-of?layer=aid_points&day=2026-03-10")
    assert "Stary Dom" in page.text
    assert "Dom, którego nie ma" in page.text
    assert "Dom przy ulicy" not in page.text
    one_day = await moderator.get(f"/desk/published/{one.feature_id}/as-of?day=2026-03-10")
    assert one_day.headers["location"].endswith("/version?number=1&day=2026-03-10")
    before = await moderator.get(f"/desk/published/{one.feature_id}/as-of?day=2026-03-09")
    assert before.status_code == 404
    off = await moderator.get(f"/desk/published/{gone.feature_id}/as-of?day=2026-03-20")
    page = await moderator.get(off.headers["location"])
    assert "Nie było tego na mapie" in page.text
    # What was public once is not public again.
    for url in (
        "/api/v1/layers/aid_points/features.geojson",
        f"/api/v1/layers/aid_points/features/{gone.feature_id}",
    ):
        assert (await client.get(f"{url}?as_of=2026-03-10")).status_code == 422


async def _file(moderator: httpx2.AsyncClient, day: dt.date) -> dict[str, Any]:
    answer = await moderator.get(f"/desk/as-of/features.geojson?layer=aid_points&day={day}")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert f"aid_points-{day}.geojson" in answer.headers["content-disposition"]
    return {feature["id"]: feature for feature in json.loads(answer.text)["features"]}


async def test_a_layer_is_read_batch_by_batch(
    moderator: httpx2.AsyncClient, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    await publish(*(aid_point(f"Dom {n}") for n in range(7)))
    monkeypatch.setattr("app.desk.as_of.PAGE", 3)
    today = dt.datetime.now(ZoneInfo("Europe/Warsaw")).date()
    names, url = [], f"/desk/as-of?layer=aid_points&day={today}"
    while url:
        page = (await moderator.get(url)).text
        names += [f"Dom {n}" for n in range(7) if f">Dom {n}<" in page]
        more = page.partition('href="?layer=aid_points&amp;day=')[2].partition('"')[0]
        url = f"/desk/as-of?layer=aid_points&day={more.replace('&amp;', '&')}" if more else ""
    assert sorted(names) == [f"Dom {n}" for n in range(7)]


@pytest.mark.parametrize("day", ["", "2026-02-30", "2999-01-01", "wczoraj", "2026-1-1"])
async def test_what_is_no_day_is_said(moderator: httpx2.AsyncClient, edited: uuid.UUID, day: str) -> None:
    for url in (
        f"/desk/published/{edited}/as-of",
        "/desk/as-of?layer=aid_points",
        "/desk/as-of/features.geojson?layer=aid_points",
    ):
        params = httpx2.URL(url).params.merge({"day": day})
        answer = await moderator.get(httpx2.URL(url).copy_with(params=params))
        assert answer.status_code == 422, url


async def test_files_of_layers_are_limited(moderator: httpx2.AsyncClient, publish: Publish) -> None:
    await publish(aid_point())
    today = dt.datetime.now(ZoneInfo("Europe/Warsaw")).date()
    url = f"/desk/as-of/features.geojson?layer=aid_points&day={today}"
    statuses = [(await moderator.get(url)).status_code for _ in range(FILES.times + 1)]
    assert statuses == [200] * FILES.times + [429]
    assert (await moderator.get(f"/desk/as-of?layer=streets&day={today}")).status_code == 404
