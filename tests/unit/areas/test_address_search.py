"""What the first answers about a typed address say already."""

import pytest

from app.areas.address_search import KnownAsked, ask_known_addresses
from app.areas.address_words import read_address

NOT_IMPORTED, IMPORTED = b"[false, []]", b"[true, []]"
STREET = b'[{"id": 1, "street": "Sienkiewicza"}]'


def _asked(typed: str, *, misspelt: bool) -> KnownAsked:
    address = read_address(typed)
    assert address is not None
    return ask_known_addresses(address, countries=["PL"], misspelt=misspelt)


@pytest.mark.parametrize(
    ("typed", "answers", "empty"),
    [
        ("Sienkiewicza 5", [b"[]", NOT_IMPORTED], True),
        ("Sienkiewicza 5", [b"[]", IMPORTED], False),
        ("Sienkiewicza 5", [STREET, NOT_IMPORTED], False),
        ("osiedle Sienkiewicza 5", [b"[]", b"[]", NOT_IMPORTED], True),
        ("osiedle Sienkiewicza 5", [b"[]", STREET, NOT_IMPORTED], False),
    ],
)
def test_more_is_asked_wherever_a_street_or_another_word_may_be_meant(
    typed: str, answers: list[bytes], empty: bool
) -> None:
    asked = _asked(typed, misspelt=True)
    assert len(asked.questions) == len(answers)
    assert asked.is_empty(answers) is empty


def test_where_nothing_misspelt_is_looked_for_the_streets_alone_decide() -> None:
    asked = _asked("Sienkiewicza 5", misspelt=False)
    assert asked.is_empty([b"[]"])
    assert not asked.is_empty([STREET])
