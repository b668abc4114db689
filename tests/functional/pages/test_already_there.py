"""While somebody adds a place: what is on the map already is said, whatever is filtered elsewhere, and nothing that is hidden."""

import httpx2
from sqlalchemy import text

from app.db import Database, session
from tests.functional.conftest import Publish, aid_point
from tests.functional.pages.conftest import Person
from tests.functional.pages.test_adding import first_steps

NEAR = {"place": {"position": {"lng": 20.6275, "lat": 50.8703}}}
TYPED = {
    "language": "pl",
    "name": "Jadlodajnia Pod Lipa",
    "services": "hot_meals",
    "position": "50.8704, 20.6280",
}


async def test_a_step_says_what_is_there_with_distance_hours_and_organisation(
    person: Person, client: httpx2.AsyncClient, publish: Publish
) -> None:
    (made,) = await publish(
        aid_point("Jadłodajnia „Pod Lipą”", hours="24/7", organisation={"name": "Caritas Kielce"}, **NEAR)
    )
    page = await first_steps(person)
    assert "Może to już jest na mapie" in page.text
    assert "m od twojej pinezki" not in page.text
    page = await person.presses(
        page, "next", address__street="Leonarda", address__house_number="8a", address__city="Kielce",
        position="50.8704, 20.6280", hours__kind="always",
    )  # fmt: skip
    assert "Może to już jest na mapie" in page.text
    assert f"/pl/suggest/{made.feature_id}" in page.html
    assert "Caritas Kielce" in page.text
    assert "m od twojej pinezki" in page.text
    assert "Czynne całą dobę" in page.text
    assert (await client.get(f"/pl/suggest/{made.feature_id}")).status_code in {200, 303}


async def test_while_typing_a_piece_of_a_page_says_the_same(
    client: httpx2.AsyncClient, publish: Publish
) -> None:
    (made,) = await publish(aid_point("Jadłodajnia „Pod Lipą”", **NEAR))
    answer = await client.post("/uk/add/aid_points/already-there", data=TYPED)
    assert answer.status_code == 200
    assert f"/uk/suggest/{made.feature_id}" in answer.text
    assert answer.headers["cache-control"] == "no-store"
    nothing = await client.post("/uk/add/aid_points/already-there", data=TYPED | {"name": ""})
    assert nothing.status_code == 200
    assert "suggest" not in nothing.text
    assert (await client.post("/uk/add/nothing/already-there", data=TYPED)).status_code == 404
    for hostile in ("'; DROP TABLE", "a & | !", "\u202e:*", "x" * 5000):
        assert (await client.post("/uk/add/aid_points/already-there", data=TYPED | {"name": hostile})).status_code in {200, 422}  # fmt: skip


async def test_the_same_help_at_one_door_is_said_under_any_name_and_the_same_name_before_anything_says_where(
    client: httpx2.AsyncClient, publish: Publish
) -> None:
    (made,) = await publish(aid_point("Jadłodajnia „Pod Lipą”", **NEAR))
    ask, there = "/uk/add/aid_points/already-there", f"/uk/suggest/{made.feature_id}"
    door = TYPED | {"name": "Кухня для всіх", "position": "50.8703, 20.6276"}
    assert there in (await client.post(ask, data=door)).text
    assert there not in (await client.post(ask, data=door | {"services": "legal_advice"})).text
    assert there not in (await client.post(ask, data=door | {"position": "50.8713, 20.6276"})).text
    name = {key: TYPED[key] for key in ("language", "name", "services")}
    assert there in (await client.post(ask, data=name)).text
    assert there not in (await client.post(ask, data=name | {"name": "Jadłodajnia Pod Dębem"})).text


async def test_f1_nobody_learns_by_a_match_where_a_protected_place_is_nor_what_partners_call(
    client: httpx2.AsyncClient, publish: Publish, database: Database
) -> None:
    """With the register in place of what is published, both would match."""
    secret = {"kind": "phone", "value": "+48415550909", "visibility": "partners"}
    await publish(
        aid_point(
            "Dom Nadziei",
            services=[{"type": "supported_housing"}],
            place={"disclosure": "area", "area": {"code": "PL-2661", "name": "Kielce"}},
            contacts=[secret, {"kind": "phone", "value": "+48415550101"}],
        )
    )
    typed = {"language": "pl", "name": "Dom Nadzie", "services": "supported_housing"}
    without = await client.post("/pl/add/aid_points/already-there", data=typed)
    guessed = await client.post(
        "/pl/add/aid_points/already-there", data=typed | {"phones.0.value": "41 555 09 09"}
    )
    assert guessed.text == without.text
    async with session(database) as s:
        assert (await s.execute(text("SELECT count(*) FROM core.submission"))).scalar_one() == 0
