"""Mails about organisations that say an entry is theirs: the code, what came of it, and to whoever was behind it before (SECURITY E8).

Of what is protected or discreet no mail names the place: whoever shares the mailbox may look.
"""

import datetime as dt
import hashlib
import uuid
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.memberships import colleagues, is_organisation
from app.accounts.models import User
from app.features.models import Feature, FeatureState
from app.i18n import LANGUAGES, translator
from app.jobs import Retry, Work, task
from app.layers import registry
from app.mail import queue_mail
from app.moderation.actions.claim_code import LIFETIME, SEND_CODE, address_of, issue_code
from app.moderation.claim_models import ClaimState, PlaceClaim
from app.moderation.place_claims import TELL_BEHIND, TELL_DECIDED, held
from app.moderation.protected_help import is_protected_help
from app.notifications.previous_contacts import behind
from app.taxonomy.discretion import is_discreet
from app.taxonomy.vocabulary import load_vocabulary

RETRY: Final = Retry(times=8)
#: Within the time that the code lives.
CODE_RETRY: Final = Retry(times=7, first_s=5)
#: Of an entry with more addresses behind it these are told.
MOST: Final = 6
#: In which state of a claim each of its mails is still true.
_TRUE_IN: Final = {
    "asked": ClaimState.ASKED,
    "approved": ClaimState.APPROVED,
    "refused": ClaimState.REFUSED,
    "undone": ClaimState.UNDONE,
}


@task(SEND_CODE, retry=CODE_RETRY)
async def claim_code(work: Work, *, claim_id: str, code_id: str) -> None:
    """Mail the code that was asked for last to the address that the map tells of the entry."""
    now = dt.datetime.now(dt.UTC)
    async with work.transaction() as session:
        if await session.get(PlaceClaim, uuid.UUID(claim_id)) is None:
            return
        claim = await held(session, uuid.UUID(claim_id))
        if claim.state != ClaimState.ASKED or str(claim.code_id) != code_id or claim.code_hash is not None:
            return
        feature = await session.get_one(Feature, claim.feature_id)
        if feature.state != FeatureState.PUBLISHED or is_protected_help(feature.content, load_vocabulary()):
            return
        address = await address_of(session, feature, now)
        if address is None:
            return
        language = _language_of(feature)
        secret = work.settings.secret_key.get_secret_value()
        code = await issue_code(session, claim, address, secret=secret, now=now)
        values = {
            "name": _name_in(feature, language),
            # Who says so would tell what kind of help it is.
            "organisation": "" if _is_hushed(feature) else await _organisation(session, claim, language),
            "code": code.to_value(),
            "minutes": int(LIFETIME.total_seconds() // 60),
            "report": _report(work, language, feature),
        }
        await queue_mail(
            session,
            to=address,
            template="claim_code",
            language=language,
            values=values,
            dedupe_key=f"claim-code:{code_id}",
        )


@task(TELL_DECIDED, retry=RETRY)
async def claim_decided(work: Work, *, claim_id: str, what: str) -> None:
    """Tell whoever has said that it is theirs what came of it, in their language."""
    async with work.transaction() as session:
        claim = await session.get(PlaceClaim, uuid.UUID(claim_id))
        if claim is None or claim.state != _TRUE_IN[what]:
            return
        user = await session.get(User, claim.claimed_by)
        if user is None or user.suspended_at is not None:
            return
        feature = await session.get_one(Feature, claim.feature_id)
        values = {
            "what": what,
            "name": _name_in(feature, user.language),
            "organisation": await _organisation(session, claim, user.language),
            "note": claim.note or "",
            "link": f"{work.settings.public_url}/desk/organisations/{claim.organisation_id}/claims",
        }
        await queue_mail(
            session,
            to=user.email,
            template="claim_decided",
            language=user.language,
            values=values,
            dedupe_key=f"claim-decided:{what}:{claim.id}",
        )


@task(TELL_BEHIND, retry=RETRY)
async def claim_behind(work: Work, *, claim_id: str, what: str) -> None:
    """Tell whoever is behind the entry that somebody says it is theirs, that it is now, or that it is no longer.

    Asked again on one day they are told once.
    """
    async with work.transaction() as session:
        claim = await session.get(PlaceClaim, uuid.UUID(claim_id))
        if claim is None or claim.state != _TRUE_IN[what]:
            return
        feature = await session.get_one(Feature, claim.feature_id)
        if what == "asked" and feature.state != FeatureState.PUBLISHED:
            return
        run_by = (feature.content.get("organisation") or {}) if what == "asked" else (claim.was or {})
        claimer = await session.get(User, claim.claimed_by)
        told = await behind(session, feature, but=claimer.email if claimer else None)
        told = await _people(session, run_by, but=claimer) | told
        for address, language in list(told.items())[:MOST]:
            whose = hashlib.sha256(address.encode()).hexdigest()[:16]
            about = f"{claim.feature_id}:{claim.asked_at:%Y-%m-%d}" if what == "asked" else str(claim.id)
            values = {
                "what": what,
                "name": _name_in(feature, language),
                # Who says so would tell what kind of help it is.
                "organisation": "" if _is_hushed(feature) else await _organisation(session, claim, language),
                "note": (claim.note or "") if what == "undone" else "",
                "report": _report(work, language, feature),
            }
            await queue_mail(
                session,
                to=address,
                template="claim_behind",
                language=language,
                values=values,
                dedupe_key=f"claim-behind:{what}:{about}:{whose}",
            )


async def _people(session: AsyncSession, run_by: dict[str, Any], *, but: User | None) -> dict[str, str]:
    """The admins of the organisation that runs it, and the addresses that this one makes public."""
    if "id" not in run_by or not await is_organisation(session, uuid.UUID(run_by["id"])):
        return {}
    organisation = await session.get_one(Feature, uuid.UUID(run_by["id"]))
    admins = [one.user for one in await colleagues(session, organisation.id) if one.is_admin]
    found = {user.email: user.language for user in admins if but is None or user.id != but.id}
    return found | await behind(session, organisation, but=but.email if but else None)


async def _organisation(session: AsyncSession, claim: PlaceClaim, language: str) -> str:
    return _name_in(await session.get_one(Feature, claim.organisation_id), language)


def _name_in(feature: Feature, language: str) -> str:
    """Its name, or of what nobody else is to read of, the kind of thing that it is."""
    if _is_hushed(feature):
        return translator(language).gettext(registry.layer(feature.layer).singular)
    name = feature.content.get("name") or {}
    texts = name.get("texts") or {}
    return str(texts.get(language) or texts.get(name.get("source"), ""))


def _is_hushed(feature: Feature) -> bool:
    vocabulary = load_vocabulary()
    return is_protected_help(feature.content, vocabulary) or is_discreet(feature.content, vocabulary)


def _language_of(feature: Feature) -> str:
    source = str((feature.content.get("name") or {}).get("source", ""))
    return source if source in LANGUAGES else "en"


def _report(work: Work, language: str, feature: Feature) -> str:
    """Where anybody says that something is wrong with it."""
    return f"{work.settings.public_url}/{language}/report/{feature.id}"
