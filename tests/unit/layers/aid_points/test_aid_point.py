import datetime as dt
from typing import Any

import pytest

from app.errors import InvalidInput
from app.features.facets import OpeningRule
from app.layers.aid_points.content import AidPoint
from app.layers.aid_points.facets import facets
from app.layers.aid_points.public import public_content
from app.taxonomy.vocabulary import load_vocabulary

VOCABULARY = load_vocabulary()
TEXT = {"texts": {"pl": "Przykład"}, "source": "pl"}
AREA = {"code": "2661011", "name": "Kielce"}


def canteen(**changes: Any) -> dict[str, Any]:
    """An aid point as JSON; a change to None takes the member out."""
    data: dict[str, Any] = {
        "name": {"texts": {"pl": "Jadłodajnia „Ciepły Stół”", "uk": "Їдальня «Теплий стіл»"}, "source": "pl"},
        "services": [{"type": "hot_meals"}],
        "place": {"position": {"lng": 20.6275, "lat": 50.8703}},
        "address": {"street": "Planty", "house_number": "12", "postcode": "25-502", "city": "Kielce"},
    }
    return {key: value for key, value in (data | changes).items() if value is not None}


def problems(**changes: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidInput) as refused:
        AidPoint.read(canteen(**changes))
    return [(problem.path, problem.code) for problem in refused.value.problems]


def test_a_service_inherits_what_it_does_not_say() -> None:
    point = AidPoint.read(
        canteen(
            hours="Mo-Fr 10:00-18:00",
            languages=["uk", "pl"],
            audience_mode="preferred",
            audiences=["refugees"],
            documents=["id_needed"],
            cost={"code": "free"},
            services=[
                {"type": "hot_meals"},
                {"type": "food_parcels", "hours": "Tu 10:00-18:00", "audience_mode": "everyone", "languages": ["en"]},
                {"type": "clothing", "hours": ""},
            ],
        )
    )  # fmt: skip
    meals, parcels, clothing = (point.effective(service) for service in point.services)
    assert (meals.hours, meals.languages, meals.audience_mode) == (
        "Mo-Fr 10:00-18:00",
        ("pl", "uk"),
        "preferred",
    )
    assert (parcels.hours, parcels.languages, parcels.audiences) == ("Tu 10:00-18:00", ("en",), ())
    assert parcels.documents == ("id_needed",)
    assert clothing.hours == ""
    found = facets(point, VOCABULARY)
    assert found.audiences == ("everyone", "refugees")
    assert (found.audiences_preferred, found.audiences_only) == (("refugees",), ())
    assert found.for_everyone
    assert found.languages == ("pl", "uk", "en")
    assert set(found.access) == {"free", "id_needed", "on_site"}
    assert found.hours == (
        OpeningRule(None, "Mo-Fr 10:00-18:00"),
        OpeningRule("food_parcels", "Tu 10:00-18:00"),
        OpeningRule("clothing", ""),
    )


def test_facets_of_a_canteen() -> None:
    point = AidPoint.read(
        canteen(
            also_known_as=["Caritas na Plantach"],
            description=TEXT,
            organisation={"name": "Fundacja „Otwarte drzwi”"},
            contacts=[{"kind": "phone", "value": "41 555 01 23"}],
            accessibility={"step_free": "limited", "toilet": "no", "sign_language": "yes"},
            services=[
                {
                    "type": "hot_meals",
                    "capacity": {
                        "unit": "meals", "available": 0, "updated": "2026-11-20T10:00:00+01:00",
                        "expires": "2026-11-21T10:00:00+01:00",
                    },
                }
            ],
        )
    )  # fmt: skip
    found = facets(point, VOCABULARY)
    assert found.name == "Jadłodajnia „Ciepły Stół”"
    assert found.names == {"uk": "Їдальня «Теплий стіл»"}
    assert found.family == "food"
    assert found.position == (20.6275, 50.8703)
    assert found.phone == "+48415550123"
    assert found.address_line == "ul. Planty 12, 25-502 Kielce"
    assert found.half_life_days == VOCABULARY.service("hot_meals").half_life_days
    assert found.access == ("partly_step_free", "sign_language", "on_site")
    assert found.capacity == "full until 2026-11-21T09:00:00Z"
    assert "Caritas na Plantach" in found.search_a
    assert {"Hot meals", "Гаряча їжа", "Fundacja „Otwarte drzwi”"} <= set(found.search_b)
    assert found.search_c == ("Przykład", "ul. Planty 12, 25-502 Kielce")


