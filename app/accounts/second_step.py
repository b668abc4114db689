"""The second step of signing in: a code from an app, or one of ten recovery codes. Each code works once.

The app's secret is kept sealed, of recovery codes only an HMAC is kept; without the installation's secret a copy of the
database opens no account. The steps that were used are kept as one number: a code of an earlier step than the last one
used is refused as well. Whoever has a passkey instead of an app, or beside it (`passkeys`), has recovery codes as well.
"""

import datetime as dt
import hashlib
import hmac
import time
import uuid
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, delete, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import Actor, record
from app.accounts.codes import new_recovery_codes, new_totp_secret, recovery_code_typed, step_of
from app.accounts.identity_models import Identity
from app.accounts.models import RecoveryCode, SecondStep, User
from app.accounts.passkey_challenges import (
    Purpose,
    new_challenge,
    take_challenge,
    void_challenges,
    waiting_challenge,
)
from app.accounts.passkey_models import Passkey
from app.accounts.sealing import derived_key, seal, unseal
from app.errors import Conflict
from app.mail import queue_mail

APP_MAIL: Final = "app_connected"
CODES_MAIL: Final = "codes_renewed"
_TOTP, _RECOVERY = "second step", "recovery codes"


class NothingToConfirm(Conflict):
    """This set-up was not begun in this browser, is older than fifteen minutes, or is finished already. Begin once more."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody has of a second step: an app that shows codes, passkeys, recovery codes."""

    app: bool
    passkeys: int
    codes_left: int

    @property
    def active(self) -> bool:
        """Whether there is one that signing in asks for."""
        return self.app or self.passkeys > 0


def has_second_step() -> ColumnElement[bool]:
    """The condition on a row of `User` that signing in asks for a second step."""
    return or_(
        exists().where(SecondStep.user_id == User.id, SecondStep.confirmed_at.is_not(None)),
        exists().where(Passkey.user_id == User.id),
    )


async def standing(session: AsyncSession, user_id: uuid.UUID) -> Standing:
    """Say whether somebody has a second step, and how many recovery codes they have left."""
    app = (
        await session.execute(
            select(SecondStep.confirmed_at.is_not(None)).where(SecondStep.user_id == user_id)
        )
    ).scalar_one_or_none()
    passkeys = await session.execute(
        select(func.count()).select_from(Passkey).where(Passkey.user_id == user_id)
    )
    left = await session.execute(
        select(func.count())
        .select_from(RecoveryCode)
        .where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
    )
    return Standing(bool(app), passkeys.scalar_one(), left.scalar_one())


async def second_step_since(session: AsyncSession, user_id: uuid.UUID) -> dt.datetime | None:
    """Say since when somebody has the oldest of their second steps, here or at a service where it counts; None without any.

    An app that was connected anew is a new one.
    """
    moments = (
        select(SecondStep.confirmed_at).where(SecondStep.user_id == user_id),
        select(func.min(Passkey.created_at)).where(Passkey.user_id == user_id),
        select(func.min(Identity.created_at)).where(Identity.user_id == user_id, Identity.counts),
    )
    since: dt.datetime | None = await session.scalar(
        select(func.least(*(moment.scalar_subquery() for moment in moments)))
    )
    return since


async def begin(session: AsyncSession, user_id: uuid.UUID, cookie: str, *, secret: str) -> None:
    """Make a secret for an app that the person is about to connect; the one in use stays until it is confirmed.

    `cookie` is that of the session, which alone may finish it. What another one has begun is void.
    """
    await void_challenges(session, user_id, Purpose.CONNECT)
    await new_challenge(session, Purpose.CONNECT, cookie)
    sealed = seal(secret, _TOTP, new_totp_secret(), user_id.bytes)
    await session.execute(
        insert(SecondStep)
        .values(user_id=user_id, begun=sealed)
        .on_conflict_do_update(index_elements=[SecondStep.user_id], set_={"begun": sealed})
    )


async def begun_secret(session: AsyncSession, user_id: uuid.UUID, cookie: str, *, secret: str) -> str | None:
    """Give the secret that waits to be confirmed in the session of this cookie, in base32; None when there is none."""
    if await waiting_challenge(session, Purpose.CONNECT, cookie) is None:
        return None
    found = await session.execute(select(SecondStep.begun).where(SecondStep.user_id == user_id))
    sealed = found.scalar_one_or_none()
    return None if sealed is None else unseal(secret, _TOTP, sealed, user_id.bytes)


