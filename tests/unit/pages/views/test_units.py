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
