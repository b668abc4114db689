import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.gazetteer import read_geonames_tsv
from geo.names import edits_within, fold_name
from geo.transliteration import MAX_READINGS, polish_readings


@pytest.mark.parametrize(
    ("written", "polish"),
    [
        ("Краків", "Kraków"),
        ("Краков", "Kraków"),
        ("Варшава", "Warszawa"),
        ("Бидгощ", "Bydgoszcz"),
        ("Быдгощ", "Bydgoszcz"),
        ("Гданськ", "Gdańsk"),
        ("Гданьск", "Gdańsk"),
        ("Ґданськ", "Gdańsk"),
        ("Вроцлав", "Wrocław"),
        ("Лодзь", "Łódź"),
        ("Люблін", "Lublin"),
        ("Люблин", "Lublin"),
        ("Жешув", "Rzeszów"),
        ("Щецін", "Szczecin"),
        ("Щецин", "Szczecin"),
        ("Хелм", "Chełm"),
        ("Катовіце", "Katowice"),
        ("Ченстохова", "Częstochowa"),
        ("Новий Сонч", "Nowy Sącz"),
        ("Пшемысль", "Przemyśl"),
        ("Бялисток", "Białystok"),
        ("Легниця", "Legnica"),
    ],
)
def test_cyrillic_spellings_are_read_as_the_polish_name(written: str, polish: str) -> None:
    assert fold_name(polish) in polish_readings(written)


def test_a_latin_name_is_only_itself() -> None:
    assert polish_readings("Łódź") == ("lodz",)
    assert polish_readings("") == ("",)


@given(st.text(alphabet="абвгґдеєжзиіїйклмнопрстуфхцчшщьюяыэъё '-aż", max_size=60))
def test_readings_are_few_distinct_and_latin(name: str) -> None:
    readings = polish_readings(name)
    assert 1 <= len(readings) <= MAX_READINGS
    assert not re.search(r"[\u0400-\u04ff]", "".join(readings))
    assert polish_readings(name) == readings


def test_most_cyrillic_names_of_geonames_are_read_within_two_edits(shared_data: Path) -> None:
    cyrillic = re.compile(r"[а-яґєіїА-ЯҐЄІЇ '-]+")
    found = count = 0
    with (shared_data / "gazetteer-geonames" / "cities500_PL.tsv").open(encoding="utf-8") as file:
        for place in read_geonames_tsv(file):
            for name in filter(cyrillic.fullmatch, place.alternate_names):
                count += 1
                readings = polish_readings(name)
                found += any(edits_within(fold_name(place.name), reading) is not None for reading in readings)
    assert count > 2_000
    # The rest are Belarusian and Old Ukrainian names (Підляська, Холм), which the gazetteer itself has.
    assert found / count > 0.88
