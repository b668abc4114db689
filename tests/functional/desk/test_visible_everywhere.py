"""What a moderator has decided is what everybody reads, by every public way, within a second (PERFORMANCE P7).

The worker has not run yet: nothing is made later. Only what a process believes of the versions for a part of that second
is waited for.
"""

import asyncio
from typing import Final

import httpx2
from fastapi import FastAPI

from app.db import Database
from app.features.versions import BELIEVED_S
from geo.tile import tile_at
from tests.functional.conftest import Publish, aid_point
from tests.functional.country import import_country
from tests.functional.desk.conftest import Waiting, decision
from tests.functional.public_crawl import all_addresses, crawl

OLD, NEW = "Stara nazwa", "Nowa nazwa"
LNG, LAT = 20.6286, 50.8661
#: Files that are made at night, with the day of their data on them, or when somebody asks for the first time.
MADE_BEFORE: Final = ("/offline",)


async def test_p7_a_decision_is_in_every_public_answer_at_once(
    site: FastAPI,
    client: httpx2.AsyncClient,
    moderator: httpx2.AsyncClient,
    database: Database,
    publish: Publish,
    waiting: Waiting,
) -> None:
    await import_country(database)
    (one,) = await publish(aid_point(OLD))
    here = f"{one.feature_id}"
    tiles = [tile_at(LNG, LAT, z) for z in range(17)]
    values = {"lang": ("pl",), "layer": ("aid_points",), "key": ("aid_points",), "feature_id": (here,)}
    first = [
        "/pl/",
        "/uk/",
        "/api/v1/layers/aid_points/features.geojson?bbox=20,50,21,51",
        "/api/v1/search?q=nazwa&lang=pl",
        f"/pl/compare?ids={here}",
        f"/pl/?near={LNG},{LAT}",
        *(f"/api/v1/tiles/aid_points/{t.z}/{t.x}/{t.y}.geojson" for t in tiles),
        *all_addresses(site, values),
    ]
    before = await crawl(client, site, first)
    named = [
        address
        for address, body in before.answers.items()
        if OLD in body and not any(part in address for part in MADE_BEFORE)
    ]
    assert len(named) > 30
    etags = {
        address: (await client.get(address)).headers.get("etag") for address in named if "/api/" in address
    }

    sent = await waiting(feature_id=one.feature_id, name=NEW)
    for address in named[:3]:
        assert OLD in (await client.get(address)).text
    answer = await moderator.post(f"/desk/submissions/{sent.id}/approve", data=decision(sent))
    assert answer.status_code == 303, answer.text
    assert BELIEVED_S < 1

    await asyncio.sleep(BELIEVED_S)
    late = []
    for address in named:
        sure = {"If-None-Match": etag} if (etag := etags.get(address)) else {}
        answer = await client.get(address, headers=sure, follow_redirects=True)
        if answer.status_code != 200 or OLD in answer.text or NEW not in answer.text:
            late.append((address, answer.status_code))
    assert late == []
