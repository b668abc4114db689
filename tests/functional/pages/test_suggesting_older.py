"""Suggesting a change from an older state of the map: only whoever was shown it starts from it, and never from a place
that is protected now.
"""

import datetime as dt
import uuid
from typing import Any

import pytest
import time_machine

from app.accounts.audit import Actor
from app.db import Database, session
from app.features.publishing import Item
from app.features.publishing import publish as publish_one
from app.features.setting import Setting
from app.layers.registry import LAYERS
from tests.functional.conftest import Publish, aid_point
from tests.functional.pages.conftest import Page, Person
from tests.functional.pages.test_suggesting import send, suggested

STREET = "Kanarkowa"
OPEN: dict[str, Any] = aid_point(
    f"Pokój przy {STREET}", address={"street": STREET, "house_number": "7", "city": "Kielce"}
)
PROTECTED: dict[str, Any] = aid_point(
    "Pokój", place={"disclosure": "contact_only", "area": {"code": "2661011", "name": "Kielce"}}
)


@pytest.fixture
async def now_protected(publish: Publish, database: Database, setting: Setting) -> uuid.UUID:
    """A place that was published with its address, and is protected since."""
    (made,) = await publish(OPEN)
    await edit(database, setting, made.feature_id, PROTECTED)
    return made.feature_id


async def edit(database: Database, setting: Setting, feature_id: uuid.UUID, content: dict[str, Any]) -> None:
    layer = LAYERS["aid_points"]
    item = Item(layer.content.read(content), feature_id)
    async with session(database) as s:
        await publish_one(s, setting, layer, item, actor=Actor("staff", uuid.uuid4()))


async def test_an_older_revision_that_nobody_was_shown_is_not_what_a_change_starts_from(
    person: Person, now_protected: uuid.UUID, database: Database
) -> None:
    page = await person.opens(f"/pl/suggest/{now_protected}")
    assert STREET not in page.html
    page = await send(person, page, base="1", name="Inna nazwa")
    assert STREET not in page.html
    assert STREET not in str((await suggested(database)).content)


async def test_the_short_form_does_not_show_an_older_name(person: Person, now_protected: uuid.UUID) -> None:
    page = await person.opens(f"/pl/suggest/{now_protected}/closed")
    page = await sends(person, page, base="1")
    assert page.status == 422
    assert STREET not in page.html


async def sends(person: Person, page: Page, **filled: str) -> Page:
    fields = page.fields | {name: [value] for name, value in filled.items()}
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(seconds=60), tick=True):
        return await person.sends(page.action, [(name, v) for name, values in fields.items() for v in values])


async def test_who_opened_the_form_before_it_was_protected_is_not_led_back_there(
    person: Person, publish: Publish, database: Database, setting: Setting
) -> None:
    (made,) = await publish(OPEN)
    page = await person.opens(f"/pl/suggest/{made.feature_id}")
    await edit(database, setting, made.feature_id, PROTECTED)
    page = await send(person, page, name="Inna nazwa", phones__0__value="41 555 01 23")
    waiting = await suggested(database)
    assert waiting.base_revision == 2
    assert STREET not in str(waiting.content)


async def test_who_opened_the_form_before_another_change_starts_from_what_they_saw(
    person: Person, publish: Publish, database: Database, setting: Setting
) -> None:
    (made,) = await publish(OPEN)
    page = await person.opens(f"/pl/suggest/{made.feature_id}")
    await edit(database, setting, made.feature_id, OPEN | {"website": "https://lipa.example.org/"})
    # A press that only adds a row keeps what the form was filled in from.
    page = await person.presses(page, "add:phones", name="Inna nazwa")
    await send(person, page, name="Inna nazwa")
    waiting = await suggested(database)
    assert waiting.base_revision == 1
    assert "website" not in waiting.content
