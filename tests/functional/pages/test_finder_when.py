"""Open now, when somebody arrives, on another day; what is fresh; in which order; for list, map and programs alike."""

import datetime as dt
import re
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import httpx2
import pytest

from app.features.publishing import Provenance
from app.features.setting import Setting
from geo.tile import tile_at
from tests.functional.conftest import Publish, aid_point
from tests.functional.html_page import HtmlPage
from tests.functional.pages.finder_page import ALWAYS, at, count_of, page, titles

Client = httpx2.AsyncClient
HERE = "20.63,50.87"
TOMORROW = dt.datetime.now(ZoneInfo("Europe/Warsaw")).date() + dt.timedelta(days=1)


@pytest.fixture
async def hours(publish: Publish) -> None:
    await publish(
        aid_point("Zawsze", hours=ALWAYS, place=at(20.63, 50.87)),
        aid_point("Rano", hours="Mo-Su,PH 08:00-10:00", place=at(20.64, 50.87)),
        aid_point("Po umówieniu", hours='24/7 unknown "po umówieniu"', place=at(20.65, 50.87)),
        aid_point("Nie wiadomo", place=at(20.66, 50.87)),
        aid_point("Zamknięte na zawsze", place=at(20.67, 50.87), status={"state": "closed"}),
    )


async def names_in_api(client: Client, **asked: str) -> set[str]:
    answer = await client.get("/api/v1/layers/aid_points/features.geojson", params=asked)
    assert answer.status_code == 200, answer.text
    return {feature["properties"]["name"] for feature in answer.json()["features"]}


async def names_on_map(client: Client, lngs: tuple[float, ...], **asked: str) -> set[str]:
    found: set[str] = set()
    for tile in {tile_at(lng, 50.87, 16) for lng in lngs}:
        answer = await client.get(f"/api/v1/tiles/aid_points/16/{tile.x}/{tile.y}.geojson", params=asked)
        assert answer.status_code == 200, answer.text
        found |= {feature["properties"]["name"] for feature in answer.json()["features"]}
    return found


@pytest.mark.parametrize(
    ("hour", "opened"), [("09:00", {"Zawsze", "Rano"}), ("10:00", {"Zawsze"}), ("23:30", {"Zawsze"})]
)
async def test_a_day_and_an_hour_are_asked_for_with_a_plain_form(
    client: Client, hours: None, hour: str, opened: set[str]
) -> None:
    found = await page(
        client, f"/en/?open_at=at&open_day={TOMORROW}&open_hour={hour.replace(':', '%3A')}&open_in=30"
    )
    assert set(titles(found)) == opened
    (tag,) = found.all("a", class_="tag")
    assert tag["href"] == "/en/"
    words = tag.text.partition(": remove")[0]
    # Each row says that moment too, and not how it is now.
    clock = hour.removeprefix("0")
    assert words.endswith(f" at {clock}")
    rows = [row.text.partition(".")[0] for row in found.all("p", class_="when")]
    until = ", until 10:00" if hour == "09:00" else ""
    assert sorted(rows) == sorted({words, words + until})
    moment = f"{TOMORROW}T{hour}"
    assert await names_in_api(client, open_at=moment) == opened
    form = [option["value"] for option in found.all("option") if "selected" in option.attributes]
    assert {str(TOMORROW), hour} <= set(form)
    # The others are not hidden in silence.
    unknown = found.one("p", class_="sheet-note")
    assert "2 places with hours not known: ask before you go." in unknown.text
    (link,) = [a for a in found.all("a") if a.text == "Show them"]
    assert set(titles(await page(client, link["href"]))) == {"Po umówieniu", "Nie wiadomo"}
    assert await names_in_api(client, open_at=moment, hours="unknown") == {"Po umówieniu", "Nie wiadomo"}


async def test_hours_nobody_knows_are_asked_for_alone_too(client: Client, hours: None) -> None:
    assert await names_in_api(client, hours="unknown") == {"Nie wiadomo"}
    assert titles(await page(client, "/en/?hours=unknown")) == ["Nie wiadomo"]


