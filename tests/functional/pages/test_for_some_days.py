"""What holds for some days only is said in the form: messages with their days, and how much is free, until nobody believes it any more."""

import datetime as dt
from typing import Any

import httpx2
from fastapi import FastAPI
from sqlalchemy import text

from app.db import Database, session
from app.features.setting import Setting
from tests.functional.conftest import Mailbox, Publish, aid_point
from tests.functional.pages.conftest import Person
from tests.functional.pages.test_suggesting import approve, confirmed, live, send


async def test_a_message_and_a_full_house_are_said_in_the_form_and_read_in_list_and_page(
    person: Person,
    publish: Publish,
    database: Database,
    mailbox: Mailbox,
    site: FastAPI,
    client: httpx2.AsyncClient,
    setting: Setting,
) -> None:
    (made,) = await publish(aid_point(services=[{"type": "night_shelter"}, {"type": "hot_meals"}]))
    page = await person.opens(f"/pl/suggest/{made.feature_id}")
    first, last = setting.today - dt.timedelta(days=1), setting.today + dt.timedelta(days=3)
    filled: dict[str, Any] = {
        "notices__0__kind": "info",
        "notices__0__text": "W tym tygodniu tylko dla dzieci",
        "notices__0__starts": first.isoformat(),
        "notices__0__ends": last.isoformat(),
        "service__night_shelter__room__available": "0",
        "service__night_shelter__room__unit": "beds",
        "service__night_shelter__room__holds": "3",
    }
    wrong = await send(person, page, **filled | {"notices__0__ends": "2001-01-01"})
    assert wrong.status == 422
    assert "W tym tygodniu tylko dla dzieci" in wrong.html
    await send(person, wrong, **filled)
    await confirmed(person, mailbox)
    await approve(site, database)

    now = await live(database, made.feature_id)
    assert now["notices"][0]["text"]["texts"] == {"pl": "W tym tygodniu tylko dla dzieci"}
    room = now["services"][0]["capacity"]
    assert (room["available"], room["unit"]) == (0, "beds")
    assert dt.datetime.fromisoformat(room["expires"]) - dt.datetime.fromisoformat(
        room["updated"]
    ) == dt.timedelta(days=3)
    assert "capacity" not in now["services"][1]
    shown = await client.get(f"/pl/aid_points/{made.feature_id}", follow_redirects=True)
    assert "W tym tygodniu tylko dla dzieci" in shown.text
    assert "Wolne łóżka: 0" in shown.text
    for asked, full in (("", True), ("?service=night_shelter", True), ("?service=hot_meals", False)):
        assert ("Teraz brak miejsc" in (await client.get(f"/pl/{asked}")).text) == full, asked

    # Whoever changes something else changes neither, whenever they do it.
    page = await person.opens(f"/pl/suggest/{made.feature_id}")
    assert page.fields["service.night_shelter.room.available"] == ["0"]
    async with session(database) as s:
        await s.execute(text("DELETE FROM core.submission"))
    await send(person, page, name="Nowa nazwa")
    async with session(database) as s:
        (content,) = (await s.scalars(text("SELECT content FROM core.submission"))).all()
    assert content["services"][0]["capacity"] == room
    assert content["notices"] == now["notices"]
