"""Screening on a real database: what it knows of a submission's ways to be reached, names, author, place and text."""

import datetime as dt
import uuid
from typing import Any

import pytest
from sqlalchemy import text

from app.accounts.audit import Actor
from app.config import Settings
from app.db import Database, session
from app.features.publishing import Item, publish_many
from app.features.setting import Setting
from app.jobs import Work
from app.layers.registry import LAYERS
from app.moderation.actions.answer import answer
from app.moderation.actions.confirm import confirm
from app.moderation.actions.reject import reject
from app.moderation.actions.submit import Proposal, submit
from app.moderation.models import Submission
from app.moderation.screening.reading import screenings
from app.moderation.screening.skeletons import LOOKS, skeleton
from app.moderation.screening.tasks import screen_submission
from app.moderation.states import SubmissionState
from app.taxonomy.vocabulary import load_vocabulary

STAFF = Actor("staff", uuid.UUID(int=7))
NOW = dt.datetime.now(dt.UTC)
POINTS = LAYERS["aid_points"]
LONG = (
    "W naszej jadłodajni codziennie od poniedziałku do piątku wydajemy ciepłe posiłki dla każdego, kto ich potrzebuje. "
    "Nie trzeba niczego załatwiać ani się zapisywać, wystarczy przyjść przed godziną czternastą."
)


@pytest.fixture
def setting() -> Setting:
    return Setting(load_vocabulary(), "Europe/Warsaw", "PL", NOW)


def _content(name: str = "Ciepły Stół", **more: Any) -> dict[str, Any]:
    return {
        "name": {"texts": {"pl": name}, "source": "pl"},
        "services": [{"type": "hot_meals"}],
        "place": {"position": {"lng": 20.6286, "lat": 50.8661}},
    } | more


def _phone(number: str) -> dict[str, Any]:
    return {"contacts": [{"kind": "phone", "value": number}]}


async def _submit(db: Database, email: str = "ola@example.org", **content: Any) -> Submission:
    """Submit and confirm."""
    async with session(db) as s:
        proposal = Proposal(POINTS, POINTS.content.read(_content(**content)))
        made = await submit(s, proposal, language="pl", contact_email=email)
        await s.flush()
        await confirm(s, made.id, now=NOW)
        return made


async def _codes(db: Database, submission: Submission) -> dict[str, dict[str, Any]]:
    """The reasons that are kept, by code; the score is their sum."""
    async with session(db) as s:
        screening = (await screenings(s, [submission.id]))[submission.id]
    assert screening.score == min(100, sum(reason.points for reason in screening.reasons))
    return {reason.code: reason.detail for reason in screening.reasons}


async def _screen(db: Database, submission: Submission) -> dict[str, dict[str, Any]]:
    """The reasons after the job has run."""
    await screen_submission(Work(Settings(), db), submission_id=str(submission.id))
    return await _codes(db, submission)


async def _on_the_map(db: Database, setting: Setting, layer: str, content: dict[str, Any]) -> str:
    declared = LAYERS[layer]
    async with session(db) as s:
        (made,) = await publish_many(s, setting, declared, [Item(declared.content.read(content))])
    return str(made.feature_id)


async def test_an_ordinary_submission_is_only_new(db: Database) -> None:
    submission = await _submit(db)
    assert await _codes(db, submission) == {"author_new": {}}
    assert await _screen(db, submission) == {"author_new": {}}


async def test_a_telephone_of_another_entry_is_named_with_it(db: Database, setting: Setting) -> None:
    known = await _on_the_map(db, setting, "aid_points", _content("Bank Chleba", **_phone("+48415550123")))
    found = await _codes(db, await _submit(db, **_phone("+48415550123")))
    assert found["phone_elsewhere"] == {"id": known, "name": "Bank Chleba"}


async def test_a_telephone_of_the_same_organisation_is_nothing(db: Database, setting: Setting) -> None:
    behind = {"organisation": {"name": "Caritas Kielce"}} | _phone("+48415550123")
    await _on_the_map(db, setting, "aid_points", _content("Bank Chleba", **behind))
    assert "phone_elsewhere" not in await _codes(db, await _submit(db, **behind))


async def test_a_link_of_another_entry_is_named_with_it(db: Database, setting: Setting) -> None:
    known = await _on_the_map(
        db, setting, "aid_points", _content("Bank Chleba", website="https://bank.example.org/")
    )
    found = await _codes(db, await _submit(db, website="https://bank.example.org/"))
    assert found["link_elsewhere"] == {"id": known, "name": "Bank Chleba"}


async def test_ways_in_other_submissions_are_counted_while_they_wait(db: Database) -> None:
    first = await _submit(db, **_phone("+48415550123"))
    await _submit(db, **_phone("+48415550123"))
    third = await _submit(db, **_phone("+48415550123"))
    assert (await _codes(db, third))["phone_waiting"] == {"n": 2}
    async with session(db) as s:
        waiting = await s.get_one(Submission, first.id)
        await reject(s, first.id, version=waiting.version, actor=STAFF, reason="advertising", now=NOW)
    found = await _screen(db, third)
    assert found["phone_waiting"] == {"n": 1}
    assert found["contact_refused"] == {"n": 1}
    assert found["author_refused"] == {"n": 1}