def test_closures_by_notice_and_status_are_in_the_hours() -> None:
    notice = {"kind": "closed", "text": TEXT, "starts": "2026-12-24", "ends": "2026-12-26"}
    status = {"state": "temporarily_closed", "since": "2027-01-02", "reason": "renovation"}
    point = AidPoint.read(canteen(hours="Mo-Fr 10:00-18:00", notices=[notice], status=status))
    (rule,) = facets(point, VOCABULARY).hours
    assert rule.expression == (
        "Mo-Fr 10:00-18:00; 2026 Dec 24-2026 Dec 26 closed; 2027 Jan 2-2027 Feb 1 closed"
    )
    unknown = AidPoint.read(canteen(notices=[notice]))
    assert facets(unknown, VOCABULARY).hours[0].expression == ("24/7 unknown; 2026 Dec 24-2026 Dec 26 closed")


def test_an_offer_is_closed_before_it_begins_and_after_it_has_ended() -> None:
    days = {"valid_from": "2026-12-01", "valid_until": "2027-02-28"}
    (rule,) = facets(AidPoint.read(canteen(hours="Mo-Fr 10:00-18:00", **days)), VOCABULARY).hours
    assert rule.expression == (
        "Mo-Fr 10:00-18:00; 2000 Jan 1-2026 Nov 30 closed; 2027 Mar 1-2099 Dec 31 closed"
    )
    unknown = AidPoint.read(canteen(valid_until="2027-02-28"))
    assert facets(unknown, VOCABULARY).hours[0].expression == "24/7 unknown; 2027 Mar 1-2099 Dec 31 closed"
    # What was taken in before can be read however long its hours are.
    longest = "; ".join(f"2027 Jan {day} 10:00-11:00" for day in range(10, 30))
    assert facets(AidPoint.read(canteen(hours=longest, **days)), VOCABULARY).hours[0].expression == longest


def test_a_point_that_has_closed_is_never_open() -> None:
    point = AidPoint.read(canteen(hours="24/7", status={"state": "closed", "reason": "moved"}))
    found = facets(point, VOCABULARY)
    assert found.closed
    assert found.hours == (OpeningRule(None, "24/7 closed"),)


def test_a_point_works_until_the_day_on_which_it_closes() -> None:
    status = {"state": "closed", "since": "2026-12-01", "reason": "moved"}
    found = facets(AidPoint.read(canteen(hours="Mo-Fr 10:00-18:00", status=status)), VOCABULARY)
    assert (found.closed, found.closed_since) == (True, dt.date(2026, 12, 1))
    assert found.hours[0].expression == "Mo-Fr 10:00-18:00; 2026 Dec 1-2099 Dec 31 closed"


