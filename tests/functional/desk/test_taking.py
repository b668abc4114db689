"""What was sent as something new is on the map already: the desk says why it thinks so, and one press makes a change of it."""

import uuid
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import SYSTEM, verify_chain
from app.accounts.roles import Role
from app.areas.address_file import AddressRow
from app.areas.address_loading import load_addresses
from app.areas.gazetteer_loading import load_gazetteer
from app.db import Database, session
from app.features.protecting import protect_now
from app.features.setting import Setting
from app.layers.registry import LAYERS
from geo.gazetteer import Place
from tests.functional.conftest import Mailbox, Publish, aid_point, links_in
from tests.functional.desk.conftest import Waiting, decision, signed_in
from tests.functional.desk.test_review_page import section

PHONE: dict[str, Any] = {"kind": "phone", "value": "+48413445566"}
OTHER: dict[str, Any] = {"kind": "phone", "value": "+48413445577"}
LIVE: dict[str, Any] = {
    "contacts": [PHONE],
    "hours": "Mo-Fr 08:00-12:00",
    "organisation": {"name": "Caritas Kielce"},
    "description": {"texts": {"pl": "Ciepłe posiłki."}, "source": "pl"},
}
SENT: dict[str, Any] = {
    "place": {"position": {"lng": 20.6290, "lat": 50.8661}},
    "contacts": [PHONE, OTHER],
    "hours": "Mo-Fr 08:00-16:00",
    "description": {"texts": {"uk": "Гаряча їжа."}, "source": "uk"},
}


async def _take(
    desk: httpx2.AsyncClient, submission: Any, feature_id: Any, version: int | None = None
) -> httpx2.Response:
    data = decision(submission, version=version, feature=str(feature_id))
    return await desk.post(f"/desk/submissions/{submission.id}/take", data=data)


@pytest.fixture
async def known(publish: Publish) -> uuid.UUID:
    (made,) = await publish(aid_point("Kuchnia Caritas", **LIVE))
    return made.feature_id


async def test_what_may_be_the_same_is_said_with_its_reasons(
    moderator: httpx2.AsyncClient, waiting: Waiting, known: uuid.UUID
) -> None:
    submission = await waiting(name="Kuchnia Caritas", **SENT)
    told = await section(moderator, submission, "alike")
    assert "Kuchnia Caritas" in told
    for words in ("ten sam telefon", "ta sama nazwa", "28 m od siebie", "Caritas Kielce", "8:00"):
        assert words in told, (words, told)
    page = (await moderator.get(f"/desk/submissions/{submission.id}")).text
    assert page.count(f'action="/desk/submissions/{submission.id}/take"') == 1
    other = await waiting(name="Zupełnie co innego", place={"position": {"lng": 21.0, "lat": 52.2}})
    assert await section(moderator, other, "alike") == ""


async def test_one_press_makes_a_change_of_it_and_nothing_is_lost(
    moderator: httpx2.AsyncClient,
    client: httpx2.AsyncClient,
    waiting: Waiting,
    known: uuid.UUID,
    database: Database,
    mailbox: Mailbox,
) -> None:
    submission = await waiting(name="Caritas, kuchnia", **SENT)
    answer = await _take(moderator, submission, known)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/desk/submissions/{submission.id}")
    page = (await moderator.get(f"/desk/submissions/{submission.id}")).text
    assert 'id="taken"' in page
    changed = await section(moderator, submission, "what")
    assert "16:00" in changed
    assert "41 344 55 77" in changed
    assert "Caritas, kuchnia" not in changed
    async with session(database) as s:
        row = (await s.execute(text("SELECT * FROM core.submission"))).one()
        audit = await s.execute(
            text("SELECT detail FROM core.audit WHERE action = 'submission.turned_into_change'")
        )
        assert audit.scalars().all() == [{"feature": str(known)}]
        assert await verify_chain(s) is None
    assert (row.kind, row.feature_id, row.base_revision, row.came_as_new) == ("change", known, 1, True)
    done = await moderator.post(
        f"/desk/submissions/{submission.id}/approve", data=decision(submission, version=row.version)
    )
    assert done.status_code == 303
    async with session(database) as s:
        content = await s.scalar(text("SELECT content FROM core.feature WHERE id = :id"), {"id": known})
        assert await s.scalar(text("SELECT count(*) FROM core.feature")) == 1
    assert [contact["value"] for contact in content["contacts"]] == [PHONE["value"], OTHER["value"]]
    assert content["description"]["texts"] == {"pl": "Ciepłe posiłki.", "uk": "Гаряча їжа."}
    assert content["name"]["texts"] == {"pl": "Kuchnia Caritas"}
    assert content["place"]["position"]["lng"] == 20.6286
    # The submitter is told.
    (link,) = {one for mail in await mailbox.collect() for one in links_in(mail) if "/status/" in one}
    status = (await client.get(link.removeprefix("http://testserver"))).text
    assert "Модератор" in status
    assert "вже є на мапі" in status


