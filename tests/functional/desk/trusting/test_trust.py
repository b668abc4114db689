"""Two administrators trust a verified organisation, anybody who decides ends it, and it survives going down and up (SECURITY A7)."""

import asyncio
import uuid

import httpx2
from alembic import command
from alembic.config import Config
from fastapi import FastAPI
from sqlalchemy import NullPool, create_engine

from app.accounts.memberships import Seat
from app.accounts.roles import Role
from app.db import Database
from app.localdb import ClusterUrls
from app.localdb.schema import migrate
from app.moderation.actions.submit import Proposal
from tests.functional.conftest import Publish, aid_point
from tests.functional.desk.conftest import signed_in
from tests.functional.desk.organisations import said, seated
from tests.functional.desk.trusted import (
    HERE,
    KIELCE,
    trust,
)
from tests.functional.desk.trusting.world import LAYER, SITE, World, actions, content_of, run


async def test_a7_two_administrators_trust_a_verified_organisation_and_anybody_who_decides_ends_it(
    site: FastAPI,
    first: httpx2.AsyncClient,
    second: httpx2.AsyncClient,
    organisation: uuid.UUID,
    database: Database,
    publish: Publish,
) -> None:
    page = f"/desk/published/{organisation}/trust"
    wanted = {"layer": "aid_points", "areas": "Kielce"}

    async def act(browser: httpx2.AsyncClient, what: str, **typed: str) -> httpx2.Response:
        return await browser.post(f"{page}/{what}", data=typed)

    (bare,) = await publish({"name": {"texts": {"pl": "Inna"}, "source": "pl"}}, layer="organisations")
    nobody = await first.post(
        f"/desk/published/{bare.feature_id}/trust/propose", data=wanted | {"areas": KIELCE}
    )
    assert nobody.status_code == 409
    assert "two people have made sure" in said(nobody)
    for typed in (
        {"areas": ""},
        {"areas": "Atlantyda"},
        {"layer": "organisations", "areas": KIELCE},
        {"layer": "", "areas": KIELCE},
    ):
        answer = await act(first, "propose", **wanted | typed)
        assert answer.status_code == 422, typed
    # One's own area is changed by one person alone, and trust with it.
    await run(database, "UPDATE published.area SET level = 'custom' WHERE code = 'PL-2604042'")
    own = await act(first, "propose", **wanted | {"areas": f"{KIELCE}\nPL-2604042"})
    assert (own.status_code, "can be changed by one person alone" in said(own)) == (422, True)
    assert (await act(first, "confirm", version="1")).status_code == 409
    assert (await act(first, "propose", **wanted | {"areas": KIELCE})).status_code == 303
    assert (await act(second, "propose", **wanted | {"areas": KIELCE})).status_code == 409
    waits = said(await second.get(page))
    assert "waits for a second administrator" in waits
    assert f"({KIELCE})" in waits
    # One person at once and many times is one person; of several others one confirms.
    answers = await asyncio.gather(*(act(first, "confirm", version="1") for _ in range(4)))
    assert {answer.status_code for answer in answers} == {409}
    assert (await act(second, "confirm", version="7")).status_code == 409
    await seated(database, organisation, "second@example.org", Seat.MEMBER)
    assert (await act(second, "confirm", version="1")).status_code == 409
    await run(database, "DELETE FROM core.membership")
    # Who has proposed it and is no administrator any more does not count: then the second one is the first.
    await run(
        database,
        "UPDATE core.user SET suspended_at = now() WHERE email = 'first@example.org'",
    )
    assert (await act(second, "confirm", version="1")).status_code == 303
    assert "waits for a second administrator" in said(await second.get(page))
    await run(database, "UPDATE core.user SET suspended_at = NULL")
    answers = await asyncio.gather(*(act(first, "confirm", version="2") for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [303, 409, 409, 409]
    assert "publishes by itself" in said(await first.get(page))
    assert "Trusted: publishes changes" in said(await first.get(f"/desk/published/{organisation}"))
    async with signed_in(site, Role.MODERATOR, "moderator@example.org") as moderator:
        assert (await act(moderator, "propose", **wanted)).status_code == 403
        assert (await act(moderator, "end", note=" ")).status_code == 422
        assert (await act(moderator, "end", note="Numer jest cudzy.")).status_code == 303
        assert (await act(moderator, "end", note="Jeszcze raz.")).status_code == 409
    # It goes with the verification, by whichever way that goes.
    await trust(database, organisation)
    await run(database, "UPDATE core.verification SET ended_at = now()")
    assert await run(database, "SELECT count(*) FROM core.trust WHERE ended_at IS NULL") == 0
    assert await actions(database, "trust.%") == [
        "trust.proposed",
        "trust.proposed",
        "trust.given",
        "trust.ended",
        "trust.dropped",
    ]


async def test_0084_goes_down_and_up_again_with_trust_and_what_was_published_by_it(
    world: World, publish: Publish, database: Database, database_urls: ClusterUrls
) -> None:
    (place,) = await publish(aid_point("Bar", place=HERE, organisation=world.mine))
    content = content_of(aid_point("Bar", place=HERE, organisation=world.mine, **SITE))
    assert await world.waits(Proposal(LAYER, content, place.feature_id, 1)) == set()
    await database.dispose()

    def there_and_back() -> None:
        engine = create_engine(database_urls.owner, poolclass=NullPool)
        with engine.connect() as connection:
            config = Config("alembic.ini")
            config.attributes["connection"] = connection
            command.downgrade(config, "0083")
            connection.commit()
        migrate(database_urls.owner)

    await asyncio.to_thread(there_and_back)
    # What was published stays so; nobody is trusted any more.
    assert await world.run("SELECT count(*) FROM core.trust") == 0
    assert await world.run("SELECT count(*) FROM core.own_approval") == 0
    assert await world.run("SELECT revision FROM core.feature WHERE id = :id", id=place.feature_id) == 2
    await run(database, "UPDATE core.verification SET ended_at = now()")