def test_what_was_taken_in_before_can_be_closed_however_long_its_hours_are() -> None:
    days = "; ".join(f"2027 Jan {day} 10:00-11:00" for day in range(10, 29))
    longest = canteen(hours=f"Mo-Fr 08:00-09:00; {days}")
    assert facets(AidPoint.read(longest), VOCABULARY).hours[0].expression.count(";") == 19
    closed = longest | {"status": {"state": "closed", "since": "2026-12-01", "reason": "moved"}}
    assert facets(AidPoint.read(closed), VOCABULARY).hours == (OpeningRule(None, "24/7 closed"),)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"services": []}, [("services", "too_few")]),
        ({"services": [{"type": "hot_meals"}] * 2}, [("services.1.type", "service_twice")]),
        ({"services": [{"type": "hot_meals"}] * 31}, [("services", "too_many")]),
        ({"services": [{"type": "hot_meals", "hours": "pn-pt 8-16"}]}, [("services.0.hours", "hours_unreadable")]),
        ({"services": [{"type": "hot_meals", "audience_mode": "only"}]}, [("services.0.audiences", "audience_missing")]),
        ({"services": [{"type": "hot_meals", "ages": {"least": 18, "most": 3}}]}, [("services.0.ages.most", "age_reversed")]),
        ({"services": [{"type": "hot_meals", "access": ["free"]}]}, [("services.0.access.0", "unknown_code")]),
        ({"place": None, "address": None}, [("place", "position_missing")]),
        ({"channel": "phone"}, [("area_served", "area_served_missing")]),
        ({"channel": "by_pigeon"}, [("channel", "not_offered")]),
        ({"place": {"disclosure": "area", "area": AREA}}, [("address", "address_protected")]),
        ({"status": {"state": "closed", "reason": "renovation"}}, [("status.reason", "status_reason")]),
        ({"status": {"state": "temporarily_closed", "since": "2026-01-01", "reason": "moved"}}, [("status.reason", "status_reason")]),
        ({"status": {"state": "temporarily_closed"}}, [("status.since", "missing")]),
        ({"status": {"state": "active", "since": "2026-01-01"}}, [("status.state", "status_dates")]),
        ({"status": {"state": "active", "note": {"texts": {"pl": "Wkrótce."}, "source": "pl"}}}, [("status.state", "status_dates")]),
        ({"valid_from": "2026-12-01", "valid_until": "2026-11-01"}, [("valid_until", "dates_reversed")]),
        ({"organisation": {}}, [("organisation.name", "missing")]),
        ({"organisation": {"id": "not-a-uuid"}}, [("organisation.id", "unreadable")]),
        ({"website": "biuro@fundacja.pl"}, [("website", "web_is_email")]),
        ({"contacts": [{"kind": "phone", "value": "0-700 123 456"}]}, [("contacts.0.value", "phone_premium")]),
    ],
)  # fmt: skip
def test_problems_are_told_at_their_field(changes: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert problems(**changes) == expected


def test_hours_that_cannot_hold_their_closures_are_refused_at_once() -> None:
    long = "; ".join(f"2027 Jan {day:02} 10:00-12:00" for day in range(1, 15))
    day = dt.date(2026, 1, 1)
    notices = [
        {"kind": "closed", "text": TEXT, "starts": str(day + dt.timedelta(days=9 * n)), "ends": str(day + dt.timedelta(days=9 * n + 3))}
        for n in range(10)
    ]  # fmt: skip
    assert problems(hours=long, notices=notices) == [("hours", "hours_too_long")]


def test_a_telephone_service_has_an_area_and_no_place() -> None:
    point = AidPoint.read(
        canteen(
            place=None, address=None, channel="phone", area_served=[{"code": "PL", "name": "cała Polska"}]
        )
    )
    found = facets(point, VOCABULARY)
    assert found.position is None
    assert found.area_served == ("PL",)
    assert found.area_hint == "cała Polska"
    assert "by_phone" in found.access


@pytest.mark.parametrize(
    ("disclosure", "hint"), [("area", "Kielce"), ("partners", "Kielce"), ("contact_only", None)]
)
def test_a_protected_point_shows_its_area_at_most(disclosure: str, hint: str | None) -> None:
    point = AidPoint.read(canteen(address=None, place={"disclosure": disclosure, "area": AREA}))
    found = facets(point, VOCABULARY)
    assert (found.position, found.address_line, found.area_hint) == (None, None, hint)
    assert ("Kielce" in repr(public_content(point, VOCABULARY))) is (hint is not None)


def test_what_is_not_known_is_not_in_the_public_content() -> None:
    public = public_content(AidPoint.read(canteen(accessibility={"lift": "yes"})), VOCABULARY)
    assert public["accessibility"] == {"lift": "yes"}
    assert not {"status", "contacts", "notices", "schema_version", "hours"} & set(public)
    assert "accessibility" not in public_content(AidPoint.read(canteen()), VOCABULARY)
