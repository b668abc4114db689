"""Whatever is typed into a form is read in a time that grows no faster than its length."""

from typing import Any

import pytest

from app.features.place import protect
from app.forms import Form
from app.forms.repeats import Repeat
from app.forms.started import read_started
from app.i18n import translator
from app.layers.aid_points.form import aid_point_form
from app.layers.organisations.form import organisation_form
from app.layers.registry import LAYERS
from app.web.strict_form import LONGEST_FIELD
from tests.linear_time import PATTERNS, assert_linear

FORMS = {"aid_points": aid_point_form(("PL",)), "organisations": organisation_form(("PL",))}


def test_a_stamp_is_read_in_linear_time() -> None:
    for pattern in PATTERNS:
        assert_linear(lambda text: read_started(text, "secret", 0), pattern, LONGEST_FIELD)


def inputs(form: Form) -> list[str]:
    """The names of all inputs of a form, of a list those of its first row."""
    waiting: list[Any] = list(form.fields)
    found = []
    while waiting:
        field = waiting.pop()
        inner = list(field.row_fields(0)) if isinstance(field, Repeat) else list(getattr(field, "fields", ()))
        waiting += inner
        found += [] if inner else [field.name]
    return found


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("key", FORMS)
def test_a_form_is_read_in_linear_time(key: str, pattern: str) -> None:
    """All inputs get the text: one that is not read in linear time is felt among the others."""
    form, names, texts = FORMS[key], inputs(FORMS[key]), translator("pl")

    def read(text: str) -> None:
        answers = form.answers(
            [("text_language", "pl"), *((name, text) for name in names if name != "text_language")]
        )
        reading = form.read(answers, "pl")
        for field in form.fields:
            field.told(answers, texts)
        LAYERS[key].content.read(protect(reading.data), country="PL")

    assert_linear(read, pattern, 16_000)
