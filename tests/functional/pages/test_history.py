"""The past of a place on its page and in the API: days and names of fields, never what stood in them."""

import datetime as dt
import html
import json
import re
import uuid
from dataclasses import replace
from typing import Any

import httpx2
import pytest
from sqlalchemy import text

from app.accounts.audit import Actor
from app.db import Database, session
from app.features.publishing import Item, Provenance, publish, publish_many, republish, unpublish, verify
from app.features.reindexing import reindex, renew_openings
from app.features.setting import Setting
from app.layers.registry import LAYERS
from tests.functional.conftest import Publish, aid_point

LAYER = LAYERS["aid_points"]
STAFF = Actor("staff", uuid.UUID(int=7))
PHONE = "+48 41 555 01 23"
AREA = {"code": "PL-2661011", "name": "Kielce"}


async def change(
    db: Database, setting: Setting, feature_id: uuid.UUID, days: int, content: dict[str, Any]
) -> None:
    async with session(db) as s:
        item = Item(LAYER.content.read(content), feature_id)
        await publish(s, later(setting, days), LAYER, item, actor=STAFF)


def later(setting: Setting, days: int) -> Setting:
    return replace(setting, now=setting.now + dt.timedelta(days=days))


async def history(client: httpx2.AsyncClient, feature_id: uuid.UUID) -> dict[str, Any]:
    answer = await client.get(f"/api/v1/layers/aid_points/features/{feature_id}/history")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def told(past: dict[str, Any]) -> list[tuple[str, ...]]:
    return [(event["kind"], *event.get("fields", ())) for event in past["events"]]


async def rows(db: Database) -> list[str]:
    async with db.reading() as reader:
        found = await reader.execute(
            text("SELECT CAST(h AS text) AS row FROM published.history h ORDER BY 1")
        )
        return [row.row for row in found]


async def test_a_change_is_told_by_the_names_of_its_fields_and_old_values_are_nowhere(
    client: httpx2.AsyncClient, publish: Publish, database: Database, setting: Setting
) -> None:
    street = {"street": "Stara", "house_number": "7", "city": "Kielce"}
    (made,) = await publish(aid_point(contacts=[{"kind": "phone", "value": PHONE}], address=street))
    await change(database, setting, made.feature_id, 1, aid_point(hours="Mo-Fr 08:00-16:00"))
    past = await history(client, made.feature_id)
    assert told(past)[:2] == [("checked",), ("changed", "address", "contacts", "hours")]
    assert past["since"] == setting.today.isoformat()
    page = (await client.get(f"/en/aid_points/{made.feature_id}", follow_redirects=True)).text
    assert "Changed: Address, Contact, Opening hours" in page
    assert "Put on the map" in page
    for gone in ("Stara", "555 01 23", "415550123"):
        assert gone not in page
        assert gone not in json.dumps(past)
        assert gone not in str(await rows(database))


async def test_closing_opening_and_checking_are_told_and_taking_down_is_not(
    client: httpx2.AsyncClient, publish: Publish, database: Database, setting: Setting
) -> None:
    (made,) = await publish(aid_point())
    await change(database, setting, made.feature_id, 1, aid_point(status={"state": "closed"}))
    await change(database, setting, made.feature_id, 2, aid_point())
    async with session(database) as s:
        await verify(s, later(setting, 3), LAYER, made.feature_id, how="phone", actor=STAFF)
    async with session(database) as s:
        await unpublish(s, later(setting, 4), LAYER, made.feature_id, actor=STAFF, reason="Sprawdzamy")
    gone = await client.get(f"/api/v1/layers/aid_points/features/{made.feature_id}/history")
    unknown = await client.get(f"/api/v1/layers/aid_points/features/{uuid.uuid4()}/history")
    assert gone.status_code == unknown.status_code == 404
    assert gone.json() == unknown.json()
    assert await rows(database) == []
    async with session(database) as s:
        await republish(s, later(setting, 5), LAYER, made.feature_id, actor=STAFF, reason="Jest dobrze")
    past = await history(client, made.feature_id)
    assert [kind for (kind,) in told(past) if kind != "checked"] == ["reopened", "closed", "published"]
    checked = [event for event in past["events"] if event.get("how") == "phone"]
    assert [event["by"] for event in checked] == ["moderator"]
    page = await client.get(f"/pl/aid_points/{made.feature_id}", follow_redirects=True)
    assert "Sprawdzone telefonicznie" in page.text
    # Not the word of a door, which is closed every night.
    assert "<span>Zamknięte na stałe</span>" in page.text
    assert "Sprawdzamy" not in page.text


REGISTER = ("register", "7")


@pytest.mark.parametrize(
    ("action", "provenance", "words"),
    [
        ("approve", Provenance(), "Confirmed by e-mail (by whoever sent it in)"),
        (
            "import",
            Provenance(*REGISTER, verified_how="phone"),
            "Checked by phone (says the source of the data)",
        ),
        ("import", Provenance(*REGISTER, verified_how="official_register"), "From a public register"),
    ],
)
async def test_the_page_says_how_a_place_was_checked_and_by_whom(
    client: httpx2.AsyncClient,
    database: Database,
    setting: Setting,
    action: str,
    provenance: Provenance,
    words: str,
) -> None:
    item = Item(LAYER.content.read(aid_point()), provenance=provenance)
    async with session(database) as s:
        (made,) = await publish_many(s, setting, LAYER, [item], action=action)
    assert await proof_of(client, made.feature_id) == words
    async with session(database) as s:
        await verify(s, setting, LAYER, made.feature_id, how="visit", actor=STAFF)
    assert await proof_of(client, made.feature_id) == "Checked on site (by a moderator)"


