"""What somebody means who types an address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.areas.address_words import house_number, number_value, read_address


@pytest.mark.parametrize(
    ("typed", "words", "numbers", "postcode"),
    [
        ("ul. Sienkiewicza 5, Kielce", ("sienkiewicza", "kielce"), ("5",), ""),
        ("Kielce, Sienkiewicza 12A/7", ("kielce", "sienkiewicza"), ("12a",), ""),
        ("Sienkiewicza 12 A", ("sienkiewicza",), ("12a",), ""),
        ("3 Maja 5 Kielce", ("maja", "kielce"), ("3", "5"), ""),
        ("вул. Сенкевича 5 кв. 3, Кельце", ("сенкевича", "кельце"), ("5",), ""),
        ("Długa 5 m. 3", ("dluga",), ("5",), ""),
        ("25-501 Kielce, Sienkiewicza", ("kielce", "sienkiewicza"), (), "25-501"),
        ("al. Tysiąclecia 5-7 w Kielcach", ("tysiaclecia", "kielcach"), ("5",), ""),
        ("Nowa Wieś 12", ("nowa", "wies"), ("12",), ""),
        ("28 Czerwca 1956 r. 5, Poznań", ("czerwca", "poznan"), ("28", "1956", "5"), ""),
        ("28 Czerwca 1956 roku 5", ("czerwca",), ("28", "1956", "5"), ""),
        ("Długa 195 r", ("dluga",), ("195r",), ""),
        ("Strada Florilor 5, 400114 Cluj", ("florilor", "cluj"), ("5",), "400114"),
        (
            "Generała Józefa Dwernickiego 5, Nowe Miasto nad Wisłą",
            ("generala", "jozefa", "dwernickiego", "nowe", "miasto", "nad", "wisla"),
            ("5",),
            "",
        ),
    ],
)
def test_words_numbers_and_postcode(
    typed: str, words: tuple[str, ...], numbers: tuple[str, ...], postcode: str
) -> None:
    read = read_address(typed)
    assert read is not None
    assert (read.words, read.numbers, read.postcode) == (words, numbers, postcode)
    assert read.looks_like_one


@pytest.mark.parametrize("typed", ["dentysta", "Kielce", "jedzenie Kraków", "ciepły posiłek"])
def test_words_alone_are_no_address(typed: str) -> None:
    read = read_address(typed)
    assert read is not None
    assert not read.looks_like_one


@pytest.mark.parametrize("typed", ["", "5", "ul.", "ul. 5", "25-501", "a b c"])
def test_without_a_word_there_is_none(typed: str) -> None:
    assert read_address(typed) is None


@pytest.mark.parametrize(("typed", "begun"), [("Sienki", True), ("Si", False), ("Sienkiewicza 5", False)])
def test_the_last_word_may_have_no_end_yet(typed: str, begun: bool) -> None:
    read = read_address(typed)
    assert read is not None
    assert read.begun is begun


@pytest.mark.parametrize(
    ("text", "number"), [("12A", "12a"), ("007", "7"), ("5 б", "5b"), ("0", ""), ("A12", ""), ("12345", ""), ("12bis", "")]
)  # fmt: skip
def test_house_numbers(text: str, number: str) -> None:
    assert house_number(text) == number


@given(st.text(max_size=120))
def test_whatever_is_typed_gives_words_that_need_no_care_in_a_query(typed: str) -> None:
    read = read_address(typed)
    if read is None:
        return
    assert all(word.isalnum() and word == word.casefold() for word in read.words)
    assert all(house_number(number) == number and number_value(number) > 0 for number in read.numbers)
