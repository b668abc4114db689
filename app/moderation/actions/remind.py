"""Ask whoever is behind entries whether they are still true, take the answer, and ask no more where that is not wanted."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import SUBMITTER, record
from app.errors import Conflict
from app.features.history import Role
from app.features.layer import Layer
from app.features.models import Feature
from app.features.publishing import verify
from app.features.revisions import FeatureNotFound, hold_layers
from app.features.setting import Setting
from app.moderation.confirmations import is_disputed
from app.moderation.reminder_models import Reminder, Unasked
from app.moderation.reminders import Addressee, Asked, Due, addressees, due, hashed, may_be_asked
from app.moderation.reports import told_reasons
from app.moderation.ways_to_check import BY_OWNER


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter to be written: `mailing` is what its link is made of."""

    mailing: uuid.UUID
    to: Addressee
    organisation_id: uuid.UUID | None
    entries: tuple[Feature, ...]


async def remind(session: AsyncSession, setting: Setting, most: int) -> list[Letter]:
    """Note about which entries somebody is asked today, and give the letters, to `most` of those behind them.

    What nobody can be asked about is noted as well: its turn comes again when that of all others has come.
    """
    letters = []
    for group in await due(session, setting, most):
        told = [
            one
            for one in group.entries
            if group.organisation_id is not None or may_be_asked(one.content, setting.vocabulary)
        ]
        to = await addressees(session, setting, Due(group.organisation_id, told)) if told else []
        if not to:
            _note(session, uuid.uuid4(), group.entries, None, group.organisation_id)
            continue
        for addressee in to:
            mailing = uuid.uuid4()
            _note(session, mailing, told, hashed(addressee.address), group.organisation_id)
            letters.append(Letter(mailing, addressee, group.organisation_id, tuple(told)))
        left = [one for one in group.entries if one not in told]
        _note(session, uuid.uuid4(), left, None, group.organisation_id)
    return letters


async def confirm_asked(
    session: AsyncSession,
    setting: Setting,
    layers: Mapping[str, Layer],
    asked: Asked,
    said: Mapping[uuid.UUID, int],
) -> list[uuid.UUID]:
    """Note that entries are as the map says, by their revision that was looked at; give those of which that cannot be noted.

    That is what has changed meanwhile, what a waiting report says otherwise of, and what would be refused today. What was checked
    today already stays as it is.
    """
    entries = [one for one in asked.entries if one.id in said]
    await hold_layers(session, {one.layer for one in entries})
    left = []
    for one in entries:
        if one.verified_at is not None and setting.day_of(one.verified_at) == setting.today:
            continue
        if await is_disputed(session, one.id, told_reasons(setting.vocabulary)):
            left.append(one.id)
            continue
        try:
            await verify(
                session,
                setting,
                layers[one.layer],
                one.id,
                how=BY_OWNER,
                actor=SUBMITTER,
                by=Role.ORGANISATION,
                base_revision=said[one.id],
            )
        except (Conflict, FeatureNotFound):
            left.append(one.id)
    return left


async def ask_no_more(session: AsyncSession, asked: Asked) -> None:
    """Write no such letter to this address again. A second time changes nothing."""
    made = await session.execute(
        insert(Unasked).values(address=asked.address).on_conflict_do_nothing().returning(Unasked.address)
    )
    if made.first() is not None:
        record(session, SUBMITTER, "reminder.stopped", "reminder", asked.mailing)


def _note(
    session: AsyncSession,
    mailing: uuid.UUID,
    entries: Iterable[Feature],
    address: bytes | None,
    organisation_id: uuid.UUID | None,
) -> None:
    session.add_all(
        Reminder(mailing=mailing, feature_id=one.id, address=address, organisation_id=organisation_id)
        for one in entries
    )
