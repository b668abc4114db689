import asyncio
from collections.abc import Sequence

import pytest
from sqlalchemy import select, text, update

from app.accounts.granting import grant_role
from app.accounts.models import SignInLink, User
from app.accounts.roles import Role
from app.accounts.sign_in import (
    CodeNeeded,
    LinkUsedUp,
    consume_link,
    forget_links,
    issue,
    make_one_time_link,
    request_link,
)
from app.accounts.tokens import browser_code
from app.accounts.users import suspend
from app.db import Database, session
from app.mail.addresses import UnusableAddress
from app.mail.links import with_links
from app.mail.models import OutboxMail
from tests.functional.desk.locks import crowded, until_all_wait
from tests.postgis import AT_ONCE

__all__ = ["crowded"]
ANNA = "anna@kielce.example"
KEY = "the secret key"


async def staff(db: Database, email: str = ANNA, role: Role = Role.MODERATOR) -> None:
    async with session(db) as s:
        await grant_role(s, email, role)


async def asked(db: Database, email: str = ANNA, browser: str = "browser") -> None:
    """Ask, and let the worker's part happen too."""
    async with session(db) as s:
        await request_link(s, email, "pl", browser)
    async with session(db) as s:
        link = (
            await s.execute(select(SignInLink.id).order_by(SignInLink.created_at.desc()).limit(1))
        ).scalar_one()
        await issue(s, link, "https://pomapa.example", KEY)


async def mails(db: Database) -> Sequence[OutboxMail]:
    async with session(db) as s:
        return (await s.execute(select(OutboxMail).order_by(OutboxMail.created_at))).scalars().all()


async def token_from_mail(db: Database) -> str:
    (mail,) = await mails(db)
    assert mail.values is not None
    return str(with_links(mail.values, KEY)["link"]).rpartition("#")[2]


async def use(db: Database, token: str, **how: str) -> User | CodeNeeded:
    async with session(db) as s:
        return await consume_link(s, token, secret=KEY, **how)


async def test_a_link_from_a_mail_signs_in(db: Database) -> None:
    await staff(db)
    await asked(db, " Anna@Kielce.example ")
    user = await use(db, await token_from_mail(db), browser_token="browser")
    assert isinstance(user, User)
    assert (user.email, [held.role for held in user.held]) == (ANNA, [Role.MODERATOR])


async def test_b1_a_link_works_once_even_when_pressed_many_times_at_once(
    db: Database, crowded: Database
) -> None:
    await staff(db)
    await asked(db)
    token = await token_from_mail(db)
    # As many at once as there are ways to the database; who waited for one for long would be told that it is busy.
    places = asyncio.Semaphore(AT_ONCE)

    async def press() -> User | CodeNeeded:
        async with places:
            return await use(crowded, token, browser_token="browser")

    async with session(db) as holder:
        await holder.execute(text("SELECT FROM core.sign_in_link FOR UPDATE"))
        presses = [asyncio.create_task(press()) for _ in range(200)]
        await until_all_wait(db, presses, AT_ONCE)
    results = await asyncio.gather(*presses, return_exceptions=True)
    assert sum(isinstance(result, User) for result in results) == 1
    assert sum(isinstance(result, LinkUsedUp) for result in results) == 199


async def test_nobody_is_told_who_has_an_account(db: Database) -> None:
    await staff(db)
    await staff(db, "gone@kielce.example")
    async with session(db) as s:
        await suspend(s, "gone@kielce.example")
    for email in (ANNA, "stranger@kielce.example", "gone@kielce.example"):
        await asked(db, email)
    assert [mail.recipient for mail in await mails(db)] == [ANNA]
    async with session(db) as s:
        count = (await s.execute(text("SELECT count(*) FROM core.sign_in_link"))).scalar_one()
        assert count == 3


async def test_what_is_no_address_is_said(db: Database) -> None:
    async with session(db) as s:
        with pytest.raises(UnusableAddress):
            await request_link(s, "anna", "pl", "browser")


