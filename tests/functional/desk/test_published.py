"""Off the map within a second, and back: looked up, taken down, put back, with the reason told to whoever sent it."""

import asyncio
import uuid

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from app.accounts.audit import verify_chain
from app.accounts.roles import Role
from app.db import Database, session
from geo.tile import tile_at
from tests.functional.conftest import Mailbox, Publish, aid_point, links_in
from tests.functional.desk.conftest import Waiting, decision, signed_in

LNG, LAT = 20.6286, 50.8661
NAME = "Kryjówka"
REASON = "Ktoś zagraża ludziom w tym miejscu."


async def _seen(client: httpx2.AsyncClient, feature_id: uuid.UUID) -> dict[str, bool]:
    """Where the public finds it, less than a second later."""
    await asyncio.sleep(0.4)
    layer = "/api/v1/layers/aid_points"
    tiles = [tile_at(LNG, LAT, z) for z in (0, 6, 12, 16)]
    asked = {
        "list": "/pl/",
        "list by words": f"/pl/?q={NAME}",
        "geojson": f"{layer}/features.geojson",
        "geojson by words": f"{layer}/features.geojson?q={NAME}",
        "geojson in a box": f"{layer}/features.geojson?bbox=20.6,50.8,20.7,50.9",
        "geojson near": f"{layer}/features.geojson?near={LNG},{LAT}",
        "geojson by service": f"{layer}/features.geojson?service=hot_meals",
        **{f"tile {t.z}": f"/api/v1/tiles/aid_points/{t.z}/{t.x}/{t.y}.geojson" for t in tiles},
    }
    seen = {}
    for where, url in asked.items():
        answer = await client.get(url)
        assert answer.status_code == 200, url
        # The field of the search repeats what was searched for; only an answer has the id.
        seen[where] = str(feature_id) in answer.text
    for where, url in (
        ("one", f"{layer}/features/{feature_id}"),
        ("page", f"/pl/aid_points/{feature_id}/kryjowka"),
    ):
        answer = await client.get(url)
        assert answer.status_code in {200, 404}, url
        seen[where] = answer.status_code == 200
    return seen


async def _approved(moderator: httpx2.AsyncClient, waiting: Waiting, database: Database) -> uuid.UUID:
    submission = await waiting(name=NAME)
    await moderator.post(f"/desk/submissions/{submission.id}/approve", data=decision(submission))
    async with session(database) as s:
        found: uuid.UUID = (await s.execute(text("SELECT feature_id FROM core.submission"))).scalar_one()
    return found


async def test_a_place_is_off_the_map_within_a_second_and_comes_back(
    client: httpx2.AsyncClient,
    moderator: httpx2.AsyncClient,
    waiting: Waiting,
    database: Database,
    mailbox: Mailbox,
) -> None:
    feature_id = await _approved(moderator, waiting, database)
    await mailbox.collect()
    assert set((await _seen(client, feature_id)).values()) == {True}

    async with session(database) as s:
        decided = (await s.execute(text("SELECT id FROM core.submission"))).scalar_one()
    review = await moderator.get(f"/desk/submissions/{decided}")
    assert f'href="/desk/published/{feature_id}"' in review.text

    # From the address that everybody sees.
    address = f"http://testserver/uk/aid_points/{feature_id}/kryjowka?x=1"
    found = await moderator.get("/desk/published", params={"place": address})
    assert (found.status_code, found.headers["location"]) == (303, f"/desk/published/{feature_id}")
    path = found.headers["location"]
    page = await moderator.get(path)
    assert page.headers["cache-control"] == "no-store"
    assert NAME in page.text
    assert f'action="{path}/take-down"' in page.text

    answer = await moderator.post(f"{path}/take-down", data={"revision": "1", "reason": f" {REASON} "})
    assert (answer.status_code, answer.headers["location"]) == (303, path)
    assert set((await _seen(client, feature_id)).values()) == {False}
    page = await moderator.get(path)
    assert REASON in page.text
    assert f'action="{path}/put-back"' in page.text
    assert "/take-down" not in page.text
    (mail,) = await mailbox.collect()
    body = mail.get_body(("plain",))
    assert body is not None
    assert REASON in body.get_content()
    assert mail["To"] == "olena@example.org"
    (status,) = links_in(mail)
    assert "вже немає на мапі" in (await client.get(status)).text

    answer = await moderator.post(f"{path}/put-back", data={"revision": "2", "reason": "Pomyłka."})
    assert answer.status_code == 303
    assert set((await _seen(client, feature_id)).values()) == {True}
    (mail,) = await mailbox.collect()
    assert any(str(feature_id) in link for link in links_in(mail))
    async with session(database) as s:
        kinds = (await s.execute(text("SELECT kind FROM published.change ORDER BY cursor"))).scalars().all()
        log = await s.execute(
            text("SELECT action, actor_kind FROM core.audit WHERE object_id = :id ORDER BY id"),
            {"id": str(feature_id)},
        )
        assert [tuple(row) for row in log] == [
            ("feature.publish", "staff"), ("feature.unpublish", "staff"), ("feature.republish", "staff"),
        ]  # fmt: skip
        assert await verify_chain(s) is None
    assert kinds == ["published", "removed", "published"]


