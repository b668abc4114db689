"""What belongs to somebody else answers as what does not exist, to the byte, and nothing changes (SECURITY A3).

Asked is every address of the table of routes that has an id in it, and every form and query that takes one, by every actor,
about a thing that is not theirs and then about an id that nothing has. Who may know of what by right is told in `BY_RIGHT`;
what is no id of anything in `NO_IDS`. A new name in an address that stands in neither is red.
"""

import json
import os
import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import Actor as By
from app.accounts.identity_models import Identity
from app.accounts.memberships import Seat
from app.accounts.models import User
from app.accounts.passkey_models import Passkey
from app.db import Database, session
from app.features.publishing import unpublish
from app.features.setting import Setting
from app.imports.models import ImportBulk
from app.layers.registry import LAYERS
from app.moderation.claim_models import PlaceClaim
from app.moderation.links import make_token
from app.moderation.queue_models import Bulk, BulkItem
from app.web.routes import BY_LINK, PUBLIC, RoutePermission
from tests.functional.addresses import PART, RIGHT
from tests.functional.conftest import SECRET, Publish, aid_point
from tests.functional.desk.conftest import Waiting
from tests.functional.desk.organisations import own_point, seated
from tests.functional.desk.test_matrix import (
    ACTORS,
    Actor,
    World,
    browser_of,
    routes,
    stage_row,
    world,
)

__all__ = ["world"]
IN_GORNO: Final = {"position": {"lng": 20.9, "lat": 50.87}}
#: Things of which staff may know where they lie within their areas and layers.
LIE_SOMEWHERE: Final = frozenset(
    {"submission_id", "feature_id", "report_id", "merge_id", "claim_id", "row_id", "keep", "drop", "bulk"}
)
OF_THE_DESK: Final = frozenset({"run_id", "import_bulk"})
OF_ORGANISATIONS: Final = frozenset({"organisation_id", "entry_id"})
#: Of people, and of what is theirs alone.
OF_PEOPLE: Final = frozenset({"person_id", "grant_id"})
OF_ONE_PERSON: Final = frozenset({"passkey_id", "identity_id"})
#: What is in the database and on no map, of which no answer to the public tells.
UNSEEN: Final = frozenset({"off_the_map", "photo", "token"})
#: Words that anybody may try, since they name nothing of anybody's. Of a draft and an album the 128 bits are the right.
NO_IDS: Final = {
    **dict.fromkeys(("lang", "language", "layer", "key", "size", "slug", "at", "part"), "our own words and numbers"),
    **dict.fromkeys(("z", "x", "y"), "tiles of what is public"),
    **dict.fromkeys(("code", "area_code", "service_code"), "units and kinds of help: vocabulary, public once offered"),
    **dict.fromkeys(("letter_kind", "letter_language", "service"), "what the installation is set up with"),
    "banner_id": "on top of every page; those to come are for administrators, who see all of them",
    **dict.fromkeys(("draft", "album", "table_number"), "drawn by the server for one browser"),
}  # fmt: skip


#: What is public is the same bytes for everybody (`test_a4_whoever_asks_a_program_reads_the_listed_fields`): these ask for all.
#: `POMAPA_TEST_PUBLIC=everybody` has each actor ask: five seconds more of the processor.
ASK_IN_PUBLIC: Final = (
    frozenset(actor.name for actor in ACTORS)
    if os.environ.get("POMAPA_TEST_PUBLIC") == "everybody"
    else frozenset({"visitor", "administrator", "admin of another organisation"})
)


@dataclass(frozen=True, slots=True)
class Right:
    """Who may know of what, and why."""

    names: frozenset[str]
    actors: frozenset[str]
    why: str


