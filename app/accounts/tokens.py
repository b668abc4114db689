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


def browser_code(browser_token: str) -> str:
    """The six digits that the asking browser shows, for typing where the link was opened instead."""
    return _digits(token_hash(browser_token))


def code_fits(code: str, browser_hash: bytes) -> bool:
    """Whether the code was shown by the browser of this hash. Spaces in it do not matter."""
    typed = "".join(code.split())
    return typed.isascii() and hmac.compare_digest(typed, _digits(browser_hash))


def _digits(browser_hash: bytes) -> str:
    # One more hash: six digits must not give away anything of what is stored.
    number = int.from_bytes(hashlib.sha256(b"sign-in code" + browser_hash).digest()[:8])
    return f"{number % 10**CODE_DIGITS:0{CODE_DIGITS}d}"
