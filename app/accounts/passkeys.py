"""The passkeys of a person: added, named, used, removed (WebAuthn, level 3).

Each proves two things at once: that somebody has the device, and that the device knew them by a finger, a face or a PIN
("user verification"), which is asked for every time. What is kept here is public; a copy of the database opens no account.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
from webauthn.helpers import parse_authentication_credential_json, parse_registration_credential_json
from webauthn.helpers.structs import (
    AttestationFormat,
    AuthenticationCredential,
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    RegistrationCredential,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from app.accounts.audit import Actor, record
from app.accounts.models import User
from app.accounts.passkey_challenges import LIFETIME
from app.accounts.passkey_models import LONGEST_ID, LONGEST_NAME, Passkey
from app.accounts.people import hold_person
from app.accounts.relying_party import RelyingParty
from app.accounts.second_step import fresh_codes, standing
from app.errors import Conflict, NotFound
from app.mail import queue_mail

#: As the browser's own window says for whom a passkey is made.
CALLED = "Pomapa"
MOST = 10
_TIMEOUT_MS = int(LIFETIME.total_seconds() * 1000)
#: Without a certificate of the maker, for which we do not ask, or signed with the new key itself.
_ATTESTATIONS = frozenset({AttestationFormat.NONE, AttestationFormat.PACKED})


class NoSuchPasskey(NotFound):
    """You have no such passkey."""


class TooManyPasskeys(Conflict):
    """You have ten passkeys, and more cannot be added. Remove one that you do not use any more."""


class LastSecondStep(Conflict):
    """This is your only second step, so it cannot be removed. Add another passkey first, or connect an app."""


@dataclass(frozen=True, slots=True)
class Added:
    """A new passkey; `codes` are recovery codes where it is the first second step, which nobody sees again."""

    passkey: Passkey
    codes: list[str] | None


async def passkeys_of(session: AsyncSession, user_id: uuid.UUID) -> Sequence[Passkey]:
    """Give somebody's passkeys, the first one first."""
    found = await session.scalars(
        select(Passkey).where(Passkey.user_id == user_id).order_by(Passkey.created_at, Passkey.id)
    )
    return found.all()


