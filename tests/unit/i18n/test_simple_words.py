"""Texts that the public reads are simple enough for somebody of twelve.

Measured by Björnsson's LIX, which holds for any alphabet: words in a sentence on average, and of a hundred words those of more
than six letters. Below 40 is a book for children, 50 is a newspaper, 60 what offices write.
"""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from app.i18n import LANGUAGES

ROOT: Final = Path(__file__).resolve().parents[3]
#: What only moderators, administrators and programs read, and the statements whose words the law gives.
NOT_PUBLIC: Final = re.compile(
    r"app/(desk|accounts|moderation|imports|areas|cli|map_api|exports/|templating/templates/(desk|about))|static/js/desk"
)
OFFICIALESE: Final = (
    "W celu uzyskania szczegółowych informacji dotyczących przyznawania świadczeń należy zwrócić się do właściwej miejscowo"
    " jednostki organizacyjnej pomocy społecznej."
)
_WORD: Final = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
#: Shorter ones are labels.
_SENTENCE: Final = 4


@pytest.fixture(scope="module")
def public() -> set[str]:
    """The English texts of pages, forms and mails for everybody."""
    with (ROOT / "babel.cfg").open() as mapping:
        methods, options = parse_mapping_cfg(mapping)  # type: ignore[no-untyped-call]
    keywords = {"_": None, "gettext": None, "N_": None, "ngettext": (1, 2)}
    found = extract_from_dir(ROOT, methods, options, keywords=keywords)
    texts = {
        message if isinstance(message, str) else message[0]
        for file, _, message, *_ in found
        if not NOT_PUBLIC.match(file)
    }
    assert len(texts) > 1000
    return texts


def _forms(text: str | Sequence[str] | None) -> Sequence[str]:
    """The singular and the plurals."""
    return (text or "",) if isinstance(text, str) or text is None else text


def sentences(texts: Iterable[str]) -> list[list[str]]:
    """The words of each sentence."""
    parts = (
        part for said in texts for part in re.split(r"(?<=[.!?:])\s+|\n", re.sub(r"%\(\w+\)s", "X", said))
    )
    return [words for part in parts if len(words := _WORD.findall(part)) >= _SENTENCE]


def lix(found: list[list[str]]) -> float:
    words = [word for sentence in found for word in sentence]
    return len(words) / len(found) + 100 * sum(len(word) > 6 for word in words) / len(words)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_public_reads_is_for_somebody_of_twelve(language: str, public: set[str]) -> None:
    with (ROOT / f"app/i18n/locale/{language}/LC_MESSAGES/messages.po").open("rb") as file:
        catalogue = read_po(file)
    texts = []
    for message in catalogue:
        key = _forms(message.id)[0]
        if key in public:
            texts.append(_forms(message.string)[-1] or key)
    found = sentences(texts)
    assert len(found) > 500
    assert lix(found) < 40
    lengths = sorted(map(len, found))
    assert lengths[len(lengths) * 95 // 100] <= 15
    assert lengths[-1] <= 30


def test_what_offices_write_is_not_simple() -> None:
    assert lix(sentences([OFFICIALESE])) > 60
