"""Accounts and who their people are at the sign-in service of a municipality.

Somebody is found by what the service calls them, which it gives to nobody else. Only the first time by a mail address, and
only by one of which the service has made sure, in a domain for which it may speak, of somebody who was invited here: an
account is never made by signing in, and no right comes with it.

What was disconnected never comes back by an address: its row stays, and bars both that person there and whoever else the
service may call by the same address. Its owner connects it again, or an administrator lets them begin anew.
"""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, delete, false, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from app.accounts.audit import SYSTEM, Actor, record
from app.accounts.identity_models import Identity
from app.accounts.models import User
from app.accounts.oidc.id_token import Said
from app.accounts.people import end_ways_in, person
from app.accounts.second_step import standing
from app.accounts.sign_in import WITH_ACCOUNT
from app.config import IdentityProvider
from app.errors import Conflict
from app.mail import queue_mail
from app.mail.addresses import UnusableAddress, normalised


class NotConnected(Conflict):
    """This account is not connected with any municipality's sign-in service."""


class NotDisconnected(Conflict):
    """No municipality's sign-in service was disconnected from this account."""


@dataclass(frozen=True, slots=True)
class Known:
    """Whom a service has sent, and whether their second step is done with that."""

    user: User
    passed: bool


async def recognise(
    session: AsyncSession, said: Said, provider: IdentityProvider, *, counted: bool, public_url: str
) -> Known | None:
    """Give the person of whom a service speaks, connected with their account the first time; None for everybody else.

    `counted`: they have passed a second step there that counts here.
    """
    found = await _connected(session, said)
    if found is not None:
        identity, user = found
        identity.used_at = func.now()
        # It comes to count only while there is none of their own: their own is never replaced by what a service says.
        passed = counted and (identity.counts or not (await standing(session, user.id)).active)
        if passed and not identity.counts:
            # As a second step it is a new one: see `second_step_since`.
            identity.created_at = func.now()
        # What has counted once is asked for from then on, until the operator says that it counts no more.
        identity.counts = bool(provider.second_step) and (identity.counts or passed)
    else:
        invited = await _first_time(session, said, provider)
        if invited is None:
            return None
        user = invited
        # The second step that they have already is asked for now: a service must not take it away by speaking of them first.
        passed = counted and not (await standing(session, user.id)).active
        if not await _connect(session, user, said, provider, counts=passed, public_url=public_url):
            return None
    record(session, Actor("staff", user.id), "user.signed_in", "user", user.id, issuer=said.issuer)
    return Known(user, passed)


async def disconnect(session: AsyncSession, email: str, *, by: Actor = SYSTEM) -> User:
    """Let no service sign somebody in any more, and end their ways in. `NoSuchUser`, `NotConnected`."""
    user = await person(session, email)
    if not await disconnect_identities(session, user, by=by):
        raise NotConnected
    await end_ways_in(session, user)
    return user


async def allow_again(session: AsyncSession, email: str, *, by: Actor = SYSTEM) -> User:
    """Forget what was disconnected: the next time its service may speak of them as of somebody new.

    `NoSuchUser`, `NotDisconnected`.
    """
    user = await person(session, email)
    gone = await session.scalars(
        delete(Identity)
        .where(Identity.user_id == user.id, Identity.disconnected_at.is_not(None))
        .returning(Identity.issuer)
    )
    if not await _recorded(session, user, gone.all(), "user.identity_allowed", by):
        raise NotDisconnected
    return user


async def disconnect_identities(session: AsyncSession, user: User, *, by: Actor) -> bool:
    """Let no service sign somebody in any more; whether one did. Its caller holds the person."""
    changed = await session.scalars(
        update(Identity)
        .where(Identity.user_id == user.id, Identity.disconnected_at.is_(None))
        .values(disconnected_at=func.now(), counts=False)
        .returning(Identity.issuer)
    )
    return await _recorded(session, user, changed.all(), "user.identity_disconnected", by)


async def connect_again(
    session: AsyncSession, user: User, identity_id: uuid.UUID, provider: IdentityProvider, *, public_url: str
) -> bool:
    """Let a service sign somebody in as before, and tell them by mail; whether that was disconnected.

    Only the person there whom it has signed in before: no address is looked at. Its caller holds the person.
    """
    changed = await session.scalars(
        update(Identity)
        .where(
            Identity.id == identity_id,
            Identity.user_id == user.id,
            Identity.issuer == provider.issuer,
            Identity.disconnected_at.is_not(None),
        )
        .values(disconnected_at=None)
        .returning(Identity.issuer)
    )
    by = Actor("staff", user.id)
    if not await _recorded(session, user, changed.all(), "user.identity_connected_again", by):
        return False
    await _tell(session, user, provider, f"{identity_id}:{uuid.uuid4()}", public_url)
    return True


