"""Spellings of one name sound alike, whatever letters they are written in; different names do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.sounds import slips_between, sound_of

ALIKE = [
    ("Sienkiewicza", "Сенкевича"),
    ("Sienkiewicza", "Сєнкєвіча"),
    ("Sienkiewicza", "Sienkieiwcza"),
    ("Sienkiewicza", "Senkiewicza"),
    ("Mickiewicza", "Міцкевича"),
    ("Kopernika", "Коперника"),
    ("Słowackiego", "Словацького"),
    ("Piłsudskiego", "Пілсудського"),
    ("Piłsudskiego", "Pilsudzkiego"),
    ("Dąbrowskiego", "Домбровського"),
    ("Dąbrowskiego", "Dombrowskiego"),
    ("Żeromskiego", "Жеромского"),
    ("Kościuszki", "Костюшка"),
    ("Kościuszki", "Kosciuszky"),
    ("Warszawska", "Варшавська"),
    ("Rynek", "Ринок"),
    ("Kielce", "Кельці"),
    ("Rzeszów", "Жешув"),
    ("Kraków", "Краків"),
    ("Gdańsk", "Гданськ"),
    ("Chrobrego", "Hrobrego"),
    ("Kielce", "Kielec"),
]


@pytest.mark.parametrize(("polish", "written"), ALIKE)
def test_spellings_of_a_name_sound_alike(polish: str, written: str) -> None:
    assert slips_between(sound_of(polish), sound_of(written)) is not None


@pytest.mark.parametrize(
    ("polish", "written"),
    [("Sienkiewicza", "Сенкевича"), ("Mickiewicza", "Міцкевича"), ("Warszawska", "Варшавська")],
)
def test_what_is_said_the_same_has_the_same_sounds(polish: str, written: str) -> None:
    assert sound_of(polish) == sound_of(written)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Sienkiewicza", "Mickiewicza"),
        ("Polna", "Leśna"),
        ("Kielce", "Kraków"),
        ("Krótka", "Długa"),
        ("Radom", "Rynek"),
    ],
)
def test_other_names_sound_different(one: str, other: str) -> None:
    assert slips_between(sound_of(one), sound_of(other)) is None


def test_the_end_of_what_is_being_typed_may_be_missing() -> None:
    assert slips_between(sound_of("Sienkiewicza"), sound_of("Sienkieiw")) is None
    assert slips_between(sound_of("Sienkiewicza"), sound_of("Sienkieiw"), begun=True) is not None


@given(st.text("abcdefghijklmnoprstuwyzącęłńóśźżабвгґдеєжзиіїйклмнопрстуфхцчшщьюяыэё", max_size=30))
def test_sounds_are_plain_letters_whatever_is_written(word: str) -> None:
    assert set(sound_of(word)) <= set("abcdefghijklmnopqrstuwz")


def all_slips(meant: str, heard: str, *, begun: bool) -> int:
    """The same by the definition, without a bound."""
    rows = [list(range(len(meant) + 1))]
    for i, letter in enumerate(heard, start=1):
        row = [i]
        for j, other in enumerate(meant, start=1):
            ways = [rows[i - 1][j - 1] + (letter != other), rows[i - 1][j] + 1, row[j - 1] + 1]
            if i > 1 and j > 1 and (letter, heard[i - 2]) == (meant[j - 2], other):
                ways.append(rows[i - 2][j - 2] + 1)
            row.append(min(ways))
        rows.append(row)
    return min(rows[-1]) if begun else rows[-1][-1]


@given(st.text("aks", max_size=9), st.text("aks", max_size=9), st.booleans())
def test_slips_are_those_of_the_definition_up_to_the_most(meant: str, heard: str, begun: bool) -> None:
    most = 1 if len(heard) <= 5 else 2
    slips = all_slips(meant, heard, begun=begun)
    assert slips_between(meant, heard, begun=begun) == (slips if slips <= most else None)
