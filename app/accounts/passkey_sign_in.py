"""Signing in by a passkey alone."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from app.accounts.audit import Actor, record
from app.accounts.models import User
from app.accounts.passkeys import owner_of, passes_by_passkey, says_whose_it_is
from app.accounts.people import hold_person
from app.accounts.relying_party import RelyingParty
from app.accounts.sign_in import WITH_ACCOUNT


async def sign_in_by_passkey(
    session: AsyncSession, answer: str, *, challenge: bytes, party: RelyingParty
) -> User | None:
    """Give the person whose passkey answers this challenge; None, and nothing raised, for everything else."""
    user_id = await owner_of(session, answer)
    if user_id is None or not says_whose_it_is(answer):
        return None
    await hold_person(session, user_id)
    user = (
        await session.execute(
            select(User).where(User.id == user_id, *WITH_ACCOUNT).options(selectinload(User.grants))
        )
    ).scalar_one_or_none()
    if user is None or not await passes_by_passkey(
        session, answer, user_id=user.id, challenge=challenge, party=party
    ):
        return None
    record(session, Actor("staff", user.id), "user.signed_in", "user", user.id, by="passkey")
    return user
