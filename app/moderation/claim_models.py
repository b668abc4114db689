"""Organisations that say an entry is theirs, and how somebody made sure of it."""

import datetime as dt
import enum
import uuid
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, LargeBinary, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.models import User
from app.db import Base
from app.db.base import Moment, UuidKey


class ClaimState(enum.StrEnum):
    """Where such a claim stands."""

    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    UNDONE = "undone"


class PlaceClaim(Base):
    """An organisation says that an entry is its own. Nothing changes before a moderator has made sure out of band."""

    __tablename__ = "place_claim"
    __table_args__ = (
        CheckConstraint(f"state IN ({', '.join(repr(s.value) for s in ClaimState)})", name="state"),
        CheckConstraint("(state = 'asked') = (ended_at IS NULL)", name="ended_at"),
        CheckConstraint("(state = 'undone') = (undone_at IS NOT NULL)", name="undone_at"),
        CheckConstraint(
            "state NOT IN ('approved', 'undone') OR"
            " (how IS NOT NULL AND revision IS NOT NULL AND ended_by IS NOT NULL AND ended_by <> claimed_by)",
            name="made_sure",
        ),
        CheckConstraint(
            "state NOT IN ('approved', 'undone') OR NOT by_two OR"
            " (first_by IS NOT NULL AND first_by <> ended_by AND first_by <> claimed_by)",
            name="two_people",
        ),
        Index(
            "uq_place_claim_standing",
            "feature_id",
            "organisation_id",
            unique=True,
            postgresql_where=text("state = 'asked'"),
        ),
        Index(None, "feature_id"),
        Index(None, "organisation_id"),
        {"schema": "core", "comment": "Organisations that say an entry is theirs"},
    )

    id: Mapped[UuidKey]
    feature_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core.feature.id", ondelete="CASCADE"))
    organisation_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("core.feature.id", ondelete="CASCADE"), comment="Whose it is, as its people say"
    )
    claimed_by: Mapped[uuid.UUID] = mapped_column(
        ForeignKey(User.id, ondelete="CASCADE"), comment="Who of the organisation says so"
    )
    state: Mapped[str]
    version: Mapped[int] = mapped_column(
        Integer, server_default=text("1"), comment="Counts every change of this row"
    )
    reason: Mapped[str | None] = mapped_column(comment="How they run it; erased 90 days after the end")
    asked_at: Mapped[Moment]
    code_id: Mapped[uuid.UUID | None] = mapped_column(comment="What the last code is made from, with the key")
    code_hash: Mapped[bytes | None] = mapped_column(
        LargeBinary, comment="HMAC of the code under the installation's secret; NULL until it is mailed"
    )
    code_address_hash: Mapped[bytes | None] = mapped_column(
        LargeBinary, comment="HMAC of the address that it went to"
    )
    code_expires_at: Mapped[dt.datetime | None]
    code_tries: Mapped[int] = mapped_column(
        SmallInteger, server_default=text("0"), comment="How often one was typed"
    )
    code_sends: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    code_sent_at: Mapped[dt.datetime | None]
    proved_at: Mapped[dt.datetime | None] = mapped_column(comment="When the mailed code was typed in")
    first_by: Mapped[uuid.UUID | None] = mapped_column(
        comment="Of a protected place: who has made sure first"
    )
    first_at: Mapped[dt.datetime | None]
    first_how: Mapped[str | None] = mapped_column(comment="In which way")
    first_said: Mapped[str | None] = mapped_column(comment="How exactly; erased 90 days after the end")
    ended_at: Mapped[dt.datetime | None]
    ended_by: Mapped[uuid.UUID | None] = mapped_column(comment="The moderator who approved or refused it")
    how: Mapped[str | None] = mapped_column(comment="In which way it was made sure")
    said: Mapped[str | None] = mapped_column(comment="How exactly; erased 90 days after the end")
    by_two: Mapped[bool] = mapped_column(server_default=text("false"))
    note: Mapped[str | None] = mapped_column(comment="What a moderator wrote to the organisation")
    was: Mapped[dict[str, Any] | None] = mapped_column(comment="Whose it was before, as its content said")
    revision: Mapped[int | None] = mapped_column(Integer, comment="The revision by which it is theirs")
    undone_at: Mapped[dt.datetime | None]
    undone_by: Mapped[uuid.UUID | None] = mapped_column(comment="The moderator who took it back")
