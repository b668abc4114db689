import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.i18n import LANGUAGES
from app.taxonomy import search_words
from app.taxonomy.search_words import Fit, find_named, find_services
from app.taxonomy.vocabulary import Vocabulary, load_vocabulary
from geo.names import edits_within, fold_name, similarity

_WORDS = (
    "dentysta",
    "нотаріус",
    "mieszkanie",
    "Suppenküche",
    "юрист",
    "adăpost",
    "psycholog",
    "food bank",
    "прихисток",
)


def codes(text: str, limit: int = 8) -> list[str]:
    return [match.code for match in find_services(text, limit)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("dentysta", "dental_care"),
        ("aborcja", "sexual_health"),
        ("аборт", "sexual_health"),
        ("Schwangerschaftsabbruch", "sexual_health"),
        ("notariusz", "legal_advice"),
        ("нотаріус", "legal_advice"),
        ("notar", "legal_advice"),
        ("moștenire", "legal_advice"),
        ("pogrzeb", "social_insurance"),
        ("do dentysty", "dental_care"),
        ("DENTYSTA", "dental_care"),
        ("песель", "pesel_number"),
        ("карта побиту", "residence_permits"),
        ("перев'язка", "healthcare_uninsured"),
        ("перевʼязка", "healthcare_uninsured"),
        ("zab", "dental_care"),
        ("мопс", "social_assistance_centre"),
        ("МОПСУ", "social_assistance_centre"),
        ("Suppenküche", "hot_meals"),
        ("suppenkuche", "hot_meals"),
        ("sala de mese cantină socială", "hot_meals"),
        ("паек", "food_parcels"),
        ("800+", "family_benefits"),
        ("jedzenie", "food"),
        ("їжа", "food"),
        ("food", "food"),
        ("hrana", "food"),
        ("schronisko", "homeless_shelter"),
        ("116 111", "crisis_line"),
    ],
)
def test_a_word_leads_to_its_service_in_any_language_and_spelling(text: str, code: str) -> None:
    assert codes(text)[0] == code


def test_every_name_in_every_language_finds_its_term_first(vocabulary: Vocabulary) -> None:
    for table in (vocabulary.groups, vocabulary.services):
        for term in table.values():
            for language in LANGUAGES:
                best = find_services(term.names[language], 20)
                exact = [match.code for match in best if match.fit is Fit.EXACT]
                assert term.code in exact, (term.code, language)


def test_every_search_word_finds_its_service(vocabulary: Vocabulary) -> None:
    for service in vocabulary.services.values():
        for words in service.synonyms.values():
            for word in words:
                found = {match.code for match in find_services(word, 30) if match.fit is Fit.EXACT}
                assert service.code in found, word


def test_exact_goes_before_a_beginning_and_that_before_a_similar_word() -> None:
    fits = [match.fit for match in find_services("praca", 20)]
    assert fits == sorted(fits)
    assert fits[0] is Fit.EXACT
    assert Fit.PREFIX in fits
    assert {match.fit for match in find_services("stomatolga")} == {Fit.SIMILAR}


def test_typing_errors_are_forgiven() -> None:
    assert codes("psyholog")[0] == "psychological_support"
    assert codes("стоматолга")[0] == "dental_care"
    assert codes("fryzjerr")[0] == "hairdresser"


def test_a_beginning_of_any_word_of_a_phrase_is_enough() -> None:
    assert codes("dentys")[0] == "dental_care"
    assert "mother_and_child_home" in codes("samotnej mat")


def test_a_word_with_several_meanings_leads_to_all_of_them() -> None:
    assert set(codes("ginekolog")) == {"pregnancy_care", "sexual_health"}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("leki", {"pharmacy"}),
        ("Lęki ", {"psychological_support"}),
        ("sąd", {"legal_advice"}),
        # English as it stands, Polish without its diacritics.
        ("sad", {"legal_advice", "psychological_support"}),
        ("la\u0328d", set()),
        ("sa\u0328d", {"legal_advice"}),
    ],
)
def test_words_that_their_diacritics_tell_apart_are_told_apart(text: str, meant: set[str]) -> None:
    assert {match.code for match in find_named(text)} == meant
    assert {match.code for match in find_services(text) if match.fit is Fit.EXACT} == meant


def test_a_sentence_is_understood_by_its_longest_phrase() -> None:
    assert codes("dentysta Kraków")[0] == "dental_care"
    assert codes("potrzebuję prawnika")[0] == "legal_advice"
    assert codes("pomoc prawna dla uchodźców")[0] == "legal_advice"
    assert codes("де знайти безкоштовний обід")[0] == "hot_meals"


@pytest.mark.parametrize("text", ["", " ", "l", "Kraków", "qqqqqq", "!!!", "dla od na w"])
def test_a_text_that_names_no_help_finds_nothing(text: str) -> None:
    assert codes(text) == []


def test_there_are_never_more_than_asked_for() -> None:
    assert len(find_services("le", 3)) == 3


@given(st.text(max_size=200))
def test_any_text_is_answered(text: str) -> None:
    found = find_services(text, 5)
    assert len(found) <= 5
    assert len({(match.kind, match.code) for match in found}) == len(found)
    assert [match.rank for match in found] == sorted(match.rank for match in found)


def test_typical_queries_take_less_than_a_millisecond() -> None:
    texts = ["dentysta", "le", "psyholog", "pomoc prawna dla uchodźców", "їжа", "карта побиту", "Kraków"]
    find_services("warm")
    best = min(_seconds(texts) for _ in range(5))
    assert best / len(texts) < 0.001


def _seconds(texts: list[str]) -> float:
    started = time.perf_counter()
    for text in texts:
        find_services(text)
    return time.perf_counter() - started


def _has_one_slip(typed: str, other: str) -> bool:
    longest, shortest = search_words.LONGEST_ONE_SLIP, search_words.SHORTEST_SIMILAR
    swapped = {typed[:at] + typed[at + 1] + typed[at] + typed[at + 2 :] for at in range(len(typed) - 1)}
    near = other in swapped or edits_within(typed, other, 1) is not None
    return near and len(typed) <= longest and shortest - (len(other) < len(typed)) <= len(other) <= longest


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("Artz", "primary_care"), ("lekaż", "primary_care"), ("їджа", "food"), ("жытло", "accommodation"),
     ("жыльё", "accommodation"), ("dentsta", "dental_care"), ("docotr", "primary_care")],
)  # fmt: skip
def test_a_short_word_with_one_slip_is_understood(typed: str, meant: str) -> None:
    assert meant in {match.code for match in find_services(typed, 2)}


@given(st.sampled_from(_WORDS), st.integers(0, 12), st.sampled_from("aeiłż–кия "))
def test_words_alike_are_those_whose_trigrams_are_or_that_have_one_slip(
    word: str, at: int, letter: str
) -> None:
    """The indexes leave out nothing that a comparison with each word would find."""
    typed = fold_name(word[:at] + letter + word[at + 1 :])
    index = search_words._index(load_vocabulary())
    found = {(match.word, match.score) for match in index.similar_to(typed)}
    expected = {
        entry.word
        for other, entries in index.by_word.items()
        if len(typed) >= search_words.SHORTEST_SIMILAR
        and (similarity(typed, other) >= search_words.SIMILAR or _has_one_slip(typed, other))
        for entry in entries
    }
    assert {word for word, _ in found} == expected
