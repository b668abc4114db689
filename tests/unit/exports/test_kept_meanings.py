"""The words of help that a device keeps: all that name what may be kept, none of what may not, and not too many."""

import gzip

import orjson

from app.exports.kept.meanings import meanings
from app.features.sentence import MOST_WORDS, named_help
from app.taxonomy.discretion import asks_discreetly
from app.taxonomy.search_words import search_words
from app.taxonomy.vocabulary import load_vocabulary
from geo.names import fold_name


def test_all_words_of_the_vocabulary_fit_on_a_device() -> None:
    vocabulary = load_vocabulary()
    packed = orjson.dumps(meanings([*vocabulary.services, *vocabulary.groups], vocabulary))
    assert len(packed) < 200_000
    assert len(gzip.compress(packed)) < 50_000


def test_each_word_means_what_it_means_to_the_server_and_none_is_of_what_is_hidden() -> None:
    vocabulary = load_vocabulary()
    told = meanings([*vocabulary.services, *vocabulary.groups], vocabulary)
    known = {word: codes for codes, words in told["help"] for word in words}
    assert (known["leki"], known["lęki"]) == (("pharmacy",), ("psychological_support",))
    for word in search_words(vocabulary):
        codes = named_help(word, vocabulary)
        hidden = asks_discreetly(vocabulary, services=codes)
        folded = fold_name(word)
        if hidden or len(folded.split()) > MOST_WORDS:
            assert word.lower() not in known or known[word.lower()] != codes, word
        else:
            assert codes in (known.get(folded), known.get(word.lower())), word
    assert "violence_support" not in str(told)
    assert "violence_victims" not in str(told)


def test_only_words_of_what_is_there_are_told() -> None:
    vocabulary = load_vocabulary()
    told = meanings(["clothing", "hygiene"], vocabulary)
    assert {code for codes, _ in told["help"] for code in codes} >= {"clothing"}
    words = {word for _, said in told["help"] for word in said}
    assert "ubrania" in words
    assert "юрист" not in words
    # Beside "for women" a shelter may be a refuge; clothes never are.
    assert "clothing" not in told["unclear"]
    assert "night_shelter" in meanings(["night_shelter"], vocabulary)["unclear"]
