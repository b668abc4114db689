"""The table of terms: the vocabularies for SQL, QGIS and the standards' interfaces."""

from typing import Any
from uuid import UUID

from sqlalchemy import SmallInteger, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class TermRow(Base):
    """One term of a vocabulary as the public may see it. The files are the truth, this is their copy."""

    __tablename__ = "term"
    __table_args__ = ({"schema": "published", "comment": "Terms of the controlled vocabularies"},)

    kind: Mapped[str] = mapped_column(
        primary_key=True, comment="Vocabulary: service, group, family, audience …"
    )
    code: Mapped[str] = mapped_column(primary_key=True, comment="Stable code, unique within its kind")
    uuid: Mapped[UUID] = mapped_column(
        unique=True, comment="uuid5 of our namespace and kind/code: the same in every installation"
    )
    parent: Mapped[str | None] = mapped_column(
        Text, comment="Code of the heading it stands under: a service's group, a group's family …"
    )
    position: Mapped[int | None] = mapped_column(
        SmallInteger, comment="Bit in the masks of the read model; null for kinds without masks"
    )
    family: Mapped[str | None] = mapped_column(Text, comment="Family that gives shape and colour on the map")
    icon: Mapped[str] = mapped_column(comment="Name of a Lucide icon, empty where there is none")
    names: Mapped[dict[str, Any]] = mapped_column(JSONB, comment="Language → name, all six languages")
    descriptions: Mapped[dict[str, Any]] = mapped_column(
        JSONB, comment="Language → description; empty where there is none"
    )
    data: Mapped[dict[str, Any]] = mapped_column(JSONB, comment="The rest of the term, by its kind")
    sort_order: Mapped[int] = mapped_column(SmallInteger, comment="Place in the list of its kind, from 0")
    retired: Mapped[bool] = mapped_column(
        server_default=text("false"), comment="Still understood, no longer offered"
    )
