"""Attempts to sign in with a municipality: bound to one browser and one service, used once, ten minutes at most.

Of an attempt only hashes are stored. Its nonce and its verifier (RFC 7636) are made again from what the browser keeps and
what the service sends back, under the installation's secret: a copy of the database lets nobody finish it.
"""

import base64
import datetime as dt
import hashlib
import hmac
from dataclasses import dataclass
from typing import Final

from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql import func, text

from app.accounts.identity_models import SignInAttempt
from app.accounts.sealing import derived_key
from app.accounts.tokens import new_token, token_hash

LIFETIME: Final = dt.timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Attempt:
    """What binds the steps of one attempt to each other."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def of(cls, secret: str, state: str, browser_token: str) -> "Attempt":
        """Make it from what the service sends back and what the browser keeps."""
        told = f"{state}\x1f{browser_token}".encode()

        def made(purpose: str) -> str:
            return _letters(hmac.digest(derived_key(secret, purpose), told, hashlib.sha256))

        return cls(state, made("nonces of sign-in"), made("verifiers of sign-in"))

    @property
    def challenge(self) -> str:
        """What the service is shown of the verifier."""
        return _letters(hashlib.sha256(self.verifier.encode()).digest())


async def begin(session: AsyncSession, provider: str, browser_token: str, *, secret: str) -> Attempt:
    """Note that somebody goes to a service to sign in."""
    attempt = Attempt.of(secret, new_token(), browser_token)
    session.add(
        SignInAttempt(
            provider=provider,
            state_hash=token_hash(attempt.state),
            browser_hash=token_hash(browser_token),
            expires_at=func.now() + LIFETIME,
        )
    )
    await session.flush()
    return attempt


async def use_up(
    session: AsyncSession, provider: str, state: str, browser_token: str, *, secret: str
) -> Attempt | None:
    """Use an attempt, once; None when it does not work or no longer.

    Given back by another service than the one it began with, it is used up and does not work.
    """
    found = await session.execute(
        update(SignInAttempt)
        .where(
            SignInAttempt.state_hash == token_hash(state),
            SignInAttempt.browser_hash == token_hash(browser_token),
            SignInAttempt.used_at.is_(None),
            SignInAttempt.expires_at > func.now(),
        )
        .values(used_at=func.now())
        .returning(SignInAttempt.provider)
    )
    if found.scalar_one_or_none() != provider:
        return None
    return Attempt.of(secret, state, browser_token)


async def forget_attempts(session: AsyncSession) -> None:
    """Delete attempts an hour after they stopped working."""
    await session.execute(
        delete(SignInAttempt).where(SignInAttempt.expires_at < func.now() - text("interval '1 hour'"))
    )


def _letters(digest: bytes) -> str:
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
