"""What the links of a submitter do, and what the moderator's decisions look like to them."""

import datetime as dt
import uuid

import time_machine
from fastapi import FastAPI

from app.accounts.audit import Actor
from app.config import Settings
from app.db import Database, session
from app.features.setting import Setting
from app.layers.registry import LAYERS
from app.moderation.actions.approve import approve
from app.moderation.actions.reject import reject
from app.moderation.actions.request_changes import request_changes
from app.moderation.actions.submit import Proposal, submit
from app.moderation.links import make_token
from app.moderation.models import Submission
from app.moderation.states import SubmissionState
from tests.functional.conftest import Mailbox, aid_point, links_in
from tests.functional.pages.conftest import Person

STAFF = Actor("staff", uuid.UUID(int=7))


async def waiting(database: Database, *, state: SubmissionState = SubmissionState.PENDING) -> uuid.UUID:
    """A submission that has been confirmed."""
    layer = LAYERS["aid_points"]
    content = layer.content.read(
        aid_point(hours="Mo-Fr 08:00-16:00", place={"position": {"lng": 20.63, "lat": 50.87}})
    )
    async with session(database) as s:
        submission = await submit(s, Proposal(layer, content), language="pl", contact_email="ola@poczta.pl")
        submission.state = state
        if state is SubmissionState.PENDING:
            submission.confirmed_at = dt.datetime.now(dt.UTC)
        return submission.id


def status_path(settings: Settings, submission_id: uuid.UUID, language: str = "en") -> str:
    return f"/{language}/status/{make_token(settings.secret_key.get_secret_value(), 'status', submission_id)}"


async def state_of(database: Database, submission_id: uuid.UUID) -> Submission:
    async with session(database) as s:
        found = await s.get(Submission, submission_id)
        assert found is not None
        return found


async def test_a_question_is_mailed_and_answered_in_words(
    person: Person, database: Database, settings: Settings, mailbox: Mailbox
) -> None:
    submission_id = await waiting(database)
    async with session(database) as s:
        await request_changes(
            s, submission_id, version=1, actor=STAFF, question="Czy to na parterze?\n<b>Tak?</b>"
        )
    (mail,) = await mailbox.collect()
    (link,) = links_in(mail)
    page = await person.opens(link)
    assert "Czy to na parterze?" in page.text
    assert "<b>Tak?</b>" not in page.html
    page = await person.presses(page, answer="  ")
    assert page.status == 422
    page = await person.presses(page, answer="Tak, na parterze.")
    assert "Tak, na parterze." in page.text
    assert (await state_of(database, submission_id)).state == "pending"


async def test_the_entry_is_corrected_in_the_same_form(
    person: Person, database: Database, settings: Settings
) -> None:
    submission_id = await waiting(database)
    async with session(database) as s:
        await request_changes(s, submission_id, version=1, actor=STAFF, question="Gdzie?")
    before = (await state_of(database, submission_id)).content
    page = await person.opens(f"{status_path(settings, submission_id)}/correct")
    assert page.fields["name"] == ["Jadłodajnia „Ciepły Stół”"]
    page = await person.presses(page, "next")
    assert page.fields["hours.0.0.from"] == ["08:00"]
    page = await person.presses(page, "next", address__city="Kielce", address__street="Leonarda")
    page = await person.presses(page, "next")
    page = await person.presses(page, "next")
    page = await person.presses(page, "send")
    assert page.url == status_path(settings, submission_id)
    after = await state_of(database, submission_id)
    assert after.state == "pending"
    assert after.content["address"] == {"city": "Kielce", "country": "PL", "street": "Leonarda"}
    assert after.content["hours"] == before["hours"]
    # Nothing is asked any more: the form leads back.
    assert (await person.opens(f"{status_path(settings, submission_id)}/correct")).url.endswith(page.url)


async def test_a_rejection_says_why(
    person: Person, database: Database, settings: Settings, mailbox: Mailbox
) -> None:
    submission_id = await waiting(database)
    async with session(database) as s:
        await reject(
            s,
            submission_id,
            version=1,
            actor=STAFF,
            reason="closed",
            note="Zadzwoniliśmy.",
            now=dt.datetime.now(dt.UTC),
        )
    (mail,) = await mailbox.collect()
    body = mail.get_body(("plain",))
    assert body is not None
    assert "Zadzwoniliśmy." in body.get_content()
    page = await person.opens(status_path(settings, submission_id))
    assert "We did not add this place because it is no longer open." in page.text


