"""In which order locks are taken, so that nobody waits for somebody who waits for them.

None of it is a race: the first lock is held elsewhere, and while the other waits for it, it has written nothing that
anybody else could wait for.
"""

import asyncio
import contextlib
import datetime as dt
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx2
import pytest
from psycopg.errors import LockNotAvailable
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from app.accounts.audit import SYSTEM
from app.accounts.memberships import Seat
from app.accounts.models import User
from app.db import Database, session
from app.features.protecting import protect_now
from app.features.setting import Setting
from app.layers.registry import LAYERS
from app.localdb import ClusterUrls
from app.moderation.actions.claim_place import ask
from app.moderation.actions.publish_own import WouldWait, send_or_publish
from app.moderation.actions.report import Complaint, report
from app.moderation.actions.submit import Proposal
from app.moderation.own_publication import Why
from app.taxonomy.vocabulary import load_vocabulary
from tests.functional.conftest import Publish, aid_point
from tests.functional.country import import_country
from tests.functional.desk.conftest import Waiting
from tests.functional.desk.locks import OWN_PID, database, until_it_waits
from tests.functional.desk.organisations import publish_organisation, seated
from tests.functional.desk.trusted import HERE, long_seated, second_step, trust, verified_organisation

__all__ = ["database"]

LAYER = LAYERS["aid_points"]
STREET: dict[str, Any] = {"address": {"street": "Zaułkowska", "house_number": "7", "city": "Kielce"}}
SHELTER: dict[str, Any] = {"services": [{"type": "night_shelter"}]}
PAIRS = "LOCK TABLE core.duplicate IN SHARE ROW EXCLUSIVE MODE"
THE_LAYER = "SELECT FROM published.layer_version WHERE layer = 'aid_points' FOR UPDATE"
END_OF_LOG = "SELECT FROM core.audit_head FOR UPDATE"
FEATURES = "SELECT FROM core.feature FOR UPDATE"

Work = Callable[[AsyncSession], Awaitable[object]]


@pytest.fixture
async def owner(database_urls: ClusterUrls) -> AsyncIterator[Database]:
    """Who may lock what the application only writes by triggers."""
    opened = Database(database_urls.owner, database_urls.reader)
    yield opened
    await opened.dispose()


@contextlib.asynccontextmanager
async def waits_for(
    database: Database, owner: Database, held: str, work: Work
) -> AsyncIterator[AsyncConnection]:
    """Do something while a lock is held elsewhere: give a session once it waits for that; then let it go on to its end."""

    async def run() -> None:
        async with session(database) as s:
            await work(s)

    async with owner.write.connect() as holder, owner.write.connect() as looking:
        await holder.execute(text(held))
        holding = int((await holder.execute(OWN_PID)).scalar_one())
        task = asyncio.create_task(run())
        try:
            await until_it_waits(looking, holding, task)
            yield looking
            await holder.rollback()
            await task
        finally:
            task.cancel()


async def is_free(looking: AsyncConnection, lock: str) -> bool:
    """Whether a lock could be had at once."""
    try:
        await looking.execute(text(f"{lock} NOWAIT"))
    except OperationalError as error:
        if isinstance(error.orig, LockNotAvailable):
            return False
        raise
    finally:
        await looking.rollback()
    return True


def complaint(feature_id: uuid.UUID) -> Complaint:
    return Complaint(feature_id, "unsafe", "", "", "pl", uuid.uuid4().bytes[:8], independent=True)


async def test_protecting_waits_for_the_search_for_duplicates_before_it_holds_anything(
    database: Database, owner: Database, setting: Setting, publish: Publish
) -> None:
    """The search holds the pairs, and looks up the features of those that it writes."""
    (place,) = await publish(aid_point(**STREET))

    async def protect(s: AsyncSession) -> None:
        await protect_now(s, setting, LAYER, place.feature_id, actor=SYSTEM, reason="Schronienie")

    async with waits_for(database, owner, PAIRS, protect) as looking:
        for lock in (THE_LAYER, FEATURES, END_OF_LOG):
            assert await is_free(looking, lock), lock
    async with session(database) as s:
        assert "Zaułkowska" not in str(await s.scalar(text("SELECT content FROM core.feature")))


async def test_what_waits_is_located_anew_in_the_order_in_which_it_is_held_elsewhere(
    database: Database, owner: Database, waiting: Waiting
) -> None:
    """Forgetting a place holds what was submitted about it by the order of its id."""
    first, last = sorted([(await waiting()).id for _ in range(2)], key=lambda one: one.hex)
    of = {one: f"SELECT FROM core.submission WHERE id = '{one}' FOR UPDATE" for one in (first, last)}
    async with session(database) as s:
        # In the table, the one with the last id comes first.
        for one in (last, first):
            await s.execute(
                text("UPDATE core.submission SET area_codes = '{gone}' WHERE id = :id"), {"id": one}
            )

    async def locate(s: AsyncSession) -> None:
        await s.execute(text("SELECT core.locate_submissions()"))

    async with waits_for(database, owner, of[first], locate) as looking:
        assert await is_free(looking, of[last])
    async with session(database) as s:
        assert await s.scalar(text("SELECT count(*) FROM core.submission WHERE area_codes = '{gone}'")) == 0


async def test_a_report_waits_for_the_layer_before_it_writes_anything(
    database: Database, owner: Database, publish: Publish
) -> None:
    (shelter,) = await publish(aid_point(**SHELTER))
    async with waits_for(
        database, owner, THE_LAYER, lambda s: report(s, complaint(shelter.feature_id))
    ) as looking:
        for lock in (FEATURES, END_OF_LOG):
            assert await is_free(looking, lock), lock
        # Whoever has written something has a number for it.
        waiting = text(
            "SELECT backend_xid FROM pg_stat_activity"
            " WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0"
        )
        assert (await looking.scalars(waiting)).all() == [None]


