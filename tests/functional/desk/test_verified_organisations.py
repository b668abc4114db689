"""An organisation has its mark from two people, and loses it by itself when it becomes another one (SECURITY A7, E8, E9)."""

import asyncio
import uuid
from typing import Any

import httpx2
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import NullPool, create_engine, text

from app.accounts.audit import SYSTEM, verify_chain
from app.accounts.memberships import Seat
from app.accounts.roles import Role
from app.accounts.users import suspend
from app.db import Database, session
from app.features.models import Feature
from app.features.publishing import Item, publish_many, unpublish
from app.features.setting import Setting
from app.layers.registry import LAYERS
from app.localdb import ClusterUrls
from app.localdb.schema import migrate
from tests.functional.conftest import Publish
from tests.functional.desk.conftest import somebody
from tests.functional.desk.organisations import own_point, said, seated
from tests.postgis import AT_ONCE

LAYER = LAYERS["organisations"]
CONTENT: dict[str, Any] = {
    "name": {"texts": {"pl": "Fundacja Ciepły Stół"}, "source": "pl"},
    "website": "https://stol.example/",
    "contacts": [
        {"kind": "phone", "value": "+48413680000"},
        {"kind": "email", "value": "biuro@stol.example"},
    ],
}
HOW = {"way": "register", "said": "Telefon do biura, numer z KRS."}
MARK = "Verified organisation"


@pytest.fixture
async def organisation(publish: Publish) -> uuid.UUID:
    (made,) = await publish(CONTENT, layer="organisations")
    return made.feature_id


moderator = somebody(Role.MODERATOR, "moderator@example.org", "en")
second = somebody(Role.ADMINISTRATOR, "second@example.org")


async def act(
    browser: httpx2.AsyncClient, organisation: uuid.UUID, what: str = "vouch", **typed: str
) -> httpx2.Response:
    form = {"revision": "1", **HOW, **typed}
    return await browser.post(f"/desk/published/{organisation}/verification/{what}", data=form)


async def page_of(client: httpx2.AsyncClient, feature: uuid.UUID, layer: str = "organisations") -> str:
    return said(await client.get(f"/en/{layer}/{feature}/-", follow_redirects=True))


async def change(database: Database, setting: Setting, organisation: uuid.UUID, **changed: Any) -> None:
    async with session(database) as s:
        live = await s.get_one(Feature, organisation)
        content = LAYER.content.read({**live.content, **changed})
        await publish_many(s, setting, LAYER, [Item(content, feature_id=organisation)], action="import")


