"""Where the next page begins, as a text that a client hands back and cannot usefully change."""

import base64
import binascii
import hashlib
import struct
import uuid

from app.errors import FieldProblem, InvalidInput
from app.features.published import Position
from app.i18n import N_

_SHAPE = struct.Struct(">q16s4s")


class TamperedCursor(InvalidInput):
    """Some fields need another look."""

    def __init__(self) -> None:
        super().__init__(
            FieldProblem(
                "cursor", "not_a_cursor", N_("Use the cursor of the last answer, with the same filter.")
            )
        )


def write_cursor(position: Position, question: str) -> str:
    """Give a cursor: the position, and a mark of the question that it belongs to."""
    raw = _SHAPE.pack(position.qk, position.id.bytes, _mark(question))
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def read_cursor(cursor: str, question: str) -> Position:
    """Give the position in a cursor; `TamperedCursor` for anything we did not make for this question."""
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        qk, id_bytes, mark = _SHAPE.unpack(raw)
    except (binascii.Error, ValueError, struct.error):
        raise TamperedCursor from None
    if mark != _mark(question):
        raise TamperedCursor
    return Position(qk, uuid.UUID(bytes=id_bytes))


def _mark(question: str) -> bytes:
    """No secret: it tells a mistake, it guards nothing, since every position is public."""
    return hashlib.blake2b(question.encode(), digest_size=4).digest()
