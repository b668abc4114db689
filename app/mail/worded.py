"""A letter in the words that hold now: they are read where it is written, so that a change holds for the next, in any process."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.log import logger
from app.mail.kept_words import wording_now
from app.mail.letter_kinds import LetterKind, kind_of
from app.mail.wording import UnknownPlaceholderError, Wording, fill
from app.templating import Templates


async def written(
    session: AsyncSession, templates: Templates, template: str, language: str, values: Mapping[str, Any]
) -> tuple[str, str, str]:
    """Give subject, plain text and HTML of a letter, in the words that hold now."""
    kind = kind_of(template, values)
    wording = await wording_now(session, kind.key, language) if kind else None
    if kind is None or wording is None:
        return templates.mail(template, language, values)
    return in_words(templates, kind, wording, language, values)


def in_words(
    templates: Templates, kind: LetterKind, wording: Wording, language: str, values: Mapping[str, Any]
) -> tuple[str, str, str]:
    """Give a letter in these words; in the product's where they are older than what the letter can name."""
    try:
        worded = fill(kind, wording, values, language)
    except UnknownPlaceholderError:
        logger(__name__).warning("words of a letter do not fit any more", kind=kind.key, language=language)
        return templates.mail(kind.template, language, values)
    return templates.worded(
        kind.template, language, values, worded.subject, paragraphs=worded.paragraphs, fixed=worded.fixed
    )