async def test_many_within_an_hour_are_a_burst_even_from_many_addresses(db: Database) -> None:
    for number in range(5):
        await _submit(db, email=f"a{number}@example.org", website=f"https://cheap.example.org/{number}")
    found = await _codes(db, await _submit(db, email="b@example.org", website="https://cheap.example.org/b"))
    assert found["burst"] == {"n": 5}


async def test_e9_a_name_that_looks_like_an_organisation_is_flagged(db: Database, setting: Setting) -> None:
    known = await _on_the_map(
        db, setting, "organisations", {"name": {"texts": {"pl": "Caritas"}, "source": "pl"}}
    )
    cyrillic = await _codes(db, await _submit(db, name="Сarіtаs"))
    assert cyrillic["name_lookalike"] == {"id": known, "name": "Caritas"}
    assert cyrillic["mixed_scripts"] == {"word": "Сarіtаs"}
    assert "name_lookalike" in await _codes(db, await _submit(db, name="Cari tas"))
    assert "name_lookalike" in await _codes(db, await _submit(db, name="Карітас"))
    assert "name_lookalike" not in await _codes(db, await _submit(db, name="CARITAS"))


async def test_a_text_like_another_one_is_found_by_the_job(db: Database) -> None:
    def described(body: str) -> dict[str, Any]:
        return {"description": {"texts": {"pl": body}, "source": "pl"}}

    first = await _submit(db, **described(LONG))
    await _screen(db, first)
    other = await _submit(db, **described(LONG.replace("czternastą", "piętnastą")))
    found = (await _screen(db, other))["text_like_waiting"]
    assert found["submission"] == str(first.id)
    assert found["percent"] >= 85
    unlike = await _submit(db, **described("Pralnia jest czynna w soboty. " * 4))
    assert "text_like_waiting" not in await _screen(db, unlike)


async def test_a_pin_outside_the_town_of_the_address_is_flagged(db: Database) -> None:
    async with session(db) as s:
        for code, name, west in (("PL-1", "Kielce", 20.5), ("PL-2", "Radom", 21.1)):
            await s.execute(
                text(
                    "INSERT INTO published.area (code, stable_code, country, level, name, folded, source, licence,"
                    " fingerprint, geom) VALUES (:code, :code, 'PL', 'gmina', :name, lower(:name), 's', 'l', :code,"
                    " ST_Multi(ST_MakeEnvelope(:west, 50.8, :west + 0.3, 51.0, 4326)))"
                ),
                {"code": code, "name": name, "west": west},
            )
        await s.execute(
            text(
                "INSERT INTO published.area_part (area_code, part, geom)"
                " SELECT code, 1, ST_GeometryN(geom, 1) FROM published.area"
            )
        )
    address = {"street": "Planty", "house_number": "12"}
    there = await _codes(db, await _submit(db, address=address | {"city": "Kielce"}))
    assert "pin_outside" not in there
    elsewhere = await _codes(db, await _submit(db, address=address | {"city": "Radom"}))
    assert elsewhere["pin_outside"] == {"pin": "Kielce", "address": "Radom"}
    unknown = await _codes(db, await _submit(db, address=address | {"city": "Nigdzie"}))
    assert "pin_outside" not in unknown


async def test_an_answer_with_another_content_is_screened_anew(db: Database) -> None:
    submission = await _submit(db)
    async with session(db) as s:
        row = await s.get_one(Submission, submission.id)
        row.state = SubmissionState.NEEDS_CHANGES
        content = POINTS.content.read(_content(website="https://bit.ly/3xyz"))
        await s.flush()
        await answer(s, submission.id, content=content)
    assert (await _codes(db, submission))["shortener"] == {"host": "bit.ly"}


async def test_what_is_decided_or_gone_is_not_screened(db: Database) -> None:
    await screen_submission(Work(Settings(), db), submission_id=str(uuid.uuid4()))
    submission = await _submit(db)
    async with session(db) as s:
        await s.execute(text("DELETE FROM core.screening"))
        await reject(s, submission.id, version=2, actor=STAFF, reason="closed", now=NOW)
    await screen_submission(Work(Settings(), db), submission_id=str(submission.id))
    async with session(db) as s:
        assert await screenings(s, [submission.id]) == {}


async def test_a_screening_goes_with_its_submission(db: Database) -> None:
    submission = await _submit(db, **_phone("+48415550123"))
    async with session(db) as s:
        await s.execute(text("DELETE FROM core.submission WHERE id = :id"), {"id": submission.id})
        left = await s.scalar(
            text("SELECT (SELECT count(*) FROM core.screening) + (SELECT count(*) FROM core.screening_trace)")
        )
    assert left == 0


async def test_the_database_sees_the_same_skeletons(db: Database) -> None:
    letters = "".join(letters + signs for letters, signs in LOOKS)
    blocks = [*range(0x20, 0x250), *range(0x370, 0x530), *range(0x1E00, 0x2070), *range(0xFF00, 0xFF60)]
    names = [f"x{sign}y" for sign in [*letters, *map(chr, blocks)] if sign.isprintable()]
    names += ["Саritas", "Ca ri\u200dtas", "Żółć", "ﬁrmа", "vvarnа", "Ĳssel", "Їжа й дім", "دار السلام"]
    async with session(db) as s:
        rows = await s.execute(
            text("SELECT n, core.skeleton(n) AS s FROM unnest(CAST(:names AS text[])) n"), {"names": names}
        )
        differing = [(row.n, row.s, skeleton(row.n)) for row in rows if row.s != skeleton(row.n)]
    assert differing == []
