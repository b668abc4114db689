"""SECURITY F6: what people write beside a content does not keep where a protected place is, whoever writes it and where."""

import datetime as dt
import uuid
from typing import Any

import httpx2
import time_machine
from fastapi import FastAPI
from sqlalchemy import select, text

from app.accounts.audit import Actor
from app.db import Database, session
from app.features.setting import Setting
from app.layers.registry import LAYERS
from app.moderation.actions.answer import answer
from app.moderation.actions.confirm import confirm
from app.moderation.actions.take_down import Move, put_back, take_down
from app.moderation.links import make_token
from app.moderation.models import Submission
from app.moderation.submissions import locked
from tests.functional.conftest import ORIGIN, SECRET, Mailbox, Publish, aid_point
from tests.functional.desk.conftest import Waiting, decision
from tests.functional.pages.conftest import Person
from tests.two_people import by_two

LAYER = LAYERS["aid_points"]
STAFF = Actor("staff", uuid.UUID(int=7))
API = "/api/v1/submissions"
PROTECTED = {"disclosure": "contact_only", "area": {"code": "PL"}}
WHERE = "ul. Kryjówkowa 77, 50.871234, 20.633456"
SAID = "To miejsce jest chronione. Usuń adres z tego tekstu"
LEADS_THERE = ("Kryjówkow", "50.871234", "20.633456")


async def _kept(database: Database) -> list[str]:
    """Rows of any table that say where it is."""
    found: list[str] = []
    async with session(database) as s:
        tables = await s.execute(
            text(
                "SELECT schemaname, tablename FROM pg_tables"
                " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
            )
        )
        for schema, table in tables.all():
            rows = await s.scalars(text(f'SELECT t::text FROM "{schema}"."{table}" t'))
            found += [f"{schema}.{table}: {row}" for row in rows if any(sign in row for sign in LEADS_THERE)]
    return found


async def _pending(database: Database) -> Submission:
    async with session(database) as s:
        (made,) = await s.scalars(select(Submission).where(Submission.state == "unconfirmed"))
        return await confirm(s, made.id, now=dt.datetime.now(dt.UTC))


def _at(answer_: httpx2.Response) -> dict[str, str]:
    return {one["path"]: one["code"] for one in answer_.json()["problems"]}


async def test_f6_nothing_that_is_written_beside_keeps_where_it_is(
    site: FastAPI,
    client: httpx2.AsyncClient,
    moderator: httpx2.AsyncClient,
    database: Database,
    publish: Publish,
    setting: Setting,
    mailbox: Mailbox,
) -> None:
    (live,) = await publish(aid_point("Cichy Dom", place=PROTECTED))
    person, program = (
        Person(client),
        httpx2.AsyncClient(transport=httpx2.ASGITransport(app=site), base_url=ORIGIN),
    )

    # A program's remark, on something new and on a change.
    sent: dict[str, Any] = {
        "kind": "new",
        "layer": "aid_points",
        "email": "ola@poczta.pl",
        "remark": f"To jest {WHERE}.",
    }
    refused = await program.post(API, json=sent | {"content": aid_point(place=PROTECTED)})
    assert (refused.status_code, _at(refused)) == (422, {"remark": "place_in_text"})
    change: dict[str, Any] = {"kind": "change", "feature_id": str(live.feature_id), "email": "ola@poczta.pl"}
    change |= {"changes": {"website": "https://dom.example.pl"}}
    refused = await program.post(API, json=change | {"remark": sent["remark"]})
    assert _at(refused) == {"remark": "place_in_text"}

    # "How do you know?" in both forms: it comes back with what was typed.
    for path in ("", "/closed"):
        page = await person.opens(f"/pl/suggest/{live.feature_id}{path}")
        filled = (
            {"state": "closed", "since": "2026-11-20", "reason": "project_ended"}
            if path
            else {"website": "https://dom2.example.pl"}
        )
        with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=3)):
            page = await person.presses(page, email="ola@poczta.pl", remark=WHERE, **filled)
        assert (page.status, WHERE in page.html) == (422, True), page.text
        assert SAID in page.text
    assert await _kept(database) == []

    # The moderator's question, the submitter's answer, why it is turned down.
    assert (await program.post(API, json=change)).status_code == 202
    waits = await _pending(database)
    ask = f"/desk/submissions/{waits.id}"
    refused = await moderator.post(f"{ask}/ask", data=decision(waits, question=f"Czy to {WHERE}?"))
    assert (refused.status_code, WHERE in refused.text) == (422, True)
    asked = await moderator.post(f"{ask}/ask", data=decision(waits, question="Skąd to wiadomo?"))
    assert asked.status_code == 303
    status = f"/pl/status/{make_token(SECRET, 'status', waits.id)}"
    page = await person.opens(status)
    page = await person.presses(page, answer=f"Byłam tam: {WHERE}")
    assert (page.status, WHERE in page.html) == (422, True)
    async with session(database) as s:
        waits = await answer(s, waits.id, body="Byłam tam.")
        waits = await locked(s, waits.id)
    refused = await moderator.post(
        f"{ask}/reject", data=decision(waits, reason="other", note=f"{WHERE} to nie tam.")
    )
    assert refused.status_code == 422
    assert await _kept(database) == []

    # A report arrives all the same, and whoever made it is told what was taken out.
    said = {"kind": "report", "feature_id": str(live.feature_id), "reason": "unsafe", "body": f"Źle: {WHERE}"}
    told = await program.post(API, json=said)
    assert (told.status_code, told.json()["places_left_out_of"]) == (202, ["body"])
    # Why it leaves the map and comes back.
    async with session(database) as s:
        down = await take_down(s, setting, LAYER, Move(live.feature_id, STAFF, f"Adres: {WHERE}"))
        move = Move(live.feature_id, STAFF, f"Znowu {WHERE}", down.revision)
        await by_two(s, lambda: put_back(s, setting, LAYER, move))
    await mailbox.collect()
    assert await _kept(database) == []


async def test_f6_a_correction_that_protects_takes_back_what_was_said_before(
    database: Database, waiting: Waiting
) -> None:
    sent = await waiting(
        address={"street": "Kryjówkowa", "city": "Kielce"}, place={"position": {"lng": 20.6, "lat": 50.8}}
    )
    async with session(database) as s:
        (found,) = await s.scalars(select(Submission))
        found.state = "needs_changes"
    async with session(database) as s:
        await answer(s, sent.id, body=f"Wejście: {WHERE}")
        (await s.get_one(Submission, sent.id)).state = "needs_changes"
    assert len(await _kept(database)) > 1
    async with session(database) as s:
        await answer(s, sent.id, content=LAYER.content.read(aid_point(place=PROTECTED)))
    assert await _kept(database) == []
