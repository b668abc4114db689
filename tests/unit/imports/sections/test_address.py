"""Addresses as tables and people's keyboards write them."""

import pytest

from app.imports.record import Record
from app.imports.sections.address import AddressSection

SECTION = AddressSection.model_validate({"street": "street", "house_number": "number", "flat": "flat"})


def built(**values: str) -> tuple[dict[str, str], list[str]]:
    record = Record(values, "PL", "pl")
    address = SECTION.build(record) or {}
    return address, [note.code for note in record.notes]


def test_a_cyrillic_letter_in_a_house_number_becomes_the_latin_one_with_a_note() -> None:
    address, notes = built(street="ul. Podwale", number="60-А")  # as in pl-ifr-spots, spot 303

    assert address["house_number"] == "60-A"
    assert notes == ["cyrillic_lookalike"]


@pytest.mark.parametrize(
    ("number", "flat", "stored"),
    [
        ("12", "", "12"),
        ("22 - 540", "", "22-540"),
        ("8a", "5", "8a/5"),
        ("12–14", "", "12-14"),  # a dash for a hyphen
        ("nr 7", "", "7"),
        ("12", "parter", "12"),
        (" 27 / 29 ", "", "27/29"),
    ],
)
def test_house_numbers(number: str, flat: str, stored: str) -> None:
    assert built(street="Piwna", number=number, flat=flat) == (
        {"street": "Piwna", "house_number": stored, "country": "PL"},
        [],
    )


@pytest.mark.parametrize("number", ["za rogiem!", "ж7", "1" * 30])
def test_what_is_no_house_number_is_left_out_with_a_note(number: str) -> None:
    address, notes = built(street="Piwna", number=number)

    assert "house_number" not in address
    assert "house_number_dropped" in notes
