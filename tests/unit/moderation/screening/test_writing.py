"""Free text: personal data in it, capitals, how alike two texts are; and pins that are not where the address is."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.moderation.screening.likeness import ALIKE, SHORTEST, bands, comparable, likeness
from app.moderation.screening.pin import TownUnit, pin_signals
from app.moderation.screening.writing import has_phone, is_pesel, is_shouted, texts_of, writing_signals

LONG = (
    "W naszej jadłodajni codziennie od poniedziałku do piątku wydajemy ciepłe posiłki dla każdego, kto ich potrzebuje. "
    "Nie trzeba niczego załatwiać ani się zapisywać, wystarczy przyjść przed godziną czternastą."
)


@st.composite
def pesels(draw: st.DrawFn) -> str:
    """Numbers of people born from 1800 to 2299."""
    day = draw(st.dates(dt.date(1800, 1, 1), dt.date(2299, 12, 31)))
    century = {18: 80, 19: 0, 20: 20, 21: 40, 22: 60}[day.year // 100]
    digits = f"{day.year % 100:02}{day.month + century:02}{day.day:02}{draw(st.integers(0, 9999)):04}"
    weighed = sum(w * int(d) for w, d in zip((1, 3, 7, 9, 1, 3, 7, 9, 1, 3), digits, strict=True))
    return f"{digits}{(10 - weighed % 10) % 10}"


@given(pesels())
def test_every_pesel_is_one_and_none_with_another_check_digit(number: str) -> None:
    assert is_pesel(number)
    assert not any(is_pesel(f"{number[:10]}{digit}") for digit in range(10) if str(digit) != number[10])
    codes = [signal.code for signal in writing_signals([f"Pani o numerze {number}, proszę pytać."])]
    assert "pesel_in_text" in codes


@pytest.mark.parametrize("number", ["44051401358", "99999999999", "12345678901"])
def test_other_eleven_digits_are_none(number: str) -> None:
    assert not is_pesel(number)


def test_an_account_number_is_no_pesel() -> None:
    assert list(writing_signals(["Konto 44051401359440514013594405"])) == []


@pytest.mark.parametrize("text", ["Tel. 41 555 01 23", "dzwoń: +380 44 123 4567", "600-123-456 po 16"])
def test_telephones_in_text_are_found(text: str) -> None:
    assert has_phone(text)


@pytest.mark.parametrize(
    "text", ["Od 8:00 do 16:00, pokój 123", "w 2024 i 2025 roku", "1200 posiłków, 25-502 Kielce"]
)
def test_other_numbers_in_text_are_no_telephones(text: str) -> None:
    assert not has_phone(text)


@pytest.mark.parametrize("text", ["pisz: ola@example.org", "ola (at) example.org", "ola(małpa)example.org"])
def test_addresses_of_mail_in_text_are_found(text: str) -> None:
    assert [signal.code for signal in writing_signals([text])] == ["email_in_text"]


def test_capitals_are_told_from_names() -> None:
    assert is_shouted("NAJTAŃSZE KREDYTY OD RĘKI, ZADZWOŃ TERAZ!")
    assert not is_shouted("MOPS i PCPR, NFZ, ZUS")
    assert not is_shouted("W MOPS i PCPR można dostać KARTĘ DUŻEJ RODZINY, prosimy pytać.")
    assert not is_shouted(LONG)
    assert not is_shouted("دار السلام للاجئين في وارسو وكراكوف")


def test_texts_are_all_that_was_written_but_names_and_contacts() -> None:
    content = {
        "name": {"texts": {"pl": "Nazwa"}, "source": "pl"},
        "description": {"texts": {"pl": "Opis", "uk": "Опис"}, "source": "pl"},
        "services": [{"type": "x", "description": {"texts": {"pl": "Usługa"}, "source": "pl"}}],
        "contacts": [{"label": {"texts": {"pl": "Biuro"}, "source": "pl"}}],
    }
    assert texts_of(content) == ("Opis", "Опис", "Usługa")


def test_a_text_shares_a_band_with_its_like_and_not_with_another() -> None:
    one, like = comparable([LONG]), comparable([LONG.replace("czternastą", "piętnastą")])
    other = comparable(
        ["Pralnia jest czynna w soboty i niedziele, prosimy przynieść swój proszek do prania. " * 2]
    )
    assert likeness(one, like) >= ALIKE
    assert set(bands(one)) & set(bands(like))
    assert likeness(one, other) < 0.3
    assert not set(bands(one)) & set(bands(other))


@given(st.text(max_size=300), st.text(max_size=300))
def test_likeness_is_a_share_the_same_from_both_sides(one: str, other: str) -> None:
    a, b = comparable([one]), comparable([other])
    assert 0 <= likeness(a, b) <= 1
    assert likeness(a, b) == likeness(b, a)
    assert not a or likeness(a, a) == 1


@given(st.text("ab ", max_size=SHORTEST - 1))
def test_short_texts_are_not_compared(text: str) -> None:
    assert bands(comparable([text])) == ()


def test_pins_are_compared_with_towns_that_are_known() -> None:
    radom = TownUnit("Radom", holds_pin=False)
    (signal,) = pin_signals("Radom", [radom], "Kielce")
    assert signal.detail == {"pin": "Kielce", "address": "Radom"}
    assert list(pin_signals("Radom", [radom, TownUnit("Radom", holds_pin=True)], "Kielce")) == []
    assert list(pin_signals("Radom", [], "Kielce")) == []
