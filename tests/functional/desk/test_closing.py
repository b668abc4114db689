"""Closed with date, for good or for a time, and opened again: what the public reads, in every output, and when it turns."""

import datetime as dt
import uuid
from email.message import EmailMessage
from typing import Any
from zoneinfo import ZoneInfo

import httpx2
import pytest
import time_machine
from babel.dates import format_date
from fastapi import FastAPI
from sqlalchemy import text

from app.accounts.audit import verify_chain
from app.accounts.roles import Role
from app.db import Database, session
from app.features.reindexing import renew_openings
from app.features.setting import Setting
from app.i18n import LANGUAGES
from app.layers.registry import LAYERS
from app.taxonomy.vocabulary import load_vocabulary
from tests.functional.conftest import Mailbox, Publish, aid_point
from tests.functional.desk.conftest import Waiting, decision, signed_in
from tests.functional.desk.test_reports import ids, report

WARSAW = ZoneInfo("Europe/Warsaw")
ENGLISH = {"Accept-Language": "en"}
NOTE = "Teraz w szkole przy Ogrodowej."


def today() -> dt.date:
    return dt.datetime.now(WARSAW).date()


def form(**said: str) -> dict[str, str]:
    given = {"revision": "1", "state": "closed", "since": "", "until": "", "reason": "moved"}
    return given | {"note": NOTE, "language": "pl"} | said


async def close(moderator: httpx2.AsyncClient, feature_id: uuid.UUID, **said: str) -> httpx2.Response:
    return await moderator.post(f"/desk/published/{feature_id}/close", data=form(**said), headers=ENGLISH)


async def page_of(client: httpx2.AsyncClient, feature_id: uuid.UUID, language: str = "en") -> str:
    page = await client.get(f"/{language}/aid_points/{feature_id}", follow_redirects=True)
    assert page.status_code == 200
    return page.text


