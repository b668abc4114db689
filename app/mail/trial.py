"""Letters for administrators: the program's words with placeholders, a sample of other words, and one sent on trial."""

import re
from collections.abc import Mapping
from typing import Any

from app.i18n import translator
from app.mail.letter_kinds import KINDS, SENTENCES, LetterKind
from app.mail.worded import in_words
from app.mail.wording import Wording
from app.templating import Templates


def sample_letter(
    templates: Templates, kind: LetterKind, wording: Wording | None, language: str
) -> tuple[str, str, str]:
    """Give subject, plain text and HTML of a letter with a sample's values; `None`: in the product's words."""
    values = sample_values(kind, templates.site.public_url, language)
    if wording is None:
        return templates.mail(kind.template, language, values)
    return in_words(templates, kind, wording, language, values)


def sample_values(kind: LetterKind, public_url: str, language: str) -> dict[str, Any]:
    """Give the values of a sample, its links with the address of this installation."""
    values = kind.sample
    for one in kind.placeholders:
        if one.link and one.sample.startswith("/desk"):
            values[one.name] = f"{public_url}{one.sample}"
        elif one.link and one.sample.startswith("/"):
            values[one.name] = f"{public_url}/{language}{one.sample}"
    return values


def products_words(templates: Templates, kind: LetterKind, language: str) -> Wording:
    """Give the program's words of a letter, with names in braces where its values stand."""
    texts = translator(language)
    values: dict[str, Any] = {one.name: f"{{{one.name}}}" for one in kind.placeholders}
    values |= dict(kind.given or {})
    subject, body = templates.mail_words(kind.template, language, values)
    if kind.placeholder("minutes"):
        # A number has to be one, for its plural.
        body = body.replace(str(values["minutes"]), "{minutes}")
    for name, (_, sentence) in SENTENCES.items():
        if kind.placeholder(name):
            body = body.replace(texts.gettext(sentence), f"{{{name}}}")
    for sentence in kind.fixed:
        # It is added to whatever the words are.
        body = body.replace(texts.gettext(sentence), "")
    # What may be empty takes the words before it along.
    body = re.sub(r":\n\n\{note\}\n*", ":\n{note}\n\n", body)
    return Wording(" ".join(subject.split()), re.sub(r"\n{3,}", "\n\n", body).strip())


def trial(templates: Templates, language: str, values: Mapping[str, Any]) -> tuple[str, str, str]:
    """Write a queued trial: `kind`, and `subject` and `body` or neither for the product's words."""
    subject, body = values.get("subject"), values.get("body")
    wording = Wording(subject, body) if subject and body else None
    return sample_letter(templates, KINDS[values["kind"]], wording, language)
