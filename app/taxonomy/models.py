"""The table of terms, for SQL, QGIS and the standards' interfaces; and the services that administrators have added."""

from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Integer, SmallInteger, Text, text
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


class AddedServiceRow(Base):
    """A type of service that administrators of this installation have added: the truth, as the files are of the product's."""

    __tablename__ = "service_type"
    __table_args__ = (
        CheckConstraint("code ~ '^local_[a-z][a-z0-9_]*$'", name="code"),
        CheckConstraint("position BETWEEN 120 AND 179", name="position"),
        {
            "schema": "published",
            "comment": "Types of service that administrators of this installation have added",
        },
    )

    code: Mapped[str] = mapped_column(
        primary_key=True, comment="Begins with local_, as no code of the product does"
    )
    id: Mapped[UUID] = mapped_column(
        unique=True,
        server_default=text("gen_random_uuid()"),
        comment="Id of its term for other programs: another installation may mean something else by the code",
    )
    position: Mapped[int] = mapped_column(
        SmallInteger, unique=True, comment="Bit in the masks of the read model, 120 to 179"
    )
    group: Mapped[str] = mapped_column(comment="Code of the product's group it stands under")
    icon: Mapped[str]
    offer: Mapped[str] = mapped_column(comment="goods, service or place")
    names: Mapped[dict[str, Any]] = mapped_column(comment="Language → name, all six languages")
    synonyms: Mapped[dict[str, Any]] = mapped_column(comment="Language → list of search words")
    osm: Mapped[list[str]] = mapped_column(ARRAY(Text), comment="Expressions over tags")
    open_eligibility: Mapped[str]
    open_eligibility_id: Mapped[str]
    schema_org: Mapped[str]
    half_life_days: Mapped[int] = mapped_column(SmallInteger)
    default_disclosure: Mapped[str]
    sensitive: Mapped[bool]
    retired: Mapped[bool] = mapped_column(server_default=text("false"), comment="No longer offered")
    version: Mapped[int] = mapped_column(
        Integer, server_default=text("1"), comment="Counted with each change, for who has it open"
    )
