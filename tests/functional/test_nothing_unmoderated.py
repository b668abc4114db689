"""A canary in every field of what is not approved is in no byte of what anybody else gets to see (SECURITY E6), and no
personal data but what somebody has let be published (SECURITY G1).

Not on a page, in a file, a tile, a feed or a map of the site, whatever way the application has for it; not on the pages by
which other submitters follow what they sent; and not in a mail to anybody else.
"""

import datetime as dt
import json
import re
import uuid
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any
from urllib.parse import quote_plus

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from app.accounts.audit import Actor
from app.accounts.granting import grant_role
from app.accounts.memberships import Seat
from app.accounts.models import Membership, User
from app.accounts.roles import Role
from app.config import Settings
from app.db import Database, session
from app.exports.papers import papers
from app.features.publishing import unpublish
from app.features.setting import Setting
from app.i18n import LANGUAGES
from app.jobs import Work
from app.layers.registry import LAYERS
from app.mail.links import make_token
from app.moderation import links
from app.moderation.actions.approve import approve
from app.moderation.actions.confirm import confirm
from app.moderation.actions.reject import reject
from app.moderation.actions.report import Complaint, report
from app.moderation.actions.request_changes import request_changes
from app.moderation.actions.spam import mark_spam
from app.moderation.actions.submit import Proposal, submit
from app.moderation.actions.withdraw import withdraw
from app.moderation.reminder_models import Reminder
from app.moderation.screening.writing import has_pesel
from geo.tile import tile_at
from tests.functional.conftest import SECRET, Mailbox, Publish, aid_point
from tests.functional.country import import_country
from tests.functional.known_people import made_up, make_known, met
from tests.functional.public_crawl import Crawl, all_addresses, crawl, readable_paths
from tests.two_people import approve_by_two

CANARY = "kanarek7q"
PHONE = "+48413445599"
LNG, LAT = 20.612345, 50.854321
STAFF = Actor("staff", uuid.uuid4())
HOST = "gospodarz@example.org"
#: What is known of people: who sends, who asks, who works at the desk and in an organisation, and their numbers.
PEOPLE = (
    "obca@",
    "Mścisława",
    "Żelisława",
    "44051401359",
    "+48511122233",
    "511 122 233",
    "PL61109010140000071219812874",
)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
#: By themselves: an id is drawn for each request, and of some ten thousand one has such a number among its sixteen signs.
_ELEVEN_DIGITS = re.compile(r"(?<![\w.])\d{11}(?![\w.])")
TOWN = "PL-2661011"
OPEN_PHOTO, HIDDEN_PHOTO = f"{'a' * 32}-80x60", f"{'b' * 32}-80x60"
#: Paths that this installation has nothing for, and why.
EMPTY = {
    "/.well-known/security.txt": "no address is set",
    "/desk/sign-in/from/{service}": "no service is set up",
    "/tiles/base.pmtiles": "no base map",
    "/tiles/base/{z}/{x}/{y}": "no base map",
    "/{lang}/area/{code}/offline-{part}.html": "the town is one part",
    "/{lang}/area/{code}/offline-{part}.pdf": "the town is one part",
    "/{lang}/status/{token}/photo": "no question waits (tests/functional/pages/test_asked_photos.py has one)",
}


def _photo(file: str, said: str) -> dict[str, Any]:
    return {"file": file, "alt": {"texts": {"pl": said}, "source": "pl"}}


def _content(which: str) -> dict[str, Any]:
    said = f"{CANARY} {which}"
    return aid_point(
        said,
        photos=[_photo(HIDDEN_PHOTO, said)],
        description={"texts": {"pl": said, "uk": said}, "source": "pl"},
        address={"street": said, "house_number": "7", "city": "Kielce"},
        place={"position": {"lng": LNG, "lat": LAT}},
        contacts=[
            {"kind": "phone", "value": PHONE},
            {"kind": "email", "value": f"{CANARY}@example.org"},
            {"kind": "web", "value": f"https://{CANARY}.example.org/"},
        ],
        organisation={"name": said},
        services=[{"type": "laundry", "description": {"texts": {"pl": said}, "source": "pl"}}],
        notices=[
            {
                "kind": "info",
                "text": {"texts": {"pl": said}, "source": "pl"},
                "starts": "2026-11-01",
                "ends": "2027-01-01",
            }
        ],
    )


