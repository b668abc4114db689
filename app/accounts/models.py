"""People with an account, their sessions and their ways in."""

import datetime as dt
import uuid

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, LargeBinary, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.roles import Role
from app.db import Base
from app.db.base import Moment, UuidKey

_ROLES = ", ".join(f"'{role}'" for role in Role)


class User(Base):
    """A member of staff. Who only reads or submits has no account."""

    __tablename__ = "user"
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_lower"),
        CheckConstraint(f"role IN ({_ROLES})", name="role"),
        {"schema": "core"},
    )

    id: Mapped[UuidKey]
    email: Mapped[str] = mapped_column(unique=True, comment="In the form of app.mail.addresses.normalised")
    name: Mapped[str] = mapped_column(server_default=text("''"), comment="As colleagues see it")
    role: Mapped[str] = mapped_column(comment="editor, moderator or administrator")
    language: Mapped[str] = mapped_column(server_default=text("'pl'"))
    suspended_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))
    created_at: Mapped[Moment]

    @property
    def known_as(self) -> str:
        """The name, or what stands before the @ when there is none yet."""
        return self.name or self.email.partition("@")[0]


class SignInLink(Base):
    """A wish to sign in and the link that answers it. No token is stored, here or with its mail, only its SHA-256."""

    __tablename__ = "sign_in_link"
    __table_args__ = (Index(None, "expires_at"), {"schema": "core"})

    id: Mapped[UuidKey]
    email: Mapped[str] = mapped_column(comment="As asked; whether an account has it, the worker finds out")
    language: Mapped[str]
    browser_hash: Mapped[bytes | None] = mapped_column(
        LargeBinary, comment="SHA-256 of the cookie of the browser that asked; NULL: any browser may use it"
    )
    code_tries: Mapped[int] = mapped_column(
        SmallInteger, server_default=text("0"), comment="Wrong codes typed in another browser"
    )
    token_hash: Mapped[bytes | None] = mapped_column(
        LargeBinary,
        unique=True,
        comment="SHA-256; NULL until a link was made, and for ever when nobody has the address",
    )
    created_at: Mapped[Moment]
    expires_at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True))
    used_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))


class Session(Base):
    """A browser that is signed in. It dies after 30 minutes unused, 12 hours at most, or when revoked."""

    __tablename__ = "session"
    __table_args__ = (Index(None, "user_id"), Index(None, "expires_at"), {"schema": "core"})

    id: Mapped[UuidKey]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True, comment="SHA-256 of the cookie")
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"))
    created_at: Mapped[Moment]
    last_seen_at: Mapped[Moment]
    expires_at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True))
    revoked_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))