async def proof_of(client: httpx2.AsyncClient, feature_id: uuid.UUID) -> str:
    """What stands below the date beside the ring."""
    page = (await client.get(f"/en/aid_points/{feature_id}", follow_redirects=True)).text
    proof = page[page.index('class="proof"') :]
    found = re.search(r"<br>([^<]*)</p>", proof)
    assert found
    return html.unescape(found[1])


async def test_a_place_that_became_protected_tells_nothing_of_where_it_was(
    client: httpx2.AsyncClient, publish: Publish, database: Database, setting: Setting
) -> None:
    """SECURITY F1: two places that differ in their moves alone have the same past once they are protected."""
    hidden = aid_point(
        place={"disclosure": "area", "area": AREA}, description={"texts": {"pl": "Opis"}, "source": "pl"}
    )
    one, other = await publish(aid_point(), aid_point())
    for made, lng in ((one, 20.9), (other, 20.6286)):
        await change(
            database, setting, made.feature_id, 1, aid_point(place={"position": {"lng": lng, "lat": 50.8661}})
        )
        await change(database, setting, made.feature_id, 2, hidden)
    first, second = [await history(client, made.feature_id) for made in (one, other)]
    assert {**first, "id": ""} == {**second, "id": ""}
    assert [event for event in told(first) if event != ("checked",)] == [
        ("changed", "description"),
        ("published",),
    ]
    page = (await client.get(f"/en/aid_points/{one.feature_id}", follow_redirects=True)).text
    assert "Place on the map" not in page


async def test_an_import_that_brings_nothing_new_adds_nothing(
    client: httpx2.AsyncClient, database: Database, setting: Setting
) -> None:
    source = Provenance("osm", "n1", verified_how="imported", verified_at=setting.now)
    items = [Item(LAYER.content.read(aid_point()), provenance=source)]
    async with session(database) as s:
        (made,) = await publish_many(s, setting, LAYER, items, action="import")
    before = await rows(database)
    for days in (1, 2):
        async with session(database) as s:
            again = [replace(items[0], feature_id=made.feature_id)]
            await publish_many(s, later(setting, days), LAYER, again, action="import")
    assert await rows(database) == before
    assert (await history(client, made.feature_id))["events"][0]["by"] == "source"


@pytest.mark.parametrize("way", ["reindex", "renewal"])
async def test_made_anew_it_is_what_it_was_also_of_revisions_that_nobody_compared(
    publish: Publish, database: Database, setting: Setting, way: str
) -> None:
    made = await publish(aid_point(), aid_point("Punkt drugi"))
    for number, one in enumerate(made):
        await change(database, setting, one.feature_id, 1, aid_point(hours="Mo-Fr 08:00-16:00"))
        await change(database, setting, one.feature_id, 2, aid_point(f"Nazwa {number}"))
    before = await rows(database)
    assert len(before) == 2
    async with session(database) as s:
        # As the migration leaves what was published before it.
        await s.execute(text("UPDATE core.revision SET changed = NULL WHERE number > 1"))
        await s.execute(text("DELETE FROM published.history"))
        await s.execute(text("UPDATE published.layer_version SET openings_from = NULL"))
    if way == "renewal":
        await renew_openings(database, setting, LAYERS)
    else:
        async with session(database) as s:
            await reindex(s, setting, LAYER)
    assert await rows(database) == before


async def test_older_events_are_summed_up(
    client: httpx2.AsyncClient, publish: Publish, database: Database, setting: Setting
) -> None:
    (made,) = await publish(aid_point(), provenance=Provenance(never_verified=True))
    for number in range(23):
        async with session(database) as s:
            content = LAYER.content.read(aid_point(f"Nazwa {number}"))
            item = Item(content, made.feature_id, provenance=Provenance(never_verified=True))
            await publish_many(s, later(setting, number + 1), LAYER, [item], actor=STAFF)
    past = await history(client, made.feature_id)
    assert (len(past["events"]), past["earlier"]) == (20, 4)
    page = await client.get(f"/en/aid_points/{made.feature_id}", follow_redirects=True)
    assert "4 earlier events since" in page.text


async def test_it_is_kept_by_caches_as_the_feature_is_and_by_no_device(
    client: httpx2.AsyncClient, publish: Publish
) -> None:
    (made,) = await publish(aid_point())
    address = f"/api/v1/layers/aid_points/features/{made.feature_id}/history"
    answer = await client.get(address)
    assert "max-age=30" in answer.headers["cache-control"]
    assert "x-keep" not in answer.headers
    again = await client.get(address, headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    for wrong in ("x", str(made.feature_id).upper()):
        assert (await client.get(f"/api/v1/layers/aid_points/features/{wrong}/history")).status_code == 404