#: The letter that asked about the place of everybody.
ASKED = uuid.UUID(int=9)


@dataclass(frozen=True, slots=True)
class Others:
    """What may be seen: a place on the map, and what two other people have sent."""

    live: uuid.UUID
    organisation: uuid.UUID
    new: uuid.UUID
    change: uuid.UUID
    hidden: uuid.UUID


@pytest.fixture
async def others(
    database: Database, setting: Setting, publish: Publish, mailbox: Mailbox, settings: Settings
) -> Others:
    """Something in every state that is not public, beside something that is, and what others have sent."""
    layer = LAYERS["aid_points"]
    await import_country(database)
    host = {"kind": "email", "value": HOST}
    async with session(database) as s:
        for file, content in ((OPEN_PHOTO, b"open"), (HIDDEN_PHOTO, CANARY.encode())):
            await s.execute(
                text("INSERT INTO core.photo (file, large, small) VALUES (:file, :content, :content)"),
                {"file": file, "content": content},
            )
    photos = [_photo(OPEN_PHOTO, "Wejście")]
    (live,) = await publish(aid_point("Jawne miejsce", contacts=[host], hours="24/7", photos=photos))
    (organisation,) = await publish(
        {"name": {"texts": {"pl": "Jawna organizacja"}, "source": "pl"}}, layer="organisations"
    )
    await _people(database, organisation.feature_id)
    (gone,) = await publish(_content("unpublished"))
    now = dt.datetime.now(dt.UTC)

    async def send(content: dict[str, Any], feature_id: uuid.UUID | None = None, *, by: str) -> Any:
        async with session(database) as s:
            proposal = Proposal(layer, layer.content.read(content), feature_id)
            return await submit(s, proposal, language="pl", contact_email=by)

    async def canary(which: str, feature_id: uuid.UUID | None = None) -> Any:
        made = await send(_content(which), feature_id, by=f"{CANARY}@example.net")
        async with session(database) as s:
            return await confirm(s, made.id, now=now)

    # The first of the day, of which whoever runs the place is told.
    await canary("change", live.feature_id)
    # Somebody else has sent something new, which waits, and a change of the same place as the canary's.
    new = await send(aid_point("Cudze zgłoszenie"), by="obca@example.org")
    change = await send(
        aid_point("Jawne miejsce", hours="Mo-Fr 09:00-17:00"), live.feature_id, by="obca@example.org"
    )
    hidden = await send(_hidden(), by="obca@example.org")
    for one in (new, change, hidden):
        async with session(database) as s:
            await confirm(s, one.id, now=now)
    async with session(database) as s:
        await approve_by_two(s, setting, layer, hidden.id, version=2, actor=STAFF)
    await send(_content("unconfirmed"), by=f"{CANARY}@example.net")
    await canary("pending")
    asked, refused, spam = await canary("asked"), await canary("rejected"), await canary("spam")
    withdrawn = await canary("withdrawn")
    async with session(database) as s:
        await request_changes(s, asked.id, version=asked.version, actor=STAFF, question=CANARY)
        await reject(
            s, refused.id, version=refused.version, actor=STAFF, reason="other", note=CANARY, now=now
        )
        await mark_spam(s, spam.id, version=spam.version, actor=STAFF, now=now)
        await withdraw(s, withdrawn.id)
        await unpublish(s, setting, layer, gone.feature_id, actor=STAFF, reason=CANARY)
        address = f"{CANARY}@example.net"
        await report(s, Complaint(live.feature_id, "other", CANARY, address, "pl", b"12345678"))
        told = Complaint(
            live.feature_id, "wrong_hours", " ".join(PEOPLE), "obca@example.org", "pl", b"87654321"
        )
        await report(s, told)
        s.add(Reminder(mailing=ASKED, feature_id=live.feature_id, address=CANARY.encode()))
    return Others(live.feature_id, organisation.feature_id, new.id, change.id, hidden.id)


