"""The table of forms that are being filled in."""

import datetime as dt

from sqlalchemy import CheckConstraint, DateTime, LargeBinary, func
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class FormDraft(Base):
    """A form that is being filled in, sealed. Unlogged: it is in no log of the database, and a crash empties it."""

    __tablename__ = "form_draft"
    __table_args__ = (
        CheckConstraint("octet_length(sealed) <= 131072", name="size"),
        {"schema": "core", "prefixes": ["UNLOGGED"]},
    )

    id: Mapped[bytes] = mapped_column(
        LargeBinary, primary_key=True, comment="HMAC of the draft's address, which is stored nowhere"
    )
    sealed: Mapped[bytes] = mapped_column(
        LargeBinary, comment="What was typed; only the address and the secret key together open it"
    )
    touched_at: Mapped[dt.datetime] = mapped_column(
        DateTime(timezone=True), index=True, server_default=func.now(), comment="When it was last changed"
    )
