"""A text without translation, or with a broken one, is refused by name."""

import copy

import pytest
from babel.messages.catalog import Catalog

from app.cli import translations
from app.cli.translations import IncompleteTranslations, check, extracted, read_catalogue

GREETING = "Plan a day"
COUNTED = ("%(n)s place", "%(n)s places")


@pytest.fixture(scope="module")
def template() -> Catalog:
    return extracted()


@pytest.fixture
def planted(monkeypatch: pytest.MonkeyPatch, template: Catalog) -> Catalog:
    """The Ukrainian catalogue as `check` reads it: what a test changes in it is on no disk."""
    catalogue = copy.deepcopy(read_catalogue("uk"))
    monkeypatch.setattr(translations, "extracted", lambda: template)
    monkeypatch.setattr(
        translations,
        "read_catalogue",
        lambda language: catalogue if language == "uk" else read_catalogue(language),
    )
    return catalogue


def test_the_catalogues_are_complete(planted: Catalog, capsys: pytest.CaptureFixture[str]) -> None:
    check()
    assert "complete" in capsys.readouterr().err


def test_a_text_without_translation_is_refused_by_name(
    planted: Catalog, capsys: pytest.CaptureFixture[str]
) -> None:
    planted[GREETING].string = ""
    with pytest.raises(IncompleteTranslations):
        check(most=10_000)
    assert f"uk: not translated: {GREETING}" in capsys.readouterr().err


def test_a_text_that_is_not_there_at_all_is_refused(
    planted: Catalog, capsys: pytest.CaptureFixture[str]
) -> None:
    planted.delete(GREETING)
    with pytest.raises(IncompleteTranslations):
        check(most=10_000)
    assert f"uk: missing: {GREETING}" in capsys.readouterr().err


@pytest.mark.parametrize(
    "forms",
    [("%(n)s місце", "%(n)s місця"), ("%(n)s місце", "%(n)s місця", "%(m)s місць"), ("місце", "місця", "")],
    ids=["a form too few", "another placeholder", "an empty form"],
)
def test_broken_plural_forms_are_refused(
    planted: Catalog, capsys: pytest.CaptureFixture[str], forms: tuple[str, ...]
) -> None:
    planted[COUNTED[0]].string = forms
    with pytest.raises(IncompleteTranslations):
        check(most=10_000)
    assert COUNTED[0] in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Open at %(time)s", "Відчинено о_%(time)s"),
        ("Open until %(time)s", "Відчинено до_%(time)s"),
        (
            "Write the phone number with digits only, for example 41 555 01 23.",
            "Введіть номер телефону лише цифрами, наприклад 41_555_01_23.",
        ),
    ],
)
def test_a_line_that_may_end_before_an_hour_or_in_a_number_is_refused(
    planted: Catalog, capsys: pytest.CaptureFixture[str], text: str, words: str
) -> None:
    assert planted[text].string == words.replace("_", "\N{NO-BREAK SPACE}")
    planted[text].string = words.replace("_", " ")
    with pytest.raises(IncompleteTranslations):
        check(most=10_000)
    said = capsys.readouterr().err
    assert "uk: a line may end where it must not" in said
    assert text in said


def test_an_unfinished_translation_is_refused(planted: Catalog, capsys: pytest.CaptureFixture[str]) -> None:
    planted[GREETING].flags.add("fuzzy")
    with pytest.raises(IncompleteTranslations):
        check(most=10_000)
    assert f"uk: unfinished: {GREETING}" in capsys.readouterr().err