async def _people(database: Database, organisation: uuid.UUID) -> None:
    """A moderator and a member of the organisation, each with a name and an address."""
    async with session(database) as s:
        people = [
            User(email="mscislawa@kielce.example", name="Mścisława Sekretna", language="pl"),
            User(email="zelislawa@stol.example", name="Żelisława Sekretna", language="pl"),
        ]
        s.add_all(people)
        await s.flush()
        await grant_role(s, people[0].email, Role.MODERATOR)
        s.add(Membership(user_id=people[1].id, organisation_id=organisation, role=Seat.ADMIN))


async def test_e6_g1_no_public_byte_holds_what_is_not_approved_or_whose_it_is(
    client: httpx2.AsyncClient,
    site: FastAPI,
    others: Others,
    database: Database,
    settings: Settings,
    publish: Publish,
) -> None:
    people = await make_known(database, publish, others.live, others.organisation)
    assert (await client.get(f"/pl/area/{TOWN}/offline.pdf")).status_code == 404
    await papers(Work(settings=settings, database=database))
    found = await crawl(client, site, _first(site, others))
    assert len(found.answers) > 150
    for page in (
        "/sitemap.xml",
        f"/pl/area/{TOWN}/offline.zip",
        f"/pl/area/{TOWN}/offline.pdf",
        "/pl/table.csv",
    ):
        assert "Jawne miejsce" in found.answers[page] or str(others.live) in found.answers[page], page
    _hold_nothing(found)
    _say_nobody(found)
    assert met(found.answers, people) == []
    assert EMPTY.keys() & found.reached == set()
    never = set(readable_paths(site)) - found.reached - EMPTY.keys()
    assert never == set(), "nobody has looked into these: give their parts a value in _first"


async def test_e6_no_answer_to_what_somebody_types_tells_of_it(
    client: httpx2.AsyncClient, others: Others
) -> None:
    """Whoever types the same is not told that somebody else has."""
    typed = {
        "language": "pl", "name": f"{CANARY} pending", "services": "hot_meals", "position": f"{LAT}, {LNG}",
        "contacts.0.kind": "phone", "contacts.0.value": PHONE,
    }  # fmt: skip
    answer = await client.post("/pl/add/aid_points/already-there", data=typed)
    assert answer.status_code == 200
    assert CANARY not in answer.text.replace(f'value="{CANARY} pending"', "")
    for query in (CANARY, "kanarek", PHONE):
        hit = await client.get("/api/v1/search", params={"q": query, "lang": "pl"})
        assert hit.status_code == 200
        assert "pending" not in hit.text
        assert "unpublished" not in hit.text


async def test_e6_no_mail_to_anybody_else_tells_of_it(
    others: Others, mailbox: Mailbox, database: Database, setting: Setting
) -> None:
    async with session(database) as s:
        await approve(s, setting, LAYERS["aid_points"], others.new, version=2, actor=STAFF)
    sent = await mailbox.collect()
    third = [mail for mail in sent if CANARY not in mail["To"]]
    assert len(third) < len(sent)
    assert {mail["To"] for mail in third} >= {"obca@example.org", "gospodarz@example.org"}
    for mail in third:
        for secret in (CANARY, PHONE, str(LNG), str(LAT)):
            assert secret not in _text(mail), (mail["To"], mail["Subject"])


def _hidden() -> dict[str, Any]:
    area = {"disclosure": "area", "area": {"code": "PL-26", "name": "świętokrzyskie"}}
    return aid_point("Cudze schronienie", place=area)


