"""Which questions, and which answers, are about help that nobody else is to find."""

import pytest

from app.taxonomy.discretion import asks_discreetly, speaks_of_discreet
from app.taxonomy.vocabulary import Vocabulary


@pytest.mark.parametrize("code", ["violence_shelter", "violence_support", "mother_and_child_home", "safety"])
def test_a_code_of_such_a_service_or_group_asks_for_it(vocabulary: Vocabulary, code: str) -> None:
    assert asks_discreetly(vocabulary, services=("hot_meals", code))


def test_so_does_the_audience(vocabulary: Vocabulary) -> None:
    assert asks_discreetly(vocabulary, audiences=("violence_victims",))


@pytest.mark.parametrize(
    "text",
    [
        "przemoc",
        "przemo",
        "Przemoc domowa Kielce",
        "насильство",
        "my husband hits me",
        "Frauenhaus",
        "przemcc",
    ],
)
def test_so_do_words_that_may_mean_it_begun_and_misspelt_too(vocabulary: Vocabulary, text: str) -> None:
    assert asks_discreetly(vocabulary, text=text)


def test_other_help_is_no_secret_nor_a_family_that_has_it_among_others(vocabulary: Vocabulary) -> None:
    for family in vocabulary.families:
        assert not asks_discreetly(vocabulary, services=(f"family:{family}",))
    assert not asks_discreetly(vocabulary, services=("hot_meals", "accommodation"), audiences=("refugees",))
    assert not asks_discreetly(vocabulary, text="jedzenie")
    assert not asks_discreetly(vocabulary)


def test_an_answer_speaks_of_it_by_the_code_of_a_service(vocabulary: Vocabulary) -> None:
    assert speaks_of_discreet(b'{"services":["hot_meals","violence_shelter"]}', vocabulary)
    assert speaks_of_discreet(b'{"services":[{"type":"violence_shelter"}]}', vocabulary)
    assert not speaks_of_discreet(b'{"services":["hot_meals"],"name":"violence_shelter or not"}', vocabulary)
