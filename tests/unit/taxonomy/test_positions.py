import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.taxonomy.positions import WORD_BITS, WORDS
from app.taxonomy.reading import load_positions
from app.taxonomy.vocabulary import UnknownTerm, Vocabulary, load_vocabulary

COMMITTED = json.loads((Path(__file__).parent / "positions.json").read_text(encoding="utf-8"))
BIGINT_MAX = 2**63 - 1


def test_positions_are_the_committed_ones() -> None:
    """A changed number here is data loss: masks in databases of operators mean the old ones.

    A new code is added at the end of its table, in both files.
    """
    assert {kind: list(table) for kind, table in load_positions().items()} == COMMITTED


def test_positions_are_unique_and_complete(vocabulary: Vocabulary) -> None:
    tables: dict[str, Mapping[str, Any]] = {
        "service": vocabulary.services,
        "audience": vocabulary.audiences,
        "access": vocabulary.access,
        "language": vocabulary.languages,
    }
    for kind, positions in load_positions().items():
        assert sorted(positions.values()) == list(range(len(positions)))
        assert set(positions) == set(tables[kind])
        assert all(positions[code] == term.position for code, term in tables[kind].items())


def test_every_mask_fits_the_words_of_the_read_model(vocabulary: Vocabulary) -> None:
    assert max(vocabulary.mask(vocabulary.services)) <= BIGINT_MAX
    for kind in ("audience", "access", "language"):
        assert 0 < vocabulary.bits(kind, load_positions()[kind]) <= BIGINT_MAX
    assert all(len(table) <= WORDS[kind] * WORD_BITS for kind, table in load_positions().items())


def test_word_is_position_by_sixty(vocabulary: Vocabulary) -> None:
    for code, position in load_positions()["service"].items():
        word, bit = divmod(position, 60)
        expected = [0, 0, 0]
        expected[word] = 1 << bit
        assert vocabulary.mask([code]) == tuple(expected)


@given(st.sets(st.sampled_from(list(load_vocabulary().services))))
def test_mask_and_codes_are_inverse(codes: set[str]) -> None:
    vocabulary = load_vocabulary()
    assert set(vocabulary.codes(vocabulary.mask(codes))) == codes


@given(st.sets(st.sampled_from(list(load_vocabulary().languages))))
def test_bits_and_their_codes_are_inverse(codes: set[str]) -> None:
    vocabulary = load_vocabulary()
    assert set(vocabulary.codes_of_bits("language", vocabulary.bits("language", codes))) == codes


@given(*[st.sets(st.sampled_from(list(load_vocabulary().services)), max_size=6)] * 2)
def test_masks_overlap_exactly_when_codes_do(ours: set[str], theirs: set[str]) -> None:
    vocabulary = load_vocabulary()
    a, b = vocabulary.mask(ours), vocabulary.mask(theirs)
    assert bool(a[0] & b[0] or a[1] & b[1]) is bool(ours & theirs)


def test_an_unknown_code_has_no_bit(vocabulary: Vocabulary) -> None:
    with pytest.raises(UnknownTerm):
        vocabulary.mask(["hot_meals", "nonsense"])
    with pytest.raises(UnknownTerm):
        vocabulary.bits("sector", ["ngo"])
