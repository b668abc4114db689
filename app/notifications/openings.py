"""Mails to owners of protected places: it is protected now; they asked for it to be shown again, and what came of that.

None of them names the place: whoever shares the mailbox may look.
"""

import uuid
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from app.features.models import Feature
from app.features.place import disclosure_in
from app.jobs import Retry, Work, task
from app.mail import queue_mail
from app.moderation.actions.open_up import TELL
from app.moderation.actions.protect import TELL_PROTECTED
from app.moderation.links import mailed_link
from app.moderation.live import owner_of
from app.moderation.models import Submission
from app.moderation.opening_models import Opening, OpeningState

RETRY: Final = Retry(times=8)
#: In which state of a wish each of its mails is still true.
_TRUE_IN: Final = {
    "asked": (OpeningState.ASKED,),
    "allowed": (OpeningState.ALLOWED,),
    "refused": (OpeningState.REFUSED,),
}


@task(TELL, retry=RETRY)
async def opening(work: Work, *, opening_id: str, what: str) -> None:
    """Write to whoever asked; when they ask also to the address that the place came from, if that is another one."""
    async with work.transaction() as session:
        wish = await session.get(Opening, uuid.UUID(opening_id))
        if wish is None or wish.state not in _TRUE_IN[what]:
            return
        submission = await session.get_one(Submission, wish.submission_id)
        addresses = {wish.contact_email, submission.contact_email if what == "asked" else None}
        values = {"link": _link(work, submission, wish.language), "note": wish.note or ""}
        for to in sorted(address for address in addresses if address):
            key = f"opening:{what}:{wish.id}:{'asker' if to == wish.contact_email else 'owner'}"
            await _queue(session, to, f"opening_{what}", wish.language, values, key)


@task(TELL_PROTECTED, retry=RETRY)
async def protected(work: Work, *, feature_id: str, revision: int) -> None:
    """Tell whoever brought a place in that it is protected now; nobody else learns of it, not even who once changed it."""
    async with work.transaction() as session:
        feature = await session.get(Feature, uuid.UUID(feature_id))
        submission = await owner_of(session, uuid.UUID(feature_id))
        if feature is None or submission is None or disclosure_in(feature.content) == "exact":
            return
        assert submission.contact_email is not None
        language = submission.language
        values = {"link": _link(work, submission, language)}
        key = f"protected:{feature_id}:{revision}"
        await _queue(session, submission.contact_email, "protected", language, values, key)


def _link(work: Work, submission: Submission, language: str) -> dict[str, Any]:
    return mailed_link(work.settings.public_url, language, "status", submission.id).to_value()


async def _queue(
    session: AsyncSession, to: str, template: str, language: str, values: dict[str, Any], key: str
) -> None:
    await queue_mail(session, to=to, template=template, language=language, values=values, dedupe_key=key)
