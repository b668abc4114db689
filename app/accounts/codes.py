"""The two kinds of codes of a second step: six digits of an app (TOTP, RFC 6238), and recovery codes on paper."""

import hmac
import secrets
import unicodedata

import pyotp

#: Seconds that a code is shown for.
STEP_S = 30
#: Clocks of telephones go wrong by less than a step; one before and one after are taken.
_STEPS_AROUND = (0, -1, 1)
DIGITS = 6
RECOVERY_CODES = 10
#: Without the letters and digits that are taken for one another in handwriting.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _IN_GROUP = 3, 4


def new_totp_secret() -> str:
    """Give a secret for an app, 160 bits in base32."""
    return pyotp.random_base32()


def provisioning_address(secret: str, email: str, issuer: str) -> str:
    """Give the `otpauth:` address that an app reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=issuer)


def step_of(secret: str, typed: str, now_s: float) -> int | None:
    """Give the step (30 s since 1970) whose code was typed, or None. Spaces and the script of digits do not matter."""
    code = _plain(typed)
    if len(code) != DIGITS or not (code.isascii() and code.isdigit()):
        return None
    totp, here = pyotp.TOTP(secret), int(now_s // STEP_S)
    fits = [step for step in (here + by for by in _STEPS_AROUND) if _same(totp.generate_otp(step), code)]
    return fits[0] if fits else None


def new_recovery_codes() -> list[str]:
    """Give codes to print, such as `k7fm-2xqa-pd9w`: 59 bits each."""
    return [
        "-".join("".join(secrets.choice(_LETTERS) for _ in range(_IN_GROUP)) for _ in range(_GROUPS))
        for _ in range(RECOVERY_CODES)
    ]


def recovery_code_typed(typed: str) -> str:
    """Give a recovery code as it is compared: without spaces and hyphens, in small letters."""
    return _plain(typed).lower()


def _plain(typed: str) -> str:
    # Digits of other scripts are digits; whatever people put between groups is nothing.
    return "".join(
        str(unicodedata.decimal(sign)) if sign.isdecimal() else sign
        for sign in unicodedata.normalize("NFKC", typed)
        if unicodedata.category(sign) not in {"Zs", "Cf", "Cc", "Pd"}
    )


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