async def test_b3_another_browser_needs_the_code_of_the_first(db: Database) -> None:
    await staff(db)
    await asked(db)
    token = await token_from_mail(db)
    assert await use(db, token) == CodeNeeded(5)
    assert await use(db, token, browser_token="other") == CodeNeeded(5)
    wrong = "000000" if browser_code(KEY, "browser") != "000000" else "111111"
    assert await use(db, token, browser_token="other", code=wrong) == CodeNeeded(4)
    assert isinstance(await use(db, token, browser_token="other", code=browser_code(KEY, "browser")), User)


async def test_guessing_codes_uses_the_link_up(db: Database) -> None:
    await staff(db)
    await asked(db)
    token = await token_from_mail(db)
    wrong = "000000" if browser_code(KEY, "browser") != "000000" else "111111"
    for left in (4, 3, 2, 1, 0):
        assert await use(db, token, code=wrong) == CodeNeeded(left)
    with pytest.raises(LinkUsedUp):
        await use(db, token, code=browser_code(KEY, "browser"))


async def test_b1_an_old_link_does_nothing(db: Database) -> None:
    await staff(db)
    await asked(db)
    token = await token_from_mail(db)
    async with session(db) as s:
        lifetime = await s.execute(text("SELECT expires_at - created_at FROM core.sign_in_link"))
        assert lifetime.scalar_one().total_seconds() == 900
        await s.execute(update(SignInLink).values(expires_at=text("now() - interval '1 second'")))
    with pytest.raises(LinkUsedUp):
        await use(db, token, browser_token="browser")


async def test_whoever_is_suspended_meanwhile_stays_out(db: Database) -> None:
    await staff(db)
    await asked(db)
    token = await token_from_mail(db)
    async with session(db) as s:
        await suspend(s, ANNA)
    with pytest.raises(LinkUsedUp):
        await use(db, token, browser_token="browser")


async def test_b1_no_token_is_in_the_database(db: Database) -> None:
    async with session(db) as s:
        token = await make_one_time_link(s, ANNA)
    async with session(db) as s:
        row = (await s.execute(text("SELECT l::text FROM core.sign_in_link l"))).scalar_one()
    assert token not in row


async def test_the_link_of_the_start_command_makes_an_administrator_once(db: Database) -> None:
    async with session(db) as s:
        token = await make_one_time_link(s, ANNA)
    user = await use(db, token)
    assert isinstance(user, User)
    assert [held.role for held in user.held] == [Role.ADMINISTRATOR]
    with pytest.raises(LinkUsedUp):
        await use(db, token)


async def test_b3_no_link_that_any_browser_may_use_lives_longer_than_an_hour(db: Database) -> None:
    """Whatever its row says: invitations once were such links."""
    async with session(db) as s:
        token = await make_one_time_link(s, ANNA)
        for_days = "created_at = now() - interval '61 minutes', expires_at = now() + interval '3 days'"
        await s.execute(text(f"UPDATE core.sign_in_link SET {for_days}"))
    with pytest.raises(LinkUsedUp):
        await use(db, token)


async def test_a_second_start_changes_nobodys_role(db: Database) -> None:
    await staff(db, role=Role.EDITOR)
    async with session(db) as s:
        token = await make_one_time_link(s, ANNA)
    user = await use(db, token)
    assert isinstance(user, User)
    assert [held.role for held in user.held] == [Role.EDITOR]


async def test_links_are_forgotten_a_day_after_they_ended(db: Database) -> None:
    await asked(db)
    async with session(db) as s:
        await forget_links(s)
        assert (await s.execute(select(SignInLink))).first() is not None
        await s.execute(update(SignInLink).values(expires_at=text("now() - interval '25 hours'")))
        await forget_links(s)
        assert (await s.execute(select(SignInLink))).first() is None