async def test_an_organisation_is_not_called_a_place(
    person: Person, database: Database, settings: Settings, mailbox: Mailbox
) -> None:
    layer = LAYERS["organisations"]
    content = layer.content.read({"name": {"texts": {"pl": "Fundacja"}, "source": "pl"}, "sector": "ngo"})
    async with session(database) as s:
        made = await submit(s, Proposal(layer, content), language="en", contact_email="ola@poczta.pl")
        made.state, made.confirmed_at = SubmissionState.PENDING, dt.datetime.now(dt.UTC)
        submission_id = made.id
    async with session(database) as s:
        await reject(
            s, submission_id, version=1, actor=STAFF, reason="duplicate", now=dt.datetime.now(dt.UTC)
        )
    (mail,) = await mailbox.collect()
    body = mail.get_body(("plain",))
    assert body is not None
    said = "We did not add this organisation because this organisation is on the map already."
    assert said in body.get_content()
    assert "place" not in body.get_content()
    assert said in (await person.opens(status_path(settings, submission_id))).text


async def test_a_link_that_has_done_its_work_shows_where_the_submission_is(
    person: Person, database: Database, settings: Settings
) -> None:
    secret = settings.secret_key.get_secret_value()
    confirmed = await waiting(database)
    page = await person.opens(f"/en/confirm/{make_token(secret, 'confirm', confirmed)}")
    assert page.url == status_path(settings, confirmed)
    late = await waiting(database, state=SubmissionState.UNCONFIRMED)
    async with session(database) as s:
        submission = await s.get(Submission, late)
        assert submission is not None
        submission.created_at -= dt.timedelta(days=4)
    page = await person.opens(f"/en/confirm/{make_token(secret, 'confirm', late)}")
    assert page.url == status_path(settings, late)
    assert "Please send the form once more" in page.text


async def test_what_was_taken_back_promises_nothing(
    person: Person, database: Database, settings: Settings
) -> None:
    submission_id = await waiting(database, state=SubmissionState.WITHDRAWN)
    page = await person.opens(status_path(settings, submission_id))
    assert page.text.count("You have taken it back") >= 2
    assert "A moderator looks at it" not in page.text


async def test_an_approval_leads_to_the_place(
    person: Person, database: Database, settings: Settings, setting: Setting, mailbox: Mailbox
) -> None:
    submission_id = await waiting(database)
    async with session(database) as s:
        await approve(s, setting, LAYERS["aid_points"], submission_id, version=1, actor=STAFF)
    (mail,) = await mailbox.collect()
    feature_id = (await state_of(database, submission_id)).feature_id
    assert any(f"/pl/aid_points/{feature_id}/" in link for link in links_in(mail))
    # What changes later is said about this place: the form once more would make it twice.
    (change,) = [link for link in links_in(mail) if link.endswith(f"/pl/suggest/{feature_id}")]
    assert (await person.opens(change)).status == 200
    page = await person.opens(status_path(settings, submission_id))
    assert "It is on the map" in page.text
    assert any(str(feature_id) in link for link in page.links)


async def test_it_can_be_taken_back_until_it_is_decided(
    person: Person, database: Database, settings: Settings
) -> None:
    submission_id = await waiting(database)
    path = status_path(settings, submission_id)
    page = await person.opens(f"{path}/withdraw")
    assert (await state_of(database, submission_id)).state == "pending"
    page = await person.presses(page)
    assert "You have taken it back" in page.text
    # A second press of an old page changes nothing.
    assert (await person.sends(f"{path}/withdraw", [])).url == path


async def test_a_link_that_is_too_old_says_so(person: Person, database: Database, settings: Settings) -> None:
    submission_id = await waiting(database, state=SubmissionState.UNCONFIRMED)
    token = make_token(settings.secret_key.get_secret_value(), "confirm", submission_id)
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=4)):
        page = await person.sends(f"/en/confirm/{token}", [])
    assert page.status == 410


async def test_a_link_opens_only_what_it_is_for(
    person: Person, database: Database, settings: Settings, site: FastAPI
) -> None:
    submission_id = await waiting(database)
    secret = settings.secret_key.get_secret_value()
    status, confirm = (make_token(secret, purpose, submission_id) for purpose in ("status", "confirm"))
    assert (await person.opens(f"/en/confirm/{status}")).status == 404
    assert (await person.opens(f"/en/status/{confirm}")).status == 404
    assert (await person.opens(f"/en/status/{status[:-1]}")).status == 404
