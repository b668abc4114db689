"""Words that mean one thing in a language of the interface."""

import re
from typing import Any

import pytest

from app.cli.translations import read_catalogue


def test_polish_tells_a_report_from_a_submission() -> None:
    """Both wait at the desk, and both are what somebody has sent in."""
    told = [
        (english, polish)
        for message in read_catalogue("pl")
        if message.id
        for english, polish in [(_together(message.id), _together(message.string))]
    ]
    reports = [polish for english, polish in told if re.search(r"\breports?\b", english.lower())]
    assert any("sygnał" in polish for polish in reports)
    assert [polish for polish in reports if re.search("zgłoszeni", polish.lower())] == []
    submissions = [
        polish for english, polish in told if re.search(r"\b(submission|entry)\b", english.lower())
    ]
    assert any("zgłoszeni" in polish for polish in submissions)
    assert [polish for polish in submissions if re.search("sygnał", polish.lower())] == []


@pytest.mark.parametrize("language", ["pl", "uk", "de", "ro", "ru"])
def test_a_report_is_not_closed_as_a_place_is(language: str) -> None:
    """One is put aside at the desk, by the other people stay at home: nobody may take one button for the other."""
    told = {
        _together(message.id): _together(message.string) for message in read_catalogue(language) if message.id
    }
    verb = told["Close the place"].split()[0] if language != "de" else "schließen"
    stem = verb.lower()[:5]
    for words in ("Resolve it", "Resolve…", "Resolve a report"):
        assert stem not in told[words].lower(), told[words]


#: Of the form that visitors fill in: to them it is what they tell.
OF_VISITORS = ("Send the report", "Only moderators read what you write.")


def test_a_report_has_one_name_at_the_ukrainian_desk() -> None:
    told = {
        _together(message.id): _together(message.string) for message in read_catalogue("uk") if message.id
    }
    desk = [
        ukrainian
        for english, ukrainian in told.items()
        if re.search(r"\b(this|such|other|the) reports?\b|^Which reports|^Report( resolved)?$", english)
        and not english.startswith(OF_VISITORS)
    ]
    assert sum("скар" in ukrainian.lower() for ukrainian in desk) >= 8
    assert [ukrainian for ukrainian in desk if "повідомлення" in ukrainian.lower()] == []


def _together(texts: Any) -> str:
    return texts if isinstance(texts, str) else " ".join(texts)