def _first(site: FastAPI, others: Others) -> list[str]:
    """The start pages, each address of the application, and the questions that would find the canary."""
    status = [links.make_token(SECRET, "status", one) for one in (others.new, others.change, others.hidden)]
    values = {
        "lang": ("pl",),
        "layer": LAYERS,
        "key": ("aid_points",),
        "feature_id": (str(others.live),),
        "token": (
            *status,
            links.make_token(SECRET, "sent", others.new),
            links.make_token(SECRET, "confirm", others.new),
            make_token(SECRET, "reminder", ASKED),
        ),
        "code": (TOWN,),
        "size": ("small", "large"),
        "name": ("pl", f"{OPEN_PHOTO}.webp", f"{HIDDEN_PHOTO}.webp"),
    }
    at = [tile_at(LNG, LAT, z) for z in range(19)]
    point = f"{LNG:.3f},{LAT:.3f}"
    api = "/api/v1/layers/aid_points/features.geojson"
    asked = [
        *(f"/{lang}/" for lang in LANGUAGES),
        *(f"/{lang}/?q={CANARY}" for lang in LANGUAGES),
        *(f"/pl/{page}?near={point}" for page in ("", "table", "table.csv", "lists", "day")),
        *(f"/pl/{page}?q={CANARY}" for page in ("table", "table.csv", "units", "places")),
        f"/pl/compare?ids={others.live}",
        f"/api/v1/search?q={CANARY}&lang=pl",
        "/api/v1/search?q=Jawne&lang=pl",
        *(f"/api/v1/layers/{key}/features.geojson?count=true" for key in LAYERS),
        *(f"{api}?{query}" for query in (f"q={CANARY}", "service=laundry", "bbox=20.61,50.85,20.62,50.86", f"near={point}")),
        *(f"/api/v1/tiles/aid_points/{t.z}/{t.x}/{t.y}.geojson" for t in at),
        *(f"/api/v1/tiles/aid_points/{t.z}/{t.x}/{t.y}.geojson?service=laundry" for t in at),
        f"/pl/places/nearest?at={point}",
        "/api/v1/areas/PL-26.geojson",
        "/problems/not_found",
    ]  # fmt: skip
    return [*asked, *all_addresses(site, values)]


def _hold_nothing(found: Crawl) -> None:
    for url, body in found.answers.items():
        # The page of a search repeats what was searched for; what it finds has another word after it.
        searched = f"q={CANARY}" in url or f'value="{CANARY}"' in body
        rest = body.replace(CANARY, "") if searched and f"{CANARY} " not in body else body
        for secret in (CANARY, PHONE, str(LNG), str(LAT)):
            assert secret not in rest, (url, secret)


def test_a_number_of_a_person_is_told_from_an_id_that_has_its_digits() -> None:
    assert _numbers("PESEL:44051401359, <b>44051401359</b>") == {"44051401359"}
    ids = ("2d44051401359bc1", "44051401359f0a2e", "7ab3044051401359", "9f1c6bd2-0f6e-4c5b-8a55-d44051401359")
    assert _numbers(" ".join(f"'x-request-id': '{one}'" for one in ids)) == set()


def test_whoever_is_known_would_be_met_however_they_are_written() -> None:
    people = made_up(12)
    spaced = " ".join(f"+48 {one.phone[3:6]} {one.phone[6:9]}\u00a0{one.phone[9:]}," for one in people)
    for body in (
        " ".join(one.surname.upper() for one in people),
        " ".join(one.email for one in people),
        " ".join(f'href="tel:{one.phone}"' for one in people),
        spaced,
        json.dumps([one.name for one in people]),
        quote_plus(" ".join(one.name for one in people)),
        "".join(f"&#{ord(sign)};" for one in people for sign in f"{one.name} "),
    ):
        assert {who for _, who in met({"/": body}, people)} == {one.surname for one in people}, body
    assert met({"/": "a69123456789, 0.691234567, 691234567b"}, made_up(5000)) == []


def _numbers(body: str) -> set[str]:
    return {one for one in _ELEVEN_DIGITS.findall(body) if has_pesel(one)}


def _say_nobody(found: Crawl) -> None:
    addresses, numbers = set(), set()
    for url, body in found.answers.items():
        for secret in PEOPLE:
            assert secret not in body, (url, secret)
        addresses |= {(url, one) for one in _EMAIL.findall(body)}
        numbers |= {(url, one) for one in _numbers(body)}
    assert any(one == HOST for _, one in addresses), "nothing would be found"
    assert {(url, one) for url, one in addresses if one != HOST} == set()
    assert numbers == set()


def _text(mail: EmailMessage) -> str:
    parts = [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
    return "\n".join([*(f"{name}: {value}" for name, value in mail.items()), *parts])
