"""Words that only their diacritics tell apart, alone and beside a town."""

import pytest

from app.features.help_suggested import ask_together
from app.features.sentence import named_help
from app.taxonomy.vocabulary import Vocabulary, load_vocabulary


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return load_vocabulary()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("leki", ("pharmacy",)),
        ("lęki", ("psychological_support",)),
        ("LĘKI!", ("psychological_support",)),
        ("sąd", ("legal_advice",)),
        ("чоловік п'є", ("addiction_help",)),
        ("чоловік п’є", ("addiction_help",)),
    ],
)
def test_help_is_named_as_it_is_spelt(typed: str, meant: tuple[str, ...], vocabulary: Vocabulary) -> None:
    assert named_help(typed, vocabulary) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("leki Kielce", "pharmacy"),
        ("lęki Kielce", "psychological_support"),
        ("lęki, Kielce", "psychological_support"),
        ("Kielce-lęki", "psychological_support"),
    ],
)
def test_help_beside_a_town_is_named_as_it_is_spelt(typed: str, meant: str, vocabulary: Vocabulary) -> None:
    assert {way.match.code for way in ask_together(typed, vocabulary, ("PL",), limit=3).ways} == {meant}