@pytest.mark.parametrize("by", ["report", "publication"])
async def test_the_layer_is_held_before_the_end_of_the_log(
    database: Database, owner: Database, publish: Publish, setting: Setting, by: str
) -> None:
    (shelter,) = await publish(aid_point(**SHELTER))

    async def work(s: AsyncSession) -> None:
        if by == "report":
            await report(s, complaint(shelter.feature_id))
        else:
            await protect_now(s, setting, LAYER, shelter.feature_id, actor=SYSTEM, reason="Schronienie")

    async with waits_for(database, owner, END_OF_LOG, work) as looking:
        assert not await is_free(looking, THE_LAYER)


async def test_a_claim_waits_for_its_entry_before_it_holds_the_end_of_the_log(
    database: Database, owner: Database, publish: Publish, setting: Setting
) -> None:
    organisation = await publish_organisation(publish)
    (place,) = await publish(aid_point())
    user_id = await seated(database, organisation, "anna@stol.example", Seat.MEMBER)

    async def claim(s: AsyncSession) -> None:
        user = await s.get_one(User, user_id)
        words, place_id = setting.vocabulary, place.feature_id
        await ask(s, words, LAYER, place_id, organisation_id=organisation, user=user, reason="Gotujemy tam.")

    async with waits_for(database, owner, FEATURES, claim) as looking:
        assert await is_free(looking, END_OF_LOG)


async def trusted_place(database: Database, publish: Publish) -> tuple[uuid.UUID, uuid.UUID, Work]:
    """A trusted organisation, its place, and what an admin of it does who publishes a change by themselves."""
    await import_country(database)
    organisation = await verified_organisation(publish, database)
    await trust(database, organisation)
    mine = {"organisation": {"id": str(organisation)}, "place": HERE}
    (place,) = await publish(aid_point("Kuchnia", **mine))
    user_id = await seated(database, organisation, "anna@stol.example", Seat.ADMIN)
    await long_seated(database, "anna@stol.example")
    await second_step(database, "anna@stol.example")
    content = LAYER.content.read(aid_point("Kuchnia", website="https://stol.example/", **mine))
    proposal = Proposal(LAYER, content, place.feature_id, 1)
    now = dt.datetime.now(dt.UTC)
    setting = Setting(load_vocabulary(), "Europe/Warsaw", "PL", now)

    async def send(s: AsyncSession) -> None:
        user = await s.get_one(User, user_id)
        await send_or_publish(s, setting, proposal, organisation_id=organisation, user=user, told=())

    return organisation, place.feature_id, send


async def test_publishing_by_oneself_waits_for_layer_and_entry_before_it_holds_the_end_of_the_log(
    database: Database, owner: Database, publish: Publish
) -> None:
    """Whoever claims the entry holds it so, and waits for the end of the log."""
    _, place, send = await trusted_place(database, publish)
    claimed = "SELECT FROM core.feature FOR KEY SHARE"
    async with waits_for(database, owner, claimed, send) as looking:
        assert not await is_free(looking, THE_LAYER)
        assert await is_free(looking, END_OF_LOG)
    async with session(database) as s:
        assert await s.scalar(text("SELECT revision FROM core.feature WHERE id = :id"), {"id": place}) == 2


async def test_a5_trust_that_is_ended_while_somebody_is_about_to_publish_publishes_nothing(
    database: Database, owner: Database, publish: Publish
) -> None:
    _, place, send = await trusted_place(database, publish)
    held = "SELECT FROM published.layer_version WHERE layer = 'organisations' FOR UPDATE"
    refused: list[tuple[Why, ...]] = []

    async def try_to(s: AsyncSession) -> None:
        try:
            await send(s)
        except WouldWait as error:
            refused.append(error.whys)
            await s.rollback()

    async with waits_for(database, owner, held, try_to) as looking:
        assert await is_free(looking, FEATURES)
        assert await is_free(looking, END_OF_LOG)
        await looking.execute(text("UPDATE core.trust SET ended_at = now()"))
        await looking.commit()
    assert refused == [(Why.NO_TRUST,)]
    async with session(database) as s:
        assert await s.scalar(text("SELECT revision FROM core.feature WHERE id = :id"), {"id": place}) == 1
        assert await s.scalar(text("SELECT count(*) FROM core.submission")) == 0


async def test_closing_from_a_report_waits_for_the_report_before_it_holds_the_layer(
    database: Database, owner: Database, publish: Publish, moderator: httpx2.AsyncClient
) -> None:
    """Whoever resolves a report holds it first, and then its place."""
    (place,) = await publish(aid_point(**STREET))
    async with session(database) as s:
        await report(s, Complaint(place.feature_id, "closed_for_good", "", "", "pl", b"12345678"))
    async with session(database) as s:
        found = str(await s.scalar(text("SELECT id FROM core.report")))
    closing = {"state": "closed", "reason": "moved", "revision": "1", "report": found, "version": "1"}

    async def close_it(_: AsyncSession) -> None:
        answer = await moderator.post(f"/desk/published/{place.feature_id}/close", data=closing)
        assert answer.status_code == 303, answer.text

    async with waits_for(database, owner, "SELECT FROM core.report FOR UPDATE", close_it) as looking:
        for lock in (THE_LAYER, FEATURES, END_OF_LOG):
            assert await is_free(looking, lock), lock
    async with session(database) as s:
        assert await s.scalar(text("SELECT state FROM core.report")) == "resolved"
