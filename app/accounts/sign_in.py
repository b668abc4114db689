"""Signing in by a link from a mail.

Asking does the same work and says the same whoever asks; only the worker finds out whether there is
an account. A link works once, for 15 minutes, in the browser that asked for it, or elsewhere with the
code that this browser shows.
"""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Final

from sqlalchemy import delete, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload
from sqlalchemy.sql import func, text

from app.accounts.audit import Actor, record
from app.accounts.granting import grant_role
from app.accounts.incarnation import hash_here
from app.accounts.memberships import is_of_an_organisation
from app.accounts.models import Grant, SignInLink, User
from app.accounts.people import found_person, hold_address
from app.accounts.roles import Role
from app.accounts.tokens import code_fits, new_token, token_hash
from app.errors import Gone
from app.jobs import Retry, Work, defer, task
from app.mail import queue_mail
from app.mail.addresses import normalised
from app.mail.links import SecretLink, make_token

ISSUE = "accounts.issue_link"
LINK_LIFETIME = dt.timedelta(minutes=15)
#: For the link that the start command prints: whoever reads that terminal owns the installation.
ONE_TIME_LIFETIME = dt.timedelta(hours=1)
MOST_CODE_TRIES = 5
#: Within the time that the link lives.
RETRY = Retry(times=7, first_s=5)
#: Whoever has a role that holds, or belongs to an organisation, and is not suspended; nobody else signs in, nor gets a link.
WITH_ACCOUNT: Final = (
    User.suspended_at.is_(None),
    or_(
        exists().where(Grant.user_id == User.id, Grant.confirmed_at.is_not(None)),
        is_of_an_organisation(),
    ),
)


class LinkUsedUp(Gone):
    """This link was used already or is too old. Ask for a new one."""


@dataclass(frozen=True, slots=True)
class CodeNeeded:
    """The link was opened in another browser than the one that asked; the first one shows a code to type here."""

    tries_left: int


async def request_link(session: AsyncSession, email: str, language: str, browser_token: str) -> None:
    """Note that somebody wants to sign in, and let the worker see to it.

    `browser_token` is the value of the asking browser's cookie. `UnusableAddress` only for what is no
    address at all; nothing shows whether an account has it.
    """
    link = SignInLink(
        email=normalised(email),
        language=language,
        browser_hash=token_hash(browser_token),
        expires_at=func.now() + LINK_LIFETIME,
    )
    session.add(link)
    await session.flush()
    await defer(session, ISSUE, link_id=str(link.id), priority=5)


@task(ISSUE, retry=RETRY)
async def issue_link(work: Work, *, link_id: str) -> None:
    """Mail the link that was asked for, where there is an account for it."""
    async with work.transaction() as session:
        secret = work.settings.secret_key.get_secret_value()
        await issue(session, uuid.UUID(link_id), work.settings.public_url, secret)


async def issue(session: AsyncSession, link_id: uuid.UUID, public_url: str, secret: str) -> None:
    """Make the link's token and queue its mail; does nothing for unknown and suspended people."""
    link = (
        await session.execute(
            select(SignInLink)
            .join(User, User.email == SignInLink.email)
            .where(
                SignInLink.id == link_id,
                SignInLink.token_hash.is_(None),
                SignInLink.expires_at > func.now(),
                *WITH_ACCOUNT,
            )
            .with_for_update(of=SignInLink)
        )
    ).scalar_one_or_none()
    if link is None:
        return
    # The mail is queued without the token, which is made again when it is sent.
    mailed = SecretLink(link_address(public_url, ""), "sign-in", link.id)
    link.token_hash = hash_here(make_token(secret, mailed.purpose, link.id))
    await queue_mail(
        session,
        to=link.email,
        template="sign_in",
        language=link.language,
        values={"link": mailed.to_value(), "minutes": int(LINK_LIFETIME.total_seconds() // 60)},
        dedupe_key=f"sign_in:{link.id}",
    )


def link_address(public_url: str, token: str) -> str:
    """Where a link leads: to a page that asks for a click, since mail scanners follow links but press no buttons.

    The token stands behind `#`, so that no server, no log and no `Referer` has it before the click.
    """
    return f"{public_url}/desk/sign-in/link#{token}"


async def consume_link(
    session: AsyncSession,
    token: str,
    *,
    secret: str,
    browser_token: str | None = None,
    code: str | None = None,
) -> User | CodeNeeded:
    """Use a link, once, and give the user it is for; `secret` is the key of the codes.

    `LinkUsedUp` when it does not work or no longer. `CodeNeeded` is given, not raised, in another browser
    without the right code: wrong codes are counted, and an error would take the count back.
    """
    # Before the link, and by a look at it alone: whoever suspends this person holds them first, and then their links.
    whose = select(SignInLink.email).where(SignInLink.token_hash == hash_here(token))
    await hold_address(session, whose.scalar_subquery())
    held = (
        await session.execute(
            select(SignInLink)
            .where(
                SignInLink.token_hash == hash_here(token),
                SignInLink.used_at.is_(None),
                SignInLink.expires_at > func.now(),
                SignInLink.code_tries < MOST_CODE_TRIES,
                # Invitations once were links that any browser could use for days; none of them works any more.
                SignInLink.browser_hash.is_not(None)
                | (SignInLink.created_at > func.now() - ONE_TIME_LIFETIME),
            )
            .with_for_update()
        )
    ).scalar_one_or_none()
    if held is None:
        raise LinkUsedUp
    if held.browser_hash is not None and not _fits(secret, held.browser_hash, browser_token, code):
        if code:
            held.code_tries += 1
            await session.flush()
        return CodeNeeded(tries_left=MOST_CODE_TRIES - held.code_tries)
    # The row lock makes this the only use; the condition says so once more in one statement.
    email = (
        await session.execute(
            update(SignInLink)
            .where(SignInLink.id == held.id, SignInLink.used_at.is_(None))
            .values(used_at=func.now())
            .returning(SignInLink.email)
        )
    ).scalar_one_or_none()
    user = (
        await session.execute(
            select(User).where(User.email == email, *WITH_ACCOUNT).options(selectinload(User.grants))
        )
    ).scalar_one_or_none()
    if user is None:
        raise LinkUsedUp
    record(session, Actor("staff", user.id), "user.signed_in", "user", user.id)
    return user


async def make_one_time_link(session: AsyncSession, email: str, role: Role = Role.ADMINISTRATOR) -> str:
    """Give a token that signs `email` in once, within the hour, in any browser.

    For whoever runs the commands of an installation. The account is made, with `role`, when there is none.
    """
    user = await found_person(session, email) or await grant_role(session, email, role)
    token = new_token()
    session.add(
        SignInLink(
            email=user.email,
            language=user.language,
            token_hash=hash_here(token),
            expires_at=func.now() + ONE_TIME_LIFETIME,
        )
    )
    await session.flush()
    return token


async def forget_links(session: AsyncSession) -> None:
    """Delete links a day after they stopped working."""
    await session.execute(
        delete(SignInLink).where(SignInLink.expires_at < func.now() - text("interval '24 hours'"))
    )


def _fits(secret: str, browser_hash: bytes, browser_token: str | None, code: str | None) -> bool:
    if browser_token is not None and token_hash(browser_token) == browser_hash:
        return True
    return bool(code) and code_fits(secret, code or "", browser_hash)
