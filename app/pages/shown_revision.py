"""The revision that a form was filled in from, as it stands in the page: signed, so that nobody starts from another one.

What was public once may be hidden by now: an address, a contact that was taken back. Whoever names an older revision
must have been shown it.
"""

import hashlib
import hmac
import uuid

_MAC_BYTES = 16


def written(secret: str, feature_id: uuid.UUID, revision: int) -> str:
    """The revision for the page: `<number>.<signature>`."""
    return f"{revision}.{_mac(secret, feature_id, str(revision))}"


def shown_in(text: str, secret: str, feature_id: uuid.UUID) -> int | None:
    """The revision that the page was made from; None for what we did not write about this feature."""
    number, _, mac = text.partition(".")
    ours = hmac.compare_digest(mac.encode(), _mac(secret, feature_id, number).encode())
    return int(number) if ours else None


def _mac(secret: str, feature_id: uuid.UUID, number: str) -> str:
    said = f"shown revision {feature_id} {number}".encode()
    return hmac.new(secret.encode(), said, hashlib.sha256).hexdigest()[: 2 * _MAC_BYTES]
