"""Catalogues of the interface, read from the `.po` files themselves: no compile step to forget."""

import functools
import io
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Format, Translations

from app.i18n.inner_quotes import with_inner_quotes
from app.i18n.languages import LANGUAGES

LOCALE_DIR = Path(__file__).parent / "locale"


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for a message that is translated later
    """Mark a message for the catalogues and give it back as it is."""
    return message


class Translator:
    """Everything that a page needs to speak one language: texts, plurals, dates and numbers."""

    def __init__(self, language: str, translations: Translations, timezone: str) -> None:
        self.language = language
        self.format = Format(language, tzinfo=_zone(timezone))
        self._translations = translations

    def gettext(self, message: str, **values: Any) -> str:
        """The message in this language, its `%(name)s` filled in."""
        text = self._translations.ugettext(message) if message else ""
        return text % with_inner_quotes(text, values) if values else text

    def ngettext(self, one: str, other: str, n: int, **values: Any) -> str:
        """The form for `n`, which is also filled in as `%(n)s`, written as this language writes numbers."""
        text = self.form(one, other, n)
        return text % {"n": self.format.number(n), **with_inner_quotes(text, values)}

    def form(self, one: str, other: str, n: int) -> str:
        """The form for `n` with nothing filled in."""
        return str(self._translations.ungettext(one, other, n))


def translator(language: str, timezone: str = "Europe/Warsaw") -> Translator:
    """Give the translator of one of `LANGUAGES`; `KeyError` for any other."""
    if language not in LANGUAGES:
        raise KeyError(language)
    return _translator(language, timezone)


@functools.cache
def _translator(language: str, timezone: str) -> Translator:
    return Translator(language, _translations(language), timezone)


def _translations(language: str) -> Translations:
    path = LOCALE_DIR / language / "LC_MESSAGES" / "messages.po"
    compiled = io.BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return Translations(compiled)


def _zone(name: str) -> Any:
    from babel.dates import get_timezone  # noqa: PLC0415 - babel.dates is heavy and needed only here

    return get_timezone(name)