@pytest.mark.parametrize(
    ("revision", "reason", "status"),
    [
        ("1", "", 422),
        ("1", " \n", 422),
        ("1", "x" * 2001, 422),
        ("7", "zamknięte", 409),
        ("x", "zamknięte", 409),
    ],
)
async def test_it_needs_a_reason_and_the_revision_that_was_seen(
    client: httpx2.AsyncClient,
    moderator: httpx2.AsyncClient,
    publish: Publish,
    revision: str,
    reason: str,
    status: int,
) -> None:
    (made,) = await publish(aid_point(NAME))
    path = f"/desk/published/{made.feature_id}"
    answer = await moderator.post(f"{path}/take-down", data={"revision": revision, "reason": reason})
    assert answer.status_code == status
    assert reason.strip() in answer.text
    assert (await _seen(client, made.feature_id))["page"]
    assert (
        await moderator.post(f"{path}/put-back", data={"revision": "1", "reason": "x"})
    ).status_code == 409


async def test_an_editor_looks_and_takes_nothing_down(
    site: FastAPI, client: httpx2.AsyncClient, publish: Publish
) -> None:
    (made,) = await publish(aid_point(NAME))
    path = f"/desk/published/{made.feature_id}"
    async with signed_in(site, Role.EDITOR, "editor@example.org") as editor:
        page = await editor.get(path)
        assert NAME in page.text
        assert "/take-down" not in page.text
        for way in ("take-down", "put-back"):
            answer = await editor.post(f"{path}/{way}", data={"revision": "1", "reason": "x"})
            assert answer.status_code == 403
    assert (await _seen(client, made.feature_id))["page"]


async def test_what_there_is_not_is_said(moderator: httpx2.AsyncClient) -> None:
    assert (await moderator.get("/desk/published")).status_code == 200
    for place in ("kryjówka", str(uuid.uuid4()), "https://elsewhere.example/<script>"):
        answer = await moderator.get("/desk/published", params={"place": place})
        assert answer.status_code == 404
        assert "<script>" not in answer.text.split("<main")[1].split("</main>")[0]
    for path in (uuid.uuid4(), "x"):
        assert (await moderator.get(f"/desk/published/{path}")).status_code == 404
        answer = await moderator.post(
            f"/desk/published/{path}/take-down", data={"revision": "1", "reason": "x"}
        )
        assert answer.status_code == 404


async def test_a_place_is_looked_up_by_its_name(
    moderator: httpx2.AsyncClient, waiting: Waiting, database: Database
) -> None:
    feature_id = await _approved(moderator, waiting, database)
    for words in (NAME, NAME.split(maxsplit=1)[0].lower(), f"  {NAME[:-1]}"):
        page = await moderator.get("/desk/published", params={"place": words})
        assert page.status_code == 200, words
        assert f'<a href="/desk/published/{feature_id}">{NAME}</a>' in page.text
    unknown = await moderator.get("/desk/published", params={"place": "Nikt tak nie nazywa <b>"})
    assert unknown.status_code == 404
    assert "Nic na mapie nie ma tych słów." in unknown.text
    assert "<b>" not in unknown.text.split("<form", 1)[1]
