"""A proof of work is ours, solved, fresh, and one number (SECURITY E3)."""

import base64
import hashlib
import json
from typing import Any

import pytest

from app.web.proof_of_work import GOOD_FOR_S, MOST_NUMBER, Challenge, new_challenge, solved

SECRET = "x" * 40
NOW_S = 1_800_000_000.0


def solve(challenge: Challenge) -> int:
    for number in range(challenge.maxnumber + 1):
        if hashlib.sha256(f"{challenge.salt}{number}".encode()).hexdigest() == challenge.challenge:
            return number
    raise AssertionError("a challenge of ours has a solution")


def proof(asked: Challenge, sent_number: Any, **other: Any) -> str:
    sent = asked.to_dict() | {"number": sent_number} | other
    del sent["maxnumber"]
    return base64.b64encode(json.dumps(sent).encode()).decode()


@pytest.fixture(scope="module")
def challenge() -> Challenge:
    return new_challenge(SECRET, NOW_S, most=500)


@pytest.fixture(scope="module")
def number(challenge: Challenge) -> int:
    return solve(challenge)


def test_a_solution_is_taken_until_its_time_is_over(challenge: Challenge, number: int) -> None:
    sent = proof(challenge, number, took=812)
    assert solved(sent, SECRET, NOW_S) == challenge.challenge
    assert solved(sent, SECRET, NOW_S + GOOD_FOR_S - 1) == challenge.challenge
    assert solved(sent, SECRET, NOW_S + GOOD_FOR_S) is None


def test_no_two_challenges_are_alike() -> None:
    made = {new_challenge(SECRET, NOW_S).salt for _ in range(50)}
    assert len(made) == 50


def test_another_number_secret_or_member_is_no_solution(challenge: Challenge, number: int) -> None:
    assert solved(proof(challenge, number + 1), SECRET, NOW_S) is None
    assert solved(proof(challenge, number), "y" * 40, NOW_S) is None
    for other in (
        {"algorithm": "SHA-1"},
        {"salt": challenge.salt.replace("expires=1", "expires=2")},
        {"signature": "0" * 64},
        {"signature": "ż"},
        {"challenge": "0" * 64},
        {"number": str(number)},
        {"number": True},
        {"number": float(number)},
        {"number": -1},
        {"number": MOST_NUMBER + 1},
        {"salt": None},
    ):
        assert solved(proof(challenge, number, **other), SECRET, NOW_S) is None, other


def test_digits_of_the_number_are_no_part_of_the_salt() -> None:
    """One solution must not be sent as several, with a digit moved from the number into the salt."""
    found = next(
        (made, number)
        for made in (new_challenge(SECRET, NOW_S, most=2000) for _ in range(50))
        if (number := solve(made)) > 9 and str(number)[1] != "0"
    )
    made, number = found
    digits = str(number)
    moved = proof(made, int(digits[1:]), salt=made.salt + digits[0])
    assert solved(moved, SECRET, NOW_S) is None


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "x",
        "ż",
        "e30=",
        "W10=",
        "bnVsbA==",
        "MQ==",
        "=" * 40,
        base64.b64encode(b"[" * 600).decode(),
        "A" * 5000,
    ],
)
def test_what_is_no_proof_at_all_is_none(sent: str) -> None:
    assert solved(sent, SECRET, NOW_S) is None
