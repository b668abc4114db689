"""Where and when a question of the finder is answered."""

import datetime as dt
from dataclasses import dataclass

from fastapi import Request

from app.i18n import Translator, translator
from app.pages.answers import now_of, today_of
from app.taxonomy.vocabulary import Vocabulary, load_vocabulary
from app.web.dependencies import settings_of


@dataclass(frozen=True, slots=True)
class Setting:
    """Where and when a question is answered: the page's path, the installation's zone and countries, the moment."""

    path: str
    texts: Translator
    vocabulary: Vocabulary
    timezone: str
    countries: tuple[str, ...]
    now: dt.datetime
    today: dt.date


def setting_of(request: Request, path: str, language: str) -> Setting:
    """The setting of a request for a page at `path`, in a language."""
    settings = settings_of(request)
    return Setting(
        path=path,
        texts=translator(language, settings.timezone),
        vocabulary=load_vocabulary(),
        timezone=settings.timezone,
        countries=settings.countries,
        now=now_of(request),
        today=today_of(request),
    )
