"""Days as people write them in a sentence."""

import datetime as dt
from typing import Final

from babel.dates import format_date

#: The word for a year, written out: its abbreviation ends with a dot, and so may the sentence.
_WRITTEN_OUT: Final = {"uk": "d MMMM y 'року'", "ru": "d MMMM y 'года'"}


def long_day(day: dt.date, language: str) -> str:
    """Give `24 November 2026`."""
    return str(format_date(day, _WRITTEN_OUT.get(language, "long"), locale=language))
