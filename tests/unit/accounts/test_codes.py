"""Codes as people type them, and secrets as they are kept."""

import uuid

import pyotp
import pytest

from app.accounts.codes import (
    RECOVERY_CODES,
    new_recovery_codes,
    new_totp_secret,
    provisioning_address,
    recovery_code_typed,
    step_of,
)
from app.accounts.sealing import SealBroken, derived_key, seal, unseal

SECRET = new_totp_secret()
NOW = 1_795_348_815.0
STEP = int(NOW // 30)


def in_script(code: str, zero: int) -> str:
    return "".join(chr(zero + int(digit)) for digit in code)


@pytest.mark.parametrize("steps", [-1, 0, 1])
@pytest.mark.parametrize(
    "write",
    [
        lambda code: code,
        lambda code: f"  {code}\n",
        lambda code: f"{code[:3]} {code[3:]}",
        lambda code: f"{code[:3]}\u00a0{code[3:]}",
        lambda code: f"{code[:3]}-{code[3:]}",
        lambda code: f"\u200f{code}\u200b",
        lambda code: in_script(code, 0x660),
        lambda code: in_script(code, 0x6F0),
        lambda code: in_script(code, 0xFF10),
        lambda code: in_script(code, 0x1D7CE),
    ],
)
def test_however_a_code_is_written_it_is_the_same_step_b7(steps: int, write: object) -> None:
    assert callable(write)
    code = pyotp.TOTP(SECRET).generate_otp(STEP + steps)
    assert step_of(SECRET, write(code), NOW) == STEP + steps


@pytest.mark.parametrize("steps", [-2, 2, 100])
def test_codes_of_other_times_are_no_codes(steps: int) -> None:
    around = {pyotp.TOTP(SECRET).generate_otp(STEP + by) for by in (-1, 0, 1)}
    code = pyotp.TOTP(SECRET).generate_otp(STEP + steps)
    assert step_of(SECRET, code, NOW) is None or code in around


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "१२३", "½½½½½½", "²²²²²²", "+12345"])
def test_what_is_no_code_is_refused(typed: str) -> None:
    assert step_of(SECRET, typed, NOW) is None


def test_recovery_codes_are_many_different_and_read_the_same_however_typed() -> None:
    codes = [code for _ in range(50) for code in new_recovery_codes()]
    assert len(set(codes)) == 50 * RECOVERY_CODES
    assert {len(code) for code in codes} == {14}
    assert recovery_code_typed(f" {codes[0].upper()} ") == codes[0].replace("-", "")
    assert not set("".join(codes)) & set("0o1il")


def test_an_app_reads_whose_code_it_is() -> None:
    address = provisioning_address(SECRET, "anna@kielce.example", "Pomapa")
    assert address.startswith("otpauth://totp/Pomapa:anna%40kielce.example?")
    assert f"secret={SECRET}" in address


def test_what_is_sealed_opens_for_its_owner_under_its_secret_only() -> None:
    anna, jan = uuid.uuid4().bytes, uuid.uuid4().bytes
    sealed = seal("one secret", "second step", SECRET, anna)
    assert SECRET.encode() not in sealed
    assert sealed != seal("one secret", "second step", SECRET, anna)
    assert unseal("one secret", "second step", sealed, anna) == SECRET
    for secret, purpose, what, owner in (
        ("another", "second step", sealed, anna),
        ("one secret", "other", sealed, anna),
        ("one secret", "second step", sealed, jan),
        ("one secret", "second step", sealed[:-1] + bytes([sealed[-1] ^ 1]), anna),
    ):
        with pytest.raises(SealBroken):
            unseal(secret, purpose, what, owner)
    assert derived_key("a", "x") != derived_key("a", "y")
