"""The benchmark's real places of Poland: imported as the command does it, or left out with the reason."""

from pathlib import Path

import pytest
from sqlalchemy import text

from app.areas.gazetteer_loading import load_gazetteer
from app.db import Database, session
from app.localdb import ClusterUrls
from app.taxonomy.loading import load_terms
from benchmarks import poland

SMALL = ("pl-reception-2022", "pl-ifr-spots", "pl-gdansk-offices")


async def test_registers_units_and_addresses_are_public_then(
    db: Database, database_urls: ClusterUrls, shared_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert poland.missing(shared_data) is None
    async with session(db) as s:
        await load_terms(s)
        await load_gazetteer(s, ["PL"])
    # All of them take half a minute.
    monkeypatch.setattr(poland, "_REGISTERS", [one for one in poland._REGISTERS if one[0] in SMALL])
    monkeypatch.setattr(poland, "_BOUNDARIES", poland._BOUNDARIES[:1])
    said: list[str] = []

    assert await poland.fill_with_poland(database_urls, shared_data, said.append) == 9 + 61 + 11
    assert [line.split(":")[0].strip() for line in said] == [file for _, file in poland._REGISTERS]
    async with db.reading() as reader:
        assert await reader.scalar(text("SELECT count(*) FROM published.area")) == 16
        assert await reader.scalar(text("SELECT count(*) FROM published.street")) > 20_000


def test_what_is_not_there_is_named(tmp_path: Path) -> None:
    assert poland.missing(tmp_path) == "boundaries-pl/poland.voivodeships.json"