async def test_a7_two_different_people_make_sure_and_one_takes_the_mark_away(
    client: httpx2.AsyncClient,
    moderator: httpx2.AsyncClient,
    second: httpx2.AsyncClient,
    organisation: uuid.UUID,
    database: Database,
    publish: Publish,
) -> None:
    (point,) = await publish(own_point(organisation))
    assert "nobody has made sure yet" in said(
        await moderator.get(f"/desk/published/{organisation}/verification")
    )
    for typed in ({"way": ""}, {"way": "mailed_code"}, {"said": "tak"}):
        assert (await act(moderator, organisation, **typed)).status_code == 422, typed
    assert (await act(moderator, organisation, revision="9")).status_code == 409
    assert (await act(moderator, organisation)).status_code == 303
    assert MARK not in await page_of(client, organisation)
    # One person at once and many times is one person.
    answers = await asyncio.gather(*(act(moderator, organisation) for _ in range(AT_ONCE)))
    assert {answer.status_code for answer in answers} == {409}
    assert MARK not in await page_of(client, organisation)
    answers = await asyncio.gather(*(act(second, organisation) for _ in range(AT_ONCE // 2)))
    assert sorted(answer.status_code for answer in answers) == [303, *[409] * (AT_ONCE // 2 - 1)]
    assert MARK in await page_of(client, organisation)
    assert "(verified organisation)" in await page_of(client, point.feature_id, "aid_points")
    assert (await act(moderator, organisation, "withdraw", note=" ")).status_code == 422
    assert (
        await act(second, organisation, "withdraw", note="Numer należy do kogo innego.")
    ).status_code == 303
    assert MARK not in await page_of(client, organisation)
    assert (await act(second, organisation, "withdraw", note="Jeszcze raz.")).status_code == 409
    # Nothing but an organisation has it.
    assert (await act(moderator, point.feature_id)).status_code == 404
    async with session(database) as s:
        rows = await s.execute(
            text("SELECT action FROM core.audit WHERE action LIKE 'verification.%' ORDER BY id")
        )
        assert list(rows.scalars()) == [
            "verification.first",
            "verification.verified",
            "verification.withdrawn",
        ]


async def test_a5_the_first_of_two_who_is_suspended_by_now_does_not_count(
    client: httpx2.AsyncClient,
    moderator: httpx2.AsyncClient,
    second: httpx2.AsyncClient,
    organisation: uuid.UUID,
    database: Database,
) -> None:
    assert (await act(moderator, organisation)).status_code == 303
    async with session(database) as s:
        await suspend(s, "moderator@example.org")
    assert (await act(second, organisation)).status_code == 303
    assert MARK not in await page_of(client, organisation)
    assert (await act(second, organisation)).status_code == 409


async def test_a7_nobody_vouches_for_their_own_organisation(
    moderator: httpx2.AsyncClient, organisation: uuid.UUID, database: Database
) -> None:
    await seated(database, organisation, "moderator@example.org", Seat.MEMBER)
    assert (await act(moderator, organisation)).status_code == 409


@pytest.mark.parametrize(
    ("changed", "stays"),
    [
        ({"name": {"texts": {"pl": "Fundacja Cieply Stol"}, "source": "pl"}}, False),
        ({"website": "https://stol2.example/"}, False),
        ({"contacts": [{"kind": "phone", "value": "+48413680001"}, CONTENT["contacts"][1]]}, False),
        ({"contacts": [CONTENT["contacts"][0], {"kind": "email", "value": "biuro@stol2.example"}]}, False),
        ({"also_known_as": ["Caritas"]}, False),
        ({"contacts": CONTENT["contacts"][::-1]}, True),
        ({"description": {"texts": {"pl": "Wydajemy posiłki."}, "source": "pl"}}, True),
        (None, False),
    ],
    ids=["name", "site", "phone", "mail", "other name", "order", "description", "off the map"],
)
async def test_e8_e9_what_makes_it_another_one_takes_the_mark_away_by_whichever_way_it_comes(
    client: httpx2.AsyncClient,
    moderator: httpx2.AsyncClient,
    second: httpx2.AsyncClient,
    organisation: uuid.UUID,
    database: Database,
    setting: Setting,
    changed: dict[str, Any] | None,
    stays: bool,
) -> None:
    for browser in (moderator, second):
        assert (await act(browser, organisation)).status_code == 303
    if changed is None:
        async with session(database) as s:
            await unpublish(s, setting, LAYER, organisation, actor=SYSTEM, reason="Koniec.")
    else:
        await change(database, setting, organisation, **changed)
        assert (MARK in await page_of(client, organisation)) == stays
    async with session(database) as s:
        shown = (await s.execute(text("SELECT count(*) FROM published.verified_organisation"))).scalar_one()
        standing = (
            await s.execute(text("SELECT count(*) FROM core.verification WHERE ended_at IS NULL"))
        ).scalar_one()
        dropped = (
            await s.execute(text("SELECT count(*) FROM core.audit WHERE action = 'verification.dropped'"))
        ).scalar_one()
        assert (shown, standing, dropped) == ((1, 1, 0) if stays else (0, 0, 1))
        assert await verify_chain(s) is None


async def test_what_one_has_vouched_for_is_nobodys_after_a_change(
    moderator: httpx2.AsyncClient,
    second: httpx2.AsyncClient,
    organisation: uuid.UUID,
    database: Database,
    setting: Setting,
    client: httpx2.AsyncClient,
) -> None:
    assert (await act(moderator, organisation)).status_code == 303
    await change(database, setting, organisation, website="https://stol2.example/")
    assert (await act(second, organisation, revision="2")).status_code == 303
    assert MARK not in await page_of(client, organisation)


async def test_0070_goes_down_and_up_again_with_a_verified_organisation(
    moderator: httpx2.AsyncClient,
    second: httpx2.AsyncClient,
    organisation: uuid.UUID,
    database: Database,
    database_urls: ClusterUrls,
) -> None:
    for browser in (moderator, second):
        assert (await act(browser, organisation)).status_code == 303
    await database.dispose()

    def there_and_back() -> None:
        engine = create_engine(database_urls.owner, poolclass=NullPool)
        with engine.connect() as connection:
            config = Config("alembic.ini")
            config.attributes["connection"] = connection
            command.downgrade(config, "0068")
            connection.commit()
        migrate(database_urls.owner)

    await asyncio.to_thread(there_and_back)
    async with session(database) as s:
        assert (await s.execute(text("SELECT count(*) FROM core.verification"))).scalar_one() == 0
        assert (await s.execute(text("SELECT count(*) FROM core.place_claim"))).scalar_one() == 0