async def test_what_was_sent_is_kept_as_it_was_written_and_can_be_taken_as_new_again(
    moderator: httpx2.AsyncClient, waiting: Waiting, known: uuid.UUID, database: Database
) -> None:
    submission = await waiting(name="Caritas, kuchnia", **SENT)
    url = f"/desk/submissions/{submission.id}"
    assert (await moderator.post(f"{url}/as-new", data=decision(submission))).status_code == 409
    assert (await _take(moderator, submission, known)).status_code == 303
    assert f'action="{url}/as-new"' in (await moderator.get(url)).text
    back = await moderator.post(f"{url}/as-new", data=decision(submission, version=submission.version + 1))
    assert (back.status_code, back.headers["location"]) == (303, url)
    async with session(database) as s:
        row = (await s.execute(text("SELECT * FROM core.submission"))).one()
        told = await s.scalars(text("SELECT action FROM core.audit WHERE object_type = 'submission' ORDER BY id DESC LIMIT 1"))  # fmt: skip
        assert told.all() == ["submission.turned_back"]
        assert await verify_chain(s) is None
    assert row.content == submission.content
    assert (row.kind, row.feature_id, row.base_revision, row.came_as_new) == ("new", None, None, False)
    # Of another place, perhaps: it can be made a change of that one then, or be published by itself.
    assert (await _take(moderator, submission, known, version=row.version)).status_code == 303


async def test_what_its_sender_has_written_anew_since_is_not_turned_back_over_it(
    moderator: httpx2.AsyncClient, waiting: Waiting, known: uuid.UUID, database: Database
) -> None:
    submission = await waiting(name="Caritas, kuchnia", **SENT)
    assert (await _take(moderator, submission, known)).status_code == 303
    async with session(database) as s:
        await s.execute(text('UPDATE core.submission SET content = content || \'{"hours": "24/7"}\''))
    form = decision(submission, version=submission.version + 1)
    answer = await moderator.post(f"/desk/submissions/{submission.id}/as-new", data=form)
    assert answer.status_code == 409
    assert 'id="problem"' in answer.text


async def test_f7_what_was_sent_is_forgotten_with_the_place_that_it_was_made_a_change_of(
    moderator: httpx2.AsyncClient, waiting: Waiting, known: uuid.UUID, database: Database, setting: Setting
) -> None:
    address = {"street": "Zaułkowska", "house_number": "7", "city": "Kielce"}
    said = {"texts": {"pl": "Wejście od ul. Zaułkowskiej."}, "source": "pl"}
    submission = await waiting(name="Caritas, kuchnia", **SENT | {"address": address, "description": said})
    assert (await _take(moderator, submission, known)).status_code == 303
    async with session(database) as s:
        assert "Zaułkowska" in await _sent(s)
        await protect_now(s, setting, LAYERS["aid_points"], known, actor=SYSTEM, reason="A house of refuge")
    async with session(database) as s:
        row = (await s.execute(text("SELECT * FROM core.submission"))).one()
    told = f"{row.content} {row.sent_as_new}"
    assert [word for word in ("Zaułkowsk", "20.629") if word in told] == []
    # What is left of it is never given back as what was written: nobody offers that, and whoever asks is told why.
    url = f"/desk/submissions/{submission.id}"
    page = (await moderator.get(url)).text
    assert f'action="{url}/as-new"' not in page
    why = "nie można już tego traktować jako nowego zgłoszenia"
    assert why in page
    refused = await moderator.post(f"{url}/as-new", data=decision(submission, version=row.version))
    assert (refused.status_code, why in refused.text) == (409, True)
    async with session(database) as s:
        kind = await s.scalar(text("SELECT kind FROM core.submission"))
    assert kind == "change"


