"""Photos that are kept, and what the tables say of them."""

import uuid
from typing import Any

from sqlalchemy import text

from app.accounts.audit import SYSTEM
from app.db import Database, session
from app.features.publishing import Item, publish
from app.features.setting import Setting
from app.layers.registry import LAYERS
from app.moderation.models import Submission
from app.photos.redrawing import redrawn
from tests.functional.conftest import aid_point
from tests.photos import jpeg

LAYER = LAYERS["aid_points"]
#: Where pixels are.
TABLES = ("core.photo", "core.waiting_photo", "published.photo")


async def rows(database: Database, table: str) -> list[Any]:
    async with session(database) as s:
        return list(await s.execute(text(f"SELECT * FROM {table}")))


async def the_submission(database: Database) -> Submission:
    async with session(database) as s:
        found = await s.get(Submission, (await rows(database, "core.submission"))[0].id)
    assert found is not None
    return found


async def kept(database: Database, sent: bytes = b"") -> str:
    """Keep a photo as a submission would, and give its name."""
    photo = await redrawn(sent or jpeg())
    async with session(database) as s:
        await s.execute(
            text("INSERT INTO core.photo (file, large, small) VALUES (:file, :large, :small)"),
            {"file": photo.file, "large": photo.large, "small": photo.small},
        )
    return photo.file


def with_photo(*files: str, **more: Any) -> dict[str, Any]:
    said = {"texts": {"pl": "Wejście od podwórza", "uk": "Вхід з двору"}, "source": "pl"}
    return aid_point(photos=[{"file": file, "alt": said} for file in files], **more)


async def published(database: Database, setting: Setting, content: dict[str, Any]) -> uuid.UUID:
    async with session(database) as s:
        made = await publish(s, setting, LAYER, Item(LAYER.content.read(content)), actor=SYSTEM)
    return made.feature_id