async def test_in_so_many_minutes(client: Client, publish: Publish, setting: Setting) -> None:
    soon = setting.now.astimezone(ZoneInfo("Europe/Warsaw")) + dt.timedelta(minutes=70)
    later = soon + dt.timedelta(minutes=60)
    if soon.date() != later.date() or soon.date() != setting.today:
        pytest.skip("around midnight this test's hours would be of another day")
    in_three_days = setting.today + dt.timedelta(days=3)
    await publish(
        aid_point("Niedługo", hours=f"Mo-Su,PH {soon:%H:%M}-{later:%H:%M}"),
        aid_point("Za trzy dni", hours=f"{in_three_days:%a}"[:2] + " 09:00-17:00"),
    )
    assert count_of(await page(client, "/en/?open_at=now")) == "0 places"
    found = await page(client, "/en/?open_at=in&open_in=90")
    assert titles(found) == ["Niedługo"]
    words = found.one("a", class_="tag").text.partition(": remove")[0]
    assert re.fullmatch(r"Open at \d{1,2}:\d\d", words)
    assert found.one("p", class_="when").text.startswith(f"{words}, until {later.hour}:{later:%M}")
    rows = [row.text for row in (await page(client, "/en/")).all("p", class_="when")]
    assert any(row.startswith(f"Closed, opens on {in_three_days:%A} at 9:00") for row in rows)
    assert await names_in_api(client, open_at="PT90M") == {"Niedługo"}


async def test_on_foot_the_way_counts(client: Client, publish: Publish, setting: Setting) -> None:
    """Two places close in 20 minutes: the near one is reached, the far one not; list, map and count agree."""
    here = setting.now.astimezone(ZoneInfo("Europe/Warsaw"))
    closes = here + dt.timedelta(minutes=20)
    # What closes a minute before midnight closes at midnight, and opens then.
    if (closes + dt.timedelta(minutes=1)).date() != here.date():
        pytest.skip("around midnight this test's hours would be of another day")
    until = f"Mo-Su,PH 00:00-{closes:%H:%M}"
    await publish(
        aid_point("Blisko", hours=until, place=at(20.632, 50.87)),
        aid_point("Za daleko", hours=until, place=at(20.69, 50.87)),
        aid_point(
            "Telefon",
            hours=until,
            place={"disclosure": "exact"},
            channel="phone",
            area_served=[{"code": "PL", "name": "Polska"}],
        ),
    )
    assert await names_in_api(client, open_at="now") == {"Blisko", "Za daleko", "Telefon"}
    found = await page(client, f"/en/?open_at=arrival&near={HERE}")
    assert set(titles(found)) == {"Blisko", "Telefon"}
    # Three minutes on foot from a step of five: the row is about then, not about now.
    (row,) = [row.text for row in found.all("p", class_="when") if " min" in row.text]
    told = re.match(r"Open at \d{1,2}:\d(\d), until (\d{1,2}:\d\d)\b", row)
    assert told, row
    assert int(told[1]) % 5 == 3
    assert told[2] == f"{closes.hour}:{closes:%M}"
    assert await names_in_api(client, open_at="arrival", near=HERE) == {"Blisko"}
    assert await names_on_map(client, (20.632, 20.69), open_at="arrival", near=HERE) == {"Blisko"}
    radios = {(i["name"], i["value"]) for i in found.all("input", type="radio") if "checked" in i.attributes}
    assert ("open_at", "arrival") in radios


@pytest.mark.parametrize(
    "asked",
    [
        {"open_at": "arrival"},
        {"open_at": "arrival", "near": "x"},
        {"open_at": "PT0M"},
        {"open_at": "PT99999M"},
        {"open_at": "in"},
        {"open_at": "at", "open_day": "2026-13-01", "open_hour": "10:00"},
        {"hours": "open"},
        {"checked_since": "P0D"},
        {"checked_since": "20260101"},
        {"checked_since": "yesterday"},
    ],
)
async def test_what_makes_no_sense_is_refused(client: Client, asked: dict[str, str]) -> None:
    assert (await client.get("/en/", params=asked)).status_code == 422
    assert (await client.get("/api/v1/tiles/aid_points/0/0/0.geojson", params=asked)).status_code == 422


