"""A name with quotation marks between quotation marks."""

import pytest

from app.i18n import translator
from app.i18n.inner_quotes import with_inner_quotes

KITCHEN = "Kuchnia „Pod Kasztanem”"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("pl", "„Kuchnia «Pod Kasztanem»”"),
        ("uk", "«Kuchnia „Pod Kasztanem“»"),
        ("en", "“Kuchnia ‘Pod Kasztanem’”"),
        ("de", "„Kuchnia ‚Pod Kasztanem‘“"),
        ("ro", "„Kuchnia «Pod Kasztanem»”"),
        ("ru", "«Kuchnia „Pod Kasztanem“»"),
    ],
)
def test_a_name_between_marks_has_the_inner_ones_of_the_language(language: str, words: str) -> None:
    assert translator(language).gettext("“%(words)s”", words=KITCHEN) == words


def test_everything_else_stays() -> None:
    assert with_inner_quotes("Of %(name)s", {"name": KITCHEN}) == {"name": KITCHEN}
    values = {"name": "24” tyre", "n": 3}
    assert with_inner_quotes("“%(name)s” and %(n)s", values) == values
