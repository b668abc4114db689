"""The mails that wait or were sent lately, and the words that administrators have given to letters."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import DateTime, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.db.base import Moment, UuidKey


class OutboxMail(Base):
    """One mail to one person. Values go with the delivery, the recipient a day after; the row stays as a receipt.

    No link that gives a power is in the values, only what it is for: see `app.mail.links`.
    """

    __tablename__ = "outbox_mail"
    __table_args__ = (
        Index(None, "sent_at", postgresql_where=text("recipient IS NOT NULL")),
        {"schema": "core"},
    )

    id: Mapped[UuidKey]
    recipient: Mapped[str | None] = mapped_column(comment="Address; NULL once it is no longer needed")
    language: Mapped[str] = mapped_column(comment="One of the six of the interface")
    template: Mapped[str] = mapped_column(comment="Name under templates/mail, without ending")
    values: Mapped[dict[str, Any] | None] = mapped_column(
        JSONB(none_as_null=True), comment="What the template fills in; NULL once it is no longer needed"
    )
    unsubscribe_url: Mapped[str | None] = mapped_column(comment="For List-Unsubscribe (RFC 8058); NULL: none")
    dedupe_key: Mapped[str] = mapped_column(
        unique=True, comment="A second mail with the same key is not queued"
    )
    created_at: Mapped[Moment]
    sent_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))
    given_up_at: Mapped[dt.datetime | None] = mapped_column(
        DateTime(timezone=True), comment="When the last try failed or the address was refused for good"
    )
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    last_error: Mapped[str | None] = mapped_column(comment="Kind of failure, without address or text")

    def forget_values(self) -> None:
        """Erase what the mail says: it is not written again."""
        self.values = None
        self.unsubscribe_url = None


class LetterWording(Base):
    """Words of a kind of letter in a language, each change a row more; the newest holds."""

    __tablename__ = "letter_wording"
    __table_args__ = {"schema": "core"}  # noqa: RUF012 - the shape that SQLAlchemy asks for

    kind: Mapped[str] = mapped_column(primary_key=True, comment="Key in app.mail.letter_kinds")
    language: Mapped[str] = mapped_column(primary_key=True, comment="One of the six of the interface")
    number: Mapped[int] = mapped_column(primary_key=True, comment="From 1; the highest holds")
    subject: Mapped[str | None] = mapped_column(comment="With placeholders; NULL: the product's words again")
    body: Mapped[str | None] = mapped_column(comment="With placeholders; NULL: the product's words again")
    by_id: Mapped[uuid.UUID | None] = mapped_column(comment="The user; NULL: the program")
    at: Mapped[Moment]
