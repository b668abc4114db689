"""Units in words: a town and the villages round it, which have one name, are told apart."""

import pytest

from app.i18n import translator
from app.pages.views.units import unit_words


@pytest.mark.parametrize(
    ("level", "kind", "name", "words"),
    [
        ("gmina", "urban", "Złotoryja", "miasto Złotoryja"),
        ("gmina", "rural", "Złotoryja", "gmina Złotoryja"),
        ("gmina", "urban_rural", "Morawica", "gmina Morawica"),
        ("gmina", None, "Górno", "gmina Górno"),
        ("powiat", "city", "Kielce", "miasto Kielce"),
        ("powiat", "land", "kielecki", "powiat kielecki"),
        ("voivodeship", None, "świętokrzyskie", "województwo świętokrzyskie"),
    ],
)
def test_units_are_called_as_people_call_them(level: str, kind: str | None, name: str, words: str) -> None:
    assert unit_words(level, kind, name, {}, translator("pl", "Europe/Warsaw")) == words


@pytest.mark.parametrize(
    ("level", "kind", "name", "words", "own"),
    [
        ("voivodeship", None, "mazowieckie", "Мазовецьке воєводство (mazowieckie)", "mazowieckie"),
        ("powiat", "city", "Kielce", "місто Кельце (Kielce)", "Kielce"),
        ("gmina", "rural", "Górno", "гміна Górno", "Górno"),
        ("powiat", "land", "kielecki", "повіт kielecki", "kielecki"),
        ("metropolis", None, "Metropolia Mała", "Metropolia Mała", "Metropolia Mała"),
    ],
)
def test_a_known_name_has_the_one_on_signs_beside_it_and_others_stay_polish(
    level: str, kind: str | None, name: str, words: str, own: str
) -> None:
    said = unit_words(level, kind, name, {}, translator("uk", "Europe/Warsaw"))
    assert (said, said.own, said.own_language) == (words, own, "pl")


def test_what_is_in_the_language_of_the_reader_is_not_marked() -> None:
    polish = unit_words("gmina", "rural", "Górno", {}, translator("pl", "Europe/Warsaw"))
    given = unit_words("custom", None, "Śródmieście", {"uk": "Середмістя"}, translator("uk", "Europe/Warsaw"))
    assert (polish.own, given.own, given) == ("", "", "Середмістя")
