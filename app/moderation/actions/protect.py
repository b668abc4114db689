"""Protect: a place on the map is shown by its area from now on, at once, and where it was is kept nowhere."""

from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from app.errors import FieldProblem, InvalidInput
from app.features.facets import Disclosure
from app.features.layer import Layer
from app.features.protecting import Protection, protect_now
from app.features.setting import Setting
from app.i18n import N_
from app.jobs import defer
from app.moderation.actions.open_up import end_for
from app.moderation.actions.take_down import Move

#: The task that writes to whoever brought the place in.
TELL_PROTECTED: Final = "notifications.protected"
#: What a moderator may choose; the services of the place may ask for more.
TIERS: Final[tuple[Disclosure, ...]] = ("area", "contact_only")


async def protect(
    session: AsyncSession, setting: Setting, layer: Layer, move: Move, disclosure: str = "area"
) -> Protection:
    """Protect a place. Any moderator may do so alone: it can only ever hide too much. Whoever brought it in is told.

    A wish to show it again ends with it. `InvalidInput` without a reason or for a tier that is none,
    `FeatureNotFound`, `NotOnTheMap`, `StaleRevision`, `ProtectedAlready`.
    """
    least = next((tier for tier in TIERS if tier == disclosure), None)
    if least is None:
        raise InvalidInput(FieldProblem("disclosure", "missing", N_("Choose what may stay public.")))
    done = await protect_now(
        session,
        setting,
        layer,
        move.feature_id,
        actor=move.actor,
        reason=move.said(),
        least=least,
        base_revision=move.revision,
    )
    await end_for(session, move.feature_id, actor=move.actor, now=setting.now)
    await defer(session, TELL_PROTECTED, feature_id=str(move.feature_id), revision=done.revision)
    return done
