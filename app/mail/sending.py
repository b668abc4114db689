"""The jobs that send mails and forget them."""

import uuid
from email.message import EmailMessage

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql import func

from app.jobs import Retry, Work, task
from app.log import log_failure, logger
from app.mail.letter_kinds import TRIAL
from app.mail.links import with_links
from app.mail.message import Letter, compose
from app.mail.models import OutboxMail
from app.mail.outbox import SEND, forget_delivered
from app.mail.senders import DeliveryError, FolderSender, MemorySender, Sender, SmtpSender
from app.mail.trial import trial
from app.mail.worded import written
from app.templating import Templates

#: About two days in all: 30 s, 1 min, 2 min … 6 h.
RETRY = Retry(times=16, first_s=30)


class NotSentError(Exception):
    """A mail was not sent; it is tried again."""


class MailTools:
    """What the worker sends mails with; given to it as `tools={MailTools: MailTools(…)}`."""

    def __init__(
        self,
        sender: Sender | SmtpSender | FolderSender | MemorySender,
        templates: Templates,
        mail_from: str,
        secret: str,
    ) -> None:
        """`secret` is the key by which the links in mails are made."""
        self.sender = sender
        self.templates = templates
        self.mail_from = mail_from
        self.secret = secret

    async def write(self, session: AsyncSession, mail: OutboxMail) -> EmailMessage:
        """The mail as it goes out, in its reader's language and in the words that hold at this moment."""
        assert mail.recipient is not None
        values = with_links(mail.values or {}, self.secret)
        if mail.template == TRIAL:
            subject, plain, html = trial(self.templates, mail.language, values)
        else:
            subject, plain, html = await written(
                session, self.templates, mail.template, mail.language, values
            )
        letter = Letter(mail.id, mail.recipient, subject, plain, html, mail.language, mail.unsubscribe_url)
        return compose(letter, self.mail_from)


@task(SEND, retry=RETRY)
async def send(work: Work, *, mail_id: str) -> None:
    """Send one mail; done twice, it still sends it once. `NotSentError` has it tried again."""
    tools = work.tool(MailTools)
    async with work.transaction() as session:
        failure = await deliver(session, tools, uuid.UUID(mail_id))
    # Raised only now: what was tried has to be written down first.
    if failure is not None and not failure.final:
        raise NotSentError(failure.kind)


async def deliver(session: AsyncSession, tools: MailTools, mail_id: uuid.UUID) -> DeliveryError | None:
    """Try to send the mail under a lock on its row; gives the failure, which the row then knows too."""
    mail = (
        await session.execute(select(OutboxMail).where(OutboxMail.id == mail_id).with_for_update())
    ).scalar_one_or_none()
    if mail is None or mail.sent_at is not None or mail.given_up_at is not None or mail.recipient is None:
        return None
    mail.attempts += 1
    failure = await _try(session, tools, mail)
    if failure is not None:
        mail.last_error = failure.kind
        if failure.final or mail.attempts > RETRY.times:
            mail.given_up_at = func.now()
            mail.forget_values()
            logger(__name__).warning(
                "mail given up", mail_id=str(mail_id), reason=failure.kind, attempts=mail.attempts
            )
        return failure
    mail.sent_at = func.now()
    mail.last_error = None
    mail.forget_values()
    return None


async def _try(session: AsyncSession, tools: MailTools, mail: OutboxMail) -> DeliveryError | None:
    """Write and send a mail; whatever goes wrong counts as a try, so that it ends some day."""
    try:
        # What reading the words does wrong is undone by itself, and the try is still written down.
        async with session.begin_nested():
            message = await tools.write(session, mail)
        await tools.sender.send(message)
    except DeliveryError as failure:
        return failure
    except Exception as error:  # noqa: BLE001 - a template, a header, a sender's own mistake
        log_failure(__name__, "mail could not be written or handed over", error, mail_id=str(mail.id))
        return DeliveryError(type(error).__name__)
    return None


@task("mail.forget_delivered", cron="23 * * * *")
async def forget(work: Work) -> None:
    """Take the personal data out of delivered mails, a day after."""
    async with work.transaction() as session:
        await forget_delivered(session)
