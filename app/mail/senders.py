"""Where mails go: to a mail server, into a folder, or, in tests, into memory."""

import asyncio
import email
import email.policy
import re
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

import aiosmtplib

from app.config import Settings

TIMEOUT_S = 20
#: RFC 4954, 6: the server wants another password or another way to give it.
AUTHENTICATION_CODES = frozenset({530, 534, 535, 538})
#: The inbox page shows so many.
SHOWN = 50


class Sender(Protocol):
    """Delivers one message, or raises `DeliveryError`."""

    async def send(self, message: EmailMessage) -> None:
        """Hand the message over."""
        ...


class DeliveryError(Exception):
    """A message could not be handed over. `final`: trying again would not help."""

    def __init__(self, kind: str, *, final: bool = False) -> None:
        super().__init__(kind)
        self.kind = kind
        self.final = final


class SmtpSender:
    """Hands messages to the server of `smtp://user:password@host:587?starttls` or `smtps://…:465`."""

    def __init__(self, url: str) -> None:
        """Read the address, which `app.config` has found to name a server."""
        parts = urlsplit(url)
        self.host = parts.hostname or ""
        self.implicit_tls = parts.scheme == "smtps"
        self.start_tls = "starttls" in parse_qs(parts.query, keep_blank_values=True)
        self.port = parts.port or (465 if self.implicit_tls else 587 if self.start_tls else 25)
        self.user = unquote(parts.username) if parts.username else None
        self.password = unquote(parts.password) if parts.password else None

    async def send(self, message: EmailMessage) -> None:
        """Send over a connection of its own; answers of the server become `DeliveryError`."""
        try:
            await aiosmtplib.send(
                message,
                hostname=self.host,
                port=self.port,
                username=self.user,
                password=self.password,
                use_tls=self.implicit_tls,
                start_tls=self.start_tls,
                tls_context=ssl.create_default_context() if self.implicit_tls or self.start_tls else None,
                timeout=TIMEOUT_S,
            )
        except aiosmtplib.SMTPRecipientsRefused as error:
            code = max((refused.code for refused in error.recipients), default=550)
            raise DeliveryError(f"recipient refused ({code})", final=code >= 500) from None
        except aiosmtplib.SMTPResponseException as error:
            # The server's words may repeat the address; its number says enough. What the operator can
            # put right, a password or a sender's address, is tried again until they have.
            ours = isinstance(error, aiosmtplib.SMTPAuthenticationError | aiosmtplib.SMTPSenderRefused)
            final = error.code >= 500 and not ours and error.code not in AUTHENTICATION_CODES
            raise DeliveryError(f"server answered {error.code}", final=final) from None
        except (aiosmtplib.SMTPException, OSError, ssl.SSLError, TimeoutError) as error:
            raise DeliveryError(type(error).__name__) from None


@dataclass(frozen=True, slots=True)
class LocalMail:
    """A mail in a folder, as the local inbox shows it; `links` are the addresses in its text."""

    name: str
    to: str
    subject: str
    date: datetime
    text: str
    links: tuple[str, ...]


class FolderSender:
    """Keeps messages as `.eml` files in a folder, for machines without a mail server."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def send(self, message: EmailMessage) -> None:
        """Write the file under its final name only when it is whole."""
        await asyncio.to_thread(self._write, message)

    def listing(self) -> list[LocalMail]:
        """The newest mails first, at most `SHOWN`."""
        files = sorted(self.folder.glob("*.eml"), reverse=True)[:SHOWN]
        return [_read(path) for path in files]

    def _write(self, message: EmailMessage) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        stem = re.sub(r"[^0-9a-zA-Z-]", "", str(message["Message-ID"]).partition("@")[0]) or "mail"
        # Sent again, the same mail takes the same place.
        there = next(iter(self.folder.glob(f"*-{stem}.eml")), None)
        path = there or self.folder / f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{stem}.eml"
        unfinished = path.with_suffix(".part")
        unfinished.write_bytes(message.as_bytes())
        unfinished.replace(path)


class MemorySender:
    """Keeps messages in a list. `failures` are raised first, one a message."""

    def __init__(self) -> None:
        self.sent: list[EmailMessage] = []
        self.failures: list[DeliveryError] = []

    async def send(self, message: EmailMessage) -> None:
        """Keep the message."""
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append(message)


def sender_for(settings: Settings) -> SmtpSender | FolderSender:
    """The sender of an installation: its mail server, or the folder `mail` of its data."""
    return SmtpSender(settings.smtp_url) if settings.smtp_url else FolderSender(settings.data_dir / "mail")


def _read(path: Path) -> LocalMail:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(preferencelist=("plain",))
    text = str(body.get_content()) if body is not None else ""
    return LocalMail(
        name=path.stem,
        to=str(message["To"]),
        subject=str(message["Subject"]),
        date=parsedate_to_datetime(str(message["Date"])),
        text=text,
        links=tuple(re.findall(r"https?://[^\s<>\"]+", text)),
    )
