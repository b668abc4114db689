"""A place in the words of schema.org: only what its type may say, and nothing that the page keeps to itself."""

import datetime as dt
import json
import re
from typing import Any

import httpx2
import pytest

from tests.functional.conftest import Publish, aid_point
from tests.functional.html_page import HtmlPage
from tests.functional.pages.feature_page import in_days, kitchen, page_of, text

Client = httpx2.AsyncClient


def linked(found: HtmlPage) -> dict[str, Any]:
    (script,) = [e for e in found.all("script") if e["type"] == "application/ld+json"]
    data: dict[str, Any] = json.loads(script.text)
    return data


#: What schema.org lets each type say, of what we say.
THING = {"@context", "@type", "@id", "url", "name", "description", "telephone", "address"}
PLACE = THING | {"geo", "openingHoursSpecification", "isAccessibleForFree"}


async def test_search_engines_get_a_place_in_their_words(client: Client, publish: Publish) -> None:
    [made] = await publish(kitchen())
    found = await page_of(client, made.feature_id)
    (script,) = [e for e in found.all("script") if e["type"] == "application/ld+json"]
    data = json.loads(script.text)
    assert data["@type"] == "Place"
    assert data["address"]["streetAddress"] == "Planty 12"
    assert data["geo"] == {"@type": "GeoCoordinates", "longitude": 20.6286, "latitude": 50.8661}
    assert data["url"] == found.one("link", rel="canonical")["href"]


async def test_linked_data_says_only_what_its_type_may_say(client: Client, publish: Publish) -> None:
    [rich, line] = await publish(
        kitchen(cost={"code": "free"}, notices=[]),
        {
            "name": text("Telefon"),
            "services": [{"type": "crisis_line"}],
            "channel": "phone",
            "hours": "24/7",
            "cost": {"code": "free"},
            "area_served": [{"code": "PL", "name": "Polska"}],
            "contacts": [{"kind": "phone", "value": "+48 17 555 07 07"}],
        },
    )
    [organisation] = await publish({"name": text("Fundacja"), "sector": "ngo"}, layer="organisations")
    place = linked(await page_of(client, rich.feature_id))
    assert place.keys() == PLACE
    assert place["telephone"] == "+48415550123"
    assert place["isAccessibleForFree"] is True
    assert place["address"] == {
        "@type": "PostalAddress",
        "streetAddress": "Planty 12",
        "postalCode": "25-502",
        "addressLocality": "Kielce",
        "addressCountry": "PL",
    }
    assert [row["dayOfWeek"] for row in place["openingHoursSpecification"]] == [
        ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"],
        ["PublicHolidays"],
    ]
    for made, layer in ((line, "aid_points"), (organisation, "organisations")):
        told = linked(await page_of(client, made.feature_id, layer=layer))
        assert told["@type"] == "Organization"
        assert told.keys() <= THING


#: Of schema.org's types what we use: the values that each property may have, and the properties without which the
#: type says nothing.
TEXT, URL, NUMBER, DAY = r"(?s).*\S.*", r"https?://[^\s<>]+", r"-?\d+(\.\d+)?", r"\d{4}-\d\d-\d\d"
TIME = r"([01]\d|2[0-3]):[0-5]\d"
WEEKDAY = r"(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|PublicHolidays"
COMMON = {
    "@context": r"https://schema\.org",
    "@id": URL,
    "url": URL,
    "name": TEXT,
    "description": TEXT,
    "telephone": r"\+?\d{3,15}",
    "address": "PostalAddress",
}
SCHEMA: dict[str, tuple[dict[str, str], set[str]]] = {
    "Organization": (COMMON, {"@context", "@id", "url", "name"}),
    "Place": (
        COMMON
        | {
            "geo": "GeoCoordinates",
            "openingHoursSpecification": "OpeningHoursSpecification",
            "isAccessibleForFree": "True",
        },
        {"@context", "@id", "url", "name"},
    ),
    "PostalAddress": (
        {
            "streetAddress": TEXT,
            "postalCode": TEXT,
            "addressLocality": TEXT,
            "addressCountry": "[A-Z]{2}",
        },
        {"addressCountry"},
    ),
    "GeoCoordinates": ({"longitude": NUMBER, "latitude": NUMBER}, {"longitude", "latitude"}),
    "OpeningHoursSpecification": (
        {"dayOfWeek": WEEKDAY, "opens": TIME, "closes": TIME, "validFrom": DAY, "validThrough": DAY},
        {"opens", "closes"},
    ),
}


