"""Every reason of a screening has words, in every language."""

import re
from pathlib import Path

import pytest

from app.desk.risk import COUNTED, SENTENCES, reasons_in
from app.i18n import LANGUAGES, translator
from app.moderation.screening.signals import Signal, screening_of

SIGNALS = Path(__file__).resolve().parents[3] / "app" / "moderation" / "screening"
DETAIL = {
    "name": "Caritas",
    "host": "bit.ly",
    "pin": "Kielce",
    "address": "Radom",
    "percent": 92,
    "word": "Саritas",
    "town": "Kielce",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_is_a_sentence(language: str) -> None:
    signals = [Signal(code, 1, DETAIL) for code in SENTENCES]
    signals += [Signal(code, 1, {"n": n}) for code in COUNTED for n in (1, 2, 5, 20)]
    said = reasons_in(translator(language), screening_of(signals))
    assert len(said) == len(signals)
    assert all(len(sentence) > 15 and "%(" not in sentence and "%%" not in sentence for sentence in said)


def test_the_detail_is_said() -> None:
    screening = screening_of([Signal("text_like_waiting", 20, {"percent": 92})])
    assert reasons_in(translator("en"), screening) == ["The text is 92 % like that of another submission."]


def test_whatever_screening_finds_has_words() -> None:
    source = "".join(file.read_text(encoding="utf-8") for file in SIGNALS.glob("*.py"))
    codes = set(re.findall(r'Signal\(\s*"(\w+)"', source))
    codes |= {f"{way}_{where}" for way in ("phone", "email", "link") for where in ("elsewhere", "waiting")}
    assert len(codes) > 15
    assert codes == SENTENCES.keys() | COUNTED.keys()
