import socket
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from app.config import Settings
from app.mail.message import Letter, compose
from app.mail.senders import DeliveryError, FolderSender, MemorySender, SmtpSender, sender_for

MESSAGE = compose(
    Letter(
        id=uuid.UUID(int=7), to="ola@poczta.example", subject="Żółw",
        plain="Otwórz https://pomapa.example/s/abc i gotowe.", html="<p>x</p>", language="pl",
    ),
    "pomapa@kielce.example",
)  # fmt: skip


class Catcher:
    """A mail server's reactions: keeps what comes, refuses who is called `nobody`."""

    def __init__(self) -> None:
        self.kept: list[Envelope] = []
        self.answer = "250 OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if address.startswith("nobody"):
            return "550 No such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - the library's name
        if self.answer.startswith("250"):
            self.kept.append(envelope)
        return self.answer


@pytest.fixture
def catcher() -> Iterator[tuple[Catcher, str]]:
    handler = Catcher()
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    yield handler, f"smtp://127.0.0.1:{port}"
    controller.stop()


async def test_a_real_server_gets_the_mail(catcher: tuple[Catcher, str]) -> None:
    handler, url = catcher
    await SmtpSender(url).send(MESSAGE)
    (envelope,) = handler.kept
    assert envelope.rcpt_tos == ["ola@poczta.example"]
    assert b"Auto-Submitted: auto-generated" in (envelope.content or b"")


@pytest.mark.parametrize(
    ("answer", "final"),
    [("451 Try later", False), ("552 Too large", True), ("550 No", True), ("521 Never", True)],
)
async def test_the_servers_refusal_is_known_by_its_number(
    catcher: tuple[Catcher, str], answer: str, final: bool
) -> None:
    handler, url = catcher
    handler.answer = answer
    with pytest.raises(DeliveryError) as failed:
        await SmtpSender(url).send(MESSAGE)
    assert failed.value.kind == f"server answered {answer[:3]}"
    assert failed.value.final is final


async def test_an_address_that_is_refused_for_good_is_not_tried_again(catcher: tuple[Catcher, str]) -> None:
    message = compose(
        Letter(uuid.uuid4(), "nobody@poczta.example", "x", "x", "x", "pl"), "pomapa@kielce.example"
    )
    with pytest.raises(DeliveryError) as failed:
        await SmtpSender(catcher[1]).send(message)
    assert failed.value.final
    assert "nobody" not in failed.value.kind


async def test_a_server_that_is_away_is_tried_again() -> None:
    with pytest.raises(DeliveryError) as failed:
        await SmtpSender("smtp://127.0.0.1:1").send(MESSAGE)
    assert not failed.value.final


@pytest.mark.parametrize(
    ("url", "port", "start_tls", "implicit"),
    [
        ("smtp://mail.example", 25, False, False),
        ("smtp://a%40b:p%3Aw@mail.example?starttls", 587, True, False),
        ("smtps://a:b@mail.example", 465, False, True),
        ("smtp://mail.example:2525?starttls", 2525, True, False),
    ],
)
def test_the_address_of_a_server(url: str, port: int, start_tls: bool, implicit: bool) -> None:
    sender = SmtpSender(url)
    assert (sender.port, sender.start_tls, sender.implicit_tls) == (port, start_tls, implicit)


def test_passwords_may_hold_any_sign() -> None:
    sender = SmtpSender("smtp://a%40b:p%3Aw@mail.example?starttls")
    assert (sender.user, sender.password) == ("a@b", "p:w")


async def test_a_folder_is_an_inbox(tmp_path: Path) -> None:
    sender = FolderSender(tmp_path / "mail")
    assert sender.listing() == []
    await sender.send(MESSAGE)
    await sender.send(MESSAGE)
    (shown,) = sender.listing()
    assert (shown.to, shown.subject) == ("ola@poczta.example", "Żółw")
    assert shown.links == ("https://pomapa.example/s/abc",)
    assert (tmp_path / "mail").stat().st_mode & 0o077 == 0


async def test_the_newest_mail_is_first(tmp_path: Path) -> None:
    sender = FolderSender(tmp_path)
    for number in range(3):
        letter = Letter(uuid.uuid4(), "a@b.example", f"mail {number}", "x", "x", "pl")
        await sender.send(compose(letter, "pomapa@kielce.example"))
    assert [mail.subject for mail in sender.listing()] == ["mail 2", "mail 1", "mail 0"]


async def test_memory_fails_as_it_is_told() -> None:
    sender = MemorySender()
    sender.failures.append(DeliveryError("server answered 451"))
    with pytest.raises(DeliveryError):
        await sender.send(MESSAGE)
    await sender.send(MESSAGE)
    assert len(sender.sent) == 1


def test_without_a_server_mails_go_to_a_folder(tmp_path: Path) -> None:
    assert isinstance(sender_for(Settings(data_dir=tmp_path)), FolderSender)
    assert isinstance(sender_for(Settings(smtp_url="smtp://mail.example")), SmtpSender)
