import pytest

from app.imports.notes import Note, RefusedRow
from app.imports.values.phones import phones_in


def read(text: str, country: str = "PL") -> tuple[list[str], list[str]]:
    notes: list[Note] = []
    return [phone.number for phone in phones_in(text, country, notes)], [note.code for note in notes]


@pytest.mark.parametrize(
    "text",
    ["(32) 296-21-31", "32 296 21 31 ", "+48 322962131", "0048322962131", "(032)296-21-31", "48322962131", "tel. 32 296 21 31"],
)  # fmt: skip
def test_one_number_in_many_ways(text: str) -> None:
    assert read(text) == (["+48322962131"], [])


@pytest.mark.parametrize(
    ("text", "country", "numbers"),
    [
        ("+48124296066\n+48124294522", "PL", ["+48124296066", "+48124294522"]),
        ("(32) 215-44-09 | (32) 215-23-88", "PL", ["+48322154409", "+48322152388"]),
        ("12 614 20 00, 12 614 35 15", "PL", ["+48126142000", "+48126143515"]),
        ("94 374 33 33; 94 37 26 700 ", "PL", ["+48943743333", "+48943726700"]),
        ("0236/82.00.54 sau 0236/80.22.55;", "RO", ["+40236820054", "+40236802255"]),
        ("+48 322962131\n32 296-21-31", "PL", ["+48322962131"]),
    ],
)
def test_several_numbers_in_one_field(text: str, country: str, numbers: list[str]) -> None:
    assert read(text, country) == (numbers, [])


@pytest.mark.parametrize(
    "text",
    ["22 8444241/9", "22 844 42 41 do 49", "22 844 42 41 – 53", "22 844 42 41(95)", "22 844 42 41 (444, 222)", "22 844 42 41, 472", "22 844 42 41 lub 222", "(22) 844 42 41 (do 97)"],
)  # fmt: skip
def test_of_a_range_the_first_is_taken_with_a_note(text: str) -> None:
    assert read(text) == (["+48228444241"], ["phone_range"])


@pytest.mark.parametrize("text", ["4.85E+10", "4,85E+10", "4.85222E10", " 4.8e+10 "])
def test_what_a_spreadsheet_has_destroyed_is_refused_and_not_guessed(text: str) -> None:
    with pytest.raises(RefusedRow) as refused:
        read(text)
    assert refused.value.note.code == "phone_scientific"


@pytest.mark.parametrize("text", ["36-15-100", "brak", "14 63 10 72", "0-700 123 456"])
def test_what_is_no_number_is_left_out_with_a_note(text: str) -> None:
    assert read(text) == ([], ["phone_dropped"])


@pytest.mark.parametrize("text", ["", " ", "-", "\n"])
def test_nothing_is_no_number(text: str) -> None:
    assert read(text) == ([], [])


@pytest.mark.parametrize("text", ["112", "116123"])
def test_short_numbers_stay_as_they_are_dialled(text: str) -> None:
    assert read(text) == ([text], [])


def test_an_extension_and_what_stands_beside_are_kept() -> None:
    notes: list[Note] = []

    extension, = phones_in("34 311 25 85 wew. 23 ", "PL", notes)  # fmt: skip
    languages, hours = phones_in("+48601866602 (PL, EN)\n+48887202701 (17:00-23:00)", "PL", notes)
    place, = phones_in("NAKŁO: 41 240 20 10", "PL", notes)  # fmt: skip

    assert extension.extension == "23"
    assert (languages.beside, hours.beside, place.beside) == ("PL, EN", "17:00-23:00", "NAKŁO")
    assert not notes


def test_an_extension_behind_a_comma_belongs_to_the_number_before() -> None:
    (phone,) = phones_in("021 208 25 25, int. 26490;", "RO", [])

    assert (phone.number, phone.extension) == ("+40212082525", "26490")