def plain(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


async def whole(client: httpx2.AsyncClient, feature_id: uuid.UUID) -> dict[str, Any]:
    answer = await client.get(f"/api/v1/layers/aid_points/features/{feature_id}")
    properties: dict[str, Any] = answer.json()["properties"]
    return properties


async def slim(client: httpx2.AsyncClient, **asked: str) -> list[dict[str, Any]]:
    answer = await client.get("/api/v1/layers/aid_points/features.geojson", params=asked)
    assert answer.status_code == 200, answer.text
    return [feature["properties"] for feature in answer.json()["features"]]


async def renew(database: Database) -> None:
    """What the worker does in the first minutes of a day."""
    setting = Setting(load_vocabulary(), "Europe/Warsaw", "PL", dt.datetime.now(dt.UTC))
    await renew_openings(database, setting, LAYERS)


async def test_a_place_closes_at_midnight_in_warsaw_without_anybody_doing_anything(
    client: httpx2.AsyncClient, moderator: httpx2.AsyncClient, publish: Publish, database: Database
) -> None:
    phone = [{"kind": "phone", "value": "+48413445599"}]
    services = [{"type": "hot_meals", "hours": "Mo-Su 12:00-16:00"}, {"type": "clothing"}]
    (made,) = await publish(aid_point("Bar", hours="24/7", contacts=phone, services=services))
    day = today() + dt.timedelta(days=3)
    assert (await close(moderator, made.feature_id, since=day.isoformat())).status_code == 303
    # Programs know at once, and whoever asks what is open on a day.
    assert (await whole(client, made.feature_id))["status"] == {
        "state": "closed",
        "since": day.isoformat(),
        "reason": "moved",
        "note": {"texts": {"pl": NOTE}, "source": "pl"},
    }
    (entry,) = (await client.get("/api/v1/changes")).json()["changes"][-1:]
    assert (entry["kind"], entry["feature"]["properties"]["status"]["since"]) == ("changed", day.isoformat())
    midnight = dt.datetime.combine(day, dt.time(), WARSAW)
    for hours, found in ((-1, 1), (1, 0)):
        at = (midnight + dt.timedelta(hours=hours)).isoformat()
        assert len(await slim(client, open_at=at)) == found, hours
    written = format_date(day, "long", locale="en")

    with time_machine.travel(midnight - dt.timedelta(seconds=30), tick=False):
        await renew(database)
        before = await page_of(client, made.feature_id)
        assert f"Closes for good, closed from {written}" in before
        assert NOTE in before
        assert "12:00–16:00" in before
        assert "data-way" in before
        assert "31, 2099" not in before
        assert "closed" not in (await slim(client))[0]
        assert "Closed for good" not in (await client.get("/en/")).text
    with time_machine.travel(midnight + dt.timedelta(seconds=30), tick=False):
        # The hour's work has not been done yet: nobody is sent there, and the page says so.
        after = await page_of(client, made.feature_id)
        assert f"Closed for good since {written}: Moved" in after
        assert NOTE in after
        assert "12:00–16:00" not in after
        assert "data-way" not in after
        (shown,) = await slim(client)
        first = dt.date.fromisoformat(shown["base"])
        minute = (
            midnight + dt.timedelta(minutes=1) - dt.datetime.combine(first, dt.time(), WARSAW)
        ).total_seconds() / 60
        assert not [span for span in shown["open"] if span[0] <= minute < span[1]]
        await renew(database)
        assert (await slim(client))[0]["closed"] is True
        assert "Closed for good" in (await client.get("/en/")).text
        slip = await client.get(f"/en/aid_points/{made.feature_id}/slip.html")
        assert "Closed for good" in slip.text


async def test_a_time_begins_and_ends_by_itself(
    client: httpx2.AsyncClient, moderator: httpx2.AsyncClient, publish: Publish, database: Database
) -> None:
    (made,) = await publish(aid_point("Bar", hours="24/7"))
    first, last = today() + dt.timedelta(days=2), today() + dt.timedelta(days=4)
    answer = await close(
        moderator,
        made.feature_id,
        state="temporarily_closed",
        since=first.isoformat(),
        until=last.isoformat(),
        reason="renovation",
    )
    assert answer.status_code == 303
    said = []
    for day in (first - dt.timedelta(days=1), first, last, last + dt.timedelta(days=1)):
        with time_machine.travel(dt.datetime.combine(day, dt.time(0, 1), WARSAW), tick=False):
            await renew(database)
            page = await page_of(client, made.feature_id)
            is_open = bool(await slim(client, open_at=dt.datetime.now(dt.UTC).isoformat()))
            said.append(("Closed from" in page, "Closed until" in page, NOTE in page, is_open))
    assert said == [
        (True, False, True, True),
        (False, True, True, False),
        (False, True, True, False),
        (False, False, False, True),
    ]


async def test_it_opens_again_and_its_submitter_is_told_of_both(
    client: httpx2.AsyncClient,
    moderator: httpx2.AsyncClient,
    waiting: Waiting,
    database: Database,
    mailbox: Mailbox,
) -> None:
    submission = await waiting(name="Bar")
    await moderator.post(f"/desk/submissions/{submission.id}/approve", data=decision(submission))
    await mailbox.collect()
    async with session(database) as s:
        found: uuid.UUID = (await s.execute(text("SELECT feature_id FROM core.submission"))).scalar_one()
    path = f"/desk/published/{found}"
    assert f'href="{path}/close"' in (await moderator.get(path)).text
    assert (await close(moderator, found, since=today().isoformat())).status_code == 303
    for language in LANGUAGES:
        assert NOTE in await page_of(client, found, language)
    page = await moderator.get(path, headers=ENGLISH)
    assert f'action="{path}/reopen"' in page.text
    assert NOTE in page.text
    (mail,) = await mailbox.collect()
    assert mail["To"] == "olena@example.org"
    assert NOTE in plain(mail)

    # What stands in the form is what the map says; the same once more changes nothing.
    shown = (await moderator.get(f"{path}/close", headers=ENGLISH)).text
    assert NOTE in shown
    assert today().isoformat() in shown
    same = await close(moderator, found, revision="2", since=today().isoformat())
    assert same.status_code == 409
    assert NOTE in same.text

    missing = await moderator.post(f"{path}/reopen", data={"revision": "2", "reason": " "})
    assert missing.status_code == 422
    opened = await moderator.post(f"{path}/reopen", data={"revision": "2", "reason": "Wrócili."})
    assert opened.status_code == 303
    assert "status" not in await whole(client, found)
    assert NOTE not in await page_of(client, found)
    (mail,) = await mailbox.collect()
    assert "Wrócili." in plain(mail)
    twice = await moderator.post(f"{path}/reopen", data={"revision": "3", "reason": "Raz jeszcze."})
    assert twice.status_code == 409
    async with session(database) as s:
        actions = (await s.execute(text("SELECT action FROM core.revision ORDER BY number"))).scalars().all()
        assert actions == ["publish", "close", "reopen"]
        assert await verify_chain(s) is None
    # And back by the versions: what was done is undone.
    restored = await moderator.post(
        f"{path}/restore", data={"revision": "3", "number": "2", "reason": "Jednak nie.", "field": "status"}
    )
    assert restored.status_code == 303
    assert (await whole(client, found))["status"]["state"] == "closed"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"state": ""}, "state"),
        ({"since": "kiedyś"}, "since"),
        ({"since": "2026-12-10", "until": "2026-12-20"}, "until"),
        ({"state": "temporarily_closed", "since": "2026-12-10", "until": "2026-12-01"}, "until"),
        ({"state": "temporarily_closed", "reason": "moved"}, "reason"),
        ({"reason": "", "note": ""}, "reason"),
        ({"reason": "unknown", "note": " "}, "reason"),
        ({"note": "x" * 501}, "note"),
    ],
)
async def test_what_is_not_right_is_said_beside_its_field(
    moderator: httpx2.AsyncClient,
    client: httpx2.AsyncClient,
    publish: Publish,
    said: dict[str, str],
    field: str,
) -> None:
    (made,) = await publish(aid_point("Bar"))
    answer = await close(moderator, made.feature_id, **said)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    # Nothing that was typed is lost.
    if "note" not in said:
        assert NOTE in answer.text
    assert "status" not in await whole(client, made.feature_id)


