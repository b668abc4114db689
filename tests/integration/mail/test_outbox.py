import socket
import uuid
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope
from sqlalchemy import select, text, update

from app.config import Settings
from app.db import Database, session
from app.jobs import Work
from app.jobs.registry import tasks
from app.jobs.worker import run_waiting
from app.mail import queue_mail
from app.mail.addresses import UnusableAddress
from app.mail.models import OutboxMail
from app.mail.outbox import forget_delivered
from app.mail.senders import DeliveryError, MemorySender, SmtpSender
from app.mail.sending import RETRY, MailTools, deliver
from app.templating import Templates

LINK = {"link": "https://pomapa.example/desk/sign-in/x", "minutes": 15}


class Catcher:
    def __init__(self) -> None:
        self.kept: list[Envelope] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        self.kept.append(envelope)
        return "250 OK"


@pytest.fixture
def server() -> Iterator[tuple[Catcher, str]]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    handler = Catcher()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    yield handler, f"smtp://127.0.0.1:{port}"
    controller.stop()


async def queue(db: Database, key: str = "k", to: str = "ola@poczta.example") -> uuid.UUID | None:
    async with session(db) as s:
        return await queue_mail(s, to=to, template="sign_in", language="pl", values=LINK, dedupe_key=key)


async def the_mail(db: Database) -> OutboxMail:
    async with session(db) as s:
        return (await s.execute(select(OutboxMail))).scalar_one()


async def try_to_send(db: Database, tools: MailTools) -> DeliveryError | None:
    mail = await the_mail(db)
    async with session(db) as s:
        return await deliver(s, tools, mail.id)


async def test_a_queued_mail_reaches_a_real_server_once(
    db: Database, templates: Templates, server: tuple[Catcher, str]
) -> None:
    catcher, url = server
    assert await queue(db) is not None
    tools = MailTools(SmtpSender(url), templates, "pomapa@kielce.example", "key")
    work = Work(Settings(), db, {MailTools: tools})
    for _ in range(2):
        await run_waiting(work, direct_url=db.app_url.render_as_string(hide_password=False), known=tasks())
    (envelope,) = catcher.kept
    assert envelope.rcpt_tos == ["ola@poczta.example"]
    assert (await the_mail(db)).sent_at is not None
    assert await try_to_send(db, tools) is None
    assert len(catcher.kept) == 1


async def test_the_same_thing_is_not_written_twice(db: Database) -> None:
    assert await queue(db, "decision:7") is not None
    assert await queue(db, "decision:7") is None
    async with session(db) as s:
        waiting = await s.execute(text("SELECT count(*) FROM jobs.procrastinate_jobs"))
        assert waiting.scalar_one() == 1


async def test_what_was_rolled_back_is_not_sent(db: Database) -> None:
    async with session(db) as s:
        await queue_mail(s, to="a@b.example", template="sign_in", language="pl", values=LINK, dedupe_key="k")
        await s.rollback()
    async with session(db) as s:
        assert (await s.execute(select(OutboxMail))).first() is None
        assert (await s.execute(text("SELECT 1 FROM jobs.procrastinate_jobs"))).first() is None


async def test_a_recipient_that_is_none_is_refused(db: Database) -> None:
    with pytest.raises(UnusableAddress):
        await queue(db, to="a@b.example\r\nBcc: c@d.example")


async def test_failures_are_written_down_and_tried_again(db: Database, templates: Templates) -> None:
    await queue(db)
    sender = MemorySender()
    sender.failures = [DeliveryError("server answered 451")]
    tools = MailTools(sender, templates, "pomapa@kielce.example", "key")
    failure = await try_to_send(db, tools)
    assert failure is not None
    mail = await the_mail(db)
    assert (mail.attempts, mail.last_error, mail.sent_at) == (1, "server answered 451", None)
    assert await try_to_send(db, tools) is None
    mail = await the_mail(db)
    assert (mail.attempts, mail.last_error) == (2, None)
    assert len(sender.sent) == 1


async def test_an_address_that_is_refused_for_good_is_given_up(db: Database, templates: Templates) -> None:
    await queue(db)
    sender = MemorySender()
    sender.failures = [DeliveryError("recipient refused (550)", final=True)]
    tools = MailTools(sender, templates, "pomapa@kielce.example", "key")
    await try_to_send(db, tools)
    assert (await the_mail(db)).given_up_at is not None
    await try_to_send(db, tools)
    assert sender.sent == []


@pytest.mark.parametrize(("age", "kept"), [("23 hours", True), ("25 hours", False)])
async def test_a_day_after_delivery_only_a_receipt_is_left(db: Database, age: str, kept: bool) -> None:
    await queue(db)
    async with session(db) as s:
        await s.execute(update(OutboxMail).values(sent_at=text(f"now() - interval '{age}'")))
        await forget_delivered(s)
    mail = await the_mail(db)
    assert (mail.recipient is not None) is kept
    assert (mail.values is not None) is kept


async def test_mails_that_wait_are_not_forgotten_and_old_receipts_are(db: Database) -> None:
    await queue(db, "waits")
    await queue(db, "old")
    async with session(db) as s:
        await s.execute(update(OutboxMail).values(created_at=text("now() - interval '13 days'")))
        await s.execute(
            update(OutboxMail)
            .where(OutboxMail.dedupe_key == "old")
            .values(sent_at=text("now() - interval '91 days'"))
        )
        await forget_delivered(s)
    assert (await the_mail(db)).dedupe_key == "waits"
    assert (await the_mail(db)).recipient is not None


class BrokenSender:
    async def send(self, _message: EmailMessage) -> None:
        raise ValueError("ola@poczta.example")


async def test_a_mistake_of_our_own_is_a_try_too_and_ends_some_day(
    db: Database, templates: Templates
) -> None:
    await queue(db)
    tools = MailTools(BrokenSender(), templates, "pomapa@kielce.example", "key")
    failure = await try_to_send(db, tools)
    assert failure is not None
    mail = await the_mail(db)
    assert (mail.attempts, mail.last_error, mail.given_up_at) == (1, "ValueError", None)
    assert mail.values is not None
    for _ in range(RETRY.times):
        await try_to_send(db, tools)
    mail = await the_mail(db)
    assert mail.given_up_at is not None
    assert mail.values is None
    async with session(db) as s:
        await s.execute(update(OutboxMail).values(given_up_at=text("now() - interval '25 hours'")))
        await forget_delivered(s)
    assert (await the_mail(db)).recipient is None


@pytest.mark.parametrize(("age", "kept"), [("13 days", True), ("15 days", False)])
async def test_what_nobody_ever_sent_is_given_up(db: Database, age: str, kept: bool) -> None:
    await queue(db)
    async with session(db) as s:
        await s.execute(update(OutboxMail).values(created_at=text(f"now() - interval '{age}'")))
        await forget_delivered(s)
    mail = await the_mail(db)
    assert (mail.values is not None) is kept
    assert (mail.given_up_at is None) is kept
