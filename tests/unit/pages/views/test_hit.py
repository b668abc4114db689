"""A row of the list, and what the page says in the same place."""

import datetime as dt
import uuid
from typing import Any

import pytest

from app.i18n import translator
from app.pages.feature_record import Record
from app.pages.views.hit import Reader, hit
from app.pages.views.hours import Clock
from app.pages.views.place import place
from app.taxonomy.vocabulary import load_vocabulary

ZONE = "Europe/Warsaw"
NOW = dt.datetime(2026, 11, 24, 11, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("access", "icon", "row", "page"),
    [
        ([], "phone", "By phone", "This help is given by phone."),
        (["home_visit"], "door-open", "Home visit", "Somebody comes to your home."),
    ],
)
def test_help_at_home_that_is_arranged_by_phone_is_no_help_by_phone(
    access: list[str], icon: str, row: str, page: str
) -> None:
    slim: dict[str, Any] = {
        "layer": "aid_points", "name": "Asystenci", "slug": "asystenci", "services": ["home_care"],
        "access": [*access, "by_phone"],
    }  # fmt: skip
    texts, vocabulary = translator("en", ZONE), load_vocabulary()
    shown = hit(
        {"id": "1", "geometry": None, "properties": slim}, Reader(texts, vocabulary, ZONE, NOW, NOW.date())
    )
    assert shown.where is not None
    assert (shown.where.icon, shown.where.words) == (icon, row)
    content = {
        "name": {"texts": {"pl": "Asystenci"}, "source": "pl"}, "family": "health", "channel": "phone",
        "services": [{"type": "home_care", "access": access}],
    }  # fmt: skip
    record = Record(uuid.uuid4(), "aid_points", "asystenci", content, {}, None, {None: ""}, None)
    assert place(record, texts, vocabulary, Clock(NOW, NOW.date(), ZONE, "PL")).where.startswith(page)
