"""The counters of rate limits."""

import datetime as dt

from sqlalchemy import DateTime, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class RateLimit(Base):
    """When a client's allowance is whole again. Unlogged: a crash empties it, and nobody is worse off."""

    __tablename__ = "rate_limit"
    __table_args__ = {"schema": "core", "prefixes": ["UNLOGGED"]}  # noqa: RUF012 - SQLAlchemy reads it from the class

    key: Mapped[bytes] = mapped_column(
        LargeBinary, primary_key=True, comment="HMAC of purpose and client, under a key that no disk holds"
    )
    whole_at: Mapped[dt.datetime] = mapped_column(
        DateTime(timezone=True), index=True, comment="GCRA's theoretical arrival time"
    )
