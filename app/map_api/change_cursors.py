"""Where a reader of the changes is, as a text that it hands back."""

import base64
import binascii
import hmac

import orjson

from app.errors import Gone
from app.features.changes import Place
from app.layers.registry import LAYERS
from app.map_api.cursors import TamperedCursor

_HEAD = b',"more":'
_MOST = 2**63 - 1


class FeedBegunAnew(Gone):
    """This cursor is of a database that is there no longer. Begin without a cursor."""


def next_place(body: bytes) -> tuple[Place, memoryview]:
    """Take an answer of the database apart: the place after it, and what follows from `,"more"` on."""
    at = body.index(_HEAD)
    head = orjson.loads(body[:at] + b"}")
    return Place(head["positions"], *head["last"]), memoryview(body)[at:]


def write_place(place: Place, secret: str) -> bytes:
    """Give a place as a cursor."""
    said = [dict(sorted(place.cursors.items())), place.last, place.last_at_us ^ _mask(place.last, secret)]
    return base64.urlsafe_b64encode(orjson.dumps(said)).rstrip(b"=")


def read_place(cursor: str, secret: str) -> Place:
    """The place in a cursor; a layer that came to be since is read from its beginning. `TamperedCursor`."""
    if not cursor:
        return Place(dict.fromkeys(LAYERS, 0))
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        cursors, *last = orjson.loads(raw)
        numbers = [*cursors.values(), *last]
        if len(last) != 2 or not all(type(n) is int and 0 <= n <= _MOST for n in numbers):
            raise TamperedCursor
        newest, hidden = last
        return Place(
            {layer: cursors.get(layer, 0) for layer in LAYERS}, newest, hidden ^ _mask(newest, secret)
        )
    except (binascii.Error, ValueError, TypeError, AttributeError):
        raise TamperedCursor from None


def _mask(last: int, secret: str) -> int:
    """What hides the moment of an entry: nobody is told at which hour something changed, nor what changed with it."""
    # Seven bytes are more than the microseconds of any day that we live to see.
    return int.from_bytes(hmac.digest(secret.encode(), b"changes %d" % last, "sha256")[:7]) if last else 0
