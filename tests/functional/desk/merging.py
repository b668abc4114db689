"""Two entries of one place, and how a moderator makes them one."""

import uuid
from typing import Any

import httpx2

from app.accounts.audit import Actor
from app.layers.registry import LAYERS
from tests.functional.conftest import Publish, aid_point

LAYER = LAYERS["aid_points"]
PHONE = {"kind": "phone", "value": "+48415550101"}
MAIL = {"kind": "email", "value": "kuchnia@example.org"}
STAFF = Actor("staff", uuid.uuid4())
PROTECTED = {
    "services": [{"type": "supported_housing"}],
    "place": {"disclosure": "area", "area": {"code": "PL-2661", "name": "Kielce"}},
    "contacts": [PHONE],
}
API = "/api/v1/layers/aid_points/features"


async def two(publish: Publish, **more: Any) -> tuple[uuid.UUID, uuid.UUID]:
    there = {"place": {"position": {"lng": 20.6289, "lat": 50.8662}}}
    first, second = await publish(
        aid_point("Kuchnia Caritas", contacts=[PHONE]),
        aid_point("Кухня Карітас у Кельцях", **there | {"contacts": [PHONE, MAIL]} | more),
    )
    return first.feature_id, second.feature_id


async def merge(
    browser: httpx2.AsyncClient, keep: uuid.UUID, drop: uuid.UUID, **chosen: str
) -> httpx2.Response:
    fields = {f"field-{name}": side for name, side in chosen.items()}
    return await browser.post(f"/desk/merge/{keep}/{drop}", data={"revision": "1", "other": "1", **fields})