def creation_options(party: RelyingParty, user: User, held: Sequence[Passkey], challenge: bytes) -> str:
    """Give what a browser needs to make a passkey, as JSON. Devices that have one of `held` make no second one."""
    return options_to_json(
        generate_registration_options(
            rp_id=party.id,
            rp_name=CALLED,
            user_id=user.id.bytes,
            user_name=user.email,
            user_display_name=user.known_as,
            challenge=challenge,
            timeout=_TIMEOUT_MS,
            authenticator_selection=AuthenticatorSelectionCriteria(
                # Else it could not sign in by itself, and people would have two kinds to tell apart.
                resident_key=ResidentKeyRequirement.REQUIRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=_described(held),
        )
    )


def request_options(party: RelyingParty, held: Sequence[Passkey], challenge: bytes) -> str:
    """Give what a browser needs to use one of `held`, as JSON; with none it offers all that it has for us."""
    return options_to_json(
        generate_authentication_options(
            rp_id=party.id,
            challenge=challenge,
            timeout=_TIMEOUT_MS,
            allow_credentials=_described(held),
            user_verification=UserVerificationRequirement.REQUIRED,
        )
    )


async def add_passkey(
    session: AsyncSession,
    user: User,
    answer: str,
    name: str,
    *,
    challenge: bytes,
    party: RelyingParty,
    secret: str,
    public_url: str,
) -> Added | None:
    """Keep the passkey that a browser has made for this challenge, and tell the person by mail.

    None for what is no such passkey, and for one that is somebody's already. `TooManyPasskeys`.
    """
    # Of two at once both would find room for one more, or no second step yet.
    await hold_person(session, user.id)
    before = await standing(session, user.id)
    if before.passkeys >= MOST:
        raise TooManyPasskeys
    found = _made(answer, challenge, party)
    if found is None:
        return None
    added = await session.scalars(
        insert(Passkey)
        .values(user_id=user.id, name=name[:LONGEST_NAME], **found)
        .on_conflict_do_nothing(index_elements=[Passkey.credential_id])
        .returning(Passkey)
    )
    passkey = added.one_or_none()
    if passkey is None:
        return None
    record(session, Actor("staff", user.id), "user.passkey_added", "user", user.id, passkey=str(passkey.id))
    await _tell(session, user, passkey, "passkey_added", public_url)
    codes = None if before.active else await fresh_codes(session, user.id, secret)
    return Added(passkey, codes)


async def rename_passkey(session: AsyncSession, user: User, passkey_id: uuid.UUID, name: str) -> None:
    """Call one of a person's passkeys otherwise. `NoSuchPasskey`."""
    passkey = await own_passkey(session, user.id, passkey_id)
    passkey.name = name[:LONGEST_NAME]
    record(session, Actor("staff", user.id), "user.passkey_renamed", "user", user.id, passkey=str(passkey.id))
    await session.flush()


async def remove_passkey(
    session: AsyncSession, user: User, passkey_id: uuid.UUID, *, public_url: str
) -> None:
    """Forget one of a person's passkeys, and tell them by mail. `NoSuchPasskey`; `LastSecondStep`."""
    # Of two removals at once both would find another passkey left.
    await hold_person(session, user.id)
    passkey = await own_passkey(session, user.id, passkey_id)
    held = await standing(session, user.id)
    if not held.app and held.passkeys == 1:
        raise LastSecondStep
    await session.delete(passkey)
    record(session, Actor("staff", user.id), "user.passkey_removed", "user", user.id, passkey=str(passkey.id))
    await _tell(session, user, passkey, "passkey_removed", public_url)


async def own_passkey(session: AsyncSession, user_id: uuid.UUID, passkey_id: uuid.UUID) -> Passkey:
    """Give one of a person's own passkeys; `NoSuchPasskey` also for somebody else's."""
    found = await session.scalars(select(Passkey).where(Passkey.id == passkey_id, Passkey.user_id == user_id))
    passkey = found.one_or_none()
    if passkey is None:
        raise NoSuchPasskey
    return passkey


async def owner_of(session: AsyncSession, answer: str) -> uuid.UUID | None:
    """Say whose passkey an answer claims to come from, before anything of it is believed."""
    given = _read(answer)
    if given is None:
        return None
    found = await session.execute(select(Passkey.user_id).where(Passkey.credential_id == given.raw_id))
    return found.scalar_one_or_none()


def says_whose_it_is(answer: str) -> bool:
    """Whether the device says for whom it holds the passkey, as it has to where nobody has said who they are (7.2, 6)."""
    given = _read(answer)
    return given is not None and bool(given.response.user_handle)


async def passes_by_passkey(
    session: AsyncSession, answer: str, *, user_id: uuid.UUID, challenge: bytes, party: RelyingParty
) -> bool:
    """Whether an answer to this challenge comes from a passkey of this person.

    False, and nothing raised, for whatever else it may be: the challenge is used up all the same. A passkey that counts
    its uses and has gone back was copied, or somebody says so: it is refused, and the audit log tells of it.
    """
    given = _read(answer)
    if given is None:
        return False
    found = await session.scalars(
        select(Passkey).where(Passkey.credential_id == given.raw_id, Passkey.user_id == user_id)
    )
    passkey = found.one_or_none()
    if passkey is None or given.response.user_handle not in (None, user_id.bytes):
        return False
    verified = _verified(given, challenge, party, passkey.public_key)
    if verified is None:
        return False
    # One statement: of two uses at once the second finds the count moved on.
    counted = await session.execute(
        update(Passkey)
        .where(
            Passkey.id == passkey.id,
            or_(
                Passkey.sign_count < verified.new_sign_count,
                # Passkeys that are kept on several devices do not count.
                (Passkey.sign_count == 0) & (verified.new_sign_count == 0),
            ),
        )
        .values(sign_count=verified.new_sign_count, last_used_at=func.now())
        .returning(Passkey.id)
        .execution_options(synchronize_session=False)
    )
    if counted.first() is None:
        actor = Actor("staff", user_id)
        record(session, actor, "user.passkey_went_back", "user", user_id, passkey=str(passkey.id))
        return False
    return True


def _made(answer: str, challenge: bytes, party: RelyingParty) -> dict[str, object] | None:
    """Give what is kept of a new passkey; None unless it was made here, now, by a device that knew its owner."""
    try:
        given: RegistrationCredential = parse_registration_credential_json(answer)
        verified = verify_registration_response(
            credential=given,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except Exception:  # noqa: BLE001 - whatever the library makes of bytes by strangers, they are no passkey
        return None
    if verified.fmt not in _ATTESTATIONS or not 0 < len(verified.credential_id) <= LONGEST_ID:
        return None
    return {
        "credential_id": verified.credential_id,
        "public_key": verified.credential_public_key,
        "sign_count": verified.sign_count,
        "transports": sorted({transport.value for transport in given.response.transports or ()}),
    }


def _verified(
    given: AuthenticationCredential, challenge: bytes, party: RelyingParty, public_key: bytes
) -> VerifiedAuthentication | None:
    try:
        return verify_authentication_response(
            credential=given,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=public_key,
            # The library looks at the count before the signature; here only what is signed is worth a line in the log.
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except Exception:  # noqa: BLE001 - as above
        return None


def _read(answer: str) -> AuthenticationCredential | None:
    try:
        return parse_authentication_credential_json(answer)
    except Exception:  # noqa: BLE001 - as above
        return None


def _described(held: Sequence[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(
            id=passkey.credential_id,
            transports=[AuthenticatorTransport(transport) for transport in passkey.transports] or None,
        )
        for passkey in held
    ]


async def _tell(session: AsyncSession, user: User, passkey: Passkey, template: str, public_url: str) -> None:
    await queue_mail(
        session,
        to=user.email,
        template=template,
        language=user.language,
        values={"name": passkey.name, "link": f"{public_url}/desk/account"},
        dedupe_key=f"{template}:{passkey.id}",
    )
