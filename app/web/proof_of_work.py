"""Proof of work as ALTCHA does it: a browser finds a number by trying, which costs whoever sends thousands of forms.

The protocol is ALTCHA's first one (SHA-256 of salt and number), so that its clients solve our challenges; made, solved and
checked by our own code, without another host. Nothing is kept of a challenge: the signature says that it is ours, the
salt how long it is good for. The salt ends with `&`: without that, digits of the number could be moved into it and one
solution be sent as several.
"""

import base64
import binascii
import hashlib
import hmac
import re
import secrets
from dataclasses import asdict, dataclass
from typing import Any, Final

import orjson

ALGORITHM: Final = "SHA-256"
#: Tried are half as many on average: 0.12 s on a computer, about a second on a cheap phone, at most three.
MOST_NUMBER: Final = 200_000
#: A page may be open as long before its form is sent.
GOOD_FOR_S: Final = 2 * 3600
LONGEST: Final = 1000
_SALT = re.compile(r"[0-9a-f]{24}\?expires=([0-9]{1,12})&", re.ASCII)
_MEMBERS = {"algorithm", "challenge", "number", "salt", "signature"}


@dataclass(frozen=True, slots=True)
class Challenge:
    """What is asked for: the number up to `maxnumber` whose SHA-256 after `salt` is `challenge`."""

    algorithm: str
    challenge: str
    maxnumber: int
    salt: str
    signature: str

    def to_dict(self) -> dict[str, Any]:
        """Give it as JSON."""
        return asdict(self)


def new_challenge(secret: str, now_s: float, *, most: int = MOST_NUMBER) -> Challenge:
    """Make a challenge, good for `GOOD_FOR_S`."""
    salt = f"{secrets.token_hex(12)}?expires={int(now_s) + GOOD_FOR_S}&"
    challenge = _digest(salt, secrets.randbelow(most + 1))
    return Challenge(ALGORITHM, challenge, most, salt, _signature(secret, challenge))


def solved(proof: str, secret: str, now_s: float) -> str | None:
    """The challenge that a proof solves; None for one that is not ours, too old or not solved."""
    sent = _read(proof)
    if sent is None or sent["algorithm"] != ALGORITHM:
        return None
    challenge, number, salt = sent["challenge"], sent["number"], sent["salt"]
    match = _SALT.fullmatch(salt)
    if match is None or type(number) is not int or not 0 <= number <= MOST_NUMBER:
        return None
    is_ours = hmac.compare_digest(sent["signature"].encode(), _signature(secret, challenge).encode())
    if not is_ours or not hmac.compare_digest(challenge.encode(), _digest(salt, number).encode()):
        return None
    return challenge if now_s < int(match[1]) else None


def _read(proof: str) -> dict[str, Any] | None:
    """The members of a proof: base64 of JSON, all of them text but the number."""
    if not proof or len(proof) > LONGEST:
        return None
    try:
        sent = orjson.loads(base64.b64decode(proof, validate=True))
    except (binascii.Error, ValueError):
        return None
    # Clients also tell how long they took, which is nothing to us.
    if not isinstance(sent, dict) or not sent.keys() >= _MEMBERS:
        return None
    return sent if all(isinstance(sent[name], str) for name in _MEMBERS - {"number"}) else None


def _digest(salt: str, number: int) -> str:
    return hashlib.sha256(f"{salt}{number}".encode()).hexdigest()


def _signature(secret: str, challenge: str) -> str:
    return hmac.new(secret.encode(), f"proof of work {challenge}".encode(), hashlib.sha256).hexdigest()
