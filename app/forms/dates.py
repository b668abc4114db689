"""Days that people choose."""

import datetime as dt
from dataclasses import dataclass

from app.forms.answers import Answers
from app.forms.fields import Text
from app.i18n import Translator
from app.i18n.days import long_day


@dataclass(frozen=True, kw_only=True)
class Day(Text):
    """A day as browsers let one choose it: `2026-12-24`. The content decides whether it is one."""

    type: str = "date"

    def told(self, answers: Answers, texts: Translator) -> list[str]:
        """The day as one says it."""
        said = answers.one(self.name).strip()
        try:
            return [long_day(dt.date.fromisoformat(said), texts.language)] if said else []
        except ValueError:
            return [said]
