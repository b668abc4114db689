"""SECURITY E8: a change of what matters waits, the approved version stays public, and the previous contact is told."""

import uuid
from email.message import EmailMessage
from typing import Any

import httpx2
import pytest

from app.accounts.memberships import Seat
from app.db import Database, session
from app.features.models import Feature
from app.features.setting import Setting
from app.layers.registry import LAYERS
from app.moderation.actions.submit import Proposal, submit
from app.moderation.links import make_token
from app.moderation.models import Submission
from app.notifications.previous_contacts import behind
from app.taxonomy.discretion import discreet_services
from tests.functional.conftest import SECRET, Mailbox, Publish, aid_point
from tests.functional.desk.conftest import decision
from tests.functional.desk.organisations import publish_organisation, seated

LAYER = LAYERS["aid_points"]
PLACE = "kontakt@kuchnia.example.org"
BEFORE = "pierwsza@example.org"
LIVE: dict[str, Any] = {
    "name": "Kuchnia",
    "contacts": [{"kind": "phone", "value": "+48413445566"}, {"kind": "email", "value": PLACE}],
    "website": "https://kuchnia.example.org/",
    "hours": "Mo-Fr 08:00-12:00",
    "organisation": {"name": "Caritas"},
    "description": {"texts": {"pl": "Ciepłe posiłki."}, "source": "pl"},
}
#: Of each member that matters another value, and a sign of it in the public answer.
MATERIAL: dict[str, tuple[Any, str]] = {
    "place": ({"position": {"lng": 20.6328, "lat": 50.8661}}, "20.6328"),
    "contacts": ([{"kind": "phone", "value": "+48413449999"}, {"kind": "email", "value": PLACE}], "+48413449999"),
    "website": ("https://inna.example.org/", "inna.example.org"),
    "name": ("Zupełnie inna", "Zupełnie inna"),
    "services": ([{"type": "laundry"}], "laundry"),
    "organisation": ({"name": "Ktoś inny"}, "Ktoś inny"),
    "hours": ("Mo-Fr 20:00-22:00", "20:00-22:00"),
}  # fmt: skip


@pytest.fixture
async def live(
    moderator: httpx2.AsyncClient, database: Database, mailbox: Mailbox, client: httpx2.AsyncClient
) -> uuid.UUID:
    """A place that somebody has sent in and a moderator has published."""
    made = await _sent(database, client, None, email=BEFORE)
    await moderator.post(f"/desk/submissions/{made.id}/approve", data=decision(made, version=2))
    await mailbox.collect()
    async with session(database) as s:
        submission = await s.get_one(Submission, made.id)
        assert submission.feature_id is not None
        return submission.feature_id


async def _sent(
    database: Database,
    client: httpx2.AsyncClient,
    feature_id: uuid.UUID | None,
    *,
    email: str,
    **changed: Any,
) -> Submission:
    """Send a content in and confirm the address, as a person does."""
    content = LAYER.content.read(aid_point(**{**LIVE, **changed}))
    async with session(database) as s:
        made = await submit(s, Proposal(LAYER, content, feature_id), language="uk", contact_email=email)
    token = make_token(SECRET, "confirm", made.id)
    assert (await client.post(f"/uk/confirm/{token}")).status_code == 303
    return made


def _told(mails: list[EmailMessage]) -> dict[str, EmailMessage]:
    """Those to whoever was there before, by their address."""
    found = {str(mail["To"]): mail for mail in mails}
    return {address: mail for address, mail in found.items() if address in (BEFORE, PLACE)}


