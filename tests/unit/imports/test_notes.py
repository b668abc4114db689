import re
from collections import defaultdict

import pytest

from app.imports.notes import SENTENCES, Note, UnreadableFile


@pytest.mark.parametrize("code", SENTENCES)
def test_every_sentence_takes_its_details_and_ends(code: str) -> None:
    names = re.findall(r"%\((\w+)\)s", SENTENCES[code])
    detail = {name: "x" for name in names if name not in ("path", "field")}

    message = Note(code, "address.city", detail).message

    assert message.endswith((".", "x"))
    assert "%(" not in message


def test_an_error_of_a_file_says_its_line() -> None:
    assert str(UnreadableFile("nul", line=7)) == "Line 7 holds a NUL character."


def test_no_two_codes_say_the_same() -> None:
    codes = defaultdict(list)
    for code, sentence in SENTENCES.items():
        codes[sentence].append(code)
    assert [same for same in codes.values() if len(same) > 1] == []


@pytest.mark.parametrize(
    ("note", "sentence"),
    [
        (Note("required", "name"), "This row has no name."),
        (
            Note("invalid", "name.texts.pl", {"reason": "Write it shorter."}),
            "The name cannot be taken. Write it shorter.",
        ),
        (
            Note("invalid", "contacts.2.value", {"reason": "Write one e-mail address."}),
            "The phone, e-mail or web address cannot be taken. Write one e-mail address.",
        ),
        (
            Note("text_cut", "services.description", {"limit": 500}),
            "The description of a service was cut to 500 characters.",
        ),
        (
            Note("cyrillic_lookalike", "address.house_number"),
            "A Cyrillic letter in the house number was replaced by the Latin one that looks the same.",
        ),
        (Note("nowhere", "place"), "This row has neither a position nor an address."),
        (Note("invalid", "extra", {"reason": "What is it?"}), "The extra cannot be taken. What is it?"),
    ],
)
def test_a_sentence_names_the_field_in_words(note: Note, sentence: str) -> None:
    assert note.message == sentence
