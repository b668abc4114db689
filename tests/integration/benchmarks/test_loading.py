import datetime as dt

import pytest
from sqlalchemy import text

from app.db import Database, session
from app.features.reindexing import reindex
from app.features.setting import Setting
from app.layers.registry import layer
from app.localdb import ClusterUrls
from app.taxonomy.vocabulary import load_vocabulary
from benchmarks import loading

TABLES = {
    # The order of members in a text in several languages is not kept by the database.
    "feature": "to_jsonb(t) - 'search' - 'whole' || jsonb_build_object('search', t.search::text, 'whole', t.whole::jsonb)",
    "service_position": "jsonb_build_array(t.feature_id, t.code, t.layer, ST_AsText(t.geom, 6))",
    "opening": "to_jsonb(t) - 'id'",
    "cell": "to_jsonb(t)",
    "census": "to_jsonb(t)",
    "history": "to_jsonb(t)",
}


async def _rows(db: Database) -> dict[str, list[str]]:
    async with db.reading() as reader:
        return {
            table: [
                str(row.content)
                for row in await reader.execute(
                    text(f"SELECT ({shown})::text AS content FROM published.{table} t ORDER BY 1")
                )
            ]
            for table, shown in TABLES.items()
        }


async def test_multiplied_features_have_the_rows_that_publication_writes(
    db: Database, database_urls: ClusterUrls, monkeypatch: pytest.MonkeyPatch
) -> None:
    setting = Setting(load_vocabulary(), "Europe/Warsaw", "PL", dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC))
    # A few patterns are enough here.
    monkeypatch.setattr(loading, "PATTERNS", 320)
    await loading.fill(database_urls, 700, setting)
    multiplied = await _rows(db)
    assert len(multiplied["feature"]) == 700
    async with session(db) as s:
        await reindex(s, setting, layer("aid_points"))
    derived = await _rows(db)
    for table, rows in derived.items():
        different = [pair for pair in zip(multiplied[table], rows, strict=True) if pair[0] != pair[1]]
        assert not different, f"{table}: {len(different)} of {len(rows)}, first {_apart(*different[0])}"


def _apart(one: str, other: str) -> str:
    start = next(i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b)
    return f"{one[max(0, start - 60) : start + 60]!r} against {other[max(0, start - 60) : start + 60]!r}"
