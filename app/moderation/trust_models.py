"""Organisations that publish changes of their own places by themselves, and what they have published so."""

import datetime as dt
import uuid

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, Integer, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.db.base import Moment, UuidKey
from app.moderation.verification_models import Verification


class Trust(Base):
    """For which units and layers an organisation is trusted, by which two people. It ends with its verification: a trigger sees to that."""

    __tablename__ = "trust"
    __table_args__ = (
        CheckConstraint("first_by <> second_by", name="two_people"),
        CheckConstraint("(second_by IS NULL) = (second_at IS NULL)", name="second"),
        CheckConstraint("cardinality(areas) > 0 AND cardinality(layers) > 0", name="limits"),
        Index("uq_trust_standing", "organisation_id", unique=True, postgresql_where=text("ended_at IS NULL")),
        Index(None, "organisation_id"),
        Index(None, "verification_id"),
        {"schema": "core", "comment": "Organisations that publish changes of their own places by themselves"},
    )

    id: Mapped[UuidKey]
    organisation_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("core.feature.id", ondelete="CASCADE"), comment="An entry of the layer organisations"
    )
    verification_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey(Verification.id, ondelete="CASCADE"), comment="By which they are known to be who they are"
    )
    version: Mapped[int] = mapped_column(
        Integer, server_default=text("1"), comment="Counts every change of this row"
    )
    areas: Mapped[list[str]] = mapped_column(
        ARRAY(Text), comment="Codes of the units that it holds for, with all below them"
    )
    layers: Mapped[list[str]] = mapped_column(ARRAY(Text), comment="Keys of the layers")
    first_by: Mapped[uuid.UUID] = mapped_column(comment="Which administrator has proposed it")
    first_at: Mapped[Moment]
    second_by: Mapped[uuid.UUID | None] = mapped_column(comment="Another one, who has confirmed it")
    second_at: Mapped[dt.datetime | None] = mapped_column(comment="Holds from then on; NULL: waits")
    ended_at: Mapped[dt.datetime | None]
    ended_by: Mapped[uuid.UUID | None] = mapped_column(comment="Who ended it; NULL: the verification ended")
    note: Mapped[str | None] = mapped_column(comment="Why it was ended; erased 90 days after the end")


class OwnApproval(Base):
    """One submission that its organisation has published by itself. It outlives the submission and holds nothing of its content."""

    __tablename__ = "own_approval"
    __table_args__ = (
        Index("ix_own_approval_trust_id", "trust_id", "at"),
        Index("ix_own_approval_at", "at"),
        Index(
            "ix_own_approval_to_see",
            "at",
            postgresql_where=text("look_again AND seen_at IS NULL AND undone_at IS NULL"),
        ),
        {"schema": "core", "comment": "What trusted organisations have published by themselves"},
    )

    submission_id: Mapped[uuid.UUID] = mapped_column(primary_key=True, comment="It may be deleted meanwhile")
    trust_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(Trust.id, ondelete="CASCADE"))
    user_id: Mapped[uuid.UUID] = mapped_column(comment="Which admin of the organisation")
    at: Mapped[Moment]
    look_again: Mapped[bool] = mapped_column(comment="A moderator is to look at it afterwards")
    seen_at: Mapped[dt.datetime | None]
    seen_by: Mapped[uuid.UUID | None] = mapped_column(comment="Which moderator has looked at it")
    undone_at: Mapped[dt.datetime | None] = mapped_column(
        comment="A moderator has undone it; it waits as any other"
    )
