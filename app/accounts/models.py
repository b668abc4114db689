"""People with an account, their sessions and their ways in."""

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
    SmallInteger,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.roles import Role
from app.db import Base
from app.db.base import Moment, UuidKey

_ROLES = ", ".join(f"'{role}'" for role in Role)


class User(Base):
    """A member of staff, or one of the people of an organisation. Who only reads or submits has no account."""

    __tablename__ = "user"
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_lower"),
        {"schema": "core"},
    )

    id: Mapped[UuidKey]
    email: Mapped[str] = mapped_column(unique=True, comment="In the form of app.mail.addresses.normalised")
    name: Mapped[str] = mapped_column(server_default=text("''"), comment="As colleagues see it")
    language: Mapped[str] = mapped_column(server_default=text("'pl'"))
    suspended_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))
    created_at: Mapped[Moment]
    grants: Mapped[list["Grant"]] = relationship(
        lazy="raise", order_by="Grant.created_at", passive_deletes=True
    )

    @property
    def held(self) -> "list[Grant]":
        """The grants that hold; one that waits for a second person gives no right."""
        return [grant for grant in self.grants if grant.confirmed_at is not None]

    @property
    def known_as(self) -> str:
        """The name, or what stands before the @ when there is none yet."""
        return self.name or self.email.partition("@")[0]


class Grant(Base):
    """A role that somebody has, everywhere or for some units and layers.

    A moderator and an administrator are made by two people: it waits until the second one has confirmed it.
    """

    __tablename__ = "grant"
    __table_args__ = (
        CheckConstraint(f"role IN ({_ROLES})", name="role"),
        CheckConstraint(
            "role <> 'administrator' OR (areas IS NULL AND layers IS NULL)", name="administrator_everywhere"
        ),
        CheckConstraint("cardinality(areas) > 0 AND cardinality(layers) > 0", name="limits"),
        CheckConstraint(
            "confirmed_by IS NULL OR (confirmed_by <> user_id AND confirmed_by IS DISTINCT FROM proposed_by)",
            name="another",
        ),
        CheckConstraint(
            "confirmed_at IS NULL OR role = 'editor' OR proposed_by IS NULL OR confirmed_by IS NOT NULL",
            name="two_people",
        ),
        Index(None, "user_id"),
        {"schema": "core", "comment": "What people of staff may do, and where"},
    )

    id: Mapped[UuidKey]
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(comment="editor, moderator or administrator")
    areas: Mapped[list[str] | None] = mapped_column(
        ARRAY(Text), comment="Codes of the units that it holds for, with all below them; NULL: everywhere"
    )
    layers: Mapped[list[str] | None] = mapped_column(ARRAY(Text), comment="Keys of the layers; NULL: all")
    created_at: Mapped[Moment]
    proposed_by: Mapped[uuid.UUID | None] = mapped_column(comment="Who of staff gave it; NULL: by command")
    confirmed_at: Mapped[dt.datetime | None] = mapped_column(
        DateTime(timezone=True), comment="Holds from then on; NULL: waits"
    )
    confirmed_by: Mapped[uuid.UUID | None] = mapped_column(comment="The second person, where one is needed")


class Membership(Base):
    """Somebody belongs to an organisation. It gives a right only while the organisation is on the map."""

    __tablename__ = "membership"
    __table_args__ = (
        CheckConstraint("role IN ('member', 'admin')", name="role"),
        UniqueConstraint("user_id", "organisation_id"),
        Index(None, "organisation_id"),
        {"schema": "core", "comment": "Who belongs to which organisation"},
    )

    id: Mapped[UuidKey]
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"))
    organisation_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("core.feature.id", ondelete="CASCADE"), comment="An entry of the layer organisations"
    )
    role: Mapped[str] = mapped_column(comment="member or admin")
    created_at: Mapped[Moment]
    seated_at: Mapped[dt.datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now(), comment="Since when they have this role"
    )


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
    second_step_at: Mapped[dt.datetime | None] = mapped_column(
        DateTime(timezone=True), comment="When the second step was passed; NULL: only the link was used"
    )


class SecondStep(Base):
    """The app that shows somebody's codes. Secrets are sealed with a key that is not in the database."""

    __tablename__ = "second_step"
    __table_args__ = {"schema": "core"}  # noqa: RUF012 - the shape that SQLAlchemy asks for

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"), primary_key=True)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary, comment="The secret in use")
    begun: Mapped[bytes | None] = mapped_column(LargeBinary, comment="The secret that waits to be confirmed")
    last_step: Mapped[int] = mapped_column(
        BigInteger, server_default=text("0"), comment="30 s since 1970; codes of it and before were used"
    )
    created_at: Mapped[Moment]
    confirmed_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))


class RecoveryCode(Base):
    """A code on paper for whoever has lost the app. It works once."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("user_id", "code_hash"), {"schema": "core"})

    id: Mapped[UuidKey]
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"))
    code_hash: Mapped[bytes] = mapped_column(LargeBinary, comment="HMAC under the installation's secret")
    created_at: Mapped[Moment]
    used_at: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))