async def test_a_place_that_was_changed_meanwhile_is_not_closed(
    moderator: httpx2.AsyncClient, client: httpx2.AsyncClient, publish: Publish
) -> None:
    (made,) = await publish(aid_point("Bar"))
    assert (await close(moderator, made.feature_id, revision="7")).status_code == 409
    assert "status" not in await whole(client, made.feature_id)


async def test_f_the_note_of_a_protected_place_does_not_lead_there(
    moderator: httpx2.AsyncClient, client: httpx2.AsyncClient, publish: Publish
) -> None:
    hidden = aid_point("Dom", services=[{"type": "homeless_shelter"}]) | {
        "place": {"disclosure": "contact_only", "area": {"code": "PL-1863", "name": "Rzeszów"}},
        "contacts": [{"kind": "phone", "value": "+48413445599"}],
    }
    (made,) = await publish(hidden)
    answer = await close(moderator, made.feature_id, note="Przenieśliśmy się na ul. Kryjówkową 77.")
    assert answer.status_code == 422
    assert "status" not in await whole(client, made.feature_id)


async def test_a_report_leads_to_the_form_in_one_press_and_is_resolved_by_it(
    moderator: httpx2.AsyncClient,
    client: httpx2.AsyncClient,
    publish: Publish,
    database: Database,
    mailbox: Mailbox,
) -> None:
    made, other = await publish(aid_point("Bar"), aid_point("Inny"))
    await report(database, made.feature_id, "closed_for_good", email="jan@poczta.pl")
    await report(database, made.feature_id, "moved")
    (found,) = await ids(database, "closed_for_good")
    way = f"/desk/published/{made.feature_id}/close?report={found}"
    assert f'href="{way}"' in (await moderator.get(f"/desk/reports/{found}")).text
    page = (await moderator.get(way, headers=ENGLISH)).text
    assert 'name="state" value="closed" id="state" checked' in page
    assert f'value="{today().isoformat()}"' in page
    # Of another place it is no report.
    wrong = await moderator.get(f"/desk/published/{other.feature_id}/close?report={found}")
    assert wrong.status_code == 404
    more = {
        "report": str(found),
        "version": "1",
        "others": "moved",
        "seen_at": dt.datetime.now(dt.UTC).isoformat(),
    }
    answer = await close(moderator, made.feature_id, **more)
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"].startswith("/desk/reports?after=")
    assert (await whole(client, made.feature_id))["status"]["state"] == "closed"
    async with session(database) as s:
        states = (await s.execute(text("SELECT DISTINCT state FROM core.report"))).scalars().all()
    assert states == ["resolved"]
    (mail,) = await mailbox.collect()
    assert mail["To"] == "jan@poczta.pl"


async def test_an_editor_closes_nothing(site: FastAPI, publish: Publish) -> None:
    (made,) = await publish(aid_point("Bar"))
    async with signed_in(site, Role.EDITOR, "edyta@pomapa.example") as editor:
        for act in ("close", "reopen"):
            answer = await editor.post(f"/desk/published/{made.feature_id}/{act}", data=form())
            assert answer.status_code == 403
        assert "/close" not in (await editor.get(f"/desk/published/{made.feature_id}")).text
