"""Secrets that are given out once and kept only as their hash."""

import hashlib
import hmac
import secrets

#: 256 bits: guessing is out of the question, so the hash needs no salt and no slowness.
TOKEN_BYTES = 32
CODE_DIGITS = 6


def new_token() -> str:
    """A random token for an address or a cookie."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_hash(token: str) -> bytes:
    """What of a token is stored."""
    return hashlib.sha256(token.encode()).digest()


def browser_code(secret: str, browser_token: str) -> str:
    """The six digits that the asking browser shows, for typing where the link was opened instead."""
    return _digits(secret, token_hash(browser_token))


def code_fits(secret: str, code: str, browser_hash: bytes) -> bool:
    """Whether the code was shown by the browser of this hash. Spaces in it do not matter."""
    typed = "".join(code.split())
    return typed.isascii() and hmac.compare_digest(typed, _digits(secret, browser_hash))


def _digits(secret: str, browser_hash: bytes) -> str:
    # Under the key: the hash is stored, and whoever reads it must not know the digits.
    keyed = hmac.digest(secret.encode(), b"sign-in code" + browser_hash, hashlib.sha256)
    number = int.from_bytes(keyed[:8])
    return f"{number % 10**CODE_DIGITS:0{CODE_DIGITS}d}"