async def confirm(
    session: AsyncSession, user: User, typed: str, cookie: str, *, secret: str, public_url: str
) -> list[str] | None:
    """Take the new app into use when it shows the right code, and give recovery codes, which nobody sees again.

    The person is told by mail. None for a wrong code; `NothingToConfirm` when no secret waits in the session of this cookie. Its caller holds the person.
    """
    held = (
        await session.execute(select(SecondStep).where(SecondStep.user_id == user.id).with_for_update())
    ).scalar_one_or_none()
    waits = await waiting_challenge(session, Purpose.CONNECT, cookie) is not None
    if not waits or held is None or held.begun is None:
        raise NothingToConfirm
    step = step_of(unseal(secret, _TOTP, held.begun, user.id.bytes), typed, time.time())
    if step is None:
        return None
    await take_challenge(session, Purpose.CONNECT, cookie)
    held.sealed, held.begun, held.last_step, held.confirmed_at = held.begun, None, step, func.now()
    record(session, Actor("staff", user.id), "user.second_step_set", "user", user.id)
    await _tell(session, user, APP_MAIL, public_url)
    return await fresh_codes(session, user.id, secret)


async def passes(session: AsyncSession, user_id: uuid.UUID, typed: str, *, secret: str) -> bool:
    """Use a code of the app or a recovery code, once; False for a wrong one and for one that was used."""
    sealed = (
        await session.execute(
            select(SecondStep.sealed).where(
                SecondStep.user_id == user_id, SecondStep.confirmed_at.is_not(None)
            )
        )
    ).scalar_one_or_none()
    step = (
        None if sealed is None else step_of(unseal(secret, _TOTP, sealed, user_id.bytes), typed, time.time())
    )
    if step is not None:
        # One statement: of two uses at once the second finds the step taken.
        used = await session.execute(
            update(SecondStep)
            .where(SecondStep.user_id == user_id, SecondStep.sealed == sealed, SecondStep.last_step < step)
            .values(last_step=step)
            .returning(SecondStep.user_id)
        )
        return used.first() is not None
    return await _recovers(session, user_id, typed, secret)


async def renew_recovery_codes(
    session: AsyncSession, user: User, *, secret: str, public_url: str
) -> list[str]:
    """Give ten new recovery codes; those before work no longer, and the person is told by mail."""
    record(session, Actor("staff", user.id), "user.recovery_codes_renewed", "user", user.id)
    await _tell(session, user, CODES_MAIL, public_url)
    return await fresh_codes(session, user.id, secret)


async def forget_second_step(session: AsyncSession, user_id: uuid.UUID) -> bool:
    """Take the app, the passkeys and the recovery codes away; whether there was any of them."""
    gone = [
        await session.execute(delete(table).where(table.user_id == user_id).returning(table.user_id))
        for table in (RecoveryCode, Passkey, SecondStep)
    ]
    return any(rows.first() is not None for rows in gone)


async def _recovers(session: AsyncSession, user_id: uuid.UUID, typed: str, secret: str) -> bool:
    used = await session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.user_id == user_id,
            RecoveryCode.code_hash == _hashed(secret, user_id, typed),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=func.now())
        .returning(RecoveryCode.id)
    )
    if used.first() is None:
        return False
    record(session, Actor("staff", user_id), "user.recovery_code_used", "user", user_id)
    return True


async def fresh_codes(session: AsyncSession, user_id: uuid.UUID, secret: str) -> list[str]:
    """Give ten recovery codes in the place of those that somebody had."""
    await session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    codes = new_recovery_codes()
    session.add_all(RecoveryCode(user_id=user_id, code_hash=_hashed(secret, user_id, code)) for code in codes)
    await session.flush()
    return codes


async def _tell(session: AsyncSession, user: User, template: str, public_url: str) -> None:
    await queue_mail(
        session,
        to=user.email,
        template=template,
        language=user.language,
        values={"link": f"{public_url}/desk/account"},
        dedupe_key=f"{template}:{uuid.uuid4()}",
    )


def _hashed(secret: str, user_id: uuid.UUID, typed: str) -> bytes:
    said = user_id.bytes + recovery_code_typed(typed).encode()
    return hmac.digest(derived_key(secret, _RECOVERY), said, hashlib.sha256)
