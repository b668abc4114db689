"""The way back from a decision about a row, while nobody has changed since what came of it."""

import uuid
from collections.abc import Mapping
from typing import Any

from app.accounts.audit import record
from app.errors import Conflict
from app.features.models import Feature, Revision
from app.features.publishing import Item, Provenance, publish_many, unpublish
from app.imports.models import ImportRow
from app.imports.staging.known import UNDONE
from app.imports.staging.linking import take_link_back
from app.imports.staging.looking import Desk, look_again
from app.moderation.agreements import Yes, check_two, mark_of
from app.moderation.past import RESTORED


class NothingToUndo(Conflict):
    """There is no decision to take back."""


async def undo(desk: Desk, row: ImportRow) -> None:
    """Take the decision about a row back, while nobody has changed since what came of it, and look at the row again.

    Of protected help it is an older version restored, which takes two people.
    `NothingToUndo`, `StaleRevision`, `NotOnTheMap`, `NeedsTwo`.
    """
    if row.decision is None:
        raise NothingToUndo
    was, before = row.decision, row.link_before or {}
    made = None
    if was == "created":
        made = await unpublish(
            desk.session,
            desk.setting,
            desk.layer,
            _id(row.feature_id),
            actor=desk.actor,
            reason=UNDONE,
            base_revision=row.made_revision,
        )
    if was == "updated":
        await _give_back(desk, row, before.get("spine", {}))
    if was in ("created", "updated", "linked"):
        await take_link_back(desk.session, row, before.get("link"))
    record(desk.session, desk.actor, "import.row_undone", "import", desk.run.id, row=row.number, was=was)
    row.decision = row.decided_at = row.decided_by = row.link_before = None
    row.made_revision = made.revision if made else None
    await desk.session.flush()
    await look_again(desk, row)


async def _give_back(desk: Desk, row: ImportRow, spine: Mapping[str, Any]) -> None:
    """Publish again what the place said before, with its licence and its last check."""
    feature_id, made = _id(row.feature_id), row.made_revision or 0
    before = await desk.session.get_one(Revision, (feature_id, made - 1))
    live = await desk.session.get_one(Feature, feature_id, populate_existing=True)
    after = await desk.session.get_one(Revision, (feature_id, made))
    checked_since = live.verified_at != after.verified_at
    provenance = Provenance(
        # Its name is not written to a place that is there: it says that the rest is.
        source=row.source,
        source_url=spine.get("source_url"),
        licence=spine.get("licence"),
        attribution=spine.get("attribution"),
        verified_how=before.verified_how or "email",
        verified_at=before.verified_at,
        never_verified=before.verified_at is None,
        keeps_check=checked_since,
    )
    item = Item(desk.layer.content.kept(before.content), feature_id, made, provenance)
    if desk.actor.user_id is not None and live.revision == made:
        yes = Yes(
            desk.actor,
            RESTORED,
            mark_of(item.content.to_dict()),
            feature_id=feature_id,
            content={"number": made - 1, "fields": None},
            base=made,
        )
        contents = (live.content, item.content.to_dict())
        await check_two(desk.session, desk.setting.vocabulary, yes, *contents)
    await publish_many(
        desk.session, desk.setting, desk.layer, [item], actor=desk.actor, action=RESTORED, reason=UNDONE
    )


def _id(given: uuid.UUID | None) -> uuid.UUID:
    if given is None:
        raise NothingToUndo
    return given
