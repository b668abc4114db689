"""Texts in several languages beside each other: translations of a content, and reasons as their submitter reads them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from babel import Locale, UnknownLocaleError
from markupsafe import Markup

from app.desk.content_words import Words
from app.i18n import Translator, direction, translator
from app.moderation.models import Submission
from app.moderation.reasons import rejection_reasons
from app.taxonomy.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class InLanguage:
    """A text in one of its languages; `is_source` says that it was written in this one."""

    language: str
    name: str
    direction: str
    text: str
    is_source: bool


@dataclass(frozen=True, slots=True)
class Translated:
    """A text of a field in all its languages, the one that it was written in first."""

    label: str
    texts: tuple[InLanguage, ...]


def translations(
    content: Mapping[str, Any],
    vocabulary: Vocabulary,
    texts: Translator,
    *,
    before: Mapping[str, Any] | None = None,
) -> list[Translated]:
    """Give the texts of a content that are there in more than one language; of a change those that were not so `before`."""
    known = list(_translatable(before or {}))
    words = Words(vocabulary, texts)
    return [
        Translated(words.label(key), tuple(_in_languages(found)))
        for key, value in content.items()
        for found in _translatable(value)
        if len(found["texts"]) > 1 and found not in known
    ]


def canned(submission: Submission, texts: Translator) -> list[tuple[str, ...]]:
    """Code and words of each reason, and, where they differ, the words that the submitter will read."""
    theirs = translator(submission.language)
    reasons = rejection_reasons(submission.layer, submission.kind).items()
    if not submission.contact_email or theirs.language == texts.language:
        return [(code, texts.gettext(words)) for code, words in reasons]
    beside = Markup('<span lang="{}" dir="{}">{}</span>')
    language = (submission.language, direction(submission.language))
    return [
        (code, texts.gettext(words), beside.format(*language, theirs.gettext(words)))
        for code, words in reasons
    ]


def _translatable(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, Mapping):
        if isinstance(value.get("texts"), Mapping) and "source" in value:
            yield value
            return
        for member in value.values():
            yield from _translatable(member)
    elif isinstance(value, list):
        for member in value:
            yield from _translatable(member)


def _in_languages(found: Mapping[str, Any]) -> Iterator[InLanguage]:
    for language in sorted(found["texts"], key=lambda code: (code != found["source"], code)):
        is_source = language == found["source"]
        yield InLanguage(language, *_name_and_direction(language), found["texts"][language], is_source)


def _name_and_direction(language: str) -> tuple[str, str]:
    """The name of a language in itself; of one that Babel does not know its code."""
    try:
        locale = Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return language, "auto"
    return locale.get_display_name(locale) or language, locale.text_direction