@pytest.fixture
async def fresh(publish: Publish, setting: Setting) -> None:
    for days in (10, 100, 200, 300, 400):
        checked = setting.now - dt.timedelta(days=days)
        await publish(
            aid_point(f"Przed {days}", place=at(20.63 + days / 100_000, 50.87)),
            provenance=Provenance(verified_at=checked),
        )


@pytest.mark.parametrize(("since", "n"), [("P90D", 1), ("P180D", 2), ("P365D", 4), ("P1000D", 5)])
async def test_freshness_is_a_filter_with_right_counts(
    client: Client, fresh: None, since: str, n: int
) -> None:
    found = await page(client, f"/en/?checked_since={since}")
    assert len(titles(found)) == n
    assert len(await names_in_api(client, checked_since=since)) == n
    counts = counts_of(found, "checked_since")
    assert [counts[value] for value in ("", "P90D", "P180D", "P365D")] == ["5", "1", "2", "4"]
    (tag,) = found.all("a", class_="tag")
    assert tag["href"] == "/en/"


def counts_of(found: HtmlPage, name: str) -> dict[str, str]:
    fields = [i for i in found.all("input") if i.attributes.get("name") == name]
    rows = [row.text for row in found.all("label", class_="tick")]
    values = [
        (i["name"], i["value"])
        for i in found.all("input")
        if i.attributes.get("type") in ("radio", "checkbox")
    ]
    by_field = dict(zip(values, rows, strict=True))
    return {i["value"]: by_field[name, i["value"]].split()[-1] for i in fields if i["type"] == "radio"}


async def test_lists_are_ordered_by_opening(client: Client, publish: Publish) -> None:
    # Two days after this one: at whatever hour this runs, it is not open.
    day = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")[(TOMORROW.weekday() + 1) % 7]
    await publish(
        aid_point("Nie wiadomo"),
        aid_point("Pojutrze", hours=f"{day} 08:00-10:00"),
        aid_point("Po umówieniu", hours='24/7 unknown "po umówieniu"'),
        aid_point("Zawsze", hours=ALWAYS),
    )
    found = titles(await page(client, "/en/?sort=open"))
    assert found[:2] == ["Zawsze", "Pojutrze"]
    assert set(found[2:]) == {"Po umówieniu", "Nie wiadomo"}


async def test_the_best_is_near_and_checked_lately(
    client: Client, publish: Publish, setting: Setting
) -> None:
    def checked(days: int) -> Provenance:
        return Provenance(verified_at=setting.now - dt.timedelta(days=days))

    await publish(aid_point("Obok, dawno", place=at(20.633, 50.87)), provenance=checked(700))
    await publish(aid_point("Dalej, niedawno", place=at(20.640, 50.87)), provenance=checked(5))
    await publish(aid_point("Daleko, niedawno", place=at(20.90, 50.87)), provenance=checked(5))
    assert titles(await page(client, f"/en/?near={HERE}&sort=near"))[0] == "Obok, dawno"
    best = await page(client, f"/en/?near={HERE}&sort=best")
    assert titles(best) == ["Dalej, niedawno", "Obok, dawno", "Daleko, niedawno"]
    pages = [titles(await page(client, f"/en/?near={HERE}&sort=best&page={n}")) for n in (1, 2)]
    assert pages[1] == []


async def test_outside_the_area_the_nearest_are_shown(client: Client, publish: Publish) -> None:
    await publish(aid_point("Niedaleko", place=at(20.70, 50.87)), aid_point("Dalej", place=at(21.5, 50.87)))
    asked: dict[str, Any] = {"bbox": "20.62,50.86,20.64,50.88", "service": "hot_meals"}
    found = await page(client, f"/en/?{urlencode(asked)}")
    assert count_of(found) == "0 places"
    assert titles(found) == ["Niedaleko", "Dalej"]
    assert "4.9 km" in found.one("ol").text