_UNLIMITED: Final = frozenset({"moderator", "editor", "administrator"})
BY_RIGHT: Final = (
    Right(LIE_SOMEWHERE, _UNLIMITED | {"moderator of this area"}, "it lies where their role holds"),
    Right(OF_THE_DESK, _UNLIMITED, "files for everywhere are theirs to decide about"),
    Right(
        frozenset({"run_id"}),
        frozenset({"moderator of this area", "moderator of another area", "editor of another area"}),
        "a file lies nowhere; of its rows they see those that lie where their role holds",
    ),
    Right(
        OF_ORGANISATIONS,
        frozenset({"administrator", "member of the organisation", "admin of the organisation"}),
        "it is their organisation's, and administrators look after the people of all",
    ),
    Right(OF_PEOPLE, frozenset({"administrator"}), "administrators look after people"),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A form or a query that takes the id of something; `{}` in a value is where it stands, `<name>` a thing of their own."""

    method: str
    path: str
    kind: str
    fields: Mapping[str, str]


CLAIMS: Final = "/desk/organisations/{organisation_id}/claims"
PEOPLE_ACT: Final = "/desk/organisations/{organisation_id}/people/act"
ROW: Final = "/desk/imports/rows/{row_id}"
#: Beside what stands in addresses.
FIELDS: Final = (
    Asked("GET", "/desk", "submission_id", {"after": "{}"}),
    Asked("GET", "/desk/published", "feature_id", {"place": "{}"}),
    Asked("GET", "/desk/published", "feature_id", {"place": "http://testserver/pl/aid_points/{}"}),
    Asked("GET", "/desk/merge/{keep}", "feature_id", {"other": "{}"}),
    Asked("GET", ROW, "feature_id", {"beside": "{}"}),
    *(Asked("POST", ROW, "feature_id", {"act": act, "revision": "1", "feature": "{}"}) for act in ("link", "update")),
    *(Asked("POST", f"/desk/duplicates/{act}", "feature_id", {"a": "<feature_id>", "b": "{}"})
      for act in ("not-the-same", "ask-again")),
    Asked("POST", "/desk/by-themselves/seen", "submission_id", {"id": "{}"}),
    Asked("POST", "/desk/bulk", "submission_id", {"act": "spam", "id": "{}.2"}),
    Asked("GET", "/desk/bulk", "bulk", {"of": "{}"}),
    *(Asked("POST", f"/desk/bulk/{act}", "bulk", {"of": "{}", "reason": "other"}) for act in ("do", "undo")),
    Asked("GET", "/desk/imports/bulk", "import_bulk", {"of": "{}"}),
    *(Asked("POST", f"/desk/imports/bulk/{act}", "import_bulk", {"of": "{}"}) for act in ("do", "undo")),
    Asked("POST", "/desk/submissions/{submission_id}/take", "feature_id", {"version": "2", "feature": "{}"}),
    *(Asked("POST", "/desk/people", "person_id", {"act": act, "person": "{}"}) for act in ("suspend", "invite")),
    *(Asked("POST", "/desk/people/roles", "grant_id", {"act": act, "grant": "{}"}) for act in ("take", "confirm")),
    *(Asked("POST", PEOPLE_ACT, "person_id", {"act": act, "person": "{}"}) for act in ("remove", "admin", "hand-over")),
    Asked("GET", "/desk/organisations/{organisation_id}", "entry_id", {"behind": "{}"}),
    Asked("GET", CLAIMS, "off_the_map", {"place": "{}"}),
    *(Asked("POST", CLAIMS, "off_the_map", {"place": "{}", "reason": reason}) for reason in ("", "Nasze od lat.")),
    *(Asked("POST", f"{CLAIMS}/act", "claim_of_others", {"act": act, "claim": "{}", "typed": "123456"})
      for act in ("code", "typed", "cancel")),
    Asked("GET", "/{lang}/compare", "off_the_map", {"ids": "{}"}),
    Asked("GET", "/{lang}/slips", "off_the_map", {"ids": "{}"}),
    Asked("GET", "/desk/claim", "off_the_map", {"place": "{}"}),
)  # fmt: skip
#: What programs send about a place.
SENT: Final = (
    {"kind": "report", "reason": "unsafe", "body": "Zamknięte."},
    {"kind": "change", "revision": 1, "changes": {"website": None}, "email": "ola@poczta.pl"},
)


@dataclass(frozen=True, slots=True)
class Things:
    """What there is of others, and of their own for whoever may decide in Górno, by the names in addresses and forms."""

    others: dict[str, str]
    gorno: dict[str, str]
    #: By organisation: its claim, an entry and a person.
    of_organisation: dict[str, dict[str, str]]


@pytest.fixture
async def things(
    world: World, database: Database, setting: Setting, publish: Publish, waiting: Waiting
) -> Things:
    here, there = uuid.UUID(world.ids["organisation_id"]), uuid.UUID(world.ids["other_id"])
    gone, gorno, theirs = await publish(
        aid_point("Zdjęte", place={"position": {"lng": 20.63, "lat": 50.87}}),
        aid_point("W Górnie", place=IN_GORNO),
        own_point(there, "Stołówka innych"),
    )
    in_gorno = await waiting(place=IN_GORNO, name="Z Górna")
    people = {
        one: await seated(database, one, f"{name}@inna.example", Seat.MEMBER)
        for one, name in ((here, "zofia"), (there, "wanda"))
    }
    async with session(database) as s:
        await unpublish(
            s, setting, LAYERS["aid_points"], gone.feature_id, actor=By("staff", people[here]), reason="x"
        )
        _, row = await stage_row(s, IN_GORNO)
        ours = PlaceClaim(
            feature_id=theirs.feature_id, organisation_id=here, claimed_by=people[here], state="asked"
        )
        mine = await _of_one_person(s)
        run, submission = uuid.UUID(world.ids["run_id"]), uuid.UUID(world.ids["submission_id"])
        many = Bulk(id=uuid.uuid4(), user_id=people[here], act="spam", query="")
        rows = ImportBulk(id=uuid.uuid4(), run_id=run, user_id=people[here], act="create", bar=0)
        s.add_all([ours, many, rows])
        await s.flush()
        s.add(BulkItem(bulk_id=many.id, submission_id=submission, version=2))
        grant = await s.scalar(
            text(
                "INSERT INTO core.grant (id, user_id, role) VALUES (gen_random_uuid(), :id, 'moderator') RETURNING id"
            ),
            {"id": people[here]},
        )
        await s.execute(
            text("INSERT INTO core.photo (file, large, small) VALUES (:file, 'x', 'x')"), {"file": PHOTO}
        )
        claim = str(ours.id)
    others = world.ids | mine | {
        "bulk": str(many.id),
        "import_bulk": str(rows.id),
        "grant_id": str(grant),
        "off_the_map": str(gone.feature_id),
        "photo": f"{PHOTO}.webp",
    }  # fmt: skip
    return Things(
        others,
        {
            "feature_id": str(gorno.feature_id),
            "keep": str(gorno.feature_id),
            "submission_id": str(in_gorno.id),
            "row_id": str(row),
        },
        {
            str(here): {
                "claim_of_others": claim,
                "entry_id": world.ids["entry_id"],
                "person_id": str(people[here]),
            },
            str(there): {
                "claim_of_others": world.ids["claim_id"],
                "entry_id": str(theirs.feature_id),
                "person_id": str(people[there]),
            },
        },
    )


PHOTO: Final = f"{'c' * 32}-80x60"


async def _of_one_person(s: AsyncSession) -> dict[str, str]:
    """A passkey and an identity of somebody who is none of the actors."""
    owner = User(email="halina@gorno.example", name="Halina", language="pl")
    s.add(owner)
    await s.flush()
    passkey = Passkey(user_id=owner.id, credential_id=b"1", public_key=b"2", name="Klucz")
    identity = Identity(user_id=owner.id, issuer="https://login.kielce.example", subject="7")
    s.add_all([passkey, identity])
    await s.flush()
    return {"passkey_id": str(passkey.id), "identity_id": str(identity.id)}


def may_know(actor: Actor, name: str) -> bool:
    return any(name in right.names and actor.name in right.actors for right in BY_RIGHT)


def foreign(actor: Actor, things: Things, name: str) -> str | None:
    """The id of a thing of this kind that is not theirs; None where they may know of every one that there is."""
    seated_at = organisation_of(actor, things)
    if name == "entry_id" and seated_at is not None and actor.here:
        # In the address of their own organisation, an entry of another one.
        return _of_another(things, seated_at)[name]
    if may_know(actor, name):
        return None
    if name in {"claim_of_others", "person_id", "entry_id"}:
        return _of_another(things, seated_at or things.others["organisation_id"])[name]
    return things.others[name]


def _of_another(things: Things, organisation: str) -> dict[str, str]:
    return next(found for one, found in things.of_organisation.items() if one != organisation)


def organisation_of(actor: Actor, things: Things) -> str | None:
    """The organisation that somebody belongs to."""
    if actor.seat is None or actor.name == "member no more":
        return None
    return things.others["organisation_id" if actor.here else "other_id"]


def own(actor: Actor, things: Things) -> dict[str, str]:
    """What stands in an address beside the id that it is about: of their own, as far as they have any."""
    found = things.others | things.gorno
    if actor.layers:
        found |= dict.fromkeys(("keep", "feature_id"), things.others["organisation_id"])
    if organisation := organisation_of(actor, things):
        found["organisation_id"] = organisation
        found["entry_id"] = things.of_organisation[organisation]["entry_id"]
    return found


def _address(path: str, ids: Mapping[str, str]) -> str:
    return PART.sub(lambda part: ids.get(part[1], RIGHT[part[1]]), path)


@dataclass(frozen=True, slots=True)
class Question:
    """A request, but for the id that it is about."""

    method: str
    address: str
    data: dict[str, str] | None
    content: bytes | None
    there: str
    none: str

    async def answer(self, browser: httpx2.AsyncClient, asked: str) -> tuple[Any, ...]:
        """Status, body and headers, without the id that was asked about and what is drawn for each answer."""
        address = self.address.replace(_HERE, asked)
        if self.content is not None:
            sent = self.content.replace(_HERE.encode(), asked.encode())
            headers = {"Content-Type": "application/json"}
            found = await browser.request(self.method, address, content=sent, headers=headers)
        elif self.data is None:
            found = await browser.request(self.method, address)
        else:
            form = {name: value.replace(_HERE, asked) for name, value in self.data.items()}
            found = await browser.request(self.method, address, data=form)
        drawn = {"x-answered-at", "x-request-id", "date"}
        headers = {name: value for name, value in found.headers.items() if name not in drawn}
        said = {name: _masked(value, asked) for name, value in headers.items()}
        return found.status_code, _masked(found.text, asked), said


_HERE: Final = "{}"
#: What is drawn for each answer, the moment at which it was given with its seal, and an `ETag`, in which the address is.
_DRAWN: Final = re.compile(
    r"nonce-?[^ ';\"]*|nonce=\"[^\"]*\"|\b\d{13,16}(?:\.\d)?(?:\.[0-9a-f]{32})?\b|^\"[0-9a-f]{24}\"$"
)


def _masked(said: str, asked: str) -> str:
    return _DRAWN.sub("", said.replace(asked, "ID"))


def questions(site: FastAPI, actor: Actor, things: Things) -> Iterator[Question]:
    """Every request with an id that this actor may not know of."""
    for route in routes(site):
        named = set(PART.findall(route.path))
        if route.permission in {PUBLIC, BY_LINK} and actor.name not in ASK_IN_PUBLIC:
            continue
        data = {"x": "1", "name": "Klucz"} if route.method == "POST" else None
        for name in sorted(named - NO_IDS.keys()):
            kind = _kind(name, route)
            if kind == "page":
                continue
            submission = things.others["submission_id"]
            there = _token(route.path, submission) if kind == "token" else foreign(actor, things, kind)
            if there is None:
                continue
            address = _address(route.path, own(actor, things) | {name: _HERE})
            yield Question(route.method, address, data, None, there, _nothing(kind))
    for one in FIELDS:
        there = foreign(actor, things, one.kind)
        if there is not None:
            given = own(actor, things)
            # A thing of their own that the form names beside it.
            sent = {
                name: value.replace("<feature_id>", given["feature_id"]) for name, value in one.fields.items()
            }
            address, is_form = _address(one.path, given), one.method == "POST"
            query = "" if is_form else "?" + "&".join(f"{name}={value}" for name, value in sent.items())
            none = str(uuid.uuid4())
            yield Question(one.method, address + query, sent if is_form else None, None, there, none)
    for program in SENT if actor.name in ASK_IN_PUBLIC else ():
        content = json.dumps(program | {"feature_id": _HERE}).encode()
        there = things.others["off_the_map"]
        yield Question("POST", "/api/v1/submissions", None, content, there, str(uuid.uuid4()))


def _kind(name: str, route: RoutePermission) -> str:
    """What a name in the address of a route is the id of."""
    if route.permission not in {PUBLIC, BY_LINK}:
        return name
    file = "photo" if "/photos/" in route.path else "page"
    return {"feature_id": "off_the_map", "name": file}.get(name, name)


def _token(path: str, submission_id: str) -> str:
    """A link that somebody else was given, for something else than this."""
    return make_token(SECRET, "status" if "/confirm/" in path else "confirm", uuid.UUID(submission_id))


def _nothing(kind: str) -> str:
    """An id that nothing has."""
    if kind == "token":
        return make_token("of nobody's, but as long as any secret is", "status", uuid.uuid4())
    return f"{uuid.uuid4().hex}-80x60.webp" if kind == "photo" else str(uuid.uuid4())


def _apart(there: tuple[Any, ...], none: tuple[Any, ...]) -> Any:
    """What two answers differ in, to be read in a report: status, headers, or the first lines that are not the same."""
    if there[0] != none[0] or there[2] != none[2]:
        return there[0], none[0], there[2].items() ^ none[2].items()
    lines = zip(there[1].splitlines(), none[1].splitlines(), strict=False)
    return next(((one, other) for one, other in lines if one != other), there[0])


#: These change with each request, whoever asks and whatever for.
_OF_EACH_REQUEST: Final = {"core.rate_limit", "core.rate_limit_key", "core.session"}


async def _state(database: Database) -> dict[str, Any]:
    """A checksum of every table."""
    async with session(database) as s:
        names = await s.scalars(
            text(
                "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
                " WHERE schemaname IN ('core', 'published', 'jobs')"
            )
        )
        tables = sorted(set(names) - _OF_EACH_REQUEST)
        sums = ", ".join(
            f"(SELECT md5(string_agg(CAST(t AS text), ',' ORDER BY CAST(t AS text))) FROM {table} t)"
            for table in tables
        )
        return dict(zip(tables, (await s.execute(text(f"SELECT {sums}"))).one(), strict=True))


#: Staff of any kind; and whoever is none, or of an organisation. Those whose coming takes rights from all come last.
STAFF: Final = sorted(
    (one for one in ACTORS if one.role), key=lambda one: one.name == "without a role that holds"
)
#: Whoever has a link of a mail has no browser other than a visitor's; what their links open is asked by visitors.
OTHERS: Final = [one for one in ACTORS if not one.role and one.name != "submitter with a link"]


@pytest.mark.parametrize("actors", [STAFF, OTHERS], ids=["staff", "others"])
async def test_a3_what_is_somebody_elses_answers_as_what_does_not_exist_and_nothing_changes(
    site: FastAPI, database: Database, things: Things, actors: list[Actor], world: World
) -> None:
    different, changed = [], set()
    for actor in actors:
        asked = 0
        async with browser_of(site, actor, world) as browser:
            # Of packed answers the lengths would differ with the ids in them.
            browser.headers["Accept-Encoding"] = "identity"
            before = await _state(database)
            for question in questions(site, actor, things):
                there = await question.answer(browser, question.there)
                none = await question.answer(browser, question.none)
                if there != none or there[0] >= 500:
                    apart = _apart(there, none)
                    different.append((actor.name, question.method, question.address, question.data, apart))
                asked += 1
            after = await _state(database)
        changed |= {(actor.name, table) for table, found in after.items() if found != before[table]}
        assert asked >= 30
    assert different == []
    assert changed == set()


def test_a3_every_id_in_an_address_is_known_to_be_one(site: FastAPI) -> None:
    known = (
        LIE_SOMEWHERE
        | OF_THE_DESK
        | OF_ORGANISATIONS
        | OF_PEOPLE
        | OF_ONE_PERSON
        | NO_IDS.keys()
        | UNSEEN
        | {"name"}
    )
    assert {name for route in routes(site) for name in PART.findall(route.path)} <= known
    names = {actor.name for actor in ACTORS}
    for right in BY_RIGHT:
        assert right.actors <= names
