"""A name with quotation marks between quotation marks."""

import pytest

from app.i18n import translator
from app.i18n.inner_quotes import with_inner_quotes
from app.mail.letter_kinds import KINDS
from app.mail.trial import sample_letter
from app.mail.wording import Wording
from app.templating import Templates

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


def test_so_it_is_in_pages_and_in_letters_also_in_an_administrators_words() -> None:
    templates = Templates("https://pomapa.example")
    page = templates.environment("pl").from_string(
        "{{ _('“%(words)s”', words=name) }}{{ ngettext('“%(words)s”, %(n)s', '“%(words)s”, %(n)s', 2, words=name) }}"
    )
    assert page.render(name=KITCHEN + "<b>").startswith("„Kuchnia «Pod Kasztanem»&lt;b&gt;”“Kuchnia ‘Pod")
    kind = KINDS["approved"]
    said = "Jadłodajnia «Ciepły Stół»"
    _, plain, html = sample_letter(templates, kind, None, "pl")
    assert f"„{said}”" in plain
    assert f"„{said}”" in html
    own = Wording("O „{name}”", "„{name}” już jest. {feature} {status}\n\nNo i {name}.")
    subject, plain, html = sample_letter(templates, kind, own, "pl")
    assert subject == f"O „{said}”"
    assert f"„{said}” już jest." in plain
    assert "No i Jadłodajnia „Ciepły Stół”." in plain
    assert f"„{said}” już jest." in html
