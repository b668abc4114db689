"""Reporting a problem without script, and what a moderator makes of it."""

import datetime as dt
import uuid

import httpx2
import pytest
import time_machine
from fastapi import FastAPI
from sqlalchemy import select, text

from app.accounts.roles import Role
from app.db import Database, session
from app.moderation.models import Report
from app.moderation.retention import forget
from tests.functional.conftest import Mailbox, Publish, aid_point
from tests.functional.desk.conftest import signed_in
from tests.functional.pages.conftest import Page, Person

CANARY = "kanarek7q"


async def send(
    person: Person, page: Page, later_s: int = 60, *, opened: dt.datetime | None = None, **filled: str
) -> Page:
    """Send the form `later_s` after now, or after it was `opened` by a clock that stood still."""
    fields = page.fields | {name: [value] for name, value in filled.items()}
    moment = (opened or dt.datetime.now(dt.UTC)) + dt.timedelta(seconds=later_s)
    with time_machine.travel(moment, tick=opened is None):
        return await person.sends(page.action, [(name, v) for name, values in fields.items() for v in values])


async def reports(database: Database) -> list[Report]:
    async with session(database) as s:
        return list(await s.scalars(select(Report).order_by(Report.created_at)))


async def test_a_report_waits_at_the_desk_gravest_first_and_its_visitor_is_told(
    person: Person, publish: Publish, database: Database, mailbox: Mailbox, site: FastAPI
) -> None:
    first, second = await publish(aid_point("Stołówka"), aid_point("Noclegownia"))
    page = await person.opens(f"/uk/report/{second.feature_id}")
    done = await send(person, page, reason="unsafe", body=f"Uwaga {CANARY}", email="ola@poczta.pl")
    assert done.url == f"/uk/report/{second.feature_id}/sent"
    assert "112" in done.text
    page = await person.opens(f"/pl/report/{first.feature_id}")
    done = await send(person, page, reason="wrong_hours")
    assert f"/pl/suggest/{first.feature_id}" in done.links
    made = {report.reason: report for report in await reports(database)}
    assert made["unsafe"].contact_email == "ola@poczta.pl"
    assert (made["wrong_hours"].contact_email, made["wrong_hours"].body) == (None, None)
    assert await mailbox.collect() == []

    english = {"Accept-Language": "en"}
    async with signed_in(site, Role.MODERATOR, "mod@example.org") as desk:
        listing = (await desk.get("/desk/reports", headers=english)).text
        assert listing.index("Unsafe or suspicious: Noclegownia") < listing.index(
            "Wrong opening hours: Stołówka"
        )
        grave = made["unsafe"]
        shown = (await desk.get(f"/desk/reports/{grave.id}", headers=english)).text
        assert f"Uwaga {CANARY}" in shown
        assert "ola@poczta.pl" not in shown
        where = f"/desk/reports/{grave.id}/resolve"
        form = {"version": "1", "revision": "1", "outcome": "taken_down", "note": ""}
        refused = await desk.post(where, data=form, headers=english)
        assert refused.status_code == 422
        assert "Write in a sentence what was done" in refused.text
        answer = await desk.post(where, data=form | {"note": "Sprawdzamy to miejsce."})
        assert answer.status_code == 303
        again = await desk.post(where, data=form | {"note": "Drugi raz"}, headers=english)
        assert again.status_code == 409
        assert "resolved this report already" in again.text
    assert (await person.opens(f"/pl/aid_points/{second.feature_id}")).status == 404
    (mail,) = await mailbox.collect()
    assert mail["To"] == "ola@poczta.pl"
    body = mail.get_body(("plain",))
    assert body is not None
    assert "Sprawdzamy to miejsce." in body.get_content()
    # Nobody has confirmed the address: what was written does not go there.
    assert CANARY not in body.get_content()
    async with session(database) as s:
        rows = await s.execute(
            text("SELECT action, detail::text FROM core.audit WHERE object_type = 'report'")
        )
        logged = list(rows)
    assert sorted(row.action for row in logged) == ["report.made", "report.made", "report.resolved"]
    assert CANARY not in str(logged)


@pytest.mark.parametrize(
    ("later_s", "filled", "status", "said"),
    [
        (60, {}, 422, "Choose what is wrong"),
        (60, {"reason": "no_such"}, 422, "Choose what is wrong"),
        (60, {"reason": "other"}, 422, "Write in a sentence or two what is wrong"),
        (60, {"reason": "spam", "email": "no address"}, 422, "e-mail"),
        (60, {"reason": "spam", "nickname": "x"}, 422, "A field that people do not see"),
        (0, {"reason": "spam"}, 422, "That was very fast"),
        (60, {"reason": "spam", "started": "AAAA"}, 422, "open for long"),
        (60, {"reason": "spam", "body": "x" * 1001}, 422, "Write it shorter"),
        (60, {"reason": "spam", "body": "\u202etxt"}, 422, "direction"),
    ],
)
async def test_what_is_wrong_is_said_and_nothing_is_kept(
    person: Person,
    publish: Publish,
    database: Database,
    later_s: int,
    filled: dict[str, str],
    status: int,
    said: str,
) -> None:
    (made,) = await publish(aid_point())
    # However busy the machine is, no time passes between opening and sending but what is said.
    opened = dt.datetime.now(dt.UTC)
    with time_machine.travel(opened, tick=False):
        page = await person.opens(f"/en/report/{made.feature_id}")
    page = await send(person, page, later_s, opened=opened, **filled)
    assert page.status == status
    assert said in page.text
    assert await reports(database) == []


