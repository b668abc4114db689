"""A moderator corrects a submission before it is published: without script, recorded as theirs, and never silently."""

import asyncio
import re
import time
import uuid
from email.message import EmailMessage
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from app.accounts.audit import verify_chain
from app.accounts.roles import Role
from app.db import Database, session
from app.desk.shown import LEAST_S, Shown
from tests.functional.conftest import SECRET, Mailbox, Publish, aid_point, links_in
from tests.functional.desk.conftest import Waiting, signed_in
from tests.functional.pages.conftest import Page, Person

pytestmark = pytest.mark.by_two

CORRECT = "/desk/submissions/{}/edit"


async def opened(person: Person, submission: Any) -> Page:
    return await person.opens(CORRECT.format(submission.id))


def read_for(page: Page, seconds: float = LEAST_S) -> dict[str, str]:
    """The form as if it had been read for that long."""
    submission_id = uuid.UUID(page.action.split("/")[3])
    stamp = Shown(submission_id, int(page.fields["version"][0])).stamp(SECRET, time.time() - seconds)
    return {"shown": stamp}


async def publishes(person: Person, page: Page, **filled: Any) -> Page:
    return await person.presses(page, "send", **(read_for(page) | filled))


def words_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


async def live(database: Database) -> list[dict[str, Any]]:
    async with session(database) as s:
        rows = await s.execute(text("SELECT content FROM core.feature ORDER BY created_at"))
        return [row.content for row in rows]


@pytest.fixture
def desk(moderator: httpx2.AsyncClient) -> Person:
    return Person(moderator)


async def test_what_is_corrected_is_published_and_what_was_sent_stays_beside_it(
    desk: Person, moderator: httpx2.AsyncClient, waiting: Waiting, database: Database
) -> None:
    submission = await waiting(name="Jadłodajna Ciepla")
    page = await opened(desk, submission)
    assert page.status == 200
    assert page.fields["name"][0] == "Jadłodajna Ciepla"
    done = await publishes(desk, page, name="Jadłodajnia Ciepła")
    assert done.status == 200
    (content,) = await live(database)
    assert content["name"]["texts"] == {"pl": "Jadłodajnia Ciepła"}
    async with session(database) as s:
        row = (await s.execute(text("SELECT content, corrected, state FROM core.submission"))).one()
        audit = (
            await s.execute(
                text("SELECT actor_kind, detail FROM core.audit WHERE action = 'submission.corrected'")
            )
        ).one()
        assert await verify_chain(s) is None
    assert (row.state, row.corrected) == ("approved", True)
    assert row.content["name"]["texts"] == {"pl": "Jadłodajna Ciepla"}
    assert (audit.actor_kind, audit.detail) == ("staff", {"fields": ["name"]})
    shown = (await moderator.get(f"/desk/submissions/{submission.id}")).text
    section = shown.split('id="corrected"')[1].split("</section>")[0]
    assert re.search(r"<del>Jadłodajna</del>\s*<del>Ciepla</del>", section)
    assert re.search(r"<ins>Jadłodajnia</ins>\s*<ins>Ciepła</ins>", section)


async def test_the_mail_says_that_it_was_corrected(
    desk: Person, waiting: Waiting, mailbox: Mailbox, client: httpx2.AsyncClient
) -> None:
    submission = await waiting(name="Kuchnia")
    await publishes(desk, await opened(desk, submission), name="Kuchnia na Wesołej")
    mail = (await mailbox.collect())[-1]
    body = words_of(mail)
    assert "Модератор" in body
    told = await client.get(next(link for link in links_in(mail) if "/status/" in link))
    assert "Модератор дещо виправив" in told.text


async def test_the_mail_of_one_published_as_sent_says_nothing_of_a_correction(
    moderator: httpx2.AsyncClient, waiting: Waiting, mailbox: Mailbox
) -> None:
    submission = await waiting(name="Kuchnia")
    stamp = Shown(submission.id, submission.version).stamp(SECRET, time.time() - LEAST_S)
    sent = {"version": str(submission.version), "shown": stamp}
    await moderator.post(f"/desk/submissions/{submission.id}/approve", data=sent)
    assert "Модератор" not in words_of((await mailbox.collect())[-1])


