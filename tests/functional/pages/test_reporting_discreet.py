"""Reports and suggestions about help that nobody else is to find: no mail in the visitor's mailbox names it."""

import datetime as dt
from dataclasses import replace
from email.message import EmailMessage
from typing import Any

import pytest
from fastapi import FastAPI

from app.accounts.audit import SYSTEM, Actor
from app.accounts.granting import grant_role
from app.accounts.roles import Role
from app.db import Database, session
from app.features.publishing import Item
from app.features.publishing import publish as publish_one
from app.features.setting import Setting
from app.layers.registry import LAYERS
from app.moderation.actions.take_down import Move, put_back, take_down
from tests.functional.conftest import Mailbox, Publish, aid_point, links_in
from tests.functional.desk.conftest import signed_in
from tests.functional.pages.conftest import Person
from tests.functional.pages.test_reporting import reports, send
from tests.functional.pages.test_suggesting import approve
from tests.functional.pages.test_suggesting import send as suggest
from tests.two_people import by_two

NAME = "Azyl Kanarek"


PROTECTED = {"disclosure": "contact_only", "area": {"code": "PL-1863", "name": "Rzeszów"}}
REFUGE = aid_point(
    NAME,
    services=[{"type": "violence_shelter"}],
    place=PROTECTED,
    contacts=[{"kind": "phone", "value": "+48 17 555 09 09"}],
)


@pytest.mark.parametrize("still_one", [True, False])
async def test_the_answer_about_a_refuge_does_not_name_it(
    person: Person,
    publish: Publish,
    database: Database,
    mailbox: Mailbox,
    site: FastAPI,
    setting: Setting,
    still_one: bool,
) -> None:
    """Nor where it is none any more, because somebody has said so."""
    (made,) = await publish(REFUGE)
    page = await person.opens(f"/en/report/{made.feature_id}")
    await send(person, page, reason="wrong_hours", email="ola@poczta.pl")
    if not still_one:
        layer = LAYERS["aid_points"]
        other = layer.content.read(REFUGE | {"services": [{"type": "legal_advice"}]})
        async with session(database) as s:
            later = replace(setting, now=dt.datetime.now(dt.UTC))
            await publish_one(s, later, layer, Item(other, made.feature_id), actor=SYSTEM)
    (report,) = await reports(database)
    async with signed_in(site, Role.MODERATOR, "mod@example.org") as desk:
        form = {"version": "1", "revision": "1", "outcome": "done", "note": "It is put right."}
        assert (await desk.post(f"/desk/reports/{report.id}/resolve", data=form)).status_code == 303
    (mail,) = await mailbox.collect()
    assert mail["Subject"] == "About your report"
    for kind in ("plain", "html"):
        body = mail.get_body((kind,))
        assert body is not None
        assert "The moderator writes:" in body.get_content()
        assert "It is put right." in body.get_content()
    assert "Kanarek" not in str(mail)


@pytest.mark.parametrize("change", [{"phones__0__value": "17 555 09 10"}, {"services": ["legal_advice"]}])
async def test_the_mails_about_a_change_of_a_refuge_do_not_name_it(
    person: Person,
    publish: Publish,
    database: Database,
    mailbox: Mailbox,
    site: FastAPI,
    change: dict[str, Any],
) -> None:
    """Nor where the change takes out of it what made it one: its name is the same."""
    (made,) = await publish(REFUGE)
    page = await person.opens(f"/en/suggest/{made.feature_id}")
    page = await suggest(person, page, **change)
    assert page.url.startswith("/en/sent/")
    (mail,) = await mailbox.collect()
    assert "Kanarek" not in str(mail)
    page = await person.opens(links_in(mail)[0])
    await person.sends(page.action, [])
    await approve(site, database)
    (mail,) = await mailbox.collect()
    assert mail["Subject"] == "On the map: Help point"
    assert "kanarek" not in words_of(mail)
    address = next(link for link in links_in(mail) if "/aid_points/" in link)
    assert (await person.client.get(address, follow_redirects=True)).status_code == 200


async def test_nor_does_one_about_what_became_a_refuge_later(
    person: Person,
    publish: Publish,
    database: Database,
    mailbox: Mailbox,
    site: FastAPI,
    setting: Setting,
) -> None:
    """Whoever added the place wrote of a kitchen, and has their mails for months."""
    (made,) = await publish(aid_point("Kuchnia"))
    page = await person.opens(f"/en/suggest/{made.feature_id}")
    await suggest(person, page, phones__0__value="17 555 09 10")
    (mail,) = await mailbox.collect()
    page = await person.opens(links_in(mail)[0])
    await person.sends(page.action, [])
    await approve(site, database)
    await mailbox.collect()
    layer = LAYERS["aid_points"]
    async with session(database) as s:
        await publish_one(s, setting, layer, Item(layer.content.read(REFUGE), made.feature_id), actor=SYSTEM)
    for act in (take_down, put_back):
        async with session(database) as s:
            actor = Actor("staff", (await grant_role(s, "ola@example.org", Role.MODERATOR)).id)
            move = Move(made.feature_id, actor, "test")
            await by_two(s, lambda act=act, s=s, move=move: act(s, setting, layer, move))  # type: ignore[misc]
        (mail,) = await mailbox.collect()
        assert "kanarek" not in words_of(mail)
        assert "kuchnia" not in words_of(mail)


def words_of(mail: EmailMessage) -> str:
    """All that a mailbox shows of it, in small letters."""
    parts = [part.get_content() for part in mail.walk() if not part.is_multipart()]
    return "".join([str(mail["Subject"]), *parts]).lower()
