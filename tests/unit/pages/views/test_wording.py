import datetime as dt

import pytest

from app.i18n import translator
from app.pages.views.notices import days_words
from app.pages.views.wording import languages_words, said, sentence
from app.taxonomy.vocabulary import load_vocabulary


def test_names_in_a_row_begin_small_but_not_in_german() -> None:
    assert (
        sentence(["Ciepły posiłek", "Odzież", "", "PESEL UKR"], "pl") == "Ciepły posiłek, odzież, PESEL UKR"
    )
    assert sentence(["Essen", "Kleidung"], "de") == "Essen, Kleidung"
    assert sentence(["Refugees"], "en", inside=True) == "refugees"


def test_a_text_is_given_in_the_language_it_is_really_in() -> None:
    data = {"texts": {"pl": "Zupa", "uk": "Суп"}, "source": "pl", "states": {"uk": "machine"}}
    german, ukrainian = said(data, "de"), said(data, "uk")
    assert german is not None
    assert (german.text, german.language, german.machine) == ("Zupa", "pl", False)
    assert ukrainian is not None
    assert (ukrainian.text, ukrainian.machine, ukrainian.original) == ("Суп", True, "Zupa")
    assert said(None, "pl") is None
    assert said({}, "pl") is None


def test_the_readers_language_comes_first_and_three_are_named() -> None:
    table = load_vocabulary().languages
    assert languages_words(["pl", "uk"], table, translator("en")) == "Languages: Polish, Ukrainian"
    assert languages_words(["pl", "en"], table, translator("en")) == "Languages: English, Polish"
    five = languages_words(["pl", "uk", "de", "ro", "ru"], table, translator("en"))
    assert five == "Languages: Polish, Ukrainian, German and 2 more"
    assert languages_words([], table, translator("en")) == ""


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("pl", "24–26 grudnia"),
        ("uk", "24–26 грудня"),
        ("en", "December 24–26"),
        ("de", "24.–26. Dezember"),
        ("ro", "24–26 decembrie"),
        ("ru", "24–26 декабря"),
    ],
)
def test_days_of_one_month_name_it_once(language: str, words: str) -> None:
    assert days_words(dt.date(2026, 12, 24), dt.date(2026, 12, 26), language).replace("\u2060", "") == words


def test_days_of_two_months_name_both() -> None:
    assert days_words(dt.date(2026, 12, 30), dt.date(2027, 1, 2), "pl") == "30 grudnia – 2 stycznia"
    assert days_words(dt.date(2026, 12, 24), dt.date(2026, 12, 24), "pl") == "24 grudnia"