async def test_what_is_wrong_keeps_what_was_typed_and_publishes_nothing(
    desk: Person, waiting: Waiting, database: Database
) -> None:
    submission = await waiting(name="Kuchnia")
    page = await publishes(desk, await opened(desk, submission), name="", description="Nowe słowa")
    assert page.status == 422
    assert page.fields["description"][0] == "Nowe słowa"
    assert "name-error" in page.ids
    assert await live(database) == []
    again = await publishes(desk, page, name="Kuchnia na Wesołej")
    assert again.status == 200
    (content,) = await live(database)
    assert content["description"]["texts"] == {"pl": "Nowe słowa"}


async def test_a_button_of_a_field_publishes_nothing(
    desk: Person, waiting: Waiting, database: Database
) -> None:
    submission = await waiting(name="Kuchnia")
    page = await opened(desk, submission)
    page = await desk.presses(page, "add:phones", name="Kuchnia na Wesołej")
    assert page.status == 200
    assert page.fields["name"][0] == "Kuchnia na Wesołej"
    assert await live(database) == []


async def test_what_a_correction_brings_is_screened_and_published_at_the_second_press(
    desk: Person, waiting: Waiting, database: Database, publish: Publish
) -> None:
    phone: dict[str, Any] = {"contacts": [{"kind": "phone", "value": "+48413445566"}]}
    await publish(aid_point("Bank Chleba", **phone))
    submission = await waiting(name="Kuchnia", contacts=[{"kind": "phone", "value": "+48413445577"}])
    page = await opened(desk, submission)
    assert 'id="warnings"' not in page.html
    (field,) = [name for name, values in page.fields.items() if "3445577" in values[0].replace(" ", "")]
    asked = await publishes(desk, page, **{field: "41 344 55 66"})
    assert asked.status == 200
    assert "Bank Chleba" in asked.html.split('id="warnings"')[1].split("</ul>")[0]
    assert asked.fields[field][0].replace(" ", "").endswith("5566")
    assert len(await live(database)) == 1
    # Another fault than the one that was seen is said as well.
    another = await publishes(desk, asked, name="Сaritas Kuchnia")
    assert "Сaritas" in another.html.split('id="warnings"')[1].split("</ul>")[0]
    done = await publishes(desk, another)
    assert 'id="warnings"' not in done.html
    assert len(await live(database)) == 2


async def test_nothing_corrected_is_said(desk: Person, waiting: Waiting, database: Database) -> None:
    page = await publishes(desk, await opened(desk, await waiting(name="Kuchnia")))
    assert page.status == 422
    assert await live(database) == []


async def test_a_correction_that_was_not_read_is_refused(
    desk: Person, waiting: Waiting, database: Database
) -> None:
    page = await opened(desk, await waiting(name="Kuchnia"))
    refused = await desk.presses(page, "send", name="Kuchnia druga", **read_for(page, 0.5))
    assert refused.status == 409
    assert refused.fields["name"][0] == "Kuchnia druga"
    assert await live(database) == []


async def test_a_suggestion_is_corrected_on_what_is_live_and_what_is_hidden_stays(
    desk: Person, waiting: Waiting, publish: Publish, database: Database
) -> None:
    hidden = {"kind": "phone", "value": "+48600700800", "visibility": "partners", "person": "Ola"}
    shown = {"kind": "phone", "value": "+48413445599"}
    (made,) = await publish(aid_point("Jadłodajnia", contacts=[shown, hidden]))
    submission = await waiting(name="Jadłodajna Nowa", contacts=[shown], feature_id=made.feature_id)
    page = await publishes(desk, await opened(desk, submission), name="Jadłodajnia Nowa")
    assert page.status == 200
    (content,) = await live(database)
    assert content["name"]["texts"] == {"pl": "Jadłodajnia Nowa"}
    assert hidden["value"] in [contact["value"] for contact in content["contacts"]]
    # What differs is what the moderator has changed, not what the submitter could not see.
    after = await desk.opens(f"/desk/submissions/{submission.id}")
    assert "+48 600 700 800" not in after.html.split('id="corrected"')[1].split("</section>")[0]


