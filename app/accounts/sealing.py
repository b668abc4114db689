"""Secrets that have to be read again: sealed with a key made from the installation's secret (AES-256-GCM)."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.errors import Conflict

_NONCE_BYTES = 12


class SealBroken(Conflict):
    """The second step cannot be read, because the installation's secret was changed. An administrator can reset it."""


def derived_key(secret: str, purpose: str) -> bytes:
    """Give 32 bytes for one purpose; who has them knows neither the secret nor the key of another purpose."""
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"pomapa " + purpose.encode()).derive(
        secret.encode()
    )


def seal(secret: str, purpose: str, text: str, owner: bytes) -> bytes:
    """Seal a text for its owner; under another owner's id it cannot be opened, so rows cannot be exchanged."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(derived_key(secret, purpose)).encrypt(nonce, text.encode(), owner)


def unseal(secret: str, purpose: str, sealed: bytes, owner: bytes) -> str:
    """Open what `seal` made; `SealBroken` with another secret or owner, or when it was touched."""
    key = AESGCM(derived_key(secret, purpose))
    try:
        return key.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], owner).decode()
    except InvalidTag:
        raise SealBroken from None