async def count_no_more(session: AsyncSession, user_id: uuid.UUID) -> bool:
    """Let no service's second step be asked for until it has counted anew; whether one was."""
    changed = await session.execute(
        update(Identity)
        .where(Identity.user_id == user_id, Identity.counts)
        .values(counts=False)
        .returning(Identity.id)
    )
    return changed.first() is not None


async def counting_issuers(session: AsyncSession, user_id: uuid.UUID) -> frozenset[str]:
    """Give the services at which somebody has passed a second step that counts."""
    found = await session.scalars(select(Identity.issuer).where(Identity.user_id == user_id, Identity.counts))
    return frozenset(found)


async def identities_of(
    session: AsyncSession, user_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, Sequence[Identity]]:
    """Give who each of these people is, or was, at services, the oldest first; people without one are left out."""
    query = (
        select(Identity)
        .where(Identity.user_id.in_(user_ids))
        .order_by(Identity.created_at, Identity.id)
        .execution_options(populate_existing=True)
    )
    found: dict[uuid.UUID, list[Identity]] = {}
    for identity in await session.scalars(query):
        found.setdefault(identity.user_id, []).append(identity)
    return dict(found)


async def _connected(session: AsyncSession, said: Said) -> tuple[Identity, User] | None:
    ours = (
        Identity.issuer == said.issuer,
        Identity.subject == said.subject,
        Identity.disconnected_at.is_(None),
    )
    user = await _person(session, User.id.in_(select(Identity.user_id).where(*ours)))
    # Looked at once more: it may have been disconnected while we waited for its person.
    query = select(Identity).where(*ours, Identity.user_id == user.id if user else false())
    identity = await session.scalar(query.execution_options(populate_existing=True))
    return None if user is None or identity is None else (identity, user)


async def _first_time(session: AsyncSession, said: Said, provider: IdentityProvider) -> User | None:
    """Give the person whose address the service has made sure of, if it may speak for them."""
    try:
        email = normalised(said.email or "")
    except UnusableAddress:
        return None
    if email.rpartition("@")[2] not in provider.mail_domains:
        return None
    return await _person(session, User.email == email)


async def _person(session: AsyncSession, which: ColumnElement[bool]) -> User | None:
    """Give somebody who may sign in, held: who suspends them at this moment waits, and ends the session that comes of this.

    As `hold_person` holds them: what belongs to a person may be written meanwhile, so that nobody who has done that, and
    waits for us, is waited for.
    """
    query = (
        select(User)
        .where(which, *WITH_ACCOUNT)
        .options(selectinload(User.grants))
        .with_for_update(of=User, key_share=True)
        .execution_options(populate_existing=True)
    )
    return (await session.execute(query)).scalar_one_or_none()


async def _connect(
    session: AsyncSession,
    user: User,
    said: Said,
    provider: IdentityProvider,
    *,
    counts: bool,
    public_url: str,
) -> bool:
    """Connect an account and have its person told; False when one of both is connected already, or was disconnected.

    An address that was given to a colleague does not bring them the account of whoever had it before; nor does it bring
    back whom its owner, or an administrator, has kept out, under this name or under another.
    """
    made = await session.execute(
        insert(Identity)
        .values(user_id=user.id, issuer=said.issuer, subject=said.subject, counts=counts)
        .on_conflict_do_nothing()
        .returning(Identity.id)
    )
    identity_id = made.scalar_one_or_none()
    if identity_id is None:
        return False
    record(session, Actor("staff", user.id), "user.identity_connected", "user", user.id, issuer=said.issuer)
    await _tell(session, user, provider, str(identity_id), public_url)
    return True


async def _recorded(
    session: AsyncSession, user: User, issuers: Sequence[str], action: str, by: Actor
) -> bool:
    for issuer in issuers:
        record(session, by, action, "user", user.id, issuer=issuer)
    await session.flush()
    return bool(issuers)


async def _tell(
    session: AsyncSession, user: User, provider: IdentityProvider, once: str, public_url: str
) -> None:
    await queue_mail(
        session,
        to=user.email,
        template=CONNECTED_MAIL,
        language=user.language,
        values={"municipality": provider.called(user.language), "link": f"{public_url}/desk/account"},
        dedupe_key=f"{CONNECTED_MAIL}:{once}",
    )


CONNECTED_MAIL: Final = "identity_connected"
