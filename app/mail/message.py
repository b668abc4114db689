"""Puts a mail together (RFC 5322), so that it is taken for what it is and cannot carry a foreign header."""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from app.mail.addresses import has_break
from app.mail.headers import HEADERS

#: Bodies are encoded so that the oldest server on the way passes them on unchanged.
SEVEN_BIT = SMTP.clone(cte_type="7bit", header_factory=HEADERS)


class HeaderInjectionError(ValueError):
    """A header of a mail has a line break in it."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as it will be read. `unsubscribe_url` takes a POST without further questions (RFC 8058)."""

    id: uuid.UUID
    to: str
    subject: str
    plain: str
    html: str
    language: str
    unsubscribe_url: str | None = None


def compose(letter: Letter, mail_from: str, *, now: datetime | None = None) -> EmailMessage:
    """The message; `HeaderInjectionError` when recipient or subject would open another header."""
    for value in (letter.to, letter.subject, letter.unsubscribe_url or "", mail_from):
        if has_break(value):
            raise HeaderInjectionError
    message = EmailMessage(policy=SEVEN_BIT)
    message["From"] = mail_from
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(now or datetime.now(UTC))
    # The same at each try, so that a mail server can see that it has this one already.
    message["Message-ID"] = f"<{letter.id}@{_domain(mail_from)}>"
    # RFC 3834: nobody's holiday notice answers this.
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    if letter.unsubscribe_url is not None:
        message["List-Unsubscribe"] = f"<{letter.unsubscribe_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(letter.plain)
    message.add_alternative(letter.html, subtype="html")
    # Only now: setting a content takes away every header that begins with "Content".
    message["Content-Language"] = letter.language
    return message


def _domain(mail_from: str) -> str:
    return parseaddr(mail_from)[1].rpartition("@")[2] or "localhost"
