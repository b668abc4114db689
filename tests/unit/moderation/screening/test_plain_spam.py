"""Plain advertising: links and shouting in free text count, and what is genuine stays below the threshold."""

import tomllib
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import app.demonstration
from app.demonstration.reading import submission_rows
from app.moderation.screening.gathering import Facts
from app.moderation.screening.links import links_in
from app.moderation.screening.screen import signals_of
from app.moderation.screening.signals import Screening, screening_of
from app.moderation.screening.subject import Subject
from app.moderation.waiting import DOUBTFUL

DATA = Path(app.demonstration.__file__).parent / "data"


def screened(content: dict[str, Any]) -> Screening:
    subject = Subject(uuid.uuid4(), "aid_points", "new", "form", None, "ola@poczta.pl", content)
    return screening_of(signals_of(subject, Facts(has_author=True)))


def described(text: str, **more: Any) -> dict[str, Any]:
    return {"name": {"source": "pl", "texts": {"pl": "Pomoc"}}, "description": {"texts": {"pl": text}}} | more


def test_a_loan_with_a_short_link_in_its_description_is_doubtful() -> None:
    spam = screened(described("Pieniądze w 15 minut!!! Kliknij https://bit.ly/pozyczka"))
    assert {"shortener", "link_in_text", "exclaims"} <= {one.code for one in spam.reasons}
    assert spam.score >= DOUBTFUL


def test_of_the_demonstration_only_the_loan_is_doubtful() -> None:
    scores = {row["key"]: screened(row["content"]).score for row in submission_rows()}
    assert {key for key, score in scores.items() if score >= DOUBTFUL} == {"risky-credit"}


def _sentences(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for value in data.values():
            yield from _sentences(value)
    elif isinstance(data, list):
        for value in data:
            yield from _sentences(value)


def test_no_text_of_an_invented_place_that_is_genuine_counts_as_spam() -> None:
    texts = [
        text
        for path in sorted(DATA.glob("kinds/*.toml"))
        for text in _sentences(tomllib.loads(path.read_text()))
    ]
    assert len(texts) > 100
    found = {text: screened(described(text)).reasons for text in texts}
    codes = {"shortener", "link_in_text", "exclaims", "capitals"}
    assert [text for text, reasons in found.items() if codes & {one.code for one in reasons}] == []


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("Więcej: https://www.caritas.pl/pomoc.", ("https://www.caritas.pl/pomoc.",)),
        ("Wejdź na bit.ly/abc", ("https://bit.ly/abc",)),
        ("Wejdź na BIT.LY/abc", ("https://BIT.LY/abc",)),
        ("Czynne 8.00-16.00, tel. 41/555.01.23 i/lub mail, ul. Św.Jana 5/7", ()),
        ("http://[::1", ()),
    ],
)
def test_links_are_found_in_sentences(text: str, links: tuple[str, ...]) -> None:
    assert links_in([text]) == links


def test_a_link_to_its_own_website_is_no_reason() -> None:
    own = described("Zapisy: https://www.caritas.pl/zapisy", website="https://caritas.pl/")
    assert "link_in_text" not in {one.code for one in screened(own).reasons}