def assert_valid(data: Any, expected: str | None = None) -> None:
    """A node of a type that is expected there, with its properties only, each with a value that it may have."""
    kind = data["@type"]
    assert expected in (None, kind)
    allowed, required = SCHEMA[kind]
    assert required <= data.keys() - {"@type"} <= allowed.keys()
    for name in data.keys() - {"@type"}:
        for value in data[name] if isinstance(data[name], list) else [data[name]]:
            if allowed[name] in SCHEMA:
                assert_valid(value, allowed[name])
            else:
                assert re.fullmatch(allowed[name], str(value)), (name, value)
    if kind == "GeoCoordinates":
        assert -180 <= data["longitude"] <= 180
        assert -90 <= data["latitude"] <= 90
    if kind == "OpeningHoursSpecification":
        assert ("dayOfWeek" in data) != ("validFrom" in data)
        assert data.get("validFrom", "") <= data.get("validThrough", "")


def registered_foundation() -> dict[str, Any]:
    return {
        "name": text("Fundacja Most", uk="Фонд Міст"),
        "sector": "ngo",
        "description": text("Pomagamy."),
        "address": {"street": "Długa", "house_number": "1", "city": "Kielce"},
        "contacts": [{"kind": "phone", "value": "+48 41 555 01 23"}],
        "website": "https://most.example.org",
    }


def with_exceptions() -> dict[str, Any]:
    later = f"{dt.date.fromisoformat(in_days(9)):%Y %b %d}"
    return kitchen(
        hours=f"Mo-Fr 10:00-18:00; Sa 22:00-02:00; Su 00:00-24:00; PH closed; {later} 12:00-14:00",
        services=FOOD,
    )


FOOD = [{"type": "hot_meals"}]
NOTICE = {"kind": "closed", "text": text("Remont"), "starts": in_days(0), "ends": in_days(3)}
AREA = {"disclosure": "area", "area": {"code": "PL-2661", "name": "powiat kielecki"}}
PHONE = {"kind": "phone", "value": "112"}


@pytest.mark.parametrize(
    ("layer", "content", "kind", "told"),
    [
        ("organisations", registered_foundation(), "Organization", {"address", "telephone", "description"}),
        ("organisations", {"name": text("Sama nazwa"), "sector": "ngo"}, "Organization", set()),
        ("aid_points", kitchen(notices=[NOTICE]), "Place", {"geo", "address", "openingHoursSpecification"}),
        ("aid_points", with_exceptions(), "Place", {"geo", "address", "openingHoursSpecification"}),
        ("aid_points", aid_point(hours="24/7"), "Place", {"geo", "openingHoursSpecification"}),
        ("aid_points", aid_point(hours='24/7 unknown "by appointment"'), "Place", {"geo"}),
        ("aid_points", aid_point(), "Place", {"geo"}),
        ("aid_points", kitchen(status={"state": "closed"}), "Place", {"geo", "address"}),
        ("aid_points", aid_point(services=FOOD, place=AREA, contacts=[PHONE]), "Place", {"telephone"}),
    ],
)
async def test_linked_data_are_as_schema_org_has_them(
    client: Client, publish: Publish, layer: str, content: dict[str, Any], kind: str, told: set[str]
) -> None:
    [made] = await publish(content, layer=layer)
    for language in ("pl", "uk"):
        data = linked(await page_of(client, made.feature_id, language, layer=layer))
        assert_valid(data, kind)
        assert told <= data.keys()
        optional = {"geo", "address", "openingHoursSpecification"}
        assert data.keys() & optional == told & optional


async def test_exceptions_stand_beside_the_week(client: Client, publish: Publish) -> None:
    [made] = await publish(with_exceptions())
    rows = linked(await page_of(client, made.feature_id))["openingHoursSpecification"]
    night = next(row for row in rows if row.get("dayOfWeek") == ["Saturday"])
    assert (night["opens"], night["closes"]) == ("22:00", "02:00")
    (dated,) = [row for row in rows if row.get("validFrom") == in_days(9)]
    assert dated["validThrough"] == in_days(9)
    assert (dated["opens"], dated["closes"]) == ("12:00", "14:00")


@pytest.mark.parametrize("disclosure", ["area", "partners", "contact_only"])
async def test_what_is_not_shown_exactly_leaks_nowhere(
    client: Client, publish: Publish, disclosure: str
) -> None:
    hidden = AREA | {"disclosure": disclosure}
    [made] = await publish(aid_point("Za drzwiami", services=FOOD, place=hidden, contacts=[PHONE]))
    (script,) = (await page_of(client, made.feature_id)).all("script", type="application/ld+json")
    assert_valid(json.loads(script.text), "Place")
    for word in ("geo", "itude", "address", "kielecki", "PL-2661"):
        assert word not in script.text
