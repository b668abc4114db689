"""A canary in every field of what is not approved is in no byte of what the public can fetch (SECURITY E6)."""

import datetime as dt
import re
import uuid
from collections import deque
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx2
import pytest

from app.accounts.audit import Actor
from app.db import Database, session
from app.features.publishing import unpublish
from app.features.setting import Setting
from app.i18n import LANGUAGES
from app.layers.registry import LAYERS
from app.moderation.actions.confirm import confirm
from app.moderation.actions.reject import reject
from app.moderation.actions.report import Complaint, report
from app.moderation.actions.request_changes import request_changes
from app.moderation.actions.submit import Proposal, submit
from app.moderation.actions.withdraw import withdraw
from geo.tile import tile_at
from tests.functional.conftest import ORIGIN, Publish, aid_point

CANARY = "kanarek7q"
PHONE = "+48413445599"
LNG, LAT = 20.612345, 50.854321
STAFF = Actor("staff", uuid.uuid4())
#: More than this and the crawl is not what it is meant to be.
MOST_PAGES = 400


def _content(which: str) -> dict[str, Any]:
    text = f"{CANARY} {which}"
    return aid_point(
        text,
        description={"texts": {"pl": text, "uk": text}, "source": "pl"},
        address={"street": text, "house_number": "7", "city": "Kielce"},
        place={"position": {"lng": LNG, "lat": LAT}},
        contacts=[
            {"kind": "phone", "value": PHONE},
            {"kind": "email", "value": f"{CANARY}@example.org"},
            {"kind": "web", "value": f"https://{CANARY}.example.org/"},
        ],
        organisation={"name": text},
        services=[{"type": "laundry", "description": {"texts": {"pl": text}, "source": "pl"}}],
        notices=[
            {
                "kind": "info",
                "text": {"texts": {"pl": text}, "source": "pl"},
                "starts": "2026-11-01",
                "ends": "2027-01-01",
            }
        ],
    )


@pytest.fixture
async def unmoderated(database: Database, setting: Setting, publish: Publish) -> None:
    """Something in every state that is not public, beside something that is."""
    layer = LAYERS["aid_points"]
    (live,) = await publish(aid_point("Jawne miejsce"))
    (gone,) = await publish(_content("unpublished"))
    now = dt.datetime.now(dt.UTC)

    async def send(which: str, feature_id: uuid.UUID | None = None, *, confirmed: bool = True) -> Any:
        async with session(database) as s:
            proposal = Proposal(layer, layer.content.read(_content(which)), feature_id)
            made = await submit(s, proposal, language="pl", contact_email=f"{CANARY}@example.net")
        if confirmed:
            async with session(database) as s:
                made = await confirm(s, made.id, now=now)
        return made

    await send("unconfirmed", confirmed=False)
    await send("pending")
    await send("change", live.feature_id)
    asked, refused, withdrawn = await send("asked"), await send("rejected"), await send("withdrawn")
    async with session(database) as s:
        await request_changes(s, asked.id, version=asked.version, actor=STAFF, question=CANARY)
        await reject(
            s, refused.id, version=refused.version, actor=STAFF, reason="other", note=CANARY, now=now
        )
        await withdraw(s, withdrawn.id)
        await unpublish(s, setting, layer, gone.feature_id, actor=STAFF, reason=CANARY)
        address = f"{CANARY}@example.net"
        await report(s, Complaint(live.feature_id, "other", CANARY, address, "pl", b"12345678"))


async def test_no_public_byte_holds_what_is_not_approved(
    client: httpx2.AsyncClient, unmoderated: None
) -> None:
    answers = await _crawl(client)
    assert len(answers) > 40
    assert any("Jawne miejsce" in body.decode(errors="replace") for body in answers.values())
    for url, body in answers.items():
        text = body.decode("utf-8", errors="replace")
        # The page of a search repeats what was searched for, in its own field.
        searched = f'value="{CANARY}"' in text or f"q={CANARY}" in url
        rest = text.replace(CANARY, "") if searched and text.count(f"{CANARY} ") == 0 else text
        for secret in (CANARY, PHONE, str(LNG), str(LAT)):
            assert secret not in rest, (url, secret)


async def _crawl(client: httpx2.AsyncClient) -> dict[str, bytes]:
    """Everything that can be reached by links from the start pages, and every endpoint for programs."""
    at = [tile_at(LNG, LAT, z) for z in range(19)]
    waiting = deque(
        [
            *(f"/{lang}/" for lang in LANGUAGES),
            *(f"/{lang}/?q={CANARY}" for lang in LANGUAGES),
            f"/pl/?near={LNG:.3f},{LAT:.3f}",
            "/robots.txt",
            "/sitemap.xml",
            "/api/v1/layers",
            "/api/v1/vocabularies",
            "/api/v1/openapi.json",
            *(f"/api/v1/layers/{key}/features.geojson?count=true" for key in LAYERS),
            f"/api/v1/layers/aid_points/features.geojson?q={CANARY}",
            "/api/v1/layers/aid_points/features.geojson?service=laundry",
            "/api/v1/layers/aid_points/features.geojson?bbox=20.61,50.85,20.62,50.86",
            f"/api/v1/layers/aid_points/features.geojson?near={LNG:.3f},{LAT:.3f}",
            *(f"/api/v1/tiles/aid_points/{t.z}/{t.x}/{t.y}.geojson" for t in at),
            *(f"/api/v1/tiles/aid_points/{t.z}/{t.x}/{t.y}.geojson?service=laundry" for t in at),
        ]
    )
    seen: set[str] = set()
    answers: dict[str, bytes] = {}
    while waiting and len(answers) < MOST_PAGES:
        url = waiting.popleft()
        if url in seen:
            continue
        seen.add(url)
        answer = await client.get(url)
        assert answer.status_code < 500, url
        answers[url] = answer.content + str(answer.headers).encode()
        if "html" in answer.headers.get("content-type", "") or url.endswith(".xml"):
            for href in re.findall(r'(?:href|src|action)="([^"]+)"|<loc>([^<]+)</loc>', answer.text):
                found = urlsplit(urljoin(f"{ORIGIN}{url}", (href[0] or href[1]).replace("&amp;", "&")))
                if f"{found.scheme}://{found.netloc}" == ORIGIN and not found.path.startswith("/static/"):
                    waiting.append(f"{found.path}?{found.query}" if found.query else found.path)
    return answers
