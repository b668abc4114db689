"""Reports at the desk: one place is one thing to look at, what was done stays to be seen, and nothing hides by itself."""

import datetime as dt
import uuid

import httpx2
import pytest
from sqlalchemy import text

from app.config import Settings
from app.db import Database, session
from tests.functional.conftest import Mailbox, Publish, aid_point, words_of

ENGLISH = {"Accept-Language": "en"}


async def report(
    database: Database, feature_id: uuid.UUID, reason: str, *, times: int = 1, email: str = ""
) -> None:
    async with session(database) as s:
        await s.execute(
            text(
                "INSERT INTO core.report (feature_id, reason, language, number, contact_email)"
                " SELECT :id, :reason, 'pl', uuid_send(gen_random_uuid()), nullif(:email, '')"
                " FROM generate_series(1, :times)"
            ),
            {"id": feature_id, "reason": reason, "email": email, "times": times},
        )


async def ids(database: Database, reason: str) -> list[uuid.UUID]:
    async with session(database) as s:
        query = text("SELECT id FROM core.report WHERE reason = :reason ORDER BY created_at, id")
        return list((await s.execute(query, {"reason": reason})).scalars())


async def test_e7_ten_thousand_reports_hide_nothing_and_are_one_thing_to_look_at(
    moderator: httpx2.AsyncClient, client: httpx2.AsyncClient, publish: Publish, database: Database
) -> None:
    """SECURITY E7."""
    good, other = await publish(aid_point("Dobre miejsce"), aid_point("Inne miejsce"))
    await report(database, good.feature_id, "exploitation", times=10_000)
    await report(database, other.feature_id, "exploitation")
    page = await client.get(f"/en/aid_points/{good.feature_id}", follow_redirects=True)
    assert page.status_code == 200
    listing = (await moderator.get("/desk/reports", headers=ENGLISH)).text
    assert listing.count("Dobre miejsce") == 1
    assert "10,000 reports" in listing
    assert listing.index("Dobre miejsce") < listing.index("Inne miejsce")
    (first, *_, last) = await ids(database, "exploitation")
    shown = await moderator.get(f"/desk/reports/{first}", headers=ENGLISH)
    now = dt.datetime.now(dt.UTC).isoformat()
    assert "9,999 other reports about this place wait" in shown.text
    # By keys: to what resolves it, and to the next place, not to another report about this one.
    assert 'href="#outcome" data-key="d"' in shown.text
    assert f'href="/desk/reports/{last}" data-key="n"' in shown.text
    form = {
        "version": "1",
        "revision": "1",
        "outcome": "done",
        "note": "Byliśmy tam.",
        "others": "exploitation",
        "until": now,
    }
    answer = await moderator.post(f"/desk/reports/{first}/resolve", data=form)
    assert answer.status_code == 303
    listing = (await moderator.get("/desk/reports", headers=ENGLISH)).text
    assert "Dobre miejsce" not in listing
    assert "Inne miejsce" in listing
    async with session(database) as s:
        audited = await s.execute(text("SELECT count(*) FROM core.audit WHERE action = 'report.resolved'"))
        assert audited.scalar_one() == 10_000


async def test_what_was_resolved_is_listed_with_what_was_done_and_by_whom(
    moderator: httpx2.AsyncClient, publish: Publish, database: Database, mailbox: Mailbox
) -> None:
    (made,) = await publish(aid_point("Stołówka"))
    await report(database, made.feature_id, "unsafe", email="ola@poczta.pl")
    await report(database, made.feature_id, "wrong_hours", email="jan@poczta.pl")
    (grave,) = await ids(database, "unsafe")
    form = {"version": "1", "revision": "1", "outcome": "taken_down", "note": "Sprawdzamy."}
    done = await moderator.post(f"/desk/reports/{grave}/resolve", data=form)
    assert done.status_code == 303
    # Back at the list it is said what was done, with the way to it: for whoever may see the report, and of nothing else.
    told = (await moderator.get(done.headers["location"], headers=ENGLISH)).text
    assert "Resolved: Unsafe or suspicious, Stołówka" in told
    assert f'href="/desk/reports/{grave}"' in told
    assert f'action="/desk/reports/{grave}/reopen"' in told
    (hours,) = await ids(database, "wrong_hours")
    for other in (hours, made.feature_id, "nothing"):
        assert 'id="decided"' not in (await moderator.get(f"/desk/reports?after={other}")).text
    resolved = (await moderator.get("/desk/reports?state=resolved", headers=ENGLISH)).text
    assert "Unsafe or suspicious: Stołówka" in resolved
    assert "Wrong opening hours" not in resolved
    for said in ("Taken off the map", "moderator", "Sprawdzamy."):
        assert said in resolved
    both = (await moderator.get("/desk/reports?state=all", headers=ENGLISH)).text
    assert "Unsafe or suspicious" in both
    assert "Wrong opening hours" in both
    assert "Unsafe" not in (await moderator.get("/desk/reports", headers=ENGLISH)).text
    ukrainian = (await moderator.get("/desk/reports", headers={"Accept-Language": "uk"})).text
    assert "Чекають" in ukrainian
    assert "Відчинено" not in ukrainian
    wrong = await moderator.get("/desk/reports?state=mine", headers=ENGLISH)
    assert wrong.status_code == 422
    # What is wrong in the address is named, and the way on leads to the desk.
    assert "<code>state</code>: Choose one of the offered values." in wrong.text
    assert 'href="/desk"' in wrong.text
    assert [mail["To"] for mail in await mailbox.collect()] == ["ola@poczta.pl"]