async def test_whoever_sent_the_place_in_is_not_told_of_a_report(
    person: Person, publish: Publish, database: Database, mailbox: Mailbox, site: FastAPI
) -> None:
    (made,) = await publish(aid_point())
    async with session(database) as s:
        await s.execute(
            text(
                "INSERT INTO core.submission (layer, kind, channel, feature_id, content, state, language, contact_email,"
                " decided_at) VALUES ('aid_points', 'new', 'form', :id, '{}', 'approved', 'pl', 'owner@example.org', now())"
            ),
            {"id": made.feature_id},
        )
    await send(person, await person.opens(f"/pl/report/{made.feature_id}"), reason="exploitation")
    (report,) = await reports(database)
    async with signed_in(site, Role.MODERATOR, "mod@example.org") as desk:
        form = {"version": "1", "revision": "1", "outcome": "taken_down", "note": "Ktoś to zgłosił."}
        assert (await desk.post(f"/desk/reports/{report.id}/resolve", data=form)).status_code == 303
    assert (await person.opens(f"/pl/aid_points/{made.feature_id}")).status == 404
    assert await mailbox.collect() == []


async def test_what_is_written_stays_text_at_the_desk_and_is_public_nowhere(
    person: Person, publish: Publish, database: Database, client: httpx2.AsyncClient, site: FastAPI
) -> None:
    (made,) = await publish(aid_point())
    page = await person.opens(f"/en/report/{made.feature_id}")
    script = f"<script>{CANARY}</script>\n{{{{ 7 * 7 }}}}"
    await send(person, page, reason="other", body=script, email=f"{CANARY}@example.org")
    (report,) = await reports(database)
    async with signed_in(site, Role.MODERATOR, "mod@example.org") as desk:
        shown = (await desk.get(f"/desk/reports/{report.id}")).text
    assert f"&lt;script&gt;{CANARY}" in shown
    assert f"<script>{CANARY}" not in shown
    for path in (
        f"/en/report/{made.feature_id}", f"/en/report/{made.feature_id}/sent?reason=<b>{made.revision}",
        f"/en/aid_points/{made.feature_id}", f"/api/v1/layers/aid_points/features/{made.feature_id}",
    ):  # fmt: skip
        answer = await client.get(path, follow_redirects=True)
        assert answer.status_code == 200
        assert CANARY not in answer.text
        assert "<b>" not in answer.text


async def test_sent_twice_it_is_one_report_and_too_many_are_refused(
    person: Person, publish: Publish, database: Database
) -> None:
    (made,) = await publish(aid_point())
    page = await person.opens(f"/en/report/{made.feature_id}")
    for _ in range(2):
        assert (await send(person, page, reason="spam")).status == 200
    assert len(await reports(database)) == 1
    statuses = [(await send(person, page, reason="spam")).status for _ in range(10)]
    assert statuses[-1] == 429


async def test_who_is_no_moderator_sees_no_report(site: FastAPI) -> None:
    async with signed_in(site, Role.EDITOR, "editor@example.org") as desk:
        assert (await desk.get("/desk/reports")).status_code == 403
        assert "/desk/reports" not in (await desk.get("/desk/published")).text
    async with signed_in(site, Role.MODERATOR, "mod@example.org") as desk:
        for gone in (uuid.uuid4(), "x"):
            assert (await desk.get(f"/desk/reports/{gone}")).status_code == 404


async def test_words_and_address_of_a_resolved_report_are_forgotten(
    person: Person, publish: Publish, database: Database
) -> None:
    (made,) = await publish(aid_point())
    page = await person.opens(f"/en/report/{made.feature_id}")
    await send(person, page, reason="spam", body="words", email="ola@poczta.pl")
    assert (await forget(database))["reports"] == 0
    async with session(database) as s:
        await s.execute(
            text(
                "UPDATE core.report SET state = 'resolved', outcome = 'done', resolved_at = now() - interval '91 days'"
            )
        )
    assert (await forget(database))["reports"] == 1
    assert (await forget(database))["reports"] == 0
    (report,) = await reports(database)
    assert (report.body, report.contact_email, report.reason) == (None, None, "spam")
