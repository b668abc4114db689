"""Passkeys of people with an account, and the challenges that are out for them."""

import datetime as dt
import uuid

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.models import User
from app.db import Base
from app.db.base import Moment, UuidKey

#: WebAuthn, 4: a credential id has at most 1023 bytes.
LONGEST_ID = 1023
LONGEST_NAME = 60


class Passkey(Base):
    """A key that somebody's telephone, computer or key ring holds. The half that is kept here opens nothing."""

    __tablename__ = "passkey"
    __table_args__ = (
        CheckConstraint(f"octet_length(credential_id) BETWEEN 1 AND {LONGEST_ID}", name="credential_id"),
        CheckConstraint("sign_count >= 0", name="sign_count"),
        CheckConstraint(f"char_length(name) BETWEEN 1 AND {LONGEST_NAME}", name="name"),
        Index(None, "user_id"),
        {"schema": "core", "comment": "What somebody signs in with beside their mail, or instead of it"},
    )

    id: Mapped[UuidKey]
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"))
    credential_id: Mapped[bytes] = mapped_column(
        LargeBinary, unique=True, comment="As the authenticator has named it"
    )
    public_key: Mapped[bytes] = mapped_column(LargeBinary, comment="COSE key")
    sign_count: Mapped[int] = mapped_column(
        BigInteger, server_default=text("0"), comment="As the authenticator last said; 0: it does not count"
    )
    transports: Mapped[list[str]] = mapped_column(
        ARRAY(Text), server_default=text("'{}'"), comment="How a browser reaches it: internal, hybrid, usb …"
    )
    name: Mapped[str] = mapped_column(comment="As the person calls it")
    created_at: Mapped[Moment]
    last_used_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))


class PasskeyChallenge(Base):
    """A number that a passkey has to sign, once. Each browser has one for each purpose: asking again replaces it."""

    __tablename__ = "passkey_challenge"
    __table_args__ = (
        Index(None, "expires_at"),
        {"schema": "core", "comment": "Challenges that were given to a browser and not used yet"},
    )

    browser_hash: Mapped[bytes] = mapped_column(
        LargeBinary, primary_key=True, comment="SHA-256 of the cookie it was given to"
    )
    purpose: Mapped[str] = mapped_column(primary_key=True, comment="add, connect, prove or sign_in")
    challenge: Mapped[bytes] = mapped_column(LargeBinary)
    expires_at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True))
