"""The places of an area as a device keeps them: all that it needs to find and to read them, and nobody who hides."""

from typing import Any

import httpx2
import pytest

from app.db import Database
from tests.functional.conftest import Publish, aid_point
from tests.functional.country import import_country, protected_places
from tests.functional.test_municipality_file import CODE, INSIDE, remote

KEPT = f"/uk/area/{CODE}/kept.json"
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture(autouse=True)
async def country(database: Database) -> None:
    await import_country(database)


async def kept(client: httpx2.AsyncClient, path: str = KEPT) -> dict[str, Any]:
    answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    # Both, or the worker keeps nothing of the area (static/js/sw/rules.js).
    assert answer.headers["x-keep"] == "yes"
    assert "public" in answer.headers["cache-control"]
    found: dict[str, Any] = answer.json()
    return found


def names(found: dict[str, Any]) -> set[str]:
    return {feature["properties"]["name"] for feature in found["features"]}


async def test_it_has_what_the_list_of_the_area_has_but_what_no_device_may_keep(
    client: httpx2.AsyncClient, publish: Publish
) -> None:
    open_refuge = aid_point("Punkt kryzysowy", place=INSIDE, services=[{"type": "violence_support"}])
    town = {"disclosure": "area", "area": {"code": CODE, "name": "Kielce"}}
    await publish(
        aid_point("Jadłodajnia", place=INSIDE),
        aid_point(
            "Dom chroniony", place=town, services=[{"type": "legal_advice"}], area_served=[{"code": CODE}]
        ),
        aid_point("Gdzie indziej", place={"position": {"lng": 20.9, "lat": 50.9}}),
        remote("Telefon krajowy", "PL"),
        remote("Telefon innej gminy", "PL-2604042"),
        open_refuge,
        *protected_places(),
    )
    await publish(
        {"name": {"texts": {"pl": "Fundacja"}, "source": "pl"}, "sector": "ngo"}, layer="organisations"
    )
    answer = await client.get(KEPT)
    assert names(answer.json()) == {"Jadłodajnia", "Telefon krajowy"}
    for hidden in ("Schronienie", "Tajne", "kryzysowy", "chroniony"):
        assert hidden.lower() not in answer.text.lower()
    # Where there may be more than it has, it says so of itself.
    assert {"violence_support", "safety", "violence_victims"} <= set(answer.json()["unkept"])
    # Of words as well there are only those of what is there, and openly: a lawyer would be found in the home.
    words = {word for _, said in answer.json()["meanings"]["help"] for word in said}
    assert {"jedzenie", "їжа", "essen"} <= words
    assert words.isdisjoint({"юрист", "prawnik", "przemoc", "насильство", "одяг"})
    # A powiat as well, which has no file of its own.
    assert names(await kept(client, "/pl/area/PL-2661/kept.json")) == {"Jadłodajnia", "Telefon krajowy"}
    for unknown in ("PL-26", "PL-9999999", "x'--"):
        assert (await client.get(f"/uk/area/{unknown}/kept.json")).status_code == 404


async def test_a_place_has_what_it_is_filtered_by_and_what_is_read_of_it(
    client: httpx2.AsyncClient, publish: Publish
) -> None:
    await publish(
        aid_point(
            "Kuchnia",
            place=INSIDE,
            hours="Mo-Su 08:00-12:00",
            services=[{"type": "hot_meals", "hours": "Mo-Su 10:00-20:00"}, {"type": "clothing"}],
            audience_mode="preferred",
            audiences=["refugees"],
            languages=["uk"],
            cost={"code": "free"},
            description={"texts": {"uk": f"Суп. {HOSTILE}"}, "source": "uk"},
            contacts=[{"kind": "phone", "value": "+48 17 555 01 23"}],
        ),
        aid_point("Nieznane", place=INSIDE),
    )
    found = await kept(client)
    etag = (await client.get(KEPT)).headers["etag"]
    assert (await client.get(KEPT, headers={"If-None-Match": etag})).status_code == 304
    [kitchen, unknown] = sorted(found["features"], key=lambda feature: str(feature["properties"]["name"]))
    about = kitchen["properties"]["kept"]
    assert {"hot_meals", "food", "family:food", "clothing"} <= set(about["services"])
    assert about["audiences"] == {"named": ["everyone", "refugees"], "preferred": ["refugees"], "only": []}
    assert {"kuchnia", "одяг"} <= set(about["words"])
    # Its own hours are its state, all of them what a filter asks for: 10 to 20 is more than 8 to 12.
    assert about["opened"][0] == [8 * 60, 12 * 60, "open"]
    assert about["served"][0] == [8 * 60, 20 * 60, "open"]
    assert len(about["opened"]) == len(about["served"]) == found["days"]
    assert unknown["properties"]["kept"]["opened"] is None
    # A meal is asked for in any language, by a service, a group or both; its chip is named as the group is.
    asked = {word: codes for codes, said in found["meanings"]["help"] for word in said}
    assert (asked["jedzenie"], asked["їжа"]) == (["food"], ["food"])
    assert found["names"]["food"] == "Їжа та продукти"
    assert "{words}" in found["notes"]["left_out"]
    for said in (
        "tel:+48175550123",
        "Суп.",
        "біженці",
        "українська",
        "8:00–12:00",
        "10:00–20:00",
        "<!--state-->",
    ):
        assert said in about["html"]
    assert HOSTILE not in about["html"]
    # The words of its name are told apart, for those are listed first that are called so.
    assert "kuchnia" in about["called"]
    assert "одяг" not in about["called"]
    assert (about["rank"], unknown["properties"]["kept"]["rank"]) == (1, 2)
    # What the map draws it with is as everywhere; what changes with the time is not.
    assert kitchen["properties"]["services"] == ["hot_meals", "clothing"]
    assert "open" not in kitchen["properties"]


async def test_whose_places_they_are_is_told_of_published_organisations(
    client: httpx2.AsyncClient, publish: Publish
) -> None:
    [runner] = await publish(
        {"name": {"texts": {"pl": "Fundacja", "uk": "Фундація"}, "source": "pl"}, "sector": "ngo"},
        layer="organisations",
    )
    unknown = "0190a5c2-0000-7abc-8def-000000000000"
    await publish(
        aid_point("Pierwszy", place=INSIDE, organisation={"id": str(runner.feature_id), "name": "Fundacja"}),
        aid_point("Drugi", place=INSIDE, organisation={"id": unknown, "name": "Nieznana"}),
        aid_point("Trzeci", place=INSIDE),
    )
    found = await kept(client)
    assert found["organisations"] == [[str(runner.feature_id), "Фундація"]]
    run_by = {f["properties"]["name"]: f["properties"]["kept"]["run_by"] for f in found["features"]}
    assert run_by == {"Pierwszy": str(runner.feature_id), "Drugi": None, "Trzeci": None}
