"""What an import puts into the queue is screened as well: after it, many at once, and never for being many."""

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import text

from app.accounts.audit import SYSTEM
from app.config import Settings
from app.db import Database, session
from app.features.publishing import Item, publish_many
from app.features.setting import Setting
from app.jobs import Work
from app.layers.registry import LAYERS
from app.moderation.actions.submit import Proposal, submit, submit_imports
from app.moderation.models import Submission
from app.moderation.screening.gathering import gather, gather_each
from app.moderation.screening.reading import screenings
from app.moderation.screening.screen import new_signals
from app.moderation.screening.subject import Subject
from app.moderation.screening.tasks import screen_imports
from app.taxonomy.vocabulary import load_vocabulary

POINTS = LAYERS["aid_points"]
KNOWN: dict[str, Any] = {"contacts": [{"kind": "phone", "value": "+48415550123"}]}


def _content(name: str = "Ciepły Stół", **more: Any) -> dict[str, Any]:
    return {
        "name": {"texts": {"pl": name}, "source": "pl"},
        "services": [{"type": "hot_meals"}],
        "place": {"position": {"lng": 20.6286, "lat": 50.8661}},
    } | more


@pytest.fixture
async def known(db: Database) -> str:
    """A place on the map that has a telephone."""
    setting = Setting(load_vocabulary(), "Europe/Warsaw", "PL", dt.datetime.now(dt.UTC))
    async with session(db) as s:
        content = POINTS.content.read(_content("Bank Chleba", **KNOWN))
        (made,) = await publish_many(s, setting, POINTS, [Item(content)])
    return str(made.feature_id)


async def _import(db: Database, *contents: dict[str, Any]) -> list[Submission]:
    async with session(db) as s:
        proposals = [Proposal(POINTS, POINTS.content.read(content)) for content in contents]
        return await submit_imports(s, proposals, language="pl", actor=SYSTEM)


async def _codes(db: Database, submissions: list[Submission]) -> list[dict[str, Any]]:
    ids = [submission.id for submission in submissions]
    async with session(db) as s:
        found = await screenings(s, ids)
    return [{one.code: one.detail for one in found[key].reasons} for key in ids]


async def _run_job(db: Database) -> None:
    """The one job that an import leaves behind."""
    jobs = text("SELECT args FROM jobs.procrastinate_jobs WHERE task_name = 'moderation.screen_imported'")
    async with session(db) as s:
        (given,) = (await s.scalars(jobs)).all()
    await screen_imports(Work(Settings(), db), **given)


async def test_what_an_import_brings_is_screened_by_one_job(db: Database, known: str) -> None:
    page: dict[str, Any] = {"website": "https://siec.example.org/"}
    many = [_content(f"Punkt {n}", **page) for n in range(20)]
    made = await _import(db, *many, _content("Сaritas", **KNOWN), _content(website="https://bit.ly/x"))
    async with session(db) as s:
        assert await screenings(s, [one.id for one in made]) == {}
    await _run_job(db)
    found = await _codes(db, made)
    # Twenty rows of one network, with one page, within one second.
    assert found[:20] == [{}] * 20
    assert found[20] == {
        "phone_elsewhere": {"id": known, "name": "Bank Chleba"},
        "mixed_scripts": {"word": "Сaritas"},
    }
    assert found[21] == {"shortener": {"host": "bit.ly"}}
    # Done again, it says what is known then, and nothing twice.
    await _run_job(db)
    assert await _codes(db, made) == found


async def test_what_was_decided_meanwhile_is_left_alone(db: Database, known: str) -> None:
    (made,) = await _import(db, _content(**KNOWN))
    async with session(db) as s:
        await s.execute(text("UPDATE core.submission SET state = 'withdrawn'"))
    await _run_job(db)
    async with session(db) as s:
        assert await screenings(s, [made.id]) == {}


async def test_a_person_is_no_burst_for_what_an_import_brought(db: Database) -> None:
    page: dict[str, Any] = {"website": "https://siec.example.org/"}
    await _import(db, *[_content(f"Punkt {n}", **page) for n in range(20)])
    await _run_job(db)
    async with session(db) as s:
        proposal = Proposal(POINTS, POINTS.content.read(_content("Jeszcze jeden", **page)))
        made = await submit(s, proposal, language="pl", contact_email="ola@example.org")
    (found,) = await _codes(db, [made])
    assert set(found) == {"author_new", "link_waiting"}


async def test_asking_of_many_gives_what_asking_of_each_gives(db: Database, known: str) -> None:
    made = await _import(db, _content(**KNOWN), _content("Inny"), _content(website="https://a.example.org/"))
    subjects = [Subject.of(one) for one in made]
    async with session(db) as s:
        each = [await gather(s, subject) for subject in subjects]
        assert await gather_each(s, subjects) == each
    assert each[0].elsewhere


async def test_a_correction_is_asked_for_what_it_brings_and_for_nothing_else(
    db: Database, known: str
) -> None:
    sent = _content("Сaritas", website="https://bit.ly/x")
    async with session(db) as s:
        proposal = Proposal(POINTS, POINTS.content.read(sent))
        made = await submit(s, proposal, language="pl", contact_email="ola@example.org")
    async with session(db) as s:
        assert await new_signals(s, made, made.content, made.content) == ()
        corrected = {**made.content, **KNOWN, "name": {"texts": {"pl": "Caritas"}, "source": "pl"}}
        assert [one.code for one in await new_signals(s, made, made.content, corrected)] == [
            "phone_elsewhere"
        ]