async def _sent(s: AsyncSession) -> str:
    return str(await s.scalar(text("SELECT sent_as_new::text FROM core.submission")))


async def test_what_says_nothing_new_or_is_protected_or_gone_is_refused_in_words(
    moderator: httpx2.AsyncClient, waiting: Waiting, publish: Publish, known: uuid.UUID
) -> None:
    same = await waiting(name="Kuchnia Caritas", contacts=[PHONE])
    answer = await _take(moderator, same, known)
    assert answer.status_code == 409
    assert 'id="problem"' in answer.text
    (hidden,) = await publish(
        aid_point(
            "Kuchnia Caritas",
            contacts=[PHONE],
            services=[{"type": "supported_housing"}],
            place={"disclosure": "area", "area": {"code": "PL-2661", "name": "Kielce"}},
        )
    )
    new = await waiting(name="Kuchnia Caritas", **SENT)
    page = (await moderator.get(f"/desk/submissions/{new.id}")).text
    assert f'value="{hidden.feature_id}"' not in page
    assert (await _take(moderator, new, hidden.feature_id)).status_code == 409
    assert (await _take(moderator, new, known, version=99)).status_code == 409
    assert (await _take(moderator, new, uuid.uuid4())).status_code == 404
    change = await waiting(feature_id=known, name="Kuchnia Caritas", **SENT)
    assert (await _take(moderator, change, known)).status_code == 409


async def test_only_who_decides_takes_it(site: FastAPI, waiting: Waiting, known: uuid.UUID) -> None:
    submission = await waiting(name="Kuchnia Caritas", **SENT)
    async with signed_in(site, Role.EDITOR, "editor@example.org") as editor:
        assert (await _take(editor, submission, known)).status_code == 403


@pytest.mark.parametrize(
    ("number", "lng", "leads_to", "said", "marks"),
    [
        ("16", 20.6286, "Planty 16, Kielce", "98 %", set()),
        ("16", 20.64, "Planty 16, Kielce", "98 %", {"daleko"}),
        ("99", 20.6286, "Planty 16, Kielce", "70 %", set()),
        (None, 20.6286, "Planty, Kielce", "50 %", {"niepewne"}),
    ],
)
async def test_the_address_is_compared_with_the_pin(
    moderator: httpx2.AsyncClient,
    waiting: Waiting,
    database: Database,
    number: str | None,
    lng: float,
    leads_to: str,
    said: str,
    marks: set[str],
) -> None:
    row = AddressRow("Kielce", "Planty", "16", "", "", 20.6286, 50.8661)
    async with session(database) as s:
        await load_gazetteer(
            s, ["PL"], places=[Place(1, "Kielce", (), "PL", 20.63, 50.87, 180_000, admin1="72")]
        )
        await load_addresses(s, [row], country="PL", source="test", licence="CC0")
    address = {"street": "Planty", "city": "Kielce"} | ({"house_number": number} if number else {})
    submission = await waiting(address=address, place={"position": {"lng": lng, "lat": 50.8661}})
    told = await section(moderator, submission, "checks")
    assert f"{leads_to}, " in told
    assert said in told.replace("\N{NO-BREAK SPACE}", " ")
    assert {word for word in ("daleko", "niepewne") if word in told} == marks