async def test_a_correction_of_something_that_has_changed_since_is_refused_and_kept(
    desk: Person, waiting: Waiting, publish: Publish, database: Database
) -> None:
    (made,) = await publish(aid_point("Pierwsza"))
    first = await waiting(name="Druga", feature_id=made.feature_id)
    second = await waiting(name="Trzecia", feature_id=made.feature_id)
    begun = await opened(desk, second)
    await publishes(desk, await opened(desk, first), name="Druga!")
    refused = await publishes(desk, begun, name="Trzecia!")
    assert refused.status == 409
    assert refused.fields["name"][0] == "Trzecia!"
    assert [content["name"]["texts"]["pl"] for content in await live(database)] == ["Druga!"]
    # Pressed again it is refused again: nobody lays it on something that they have not seen.
    assert (await publishes(desk, refused, name="Trzecia!")).status == 409
    # Begun again, what both have changed is for the moderator to say.
    again = await opened(desk, second)
    assert (await publishes(desk, again)).status == 200
    assert [content["name"]["texts"]["pl"] for content in await live(database)] == ["Trzecia"]


async def test_a_protected_place_is_not_asked_and_stays(
    desk: Person, waiting: Waiting, database: Database
) -> None:
    place = {"disclosure": "contact_only", "area": {"code": "2661011", "name": "Kielce"}}
    submission = await waiting(name="Schronieni", services=[{"type": "safe_house"}], place=place)
    page = await opened(desk, submission)
    assert not {"position", "street", "channel"} & set(page.fields)
    assert "disclosure" not in {name for name, _ in page.boxes}
    # Who sends it anyway opens nothing up.
    await publishes(
        desk, page, name="Schronienie", disclosure="exact", position="50.8661, 20.6286", street="Tajna"
    )
    (content,) = await live(database)
    assert content["name"]["texts"]["pl"] == "Schronienie"
    assert content["place"]["disclosure"] == "contact_only"
    assert "position" not in content["place"]
    assert "address" not in content


async def test_two_corrections_at_once_publish_one(
    moderator: httpx2.AsyncClient, waiting: Waiting, site: FastAPI, database: Database
) -> None:
    """SECURITY A7: two moderators decide on one submission, of which one has corrected it."""
    submission = await waiting(name="Kuchnia")
    async with signed_in(site, Role.MODERATOR, "second@example.org") as other:
        people = [Person(moderator), Person(other)]
        pages = [await opened(person, submission) for person in people]
        done = await asyncio.gather(
            *(
                publishes(person, page, name=name)
                for person, page, name in zip(people, pages, ("Kuchnia A", "Kuchnia B"), strict=True)
            )
        )
    assert sorted(page.status for page in done) == [200, 409]
    async with session(database) as s:
        assert (await s.execute(text("SELECT count(*) FROM core.feature"))).scalar_one() == 1


async def test_only_who_decides_corrects(site: FastAPI, waiting: Waiting, client: httpx2.AsyncClient) -> None:
    address = CORRECT.format((await waiting(name="Cudze")).id)
    assert (await client.get(address)).status_code == 401
    async with signed_in(site, Role.EDITOR, "editor@example.org") as editor:
        assert (await editor.get(address)).status_code == 403
        assert (await editor.post(address, data={"action": "send"})).status_code == 403


async def test_what_is_decided_cannot_be_corrected(
    desk: Person, waiting: Waiting, database: Database
) -> None:
    submission = await waiting(name="Kuchnia")
    page = await opened(desk, submission)
    await publishes(desk, page, name="Kuchnia druga")
    late = await publishes(desk, page, name="Kuchnia trzecia")
    assert late.status == 409
    assert (await opened(desk, submission)).status == 409
    (content,) = await live(database)
    assert content["name"]["texts"]["pl"] == "Kuchnia druga"