async def test_a_report_that_came_after_the_page_was_made_still_waits(
    moderator: httpx2.AsyncClient, publish: Publish, database: Database, mailbox: Mailbox
) -> None:
    (made,) = await publish(aid_point("Stołówka"))
    await report(database, made.feature_id, "unsafe")
    await report(database, made.feature_id, "wrong_hours", email="jan@poczta.pl")
    seen = dt.datetime.now(dt.UTC)
    await report(database, made.feature_id, "spam")
    (grave,) = await ids(database, "unsafe")
    form = {
        "version": "1",
        "revision": "1",
        "outcome": "done",
        "note": "Jest dobrze.",
        "others": ["wrong_hours", "spam"],
    }
    await moderator.post(f"/desk/reports/{grave}/resolve", data=form | {"until": seen.isoformat()})
    async with session(database) as s:
        waiting = await s.execute(text("SELECT reason FROM core.report WHERE state = 'open'"))
        assert waiting.scalars().all() == ["spam"]
    assert [mail["To"] for mail in await mailbox.collect()] == ["jan@poczta.pl"]
    (late,) = await ids(database, "spam")
    broken = form | {"until": "yesterday"}
    assert (await moderator.post(f"/desk/reports/{late}/resolve", data=broken)).status_code == 303


async def test_what_others_say_is_read_and_what_is_not_ticked_goes_on_waiting(
    moderator: httpx2.AsyncClient, publish: Publish, database: Database
) -> None:
    """A later report that says nothing buries none that says something grave."""
    (made,) = await publish(aid_point("Ogrzewalnia"))
    await report(database, made.feature_id, "exploitation")
    async with session(database) as s:
        await s.execute(text("UPDATE core.report SET body = 'They took the documents of a girl.'"))
    await report(database, made.feature_id, "unsafe")
    (newest,), (first,) = await ids(database, "unsafe"), await ids(database, "exploitation")
    page = (await moderator.get(f"/desk/reports/{newest}", headers=ENGLISH)).text
    assert "They took the documents of a girl." in page
    assert f'href="/desk/reports/{first}"' in page
    assert "checked" not in page[page.index('name="others"') :].split(">", 1)[0]
    form = {"version": "1", "revision": "1", "outcome": "done", "note": "Nonsense.", "others": "wrong_hours"}
    form["until"] = dt.datetime.now(dt.UTC).isoformat()
    assert (await moderator.post(f"/desk/reports/{newest}/resolve", data=form)).status_code == 303
    assert "Ogrzewalnia" in (await moderator.get("/desk/reports", headers=ENGLISH)).text


async def test_resolving_is_undone_for_all_that_one_press_resolved(
    moderator: httpx2.AsyncClient, publish: Publish, database: Database, mailbox: Mailbox
) -> None:
    (made,) = await publish(aid_point("Stołówka"))
    await report(database, made.feature_id, "unsafe", times=2, email="ola@poczta.pl")
    await report(database, made.feature_id, "spam")
    (one, other), (spam,) = await ids(database, "unsafe"), await ids(database, "spam")
    now = dt.datetime.now(dt.UTC).isoformat()
    form = {"version": "1", "revision": "1", "outcome": "done", "note": "Nic tam nie ma.", "until": now}
    await moderator.post(f"/desk/reports/{spam}/resolve", data=form)
    await moderator.post(f"/desk/reports/{one}/resolve", data=form | {"others": "unsafe"})
    assert len(await mailbox.collect()) == 2
    assert (await moderator.post(f"/desk/reports/{one}/reopen", data={"version": "1"})).status_code == 409
    assert (await moderator.post(f"/desk/reports/{other}/reopen", data={"version": "2"})).status_code == 303
    async with session(database) as s:
        rows = await s.execute(text("SELECT id, state FROM core.report"))
        assert {row.id: row.state for row in rows} == {one: "open", other: "open", spam: "resolved"}
        query = text("SELECT count(*) FROM core.audit WHERE action = 'report.reopened'")
        assert await s.scalar(query) == 2
    page = (await moderator.get(f"/desk/reports/{one}", headers=ENGLISH)).text
    assert "Nic tam nie ma." in page
    again = form | {"version": "3", "note": "Jednak zamknięte.", "others": "unsafe"}
    again["until"] = dt.datetime.now(dt.UTC).isoformat()
    assert (await moderator.post(f"/desk/reports/{one}/resolve", data=again)).status_code == 303
    # Whoever was told something else is told what came of it in the end.
    mails = [words_of(mail) for mail in await mailbox.collect()]
    assert ["Jednak zamknięte." in words for words in mails] == [True, True]


