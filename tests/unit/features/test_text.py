import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from app.features.text import (
    _PLAIN,
    Line,
    Translated,
    TranslatedDescription,
    TranslatedName,
    _clean_any,
    clean_line,
    clean_paragraphs,
)


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("  Jadłodajnia   „Ciepły Stół” ", "Jadłodajnia „Ciepły Stół”"),
        ("w\u00a0Krakowie\ti\u2003okolicy", "w Krakowie i okolicy"),
        ("o\u0301smy", "ósmy"),
        ("П’ятниця ʼ '", "П’ятниця ʼ '"),
        ("ﬃ", "ﬃ"),
        ("İstanbul ß", "İstanbul ß"),
        ("👨‍👩‍👧‍👦 rodzina", "👨‍👩‍👧‍👦 rodzina"),
        ("سلام\u200cها", "سلام\u200cها"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("\u200b", ""),
        ("\u200d\u200d", ""),
        ("\u00a0 \u3164 \u2800", ""),
        ("{{7*7}} ${7*7} <b> %s%n =cmd|'", "{{7*7}} ${7*7} <b> %s%n =cmd|'"),
        ("NULL", "NULL"),
    ],
)
def test_a_line_is_stored_clean(text: str, stored: str) -> None:
    assert clean_line(text) == stored


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a\u202eb", "text_direction"),
        ("a\u2066b", "text_direction"),
        ("a\x00b", "control_character"),
        ("\x1b[31m", "control_character"),
        ("a\U000e0041", "control_character"),
        ("a\ue000", "private_character"),
        ("a\uffff", "private_character"),
        ("a\U0001fffe", "private_character"),
        ("a\ufdd0", "private_character"),
        ("a\ud800", "broken_text"),
        ("Ł\ufffdd\ufffd", "broken_text"),
        ("Subject\r\nBcc: a@b.pl", "line_break"),
        ("a\u2028b", "line_break"),
    ],
)
def test_hidden_and_broken_signs_are_refused(text: str, code: str) -> None:
    with pytest.raises(PydanticCustomError) as refused:
        clean_line(text)
    assert refused.value.type == code


def test_marks_over_one_letter_are_capped() -> None:
    zalgo = "Z" + "\u0321\u0322\u0316\u0317\u0318\u0319\u0353" * 7 + "a"
    cleaned = clean_line(zalgo)
    assert cleaned.startswith("Z")
    assert cleaned.endswith("a")
    assert sum(unicodedata.combining(sign) > 0 for sign in cleaned) == 4


def test_paragraphs_keep_single_empty_lines() -> None:
    assert clean_paragraphs("\r\n Jeden \r\n\n\n\n dwa\u2028trzy\n") == "Jeden\n\ndwa\ntrzy"


@given(st.text(max_size=200))
def test_cleaning_twice_changes_nothing(text: str) -> None:
    for clean in (clean_line, clean_paragraphs):
        try:
            once = clean(text)
        except PydanticCustomError:
            continue
        assert clean(once) == once
        assert unicodedata.is_normalized("NFC", once)


@pytest.mark.parametrize(("length", "fits"), [(0, False), (1, True), (200, True), (201, False)])
def test_lengths_are_code_points_after_cleaning(length: int, fits: bool) -> None:
    line = Line(200)
    if fits:
        assert len(line.clean(" " + "ż" * length + " ")) == length
    else:
        with pytest.raises(PydanticCustomError):
            line.clean(" " + "ż" * length + " ")


def test_a_reader_gets_their_own_language_first() -> None:
    text = Translated(texts={"pl": "Zupa", "uk": "Суп"}, source="pl", states={"uk": "machine"})
    assert text.in_language("uk") == ("Суп", "uk", "machine")
    assert text.in_language("pl") == ("Zupa", "pl", "human")


def test_a_reader_of_ukrainian_gets_the_source_before_russian() -> None:
    text = Translated.of("pl", "Zupa", ru="Суп")
    assert text.in_language("uk").language == "pl"
    assert text.in_language("ro").language == "pl"


def test_a_reader_of_russian_gets_ukrainian_before_the_source() -> None:
    text = Translated.of("pl", "Zupa", uk="Суп")
    assert text.in_language("ru").language == "uk"


def test_the_source_must_be_among_the_texts() -> None:
    with pytest.raises(ValueError, match="own language"):
        Translated(texts={"pl": "Zupa"}, source="uk")


def test_a_mark_needs_its_translation() -> None:
    with pytest.raises(ValueError, match="mark"):
        Translated(texts={"pl": "Zupa"}, source="pl", states={"uk": "machine"})
    with pytest.raises(ValueError, match="mark"):
        Translated(texts={"pl": "Zupa"}, source="pl", states={"pl": "machine"})


def test_names_descriptions_and_languages_have_limits() -> None:
    with pytest.raises(ValueError, match="shorter"):
        TranslatedName(texts={"pl": "a" * 151}, source="pl")
    assert TranslatedDescription(texts={"pl": "a\n" * 1000}, source="pl")
    with pytest.raises(ValueError, match="list"):
        TranslatedName(texts={"xx": "ab", "pl": "ab"}, source="pl")


@given(st.from_regex(_PLAIN, fullmatch=True))
def test_a_plain_text_is_what_every_rule_would_leave_of_it(text: str) -> None:
    assert clean_line(text) == text == _clean_any(text)


def test_every_sign_of_a_plain_text_stands_for_itself_beside_any_other() -> None:
    signs = [sign for sign in map(chr, range(0x2200)) if _PLAIN.fullmatch(sign)]
    text = "".join(signs) + "".join(reversed(signs))
    assert len(signs) > 500
    assert _clean_any(text) == text
