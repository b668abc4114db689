"""Challenges: each is for one browser and one purpose, is used once, and is too old after a few minutes.

All but one are signed by a passkey. The one to connect an app for codes is signed by nothing: that a session has it says
that the set-up was begun in this session, by somebody who has shown the second step that they had, and not long ago.
"""

import datetime as dt
import secrets
import uuid
from enum import StrEnum

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.incarnation import hash_here
from app.accounts.models import Session
from app.accounts.passkey_models import PasskeyChallenge

LIFETIME = dt.timedelta(minutes=5)
#: An app may have to be installed first.
CONNECT_LIFETIME = dt.timedelta(minutes=15)
#: WebAuthn, 13.4.3, asks for 16 at least.
CHALLENGE_BYTES = 32


class Purpose(StrEnum):
    """What a signature is asked for; one that was made for something else is worth nothing."""

    ADD = "add"
    CONNECT = "connect"
    #: Of somebody who is known by their session: the second step of signing in, or a change of their account.
    PROVE = "prove"
    SIGN_IN = "sign_in"


async def new_challenge(session: AsyncSession, purpose: Purpose, cookie: str) -> bytes:
    """Give a challenge to the browser with this cookie; the one that it had for this purpose is void."""
    lifetime = CONNECT_LIFETIME if purpose == Purpose.CONNECT else LIFETIME
    values = {"challenge": secrets.token_bytes(CHALLENGE_BYTES), "expires_at": func.now() + lifetime}
    made = await session.execute(
        insert(PasskeyChallenge)
        .values(browser_hash=hash_here(cookie), purpose=purpose, **values)
        .on_conflict_do_update(
            index_elements=[PasskeyChallenge.browser_hash, PasskeyChallenge.purpose], set_=values
        )
        .returning(PasskeyChallenge.challenge)
    )
    return made.scalar_one()


async def waiting_challenge(session: AsyncSession, purpose: Purpose, cookie: str) -> bytes | None:
    """Give the challenge that a browser has, without using it; None when there is none or it is too old."""
    found = await session.execute(
        select(PasskeyChallenge.challenge).where(
            *_of(purpose, cookie), PasskeyChallenge.expires_at > func.now()
        )
    )
    return found.scalar_one_or_none()


async def take_challenge(session: AsyncSession, purpose: Purpose, cookie: str) -> bytes | None:
    """Use up the challenge of a browser. One statement: of two uses at once the second finds none.

    It has to be used up whatever comes of it: a caller says what is wrong in its answer, and raises nothing.
    """
    taken = await session.execute(
        delete(PasskeyChallenge)
        .where(*_of(purpose, cookie), PasskeyChallenge.expires_at > func.now())
        .returning(PasskeyChallenge.challenge)
    )
    return taken.scalar_one_or_none()


async def void_challenges(session: AsyncSession, user_id: uuid.UUID, *purposes: Purpose) -> None:
    """Delete what waits in the sessions of a person, for these purposes or for all: what they were about to do is over."""
    theirs = select(Session.token_hash).where(Session.user_id == user_id)
    await session.execute(
        delete(PasskeyChallenge).where(
            PasskeyChallenge.browser_hash.in_(theirs),
            PasskeyChallenge.purpose.in_(purposes or tuple(Purpose)),
        )
    )


async def forget_challenges(session: AsyncSession) -> None:
    """Delete challenges that are too old."""
    await session.execute(delete(PasskeyChallenge).where(PasskeyChallenge.expires_at < func.now()))


def _of(purpose: Purpose, cookie: str) -> tuple[ColumnElement[bool], ...]:
    return (PasskeyChallenge.browser_hash == hash_here(cookie), PasskeyChallenge.purpose == purpose)