async def test_a_resolved_report_leads_to_the_next_and_nobody_is_told_while_it_can_be_undone(
    moderator: httpx2.AsyncClient,
    client: httpx2.AsyncClient,
    publish: Publish,
    database: Database,
    mailbox: Mailbox,
    settings: Settings,
) -> None:
    """The same rule as for submissions; what the press took off the map comes back with it."""
    one, other = await publish(aid_point("Stołówka"), aid_point("Ogrzewalnia"))
    await report(database, one.feature_id, "unsafe", email="ola@poczta.pl")
    await report(database, other.feature_id, "moved")
    (grave,), (moved,) = await ids(database, "unsafe"), await ids(database, "moved")
    page = (await moderator.get(f"/desk/reports/{grave}?outcome=taken_down", headers=ENGLISH)).text
    assert 'value="taken_down" checked' in page
    form = {"version": "1", "revision": "1", "outcome": "taken_down", "note": "Sprawdzamy."}
    done = await moderator.post(f"/desk/reports/{grave}/resolve", data=form)
    assert done.headers["location"] == f"/desk/reports/{moved}?after={grave}"
    told = (await moderator.get(done.headers["location"], headers=ENGLISH)).text
    assert "Resolved: Unsafe or suspicious, Stołówka" in told
    assert f'action="/desk/reports/{grave}/reopen"' in told
    # The worker of an installation waits as long as the desk offers to undo.
    stands = mailbox._work
    mailbox._work = type(stands)(settings=settings, database=database, tools=stands.tools)
    assert await mailbox.collect() == []
    again = await moderator.post(f"/desk/reports/{grave}/reopen", data={"version": "2"})
    shown = (await moderator.get(again.headers["location"], headers=ENGLISH)).text
    assert "The decision was undone." in shown
    assert "On the map" in shown
    address = f"/en/aid_points/{one.feature_id}"
    assert (await client.get(address, follow_redirects=True)).status_code == 200
    # Resolved again, it is told once, and later it waits again without coming back to the map.
    answer = await moderator.post(
        f"/desk/reports/{grave}/resolve", data=form | {"version": "3", "revision": "3"}
    )
    assert answer.status_code == 303
    async with session(database) as s:
        await s.execute(
            text("UPDATE core.report SET resolved_at = resolved_at - interval '1 day' WHERE id = :id"),
            {"id": grave},
        )
        await s.execute(
            text(
                "UPDATE core.revision v SET created_at = r.resolved_at FROM core.report r"
                " WHERE r.id = :id AND v.feature_id = r.feature_id AND v.action = 'unpublish' AND v.number = 4"
            ),
            {"id": grave},
        )
        await s.execute(text("UPDATE jobs.procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo'"))
    assert [mail["To"] for mail in await mailbox.collect()] == ["ola@poczta.pl"]
    late = (await moderator.get(f"/desk/reports/{grave}", headers=ENGLISH)).text
    assert "Let it wait again" in late
    assert "Nobody is told" not in late
    await moderator.post(f"/desk/reports/{grave}/reopen", data={"version": "4"})
    assert (await client.get(address, follow_redirects=True)).status_code == 404


@pytest.mark.parametrize(
    ("reason", "step"),
    [
        ("wrong_hours", "/suggest/"),
        ("moved", "/suggest/"),
        ("closed_for_good", "/close?report="),
        ("full", "/close?report="),
        ("duplicate", "/desk/merge/"),
        ("unsafe", "?outcome=taken_down#note"),
        ("reveals_place", "/protect"),
        ("closed_now", "tel:+48600700800"),
    ],
)
async def test_one_key_leads_to_the_next_step_of_a_report(
    moderator: httpx2.AsyncClient, publish: Publish, database: Database, reason: str, step: str
) -> None:
    contacts = [{"kind": "phone", "value": "+48600700800"}]
    address = {"street": "Długa", "house_number": "5", "city": "Kielce"}
    (made,) = await publish(aid_point(contacts=contacts, address=address))
    await report(database, made.feature_id, reason)
    (one,) = await ids(database, reason)
    page = (await moderator.get(f"/desk/reports/{one}", headers=ENGLISH)).text
    (before, _) = page.split('data-key="x"')
    assert step in before[before.rindex("<a ") :]
    assert ("On the map it is at: Długa 5, Kielce" in page) is (reason == "moved")
