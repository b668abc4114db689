"""The counters of rate limits, and the key of the day that they are kept under."""

import datetime as dt

from sqlalchemy import Date, DateTime, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class RateLimit(Base):
    """When a client's allowance is whole again. Unlogged: a crash empties it, and nobody is worse off."""

    __tablename__ = "rate_limit"
    __table_args__ = {"schema": "core", "prefixes": ["UNLOGGED"]}  # noqa: RUF012 - SQLAlchemy reads it from the class

    key: Mapped[bytes] = mapped_column(
        LargeBinary,
        primary_key=True,
        comment="HMAC of purpose and client, under the installation's secret and the key of the day",
    )
    whole_at: Mapped[dt.datetime] = mapped_column(
        DateTime(timezone=True), index=True, comment="GCRA's theoretical arrival time"
    )


class RateLimitKey(Base):
    """One half of the key of a day's counters. Unlogged: it is in no base backup, on no replica, in no log."""

    __tablename__ = "rate_limit_key"
    __table_args__ = {"schema": "core", "prefixes": ["UNLOGGED"]}  # noqa: RUF012 - SQLAlchemy reads it from the class

    day: Mapped[dt.date] = mapped_column(Date, primary_key=True, comment="in UTC; deleted when it is over")
    key: Mapped[bytes] = mapped_column(LargeBinary, comment="256 random bits")
