import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import selectinload

from app.accounts.audit import AuditEntry, verify_chain
from app.accounts.granting import grant_role
from app.accounts.models import Session, User
from app.accounts.roles import Role, may
from app.accounts.sessions import create_session, forget_sessions, revoke, revoke_all
from app.accounts.sessions import signed_in as session_of
from app.accounts.users import LastAdministrator, NoSuchUser, reinstate, suspend
from app.db import Database, session

ANNA = "anna@kielce.example"


async def signed_in(db: Database, role: Role = Role.MODERATOR) -> str:
    async with session(db) as s:
        return await create_session(s, (await grant_role(s, ANNA, role)).id)


async def who(db: Database, token: str) -> User | None:
    async with session(db) as s:
        found = await session_of(s, token)
        return found.user if found is not None and found.whole else None


async def age(db: Database, **columns: str) -> None:
    async with session(db) as s:
        await s.execute(
            update(Session).values({name: text(f"now() - interval '{ago}'") for name, ago in columns.items()})
        )


async def test_a_token_finds_its_user_and_no_other_does(db: Database) -> None:
    token = await signed_in(db)
    user = await who(db, token)
    assert user is not None
    assert user.email == ANNA
    assert user.known_as == "anna"
    assert await who(db, token + "x") is None
    assert await who(db, "") is None


@pytest.mark.parametrize(("idle", "still"), [("29 minutes", True), ("31 minutes", False)])
async def test_b10_unused_sessions_end(db: Database, idle: str, still: bool) -> None:
    token = await signed_in(db)
    await age(db, last_seen_at=idle)
    assert (await who(db, token) is not None) is still


async def test_b10_use_keeps_a_session_alive_but_not_for_ever(db: Database) -> None:
    token = await signed_in(db)
    await age(db, last_seen_at="29 minutes")
    assert await who(db, token)
    async with session(db) as s:
        idle = await s.execute(
            select(text("now() - last_seen_at < interval '5 seconds'")).select_from(Session)
        )
        assert idle.scalar_one()
        hours = await s.execute(
            text("SELECT extract(epoch FROM expires_at - created_at) / 3600 FROM core.session")
        )
        assert hours.scalar_one() == 12
    await age(db, expires_at="1 second")
    assert await who(db, token) is None


async def test_b10_signing_out_ends_one_session_and_signing_out_everywhere_all(db: Database) -> None:
    first, second = await signed_in(db), await signed_in(db)
    async with session(db) as s:
        await revoke(s, first)
    assert await who(db, first) is None
    user = await who(db, second)
    assert user is not None
    async with session(db) as s:
        await revoke_all(s, user.id)
    assert await who(db, second) is None


async def test_a_lowered_role_takes_effect_at_once(db: Database) -> None:
    token = await signed_in(db)
    async with session(db) as s:
        await grant_role(s, ANNA, Role.EDITOR)
    assert await who(db, token) is None
    async with session(db) as s:
        user = (await s.execute(select(User).options(selectinload(User.grants)))).scalar_one()
    assert may(user, "feature.see")
    assert not may(user, "submission.decide")


async def test_granting_the_same_role_again_disturbs_nobody(db: Database) -> None:
    token = await signed_in(db)
    async with session(db) as s:
        await grant_role(s, ANNA.upper(), Role.MODERATOR, name="Anna W.")
    user = await who(db, token)
    assert user is not None
    assert user.known_as == "Anna W."


async def test_suspension_is_immediate_and_can_be_taken_back(db: Database) -> None:
    token = await signed_in(db)
    async with session(db) as s:
        await suspend(s, ANNA)
    assert await who(db, token) is None
    async with session(db) as s:
        user = await reinstate(s, ANNA)
        token = await create_session(s, user.id)
    assert await who(db, token)


async def test_the_last_administrator_stays(db: Database) -> None:
    await signed_in(db, Role.ADMINISTRATOR)
    async with session(db) as s:
        with pytest.raises(LastAdministrator):
            await grant_role(s, ANNA, Role.EDITOR)
    async with session(db) as s:
        with pytest.raises(LastAdministrator):
            await suspend(s, ANNA)
    async with session(db) as s:
        await grant_role(s, "second@kielce.example", Role.ADMINISTRATOR)
        await suspend(s, ANNA)


async def test_strangers_cannot_be_suspended(db: Database) -> None:
    async with session(db) as s:
        with pytest.raises(NoSuchUser):
            await suspend(s, "stranger@kielce.example")


async def test_a6_every_change_of_rights_is_in_the_log(db: Database) -> None:
    await signed_in(db)
    async with session(db) as s:
        await suspend(s, ANNA)
    async with session(db) as s:
        actions = (await s.execute(select(AuditEntry.action).order_by(AuditEntry.id))).scalars().all()
        assert list(actions) == ["user.granted", "user.suspended"]
        assert await verify_chain(s) is None
        rows = (await s.execute(text("SELECT string_agg(a::text, '') FROM core.audit a"))).scalar_one()
        assert ANNA not in rows


async def test_ended_sessions_are_forgotten(db: Database) -> None:
    token = await signed_in(db)
    async with session(db) as s:
        await forget_sessions(s)
    assert await who(db, token)
    await age(db, expires_at="1 second")
    async with session(db) as s:
        await forget_sessions(s)
        assert (await s.execute(select(Session))).first() is None
