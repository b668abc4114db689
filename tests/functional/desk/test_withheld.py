"""SECURITY F7: where a place was is told by no page of a submission once the place is protected."""

import uuid
from typing import Any

import httpx2
import pytest
from sqlalchemy import text

from app.accounts.audit import Actor
from app.db import Database, session
from app.features.publishing import Item
from app.features.publishing import publish as publish_content
from app.features.setting import Setting
from app.layers.registry import LAYERS
from app.moderation.actions.merge_features import Choice, merge_features
from tests.functional.conftest import Publish, aid_point
from tests.functional.desk.conftest import Waiting, decision
from tests.two_people import by_two

pytestmark = pytest.mark.by_two

LAYER = LAYERS["aid_points"]
STAFF = Actor("staff", uuid.uuid4())
STREET = "Kryjówkowa"
LEADS_THERE = (STREET, "25-987", "20.612345", "50.854321", "612345")
PHONE = {"kind": "phone", "value": "+48413445599"}
PROTECTED = {"disclosure": "area", "area": {"code": "PL-2661", "name": "Kielce"}}


def exact(**more: Any) -> dict[str, Any]:
    return {
        "name": "Dom Otwarty",
        "description": {"texts": {"pl": f"Wejście przy ul. {STREET} 77.", "uk": f"Вхід: {STREET} 77"}, "source": "pl"},
        "address": {"street": STREET, "house_number": "77", "postcode": "25-987", "city": "Kielce"},
        "place": {"position": {"lng": 20.612345, "lat": 50.854321}},
        "contacts": [PHONE],
    } | more  # fmt: skip


async def _page(desk: httpx2.AsyncClient, submission_id: uuid.UUID, part: str = "") -> str:
    answer = await desk.get(f"/desk/submissions/{submission_id}{part}")
    assert answer.status_code in (200, 409), answer.text
    return answer.text


def _leading(page: str) -> list[str]:
    return [word for word in LEADS_THERE if word in page]


async def _approved(
    desk: httpx2.AsyncClient, waiting: Waiting, database: Database, **more: Any
) -> tuple[uuid.UUID, uuid.UUID]:
    submission = await waiting(**exact(**more))
    done = await desk.post(f"/desk/submissions/{submission.id}/approve", data=decision(submission))
    assert done.status_code == 303
    async with session(database) as s:
        feature = await s.scalar(
            text("SELECT feature_id FROM core.submission WHERE id = :id"), {"id": submission.id}
        )
    return submission.id, feature


@pytest.fixture
async def sent(moderator: httpx2.AsyncClient, waiting: Waiting, database: Database) -> dict[str, uuid.UUID]:
    """What was published of a place, a change of it that was turned down, and one that waits."""
    published, feature = await _approved(moderator, waiting, database)
    refused = await waiting(feature_id=feature, **exact(name="Dom Zamknięty"))
    data = decision(refused, reason="other", note=f"{STREET} 77 to nie tam.")
    assert (await moderator.post(f"/desk/submissions/{refused.id}/reject", data=data)).status_code == 303
    moved = {"place": {"position": {"lng": 20.612345, "lat": 50.8544}}, "website": "https://example.org/"}
    pending = await waiting(feature_id=feature, **exact(**moved))
    return {"published": published, "refused": refused.id, "pending": pending.id, "feature": feature}


async def test_f7_a_submission_tells_no_more_of_a_place_than_the_map_does_now(
    moderator: httpx2.AsyncClient, sent: dict[str, uuid.UUID], database: Database, setting: Setting
) -> None:
    for name in ("published", "refused", "pending"):
        assert len(_leading(await _page(moderator, sent[name]))) > 2, name
    # Not by the button that erases everything: an owner, or a source, says that it is protected.
    said = {key: value for key, value in exact(place=PROTECTED).items() if key != "address"}
    said["description"] = {"texts": {"pl": "Cicho."}, "source": "pl"}
    async with session(database) as s:
        item = Item(LAYER.content.read(aid_point(**said)), sent["feature"])
        await publish_content(s, setting, LAYER, item, actor=STAFF)
    for name in ("published", "refused", "pending"):
        page = await _page(moderator, sent[name])
        assert _leading(page) == [], name
        assert 'id="withheld"' in page
        assert "+48413445599" in page
    assert _leading(await _page(moderator, sent["pending"], "/edit")) == []


async def test_f7_what_was_merged_into_a_protected_place_is_withheld_too(
    moderator: httpx2.AsyncClient,
    waiting: Waiting,
    publish: Publish,
    database: Database,
    setting: Setting,
) -> None:
    submission, loser = await _approved(moderator, waiting, database)
    services = [{"type": "supported_housing"}]
    (winner,) = await publish(
        aid_point("Dom Otwarty", services=services, place=PROTECTED, address=None, contacts=[PHONE])
    )
    assert _leading(await _page(moderator, submission))
    async with session(database) as s:
        choice = Choice(winner.feature_id, loser, 1, 1, {})
        await by_two(s, lambda: merge_features(s, setting, LAYER, choice, actor=STAFF))
    assert _leading(await _page(moderator, submission)) == []


async def test_why_something_was_turned_down_is_said_whatever_language_its_submitter_reads(
    moderator: httpx2.AsyncClient, waiting: Waiting
) -> None:
    refused = await waiting(name="Kuchnia")
    data = decision(refused, reason="duplicate")
    assert (await moderator.post(f"/desk/submissions/{refused.id}/reject", data=data)).status_code == 303
    page = await _page(moderator, refused.id)
    assert "to miejsce jest już na mapie." in page.split('id="why"')[1]
