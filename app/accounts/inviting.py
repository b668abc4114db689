"""The mail to whoever has got a role: with a link that signs them in once, in any browser, within three days.

Who has been here before gets the address of the page instead: for them a link would be a way round everything that
binds signing in to their browser and to a quarter of an hour.
"""

import datetime as dt
import uuid
from typing import Any, Final

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql import func

from app.accounts.audit import Actor, AuditEntry, record
from app.accounts.models import SignInLink, User
from app.accounts.sign_in import link_address
from app.accounts.tokens import token_hash
from app.errors import Conflict
from app.mail import queue_mail
from app.mail.links import SecretLink, make_token

INVITATION_LIFETIME: Final = dt.timedelta(days=3)


class NothingToInviteTo(Conflict):
    """This person has no role that holds yet, or is suspended, so a link would open nothing."""


async def invite(session: AsyncSession, user: User, *, by: User, public_url: str, secret: str) -> None:
    """Queue the mail, in the person's language; links of earlier invitations that were not used open nothing any more.

    `NothingToInviteTo`.
    """
    if user.suspended_at is not None or not user.held:
        raise NothingToInviteTo
    await session.execute(
        delete(SignInLink).where(SignInLink.email == user.email, SignInLink.used_at.is_(None))
    )
    if await _has_been_here(session, user):
        await _tell(session, user, by, f"{public_url}/desk/sign-in", 0, key=str(uuid.uuid4()))
        return
    link = SignInLink(email=user.email, language=user.language, expires_at=func.now() + INVITATION_LIFETIME)
    session.add(link)
    await session.flush()
    # The mail is queued without the token, which is made again when it is sent.
    mailed = SecretLink(link_address(public_url, ""), "sign-in", link.id)
    link.token_hash = token_hash(make_token(secret, mailed.purpose, link.id))
    await _tell(session, user, by, mailed.to_value(), INVITATION_LIFETIME.days, key=str(link.id))


async def _has_been_here(session: AsyncSession, user: User) -> bool:
    """Whether this person has signed in before; the log of that is kept for ever."""
    query = select(AuditEntry.id).where(
        AuditEntry.object_type == "user",
        AuditEntry.object_id == str(user.id),
        AuditEntry.action == "user.signed_in",
    )
    return await session.scalar(query.limit(1)) is not None


async def _tell(session: AsyncSession, user: User, by: User, link: Any, days: int, *, key: str) -> None:
    await queue_mail(
        session,
        to=user.email,
        template="invitation",
        language=user.language,
        values={"link": link, "days": days, "by": by.known_as},
        dedupe_key=f"invitation:{key}",
    )
    record(session, Actor("staff", by.id), "user.invited", "user", user.id)
