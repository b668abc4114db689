"""What the mail to a submitter says, for whoever sends it and for whoever looks at it before."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.features.layer import Layer
from app.i18n import translator
from app.moderation.discretion import concerns_discreet
from app.moderation.models import Submission
from app.moderation.reasons import rejection_reasons, rejection_sentence


async def name_in(
    session: AsyncSession,
    layer: Layer,
    submission: Submission,
    content: Mapping[str, Any] | None = None,
    *,
    language: str | None = None,
) -> str:
    """The name of what was sent, or of `content`; of help for those who may be watched the kind of thing that it is.

    `language` is that of the letter, where it is not the submitter's.
    """
    if await concerns_discreet(session, submission):
        # Who shares the mailbox may look.
        return translator(language or submission.language).gettext(layer.singular)
    name = (content or submission.content).get("name", {})
    return str(name.get("texts", {}).get(name.get("source"), ""))


def rejection(submission: Submission, reason: str, note: str) -> dict[str, Any]:
    """The values of the mail about a rejection besides name and links, in the submitter's language.

    The sentence is made here: a reason that is renamed later must not change what was said.
    """
    texts = translator(submission.language)
    words = texts.gettext(rejection_reasons(submission.layer, submission.kind).get(reason, ""))
    sentence = rejection_sentence(submission.layer, submission.kind)
    return {
        "reason": texts.gettext(sentence, reason=words) if words else "",
        "note": note,
        "change": submission.kind == "change",
    }
