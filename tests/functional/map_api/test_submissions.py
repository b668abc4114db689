"""Programs send in what people send by the form: one content, one queue, one mail."""

import datetime as dt
import uuid
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from app.areas.address_file import AddressRow
from app.areas.address_loading import load_addresses
from app.areas.gazetteer_loading import load_gazetteer
from app.db import Database, session
from app.moderation.actions.confirm import confirm
from app.moderation.models import Report, Screened, Submission, SubmissionNote
from geo.gazetteer import Place
from tests.functional.conftest import ORIGIN, Mailbox, Publish, aid_point, links_in

PATH = "/api/v1/submissions"
EMAIL = "ola@poczta.pl"


@pytest.fixture
async def program(site: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    """A client without anything that a browser adds."""
    transport = httpx2.ASGITransport(app=site, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url=ORIGIN) as opened:
        yield opened


def new(content: Any = None, **more: Any) -> dict[str, Any]:
    given = aid_point() if content is None else content
    return {"kind": "new", "layer": "aid_points", "content": given, "email": EMAIL} | more


def codes(answer: httpx2.Response) -> dict[str, str]:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return {problem["path"]: problem["code"] for problem in answer.json().get("problems", ())}


async def stored(database: Database) -> list[Submission]:
    async with session(database) as s:
        return list(await s.scalars(select(Submission).order_by(Submission.created_at)))


async def test_a_new_place_waits_for_the_link_in_the_mail_like_any_other(
    program: httpx2.AsyncClient, database: Database, mailbox: Mailbox
) -> None:
    answer = await program.post(PATH, json=new(language="uk", remark="Byłam tam."))
    assert answer.status_code == 202
    told = answer.json()
    assert (told["kind"], told["state"]) == ("new", "unconfirmed")
    assert answer.headers["location"] == told["status"]
    assert answer.headers["cache-control"] == "no-store"
    (submission,) = await stored(database)
    assert (submission.state, submission.channel, submission.language) == ("unconfirmed", "api", "uk")
    assert submission.contact_email == EMAIL
    async with session(database) as s:
        assert await s.scalar(select(SubmissionNote.body)) == "Byłam tam."
        assert await s.get(Screened, submission.id) is not None
    assert str(submission.id) not in answer.text

    status = await program.get(told["status"])
    assert (status.json()["state"], status.json()["kind"]) == ("unconfirmed", "new")
    assert "confirmed" not in status.json()
    assert EMAIL not in status.text

    (mail,) = await mailbox.collect()
    (link,) = links_in(mail)
    assert "/uk/confirm/" in link
    browser = {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"}
    await program.post(link, headers=browser)
    status = await program.get(told["status"])
    assert status.json()["state"] == "pending"
    assert "confirmed" in status.json()
    assert (await program.get(told["page"])).status_code == 200


async def test_the_status_address_only_looks(program: httpx2.AsyncClient) -> None:
    told = (await program.post(PATH, json=new())).json()
    token = told["status"].rsplit("/", 1)[1]
    for path in (f"/pl/confirm/{token}", f"/pl/status/{token}"):
        assert (await program.get(path)).status_code == 404
    assert (await program.get(f"{PATH}/{'A' * 43}")).status_code == 404


async def test_every_problem_is_told_at_its_member_and_nothing_is_stored(
    program: httpx2.AsyncClient, database: Database
) -> None:
    bad = aid_point(services=[{"type": "no_such_thing"}], phones="x")
    answer = await program.post(PATH, json=new(bad), headers={"Accept-Language": "pl"})
    assert answer.status_code == 422
    assert codes(answer) == {"content.services.0.type": "unknown_code", "content": "unknown_field"}
    assert answer.headers["content-language"] == "pl"
    assert await stored(database) == []


@pytest.mark.parametrize(
    ("body", "problems"),
    [
        ({}, {"kind": "missing"}),
        ({"kind": "other"}, {"kind": "not_offered"}),
        ({"kind": ["new"]}, {"kind": "not_offered"}),
        ([], {"": "object_expected"}),
        ("text", {"": "object_expected"}),
        (new(email="nobody"), {"email": "email"}),
        (new(email=3), {"email": "string_type"}),
        (new(language="xx"), {"language": "not_offered"}),
        (new(content="x"), {"content": "dict_type"}),
        (new(content={}), {"content.name": "missing", "content.services": "missing"}),
        (new(remark="x" * 501), {"remark": "too_long"}),
        (new(hidden=1), {"": "extra_forbidden"}),
        (new(aid_point(place="x")), {"content.place": "object_expected"}),
        (new(aid_point(address={"city": 3})), {"content.address.city": "text_expected"}),
    ],
)
async def test_d1_what_cannot_be_meant_is_refused(
    program: httpx2.AsyncClient, database: Database, body: Any, problems: dict[str, str]
) -> None:
    answer = await program.post(PATH, json=body)
    assert answer.status_code == 422
    found = codes(answer)
    assert problems.items() <= found.items(), found
    assert await stored(database) == []


async def test_a_position_abroad_is_refused_unless_the_program_is_sure(program: httpx2.AsyncClient) -> None:
    swapped = aid_point(place={"position": {"lng": 50.8661, "lat": 20.6286}})
    answer = await program.post(PATH, json=new(swapped))
    assert codes(answer) == {"content.place.position": "outside_country"}
    answer = await program.post(PATH, json=new(swapped) | {"position_is_right": True})
    assert answer.status_code == 202


async def test_an_unknown_layer_and_an_unknown_feature_are_not_found(program: httpx2.AsyncClient) -> None:
    assert (await program.post(PATH, json=new(layer="tables"))).status_code == 404
    change = {"kind": "change", "feature_id": str(uuid.uuid4()), "changes": {"website": None}, "email": EMAIL}
    assert (await program.post(PATH, json=change)).status_code == 404


@pytest.mark.parametrize(
    ("content", "path", "code"),
    [
        # What is protected is never stored, not even for a moment.
        ({"place": {"disclosure": "area", "position": {"lng": 20.6, "lat": 50.8}, "area": {"code": "PL-26"}}},
         "content.place.position", "position_protected"),
        ({"place": {"disclosure": "area", "area": {"code": "PL-26"}}, "address": {"city": "Kielce"}},
         "content.address", "address_protected"),
        ({"services": [{"type": "violence_shelter"}]}, "content.place.disclosure", "too_open"),
    ],
)  # fmt: skip
async def test_a_program_cannot_send_the_place_of_a_shelter(
    program: httpx2.AsyncClient, database: Database, content: dict[str, Any], path: str, code: str
) -> None:
    answer = await program.post(PATH, json=new(aid_point(**content)))
    assert answer.status_code == 422
    assert codes(answer)[path] == code
    assert await stored(database) == []


async def test_a_change_says_only_what_differs(
    program: httpx2.AsyncClient, database: Database, publish: Publish
) -> None:
    name = {"texts": {"pl": "Jadłodajnia", "uk": "Їдальня", "en": "Kitchen"}, "source": "pl"}
    hidden = {"kind": "phone", "value": "+48600700800", "visibility": "partners"}
    (live,) = await publish(aid_point() | {"name": name, "website": "https://stara.pl", "contacts": [hidden]})
    sent = {
        "kind": "change", "feature_id": str(live.feature_id), "revision": 1, "email": EMAIL,
        "changes": {"name": {"texts": {"pl": "Kuchnia", "en": "New kitchen"}}, "website": None},
    }  # fmt: skip
    answer = await program.post(PATH, json=sent)
    assert answer.status_code == 202, answer.text
    (submission,) = await stored(database)
    assert (submission.kind, submission.base_revision) == ("change", 1)
    assert submission.content["name"] == {
        "texts": {"pl": "Kuchnia", "uk": "Їдальня", "en": "New kitchen"},
        "source": "pl",
        # Written anew with it, English is as old as the name.
        "states": {"uk": "outdated"},
    }
    assert "website" not in submission.content
    assert submission.content["place"]["position"] == {"lng": 20.6286, "lat": 50.8661}
    assert "600700800" not in str(submission.content)


async def test_a_change_of_nothing_is_none(program: httpx2.AsyncClient, publish: Publish) -> None:
    (live,) = await publish(aid_point())
    sent = {"kind": "change", "feature_id": str(live.feature_id), "email": EMAIL}
    same = await program.post(PATH, json=sent | {"changes": {"services": [{"type": "hot_meals"}]}})
    assert codes(same) == {"changes": "unchanged"}
    empty = await program.post(PATH, json=sent | {"changes": {}})
    assert empty.status_code == 422
    none = await program.post(PATH, json=sent | {"changes": {"services": None}})
    assert codes(none) == {"changes.services": "missing"}


async def test_a_protected_place_is_not_moved_or_opened(
    program: httpx2.AsyncClient, database: Database, publish: Publish
) -> None:
    (live,) = await publish(aid_point(place={"disclosure": "contact_only", "area": {"code": "PL"}}))
    sent = {"kind": "change", "feature_id": str(live.feature_id), "email": EMAIL}
    for changes in (
        {"place": {"disclosure": "exact", "position": {"lng": 20.6, "lat": 50.8}}},
        {"address": {"city": "Kielce"}},
        {"channel": "phone"},
    ):
        answer = await program.post(PATH, json=sent | {"changes": changes})
        assert codes(answer) == {f"changes.{key}": "protected" for key in changes}
    assert (
        await program.post(PATH, json=sent | {"changes": {"website": "https://dom.example.pl"}})
    ).status_code == 202
    (submission,) = await stored(database)
    assert submission.content["place"]["disclosure"] == "contact_only"


async def test_a_position_far_from_its_town_is_asked_about(
    program: httpx2.AsyncClient, database: Database
) -> None:
    kielce = Place(1, "Kielce", (), "PL", 20.63, 50.87, 190_000, admin1="72")
    async with session(database) as s:
        await load_gazetteer(s, ["PL"], places=[kielce])
    far = aid_point(address={"city": "Kielce"}, place={"position": {"lng": 14.5, "lat": 53.4}})
    assert codes(await program.post(PATH, json=new(far))) == {"content.place.position": "far_from_town"}
    assert (await program.post(PATH, json=new(far, position_is_right=True))).status_code == 202
    near = aid_point(address={"city": "Kielce"}) | {"place": {}}
    assert (await program.post(PATH, json=new(near))).status_code == 202
    # A computed position says that it is one.
    assert (await stored(database))[-1].content["place"]["geocoded"]["level"] == "locality"


async def test_a_position_far_from_its_house_is_asked_about(
    program: httpx2.AsyncClient, database: Database, publish: Publish
) -> None:
    async with session(database) as s:
        await load_gazetteer(
            s, ["PL"], places=[Place(1, "Kielce", (), "PL", 20.63, 50.87, 190_000, admin1="72")]
        )
        house = AddressRow("Kielce", "Długa", "12", "25-001", "2661", 20.63, 50.87)
        await load_addresses(s, [house], country="PL", source="register", licence="CC0")
    address = {"city": "Kielce", "street": "Długa", "house_number": "12"}
    far = aid_point(address=address, place={"position": {"lng": 20.64, "lat": 50.87}})
    assert codes(await program.post(PATH, json=new(far))) == {"content.place.position": "far_from_address"}
    assert (await program.post(PATH, json=new(far, position_is_right=True))).status_code == 202
    near = aid_point(address=address, place={"position": {"lng": 20.631, "lat": 50.87}})
    assert (await program.post(PATH, json=new(near))).status_code == 202
    # Who puts a telephone number right is not asked about a pin that has stood there before.
    (live,) = await publish(far)
    sent = {"kind": "change", "feature_id": str(live.feature_id), "email": EMAIL}
    asked = await program.post(PATH, json=sent | {"changes": {"website": "https://dom.example.pl"}})
    assert asked.status_code == 202
    moved = await program.post(
        PATH, json=sent | {"changes": {"place": {"position": {"lng": 20.65, "lat": 50.87}}}}
    )
    assert codes(moved) == {"changes.place.position": "far_from_address"}


async def test_a_report_needs_nobody(
    program: httpx2.AsyncClient, database: Database, publish: Publish
) -> None:
    (live,) = await publish(aid_point())
    sent = {"kind": "report", "feature_id": str(live.feature_id), "reason": "unsafe", "body": "Zamknięte."}
    answer = await program.post(PATH, json=sent)
    assert (answer.status_code, answer.json()) == (202, {"kind": "report", "state": "received"})
    async with session(database) as s:
        (made,) = await s.scalars(select(Report))
        assert (made.reason, made.body, made.contact_email) == ("unsafe", "Zamknięte.", None)
    assert codes(await program.post(PATH, json=sent | {"reason": "nonsense"})) == {"reason": "unknown_code"}
    assert codes(await program.post(PATH, json=sent | {"reason": "other", "body": ""})) == {"body": "missing"}
    gone = await program.post(PATH, json=sent | {"feature_id": str(uuid.uuid4())})
    assert gone.status_code == 404


@pytest.mark.parametrize(
    ("headers", "content", "status"),
    [
        ({"Content-Type": "text/plain"}, b'{"kind": "new"}', 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, b"kind=new", 415),
        ({"Content-Type": "multipart/form-data; boundary=x"}, b"--x--", 415),
        ({}, b'{"kind": "new"}', 415),
        ({}, b"", 415),
        ({"Content-Type": "application/json"}, b'{"kind": "new"', 400),
        ({"Content-Type": "application/json"}, b'{"kind": "new", "kind": "new"}', 400),
        ({"Content-Type": "application/json"}, b"[" * 40 + b"]" * 40, 400),
        ({"Content-Type": "application/json"}, b'"' + b"x" * 65_536 + b'"', 413),
        ({"Content-Type": "application/json", "Cookie": "a=b"}, b"{}", 403),
        ({"Content-Type": "application/json", "Origin": "https://evil.example"}, b"{}", 403),
        ({"Content-Type": "application/json", "Sec-Fetch-Site": "cross-site"}, b"{}", 403),
        ({"Content-Type": "application/json", "Sec-Fetch-Site": "same-site"}, b"{}", 403),
        ({"Content-Type": "application/json", "Origin": "null"}, b"{}", 403),
        ({"Content-Type": "application/json", "X-HTTP-Method-Override": "GET"}, b"{}", 422),
    ],
)
async def test_c1_nothing_but_json_of_a_program_is_taken(
    program: httpx2.AsyncClient, headers: dict[str, str], content: bytes, status: int
) -> None:
    answer = await program.post(PATH, content=content, headers=headers)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert len(answer.content) < 2000


async def test_the_status_names_what_is_on_the_map(
    program: httpx2.AsyncClient, database: Database, publish: Publish
) -> None:
    (live,) = await publish(aid_point())
    sent = {
        "kind": "change",
        "feature_id": str(live.feature_id),
        "email": EMAIL,
        "changes": {"website": "https://a.pl"},
    }
    told = (await program.post(PATH, json=sent)).json()
    (submission,) = await stored(database)
    async with session(database) as s:
        await confirm(s, submission.id, now=dt.datetime.now(dt.UTC))
    status = (await program.get(told["status"])).json()
    assert status["state"] == "pending"
    assert (await program.get(status["feature"])).status_code == 200


async def test_a_program_learns_of_how_little_of_an_address_was_found(
    program: httpx2.AsyncClient, database: Database
) -> None:
    kielce = Place(1, "Kielce", (), "PL", 20.63, 50.87, 190_000, admin1="72")
    async with session(database) as s:
        await load_gazetteer(s, ["PL"], places=[kielce])
    address = {"street": "Nieistniejąca", "house_number": "999", "city": "Kielce"}
    found = await program.post(PATH, json=new(aid_point(address=address) | {"place": {}}))
    assert found.json()["computed_position"] == {"level": "locality", "confidence": 0.6}
    nowhere = new(aid_point(address=address | {"city": "Qwertyuiop"}) | {"place": {}})
    assert codes(await program.post(PATH, json=nowhere)) == {"content.address.city": "unknown_town"}
    assert (await program.post(PATH, json=nowhere | {"position_is_right": True})).status_code == 202
    first, second = await stored(database)
    async with session(database) as s:
        reasons = {
            one.submission_id: [r["code"] for r in one.reasons] for one in await s.scalars(select(Screened))
        }
    assert "house_unknown" in reasons[first.id]
    assert "no_position" in reasons[second.id]
