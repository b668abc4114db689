"""The places of which every way to ask has to say the same."""

import pytest

from app.db import Database
from app.features.layer import Layer
from app.features.setting import Setting
from tests.integration.features.agreeing.random_places import publish_random_places


@pytest.fixture
async def places(db: Database, spots: Layer, setting: Setting) -> Database:
    await publish_random_places(db, spots, setting)
    return db
