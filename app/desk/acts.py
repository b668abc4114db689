"""What every act of the desk shares: its setting, the version that was looked at, and why it could not be done."""

import datetime as dt
from typing import Any

from fastapi import Request

from app.errors import Conflict, InvalidInput
from app.features.setting import Setting
from app.taxonomy.vocabulary import load_vocabulary
from app.web.dependencies import Form, settings_of


def setting_of(request: Request) -> Setting:
    """The setting of something that is done now."""
    settings = settings_of(request)
    return Setting(load_vocabulary(), settings.timezone, settings.countries[0], dt.datetime.now(dt.UTC))


def version_in(form: Form, field: str) -> int:
    """The version that somebody looked at; -1, which nothing has, for what is no number."""
    given = form.one(field)
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else -1


def moment_in(given: str) -> dt.datetime | None:
    """The moment at which the page was made; None for what is none."""
    try:
        moment = dt.datetime.fromisoformat(given)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def day_in(given: str) -> dt.date | None:
    """The day that stands in an address; None for what is none."""
    try:
        return dt.date.fromisoformat(given)
    except ValueError:
        return None


def refusal(error: Conflict | InvalidInput) -> dict[str, Any]:
    """What the page says that the act was made on: `status`, `problem` and, of a field, `problem_field`."""
    first = error.problems[0] if isinstance(error, InvalidInput) and error.problems else None
    return {
        "status": error.status,
        "problem": first.message if first else error.message,
        "problem_field": first.path if first else "",
    }
