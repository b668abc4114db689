"""Who somebody is at a municipality's sign-in service, and attempts to sign in there."""

import datetime as dt
import uuid

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.models import User
from app.db import Base
from app.db.base import Moment, UuidKey


class Identity(Base):
    """Somebody is the person whom a service calls so. One account a person there, one person there an account.

    What was disconnected stays, so that it does not come back by itself: as long as it is here, no address connects that
    person there with anybody, nor anybody else there with this account.
    """

    __tablename__ = "identity"
    __table_args__ = (
        UniqueConstraint("issuer", "subject"),
        UniqueConstraint("user_id", "issuer"),
        CheckConstraint("NOT counts OR disconnected_at IS NULL", name="counts"),
        {"schema": "core", "comment": "Who people are at the sign-in services of municipalities"},
    )

    id: Mapped[UuidKey]
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"))
    issuer: Mapped[str] = mapped_column(comment="The service, as it calls itself")
    subject: Mapped[str] = mapped_column(comment="What it calls this person, for ever; no mail address")
    counts: Mapped[bool] = mapped_column(
        server_default=text("false"), comment="They have passed a second step there that counts here"
    )
    created_at: Mapped[Moment]
    used_at: Mapped[Moment]
    disconnected_at: Mapped[dt.datetime | None] = mapped_column(
        DateTime(timezone=True), comment="From then on it signs nobody in"
    )


class SignInAttempt(Base):
    """Somebody has gone to a service to sign in. Nothing that is stored here lets anybody finish it."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (
        Index(None, "expires_at"),
        {"schema": "core", "comment": "Attempts to sign in with a municipality"},
    )

    id: Mapped[UuidKey]
    provider: Mapped[str] = mapped_column(comment="The short name of the service in the settings")
    state_hash: Mapped[bytes] = mapped_column(
        LargeBinary, unique=True, comment="SHA-256 of what the service sends back"
    )
    browser_hash: Mapped[bytes] = mapped_column(
        LargeBinary, comment="SHA-256 of the cookie of the browser that began it"
    )
    created_at: Mapped[Moment]
    expires_at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True))
    used_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))
