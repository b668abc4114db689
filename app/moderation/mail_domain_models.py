"""Where mail is handed in for the domains of those who publish for their organisation."""

import datetime as dt

from sqlalchemy import ARRAY, CheckConstraint, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class MailDomain(Base):
    """The domain of an admin's mailbox. What is looked up has the form of `app.mail.servers.Hosts`."""

    __tablename__ = "mail_domain"
    __table_args__ = (
        CheckConstraint("domain = lower(domain)", name="domain_lower"),
        CheckConstraint("(hosts IS NULL) = (seen_since IS NULL)", name="seen"),
        CheckConstraint("before IS NULL OR hosts IS NOT NULL", name="before"),
        {"schema": "core", "comment": "Where mail for the domains of organisations' admins is handed in"},
    )

    domain: Mapped[str] = mapped_column(primary_key=True, comment="In ASCII, as name servers know it")
    hosts: Mapped[list[str] | None] = mapped_column(
        ARRAY(Text), comment="Sorted; empty: there is none; a dot: it takes no mail; NULL: never answered"
    )
    before: Mapped[list[str] | None] = mapped_column(
        ARRAY(Text), comment="Those before the last change; NULL: as first seen"
    )
    seen_since: Mapped[dt.datetime | None] = mapped_column(comment="When these hosts were seen first")
    looked_at: Mapped[dt.datetime] = mapped_column(comment="When it was looked up last, answered or not")
    silent_since: Mapped[dt.datetime | None] = mapped_column(
        comment="Since when no name server has answered; NULL: the last look was answered"
    )
