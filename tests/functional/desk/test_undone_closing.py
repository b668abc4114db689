"""Undoing a report that was resolved by closing its place, and the ways between a report and what it leads to."""

import uuid
from typing import Any

import httpx2
import pytest
from sqlalchemy import text

from app.db import Database, session
from tests.functional.conftest import Publish, aid_point
from tests.functional.desk.merging import two
from tests.functional.desk.test_closing import close, whole
from tests.functional.desk.test_reports import ids, report

ENGLISH = {"Accept-Language": "en"}


async def closed_by_report(
    moderator: httpx2.AsyncClient, publish: Publish, database: Database, **more: Any
) -> tuple[uuid.UUID, uuid.UUID]:
    """A place that was closed by resolving a report of it; the ids of both."""
    (made,) = await publish(aid_point("Bar", **more))
    await report(database, made.feature_id, "closed_for_good")
    (found,) = await ids(database, "closed_for_good")
    answer = await close(moderator, made.feature_id, report=str(found), version="1")
    assert answer.status_code == 303, answer.text
    return made.feature_id, found


async def test_undoing_a_report_opens_the_place_that_it_closed_and_says_so(
    moderator: httpx2.AsyncClient, client: httpx2.AsyncClient, publish: Publish, database: Database
) -> None:
    place, found = await closed_by_report(moderator, publish, database)
    listed = (await moderator.get(f"/desk/reports?after={found}", headers=ENGLISH)).text
    assert "The place is closed on the map now." in listed
    page = (await moderator.get(f"/desk/reports/{found}", headers=ENGLISH)).text
    assert "<strong>Closed on the map</strong>" in page
    assert "The place is opened again on the map with it." in page
    undone = await moderator.post(f"/desk/reports/{found}/reopen", data={"version": "2"})
    said = (await moderator.get(undone.headers["location"], headers=ENGLISH)).text
    assert "The place is open again on the map." in said
    assert (await whole(client, place)).get("status", {}).get("state", "active") == "active"


async def test_undoing_gives_back_how_it_was_closed_before(
    moderator: httpx2.AsyncClient, client: httpx2.AsyncClient, publish: Publish, database: Database
) -> None:
    before = {"state": "temporarily_closed", "since": "2026-01-02", "reason": "renovation"}
    place, found = await closed_by_report(moderator, publish, database, status=before)
    undone = await moderator.post(f"/desk/reports/{found}/reopen", data={"version": "2"})
    said = (await moderator.get(undone.headers["location"], headers=ENGLISH)).text
    assert "what it said before it was closed" in said
    assert (await whole(client, place))["status"]["state"] == "temporarily_closed"


async def test_later_the_place_stays_closed_and_both_pages_say_so(
    moderator: httpx2.AsyncClient, client: httpx2.AsyncClient, publish: Publish, database: Database
) -> None:
    place, found = await closed_by_report(moderator, publish, database)
    async with session(database) as s:
        for table in ("report SET resolved_at = resolved_at", "revision SET created_at = created_at"):
            await s.execute(text(f"UPDATE core.{table} - interval '1 day'"))
    words = "On the map the place stays closed."
    assert words in (await moderator.get(f"/desk/reports/{found}", headers=ENGLISH)).text
    undone = await moderator.post(f"/desk/reports/{found}/reopen", data={"version": "2"})
    assert words in (await moderator.get(undone.headers["location"], headers=ENGLISH)).text
    assert (await whole(client, place))["status"]["state"] == "closed"


async def test_what_became_of_the_place_since_is_not_taken_back(
    moderator: httpx2.AsyncClient, client: httpx2.AsyncClient, publish: Publish, database: Database
) -> None:
    place, found = await closed_by_report(moderator, publish, database)
    later = await close(moderator, place, revision="2", state="temporarily_closed", reason="renovation")
    assert later.status_code == 303, later.text
    undone = await moderator.post(f"/desk/reports/{found}/reopen", data={"version": "2"})
    assert undone.status_code == 303, "the report waits again all the same"
    assert (await whole(client, place))["status"]["state"] == "temporarily_closed"


async def test_merging_leads_back_to_the_report_that_led_there(
    moderator: httpx2.AsyncClient, publish: Publish, database: Database
) -> None:
    keep, drop = await two(publish)
    (other,) = await publish(aid_point("Inny bar"))
    await report(database, keep, "duplicate")
    (found,) = await ids(database, "duplicate")
    way = f"/desk/merge/{keep}?report={found}"
    assert f'href="{way}"' in (await moderator.get(f"/desk/reports/{found}")).text
    back = f'href="/desk/reports/{found}"'
    choosing = (await moderator.get(way)).text
    assert back in choosing
    both = f"/desk/merge/{keep}/{drop}?report={found}"
    assert f'href="{both}"' in choosing
    shown = (await moderator.get(both)).text
    assert back in shown
    assert f'href="/desk/merge/{drop}/{keep}?report={found}"' in shown
    sent = {"revision": "1", "other": "1", "report": str(found)}
    done = await moderator.post(f"/desk/merge/{keep}/{drop}", data=sent)
    assert back in (await moderator.get(done.headers["location"])).text
    # Of another place it leads nowhere, and neither does what is no report.
    for wrong in (str(found), "x"):
        page = await moderator.get(f"/desk/merge/{other.feature_id}?report={wrong}")
        assert page.status_code == 200
        assert f"/desk/reports/{wrong}" not in page.text


@pytest.mark.parametrize("reason", ["wrong_hours", "moved"])
async def test_a_report_says_where_its_suggestion_leads(
    moderator: httpx2.AsyncClient, publish: Publish, database: Database, reason: str
) -> None:
    (made,) = await publish(aid_point("Bar"))
    await report(database, made.feature_id, reason)
    (found,) = await ids(database, reason)
    page = (await moderator.get(f"/desk/reports/{found}", headers=ENGLISH)).text
    assert f'href="/en/suggest/{made.feature_id}" target="_blank"' in page
