"""Whoever corrects what they sent sees its photos, and nobody else does before it is published."""

import datetime as dt
import re
import uuid

import httpx2
import pytest

from app.config import Settings
from app.db import Database, session
from app.features.setting import Setting
from app.layers.registry import LAYERS
from app.moderation.actions.answer import answer
from app.moderation.actions.request_changes import request_changes
from app.moderation.actions.submit import Proposal, submit
from app.moderation.states import SubmissionState
from tests.functional.desk.kept_photos import kept, published, with_photo
from tests.functional.pages.conftest import Person
from tests.functional.pages.test_status import STAFF, status_path
from tests.photos import jpeg

LAYER = LAYERS["aid_points"]


async def asked(database: Database, *files: str, feature_id: uuid.UUID | None = None) -> uuid.UUID:
    """A new entry, or a change of one, with photos, about which a question waits."""
    content = LAYER.content.read(with_photo(*files, place={"position": {"lng": 20.63, "lat": 50.87}}))
    async with session(database) as s:
        proposal = Proposal(LAYER, content, feature_id=feature_id)
        sent = await submit(s, proposal, language="pl", contact_email="ola@poczta.pl")
        sent.state, sent.confirmed_at = SubmissionState.PENDING, dt.datetime.now(dt.UTC)
        submission_id = sent.id
    async with session(database) as s:
        await request_changes(s, submission_id, version=1, actor=STAFF, question="Gdzie?")
    return submission_id


def pictures(html: str) -> list[str]:
    return [
        address.replace("&amp;", "&")
        for address in re.findall(r'<img class="photo-small" src="([^"]+)"', html)
    ]


@pytest.mark.parametrize("changed", [False, True], ids=["new", "change"])
async def test_photos_are_seen_by_whoever_corrects_while_they_are_asked(
    person: Person,
    client: httpx2.AsyncClient,
    database: Database,
    settings: Settings,
    setting: Setting,
    *,
    changed: bool,
) -> None:
    file, other = await kept(database), await kept(database, jpeg(700, 500))
    feature_id = await published(database, setting, with_photo()) if changed else None
    submission_id = await asked(database, file, feature_id=feature_id)
    status = status_path(settings, submission_id)
    page = await person.opens(f"{status}/{'change' if changed else 'correct'}")
    if not changed:
        page = await person.presses(page, "next")
    (src,) = pictures(page.html)
    found = await client.get(src)
    assert found.status_code == 200
    assert found.headers["content-type"] == "image/webp"
    assert found.headers["cache-control"] == "no-store"
    # Neither another photo by this link, nor this one by another link or by none.
    stranger = await asked(database, other)
    for path in (
        src.replace(file, other),
        src.replace(status, status_path(settings, stranger)),
        f"/photos/small/{file}.webp",
        src.replace(file, "x"),
    ):
        assert (await client.get(path)).status_code == 404, path
    async with session(database) as s:
        await answer(s, submission_id, body="Na dole.")
    assert (await client.get(src)).status_code == 404
