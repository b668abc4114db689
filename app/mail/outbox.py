"""Queues mails. Knows no templates: what is said is decided here, how it reads when it is sent."""

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql import func, text

from app.i18n import LANGUAGES
from app.jobs import defer
from app.mail.addresses import normalised
from app.mail.models import OutboxMail

SEND = "mail.send"
#: A receipt without any personal data.
KEEP_RECEIPTS = "90 days"
#: Much longer than it is tried: its job is lost, or nobody works.
GIVE_UP_AFTER = "14 days"


async def queue_mail(
    session: AsyncSession,
    *,
    to: str,
    template: str,
    language: str,
    values: Mapping[str, Any],
    dedupe_key: str,
    unsubscribe_url: str | None = None,
) -> uuid.UUID | None:
    """Queue a mail in this transaction and have it sent after the commit; gives its id.

    None when a mail with that `dedupe_key` is there already. `template` is the name of
    `mail/{template}.txt` and `.html`; `values` are JSON, links that give a power in the form of
    `SecretLink.to_value`. `UnusableAddress` for a recipient that is none.
    """
    if language not in LANGUAGES:
        raise KeyError(language)
    queued: uuid.UUID | None = (
        await session.execute(
            insert(OutboxMail)
            .values(
                recipient=normalised(to),
                language=language,
                template=template,
                values=dict(values),
                dedupe_key=dedupe_key,
                unsubscribe_url=unsubscribe_url,
            )
            .on_conflict_do_nothing(index_elements=[OutboxMail.dedupe_key])
            .returning(OutboxMail.id)
        )
    ).scalar_one_or_none()
    if queued is not None:
        await defer(session, SEND, mail_id=str(queued), priority=5)
    return queued


async def forget_delivered(session: AsyncSession) -> None:
    """Take recipient and content out of mails that were sent or given up a day ago; drop old receipts.

    What has waited for two weeks is given up.
    """
    await session.execute(
        update(OutboxMail)
        .where(
            OutboxMail.sent_at.is_(None),
            OutboxMail.given_up_at.is_(None),
            OutboxMail.created_at < func.now() - text(f"interval '{GIVE_UP_AFTER}'"),
        )
        .values(given_up_at=func.now(), last_error="waited too long", values=None, unsubscribe_url=None)
    )
    done_at = func.coalesce(OutboxMail.sent_at, OutboxMail.given_up_at)
    await session.execute(
        update(OutboxMail)
        .where(OutboxMail.recipient.is_not(None), done_at < func.now() - text("interval '24 hours'"))
        .values(recipient=None, values=None, unsubscribe_url=None)
    )
    await session.execute(
        delete(OutboxMail).where(done_at < func.now() - text(f"interval '{KEEP_RECEIPTS}'"))
    )
