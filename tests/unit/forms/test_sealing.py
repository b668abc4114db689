"""What is sealed opens with its own address and key, and with nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import FieldProblem
from app.forms.drafts import Draft
from app.forms.sealing import Seal, is_address, new_address

SEAL = Seal("A" * 22, "key")


@given(st.binary(max_size=3000))
def test_it_opens_to_what_was_closed(plain: bytes) -> None:
    assert SEAL.open(SEAL.close(plain)) == plain


@pytest.mark.parametrize("other", [Seal("B" * 22, "key"), Seal("A" * 22, "another")])
def test_another_address_or_key_opens_nothing(other: Seal) -> None:
    assert other.open(SEAL.close(b"Planty 12")) is None
    assert other.id != SEAL.id


@given(st.integers(min_value=0, max_value=79), st.integers(min_value=1, max_value=255))
def test_a_touched_text_does_not_open(place: int, change: int) -> None:
    sealed = bytearray(SEAL.close(b"Planty 12, 25-502 Kielce, 41 344 55 66"))
    sealed[place] ^= change
    assert SEAL.open(bytes(sealed)) is None


@pytest.mark.parametrize("sealed", [b"", b"x" * 15, b"x" * 48, b"x" * 200])
def test_what_was_never_sealed_does_not_open(sealed: bytes) -> None:
    assert SEAL.open(sealed) is None


def test_the_same_text_is_never_sealed_alike() -> None:
    assert SEAL.close(b"x" * 40) != SEAL.close(b"x" * 40)


def test_addresses_are_ours_and_differ() -> None:
    addresses = {new_address() for _ in range(50)}
    assert len(addresses) == 50
    assert all(is_address(address) for address in addresses)
    assert not any(is_address(text) for text in ("", "A" * 21, "A" * 23, "A" * 21 + "\n", "Ł" * 22))


def test_a_draft_comes_back_whole() -> None:
    draft = Draft(
        pairs=[("name", "Кухня"), ("services", "a"), ("services", "b")],
        at=2,
        started="s",
        email="a@b.pl",
        problems=(FieldProblem("name", "missing", "Write it."),),
        candidates={"area": [("PL-10", "Psary")]},
        retry_after_s=60,
    )
    again = Draft.of(draft.written())
    assert again is not None
    assert again.candidates == {"area": [("PL-10", "Psary")]}
    assert again == draft


@pytest.mark.parametrize(
    "written",
    [
        b"{}",
        b"[]",
        b'{"pairs":[["a"]],"at":1,"started":"","email":"","problems":[],"candidates":{},"retry_after_s":null}',
        b'{"pairs":[],"at":1,"started":"","email":"","problems":[{"field":"a"}],"candidates":{},"retry_after_s":null}',
        b'{"pairs":[],"at":1,"started":"","email":"","problems":[],"candidates":[],"retry_after_s":null}',
    ],
)
def test_a_draft_that_another_version_has_written_is_none(written: bytes) -> None:
    assert Draft.of(written) is None
