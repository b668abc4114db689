"""What administrators say of areas, with its history."""

import uuid
from typing import Any

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import ForeignKey, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.db.base import Moment


class KeptArea(Base):
    """What the desk says of an area now: of one of its own all, of one of a file what stands over the file's."""

    __tablename__ = "kept_area"
    __table_args__ = {"schema": "core", "comment": "What administrators say of areas"}  # noqa: RUF012 - the shape that SQLAlchemy asks for

    code: Mapped[str] = mapped_column(primary_key=True, comment="Stable code of the area")
    own: Mapped[bool] = mapped_column(comment="Made at the desk; else of a file")
    version: Mapped[int] = mapped_column(comment="The number of its newest version")
    content: Mapped[dict[str, Any]] = mapped_column(comment="What the desk says of it")
    outline: Mapped[WKBElement | None] = mapped_column(
        Geometry("MULTIPOLYGON", srid=4326, spatial_index=False),
        comment="As it was uploaded, in WGS 84; NULL of all others",
    )
    retired: Mapped[bool] = mapped_column(server_default=text("false"))
    to_count: Mapped[int | None] = mapped_column(comment="Places to look at; NULL: not begun, or done")
    looked_at: Mapped[int] = mapped_column(server_default=text("0"))
    counting: Mapped[bool] = mapped_column(
        server_default=text("false"), comment="The worker has still to find the places in it"
    )


class KeptAreaVersion(Base):
    """What an area was said to be once. Never changed: what is put back is a new version."""

    __tablename__ = "kept_area_version"
    __table_args__ = {"schema": "core", "comment": "What an area was said to be once; never changed"}  # noqa: RUF012 - the shape that SQLAlchemy asks for

    code: Mapped[str] = mapped_column(ForeignKey("core.kept_area.code"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, comment="From 1")
    act: Mapped[str] = mapped_column(comment="added, changed, put_back, retired, offered")
    content: Mapped[dict[str, Any]]
    outline: Mapped[WKBElement | None] = mapped_column(
        Geometry("MULTIPOLYGON", srid=4326, spatial_index=False)
    )
    by_id: Mapped[uuid.UUID | None] = mapped_column(comment="The user; NULL: the program")
    at: Mapped[Moment]
