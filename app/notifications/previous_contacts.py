"""Mails to whoever is behind a place already, when somebody else suggests to change what matters of it (SECURITY E8)."""

import hashlib
import uuid
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.features.content import OutdatedContent
from app.features.models import Feature, FeatureState
from app.i18n import LANGUAGES
from app.jobs import Work, task
from app.layers import registry
from app.mail import queue_mail
from app.mail.addresses import UnusableAddress, normalised
from app.moderation.letters import name_in
from app.moderation.live import owner_of, submitter_of
from app.moderation.material import material_changes
from app.moderation.models import Submission
from app.moderation.states import OPEN_STATES
from app.moderation.suggesting import is_suggestion, merge_of
from app.notifications.submissions import RETRY
from app.taxonomy.vocabulary import load_vocabulary

#: A place that names more addresses is told at the first of them.
MOST = 3


@task("notifications.previous_contact", retry=RETRY)
async def previous_contact(work: Work, *, submission_id: str) -> None:
    """Tell them, each once a day for a place however many suggest something; nobody of what changes little."""
    async with work.transaction() as session:
        submission = await session.get(Submission, uuid.UUID(submission_id))
        if submission is None or submission.state not in OPEN_STATES or not is_suggestion(submission):
            return
        live = await session.get(Feature, submission.feature_id)
        if (
            live is None
            or live.state != FeatureState.PUBLISHED
            or not await _matters(session, submission, live)
        ):
            return
        layer = registry.layer(live.layer)
        told = list((await behind(session, live, but=submission.contact_email)).items())[:MOST]
        for address, language in told:
            values = {
                "name": await name_in(session, layer, submission, live.content, language=language),
                "feature": f"{work.settings.public_url}/{language}/{live.layer}/{live.id}",
            }
            whose = hashlib.sha256(address.encode()).hexdigest()[:16]
            await queue_mail(
                session,
                to=address,
                template="change_suggested",
                language=language,
                values=values,
                dedupe_key=f"change-suggested:{live.id}:{whose}:{submission.confirmed_at:%Y-%m-%d}",
            )


async def _matters(session: AsyncSession, submission: Submission, live: Feature) -> bool:
    layer = registry.layer(live.layer)
    try:
        merged = await merge_of(session, layer, load_vocabulary(), submission, live)
        now = layer.content.kept(live.content).to_dict()
    except OutdatedContent:
        # Nobody can say what it would change.
        return True
    return bool(material_changes(now, merged.content))


async def behind(session: AsyncSession, live: Feature, *, but: str | None) -> dict[str, str]:
    """Give their addresses, each with the language to write in: whoever sent an entry in or changed it, and the entry itself.

    `but` is the address of whoever wants something of it now.
    """
    name: dict[str, Any] = live.content.get("name") or {}
    source = str(name.get("source", ""))
    language = source if source in LANGUAGES else "en"
    found: dict[str, str] = {}
    # Whoever brought it in, and who changed it last: an edit that changes little makes nobody its owner.
    senders = (await owner_of(session, live.id), await submitter_of(session, live.id))
    given = [(sender.contact_email or "", sender.language) for sender in senders if sender is not None]
    given += [
        (str(contact.get("value", "")), language)
        for contact in live.content.get("contacts", ())
        if contact.get("kind") == "email"
    ]
    for address, theirs in given:
        try:
            found.setdefault(normalised(address), theirs)
        except UnusableAddress:
            continue
    found.pop(normalised(but) if but else "", None)
    return found