def _words(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


@pytest.mark.parametrize("member", MATERIAL)
async def test_e8_the_approved_version_stays_public_and_the_previous_contact_is_told(
    member: str,
    moderator: httpx2.AsyncClient,
    client: httpx2.AsyncClient,
    database: Database,
    mailbox: Mailbox,
    live: uuid.UUID,
) -> None:
    value, sign = MATERIAL[member]
    address = f"/api/v1/layers/aid_points/features/{live}"
    before = (await client.get(address)).text
    made = await _sent(database, client, live, email="obcy@example.org", **{member: value})
    told = _told(await mailbox.collect())
    assert set(told) == {BEFORE, PLACE}
    for mail in told.values():
        words = _words(mail)
        assert "Kuchnia" in words
        assert f"/aid_points/{live}" in words
        # Neither what is proposed nor by whom.
        assert sign not in words
        assert "obcy" not in words
        # Nothing in it gives a power over the submission.
        assert not any(f"/{power}/" in words for power in ("status", "confirm", "sent"))
    assert "Ktoś proponuje zmianę" in str(told[PLACE]["Subject"])
    assert "Хтось пропонує зміну" in str(told[BEFORE]["Subject"])
    assert (await client.get(address)).text == before
    assert sign not in before
    done = await moderator.post(f"/desk/submissions/{made.id}/approve", data=decision(made, version=2))
    assert done.status_code == 303
    assert sign in (await client.get(address)).text


async def test_e8_nobody_is_told_of_what_changes_little_or_is_their_own(
    client: httpx2.AsyncClient, database: Database, mailbox: Mailbox, live: uuid.UUID
) -> None:
    little = {"description": {"texts": {"pl": "Zupa."}, "source": "pl"}}
    beside = {"place": {"position": {"lng": 20.6290, "lat": 50.8661}}}
    await _sent(database, client, live, email="obcy@example.org", **little, **beside)
    assert _told(await mailbox.collect()) == {}
    await _sent(database, client, live, email=BEFORE, hours="Mo-Fr 20:00-22:00")
    assert set(_told(await mailbox.collect())) == {PLACE}


async def test_e8_however_many_suggest_something_it_is_one_mail_a_day(
    client: httpx2.AsyncClient, database: Database, mailbox: Mailbox, live: uuid.UUID
) -> None:
    for number in range(4):
        await _sent(
            database, client, live, email=f"obcy{number}@example.org", hours=f"Mo-Fr 1{number}:00-22:00"
        )
    mails = [str(mail["To"]) for mail in await mailbox.collect()]
    assert (mails.count(PLACE), mails.count(BEFORE)) == (1, 1)


async def test_e8_a_mail_about_help_that_nobody_else_is_to_find_does_not_name_it(
    client: httpx2.AsyncClient,
    database: Database,
    mailbox: Mailbox,
    publish: Publish,
    setting: Setting,
) -> None:
    hidden = {
        "services": [{"type": next(iter(discreet_services(setting.vocabulary)))}],
        "place": {"disclosure": "area", "area": {"code": "PL-2661", "name": "Kielce"}},
        "name": "Dom przy lesie",
        "description": {"texts": {"pl": "Cicho."}, "source": "pl"},
    }
    (made,) = await publish(aid_point(**{**LIVE, **hidden}))
    await _sent(
        database,
        client,
        made.feature_id,
        email="obcy@example.org",
        **hidden,
        website="https://x.example.org/",
    )
    told = _told(await mailbox.collect())
    assert set(told) == {PLACE}
    assert "Dom przy lesie" not in _words(told[PLACE]) + str(told[PLACE]["Subject"])


async def test_e8_the_organisation_is_told_and_so_is_whom_a_change_has_silenced_but_no_stranger(
    moderator: httpx2.AsyncClient,
    client: httpx2.AsyncClient,
    database: Database,
    mailbox: Mailbox,
    publish: Publish,
) -> None:
    runs = await publish_organisation(publish)
    await seated(database, runs, "prezeska@example.org", Seat.ADMIN)
    await seated(database, runs, "wolontariusz@example.org", Seat.MEMBER)
    theirs = {**LIVE, "organisation": {"id": str(runs)}}
    (made,) = await publish(aid_point(**theirs))
    swapped = theirs | {"contacts": [{"kind": "phone", "value": "+48600700800"}]}
    first = await _sent(database, client, made.feature_id, email="obcy1@example.org", **swapped)
    told = {str(mail["To"]) for mail in await mailbox.collect() if "proponuje" in str(mail["Subject"])}
    assert told == {"prezeska@example.org", PLACE}
    done = await moderator.post(f"/desk/submissions/{first.id}/approve", data=decision(first, version=2))
    assert done.status_code == 303
    await mailbox.collect()
    # Their own address is no longer there, and whoever took it away is not who is asked; nobody is told of their own. A day
    # has one mail, so that the list is asked for.
    async with session(database) as s:
        feature = await s.get_one(Feature, made.feature_id)
        assert list(await behind(s, feature, but="obcy2@example.org")) == ["prezeska@example.org", PLACE]
        assert list(await behind(s, feature, but="Prezeska@Example.org")) == [PLACE]
