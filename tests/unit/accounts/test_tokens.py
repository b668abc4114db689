import pytest

from app.accounts.tokens import browser_code, code_fits, new_token, token_hash


def test_tokens_are_long_and_never_the_same() -> None:
    tokens = {new_token() for _ in range(1000)}
    assert len(tokens) == 1000
    assert all(len(token) >= 43 for token in tokens)
    assert all(len(token_hash(token)) == 32 for token in tokens)


def test_the_code_of_a_browser_is_six_digits() -> None:
    codes = {browser_code("key", str(number)) for number in range(200)}
    assert all(len(code) == 6 and code.isdecimal() for code in codes)
    assert len(codes) > 190


@pytest.mark.parametrize("typed", ["{code}", " {code} ", "{spaced}"])
def test_the_code_fits_its_browser_alone(typed: str) -> None:
    code = browser_code("key", "mine")
    text = typed.format(code=code, spaced=f"{code[:3]} {code[3:]}")
    assert code_fits("key", text, token_hash("mine"))
    assert not code_fits("key", text, token_hash("another"))
    # Whoever reads the hash in a copy of the database does not know the digits.
    assert not code_fits("another key", text, token_hash("mine"))


@pytest.mark.parametrize("typed", ["", "12345", "٣٣٣٣٣٣", "abcdef", "0" * 5000])
def test_other_texts_do_not_fit(typed: str) -> None:
    assert not code_fits("key", typed, token_hash("mine"))
