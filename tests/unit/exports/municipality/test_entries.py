"""What an entry says: nothing that is true on one day only, and everything that a place says of itself."""

from typing import Any

import pytest

from app.exports.municipality.entries import entry
from app.exports.municipality.hours import hours_words
from app.i18n import LANGUAGES, translator
from tests.municipality import DAY, reader, source


def test_freshness_is_a_date() -> None:
    assert entry(source(verified="2026-11-20"), reader()).fresh == "Sprawdzono 20 lis 2026"
    old = entry(source(verified="2025-01-02"), reader("en"))
    assert (old.fresh, old.stale) == ("Nobody has checked since Jan 2, 2025", True)
    assert entry(source(), reader("en")).fresh == "Nobody has checked this yet"


def test_a_closed_place_stays_with_a_grave_notice_and_without_hours() -> None:
    made = entry(source(status={"state": "closed"}, hours="24/7 closed"), reader("en"))
    assert made.hours is None
    assert [(n.title, n.grave) for n in made.notices] == [("Closed for good", True)]


def test_an_offer_that_has_ended_says_so_gravely() -> None:
    ended = entry(source(valid_until="2026-11-01"), reader("en"))
    assert [(n.title, n.grave) for n in ended.notices] == [("Ended on November 1, 2026", True)]


def test_the_only_service_speaks_for_the_place() -> None:
    place = source(services=[{"type": "hot_meals", "audience_mode": "only", "audiences": ["children"]}])
    made = entry(place, reader("en"))
    assert made.own == ()
    assert [fact.title for fact in made.facts] == ["Who is welcome"]


def test_services_of_their_own_hours_say_them() -> None:
    place = source(services=[{"type": "hot_meals"}, {"type": "food_parcels"}])
    place.rules["food_parcels"] = "Tu 10:00-12:00"  # type: ignore[index]
    made = entry(place, reader("en"))
    assert made.hours is None
    assert [(s.name, s.hours.week if s.hours else "") for s in made.own] == [
        ("Food parcels", "Tuesday 10:00–12:00")
    ]


def test_notices_further_ahead_than_two_weeks_wait() -> None:
    def notice(starts: str, ends: str) -> dict[str, Any]:
        return {
            "kind": "info",
            "text": {"texts": {"pl": "x"}, "source": "pl"},
            "starts": starts,
            "ends": ends,
        }

    place = source(
        notices=[
            notice("2026-12-24", "2026-12-26"),
            notice("2026-12-01", "2026-12-02"),
            notice("2026-11-01", "2026-11-21"),
        ]
    )
    assert len(entry(place, reader()).notices) == 1


@pytest.mark.parametrize(
    ("value", "href"),
    [
        ({"kind": "phone", "value": "+48413676278", "extension": "12"}, "tel:+48413676278;ext=12"),
        ({"kind": "phone", "value": "112"}, "tel:112"),
        ({"kind": "email", "value": "a b@example.org"}, "mailto:a%20b@example.org"),
    ],
)
def test_contacts_open_what_they_are(value: dict[str, Any], href: str) -> None:
    assert [c.href for c in entry(source(contacts=[value]), reader()).contacts] == [href]


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("", "Hours not known, call first"),
        ("24/7", "Open around the clock"),
        ("Mo-Fr 08:00-16:00; Sa 09:00-13:00", "Monday–Friday 8:00–16:00; Saturday 9:00–13:00"),
        ("Mo 22:00-02:00; PH closed", "Monday 22:00–2:00; Public holidays: closed"),
    ],
)
def test_hours_are_a_usual_week(expression: str, words: str) -> None:
    assert hours_words(expression, translator("en"), DAY, has_phone=True).week == words


def test_exceptions_of_the_next_two_weeks_are_told() -> None:
    expression = (
        'Mo-Fr 08:00-16:00; 2026 Nov 10 closed; 2026 Nov 27 closed "inventory"; 2026 Dec 06-2027 Jan 02 10:00-12:00; '
        "2026 Dec 24 closed"
    )
    assert hours_words(expression, translator("en"), DAY, has_phone=True).exceptions == (
        "November 27: closed (inventory)",
        "December 6 – January 2: 10:00–12:00",
    )


def test_hours_that_no_week_holds_are_told_by_their_rules() -> None:
    words = hours_words("Tu[1] 10:00-12:00; PH closed", translator("en"), DAY, has_phone=True).week
    assert words == "On the first Tuesday of the month: 10:00–12:00; Public holidays: closed"


def test_hours_by_numbers_of_weeks_are_dates() -> None:
    words = hours_words("week49 Tu 10:00-12:00", translator("en"), DAY, has_phone=True).week
    assert words == "December 1: 10:00–12:00"
    assert (
        hours_words("week27 Tu 10:00-12:00", translator("en"), DAY, has_phone=True).week
        == "Closed for the next two weeks"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_hours_say_today(language: str) -> None:
    said = hours_words("Mo-Su 08:00-16:00; 2026 Nov 22 closed", translator(language), DAY, has_phone=True)
    today = translator(language).gettext("today")
    assert today not in f"{said.week} {said.exceptions}".lower()


def test_only_a_place_with_a_number_is_to_be_called() -> None:
    phone = {"kind": "phone", "value": "+48413676278"}
    for place, words in (
        (source(), "Hours not known, ask before you go"),
        (source(contacts=[phone]), "Hours not known, call first"),
    ):
        made = entry(place, reader("en"))
        assert made.hours is not None
        assert (made.hours.week, made.hours.known) == (words, False)
