"""The counters of rate limits with the key of their day, and what programs have sent under keys of theirs."""

import datetime as dt
from typing import Any

from sqlalchemy import Date, DateTime, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.db.base import Moment


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


class IdempotencyKey(Base):
    """What a program has sent under a key of its own. A crash must not forget it: it would be taken in twice."""

    __tablename__ = "idempotency_key"
    __table_args__ = {  # noqa: RUF012 - SQLAlchemy reads it from the class
        "schema": "core",
        "comment": "What programs have sent under a key of theirs; kept for a day",
    }

    id: Mapped[bytes] = mapped_column(
        LargeBinary,
        primary_key=True,
        comment="HMAC of the key that the program chose, under the installation's secret",
    )
    body: Mapped[bytes] = mapped_column(LargeBinary, comment="HMAC of what was sent, under the same secret")
    made: Mapped[dict[str, Any]] = mapped_column(
        server_default=text("'{}'::jsonb"),
        comment="From what the answer is made again; no secret and no personal data",
    )
    created_at: Mapped[Moment] = mapped_column(index=True)
