from app.features.wording import languages_words, said, sentence
from app.i18n import translator
from app.taxonomy.vocabulary import load_vocabulary


def test_names_in_a_row_begin_small_but_not_in_german() -> None:
    assert (
        sentence(["Ciepły posiłek", "Odzież", "", "PESEL UKR"], "pl") == "Ciepły posiłek, odzież, PESEL UKR"
    )
    assert sentence(["Essen", "Kleidung"], "de") == "Essen, Kleidung"
    assert sentence(["Refugees"], "en", inside=True) == "refugees"
    # A German adjective is small, also before its noun.
    assert sentence(["Warme Mahlzeiten", "Kostenlos", "Seelische Gesundheit", "Hilfe"], "de") == (
        "Warme Mahlzeiten, kostenlos, seelische Gesundheit, Hilfe"
    )
    assert sentence(["Ohne Anmeldung"], "de", inside=True) == "ohne Anmeldung"


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
