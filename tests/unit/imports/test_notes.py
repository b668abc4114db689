import re
from collections import defaultdict

import pytest

from app.imports.notes import SENTENCES, Note, UnreadableFile


@pytest.mark.parametrize("code", SENTENCES)
def test_every_sentence_takes_its_details_and_ends(code: str) -> None:
    names = re.findall(r"%\((\w+)\)s", SENTENCES[code])
    detail = {name: "x" for name in names if name != "path"}

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
