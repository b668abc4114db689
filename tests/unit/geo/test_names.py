import re
import unicodedata
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.names import _USUAL, _letters, edits_within, fold_name, similarity, trigrams

words = st.text(alphabet="abcdeł", max_size=8)
usual = st.text(st.characters(max_codepoint=0x2020).filter(_USUAL.fullmatch))


@given(usual)
def test_usual_signs_are_folded_one_by_one_as_all_together(name: str) -> None:
    assert _USUAL.fullmatch(name)
    assert fold_name(name) == " ".join(re.sub(r"[^\w]+|_+", " ", _letters(name)).split())


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Łódź", "lodz"),
        ("Zażółć gęślą jaźń", "zazolc gesla jazn"),
        ("Bielsko-Biała", "bielsko biala"),
        ("  Zielona\u00a0 Góra ", "zielona gora"),
        ("București", "bucuresti"),
        ("Bucureşti", "bucuresti"),
        ("ȚEPEȘ", "tepes"),
        ("Ţepeş", "tepes"),
        ("Târgu Mureş", "targu mures"),
        ("Кам'янець", "камянець"),
        ("Кам’янець", "камянець"),
        ("Камʼянець", "камянець"),
        ("Ґданськ", "гданськ"),
        ("Орёл", "орел"),
        ("Київ", "київ"),
        ("Йошкар", "йошкар"),
        ("Straße", "strasse"),
        ("STRASSE", "strasse"),
        ("Ærø", "aero"),
        ("ﬃ", "ffi"),
        ("İzmir", "izmir"),
        ("St. Pölten (Land)", "st polten land"),
        ("a_b", "a b"),
        ("", ""),
        ("!?", ""),
    ],
)
def test_names_are_folded(name: str, folded: str) -> None:
    assert fold_name(name) == folded


@given(st.text())
def test_folding_twice_changes_nothing(name: str) -> None:
    assert fold_name(fold_name(name)) == fold_name(name)


@given(st.text(alphabet="ąćęłńóśźżăâîșțşţїйґ ABC'-"))
def test_composed_and_decomposed_names_are_the_same(name: str) -> None:
    forms: tuple[Literal["NFC", "NFD", "NFKC", "NFKD"], ...] = ("NFC", "NFD", "NFKC", "NFKD")
    assert len({fold_name(unicodedata.normalize(form, name)) for form in forms}) == 1


def test_trigrams_are_those_of_pg_trgm() -> None:
    # SELECT show_trgm('kot domowy')
    assert trigrams("kot domowy") == {
        "  k", " ko", "kot", "ot ", "  d", " do", "dom", "omo", "mow", "owy", "wy ",
    }  # fmt: skip


def test_similarity_is_that_of_pg_trgm() -> None:
    # SELECT similarity('warszawa', 'warszwa') gives 0.54545456.
    assert similarity("Warszawa", "warszwa") == pytest.approx(0.54545456)
    assert similarity("", "") == 0.0


@given(words, words)
def test_similarity_is_mutual_and_a_share(a: str, b: str) -> None:
    assert similarity(a, b) == similarity(b, a)
    assert 0.0 <= similarity(a, b) <= 1.0
    if a:
        assert similarity(a, a) == 1.0


@pytest.mark.parametrize(
    ("a", "b", "edits"),
    [
        ("krakow", "krakow", 0),
        ("krakow", "kraków", 1),
        ("warszawa", "warszwa", 1),
        ("lodz", "lodzi", 1),
        ("lublin", "lubiln", 2),
        ("", "ab", 2),
        ("", "", 0),
        ("", "abc", None),
        ("lublin", "dublany", None),
        ("abcdef", "badcfe", None),
    ],
)
def test_two_edits_are_counted_and_more_are_not(a: str, b: str, edits: int | None) -> None:
    assert edits_within(a, b) == edits


@given(words, words, st.integers(-1, 5))
def test_edits_are_those_of_the_whole_table(a: str, b: str, limit: int) -> None:
    table = [[i + j if i * j == 0 else 0 for j in range(len(b) + 1)] for i in range(len(a) + 1)]
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            table[i][j] = min(
                table[i - 1][j - 1] + (a[i - 1] != b[j - 1]), table[i - 1][j] + 1, table[i][j - 1] + 1
            )
    distance = table[-1][-1]
    assert edits_within(a, b, limit) == (distance if distance <= limit else None)
