"""The database alone refuses a position that would spoil every answer it is in (SECURITY D9)."""

import uuid

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.db import Database, session

INSERT = """
INSERT INTO published.feature (id, layer, geom, qk, lng, lat, family, services_0, services_1, audiences, languages,
                               access, disclosure, name, slug, revision, hours, search, slim, whole)
VALUES (:id, 'x', {geom}, {qk}, {lng}, {lat}, 0, 0, 0, 0, 0, 0, :disclosure, 'n', 'n', 1, '[]', '', '{{}}', '{{}}')
"""


async def _insert(
    db: Database, geom: str, lng: str, lat: str, qk: str = "1", disclosure: str = "exact"
) -> None:
    async with session(db) as s:
        sql = INSERT.format(geom=geom, qk=qk, lng=lng, lat=lat)
        await s.execute(text(sql), {"id": uuid.uuid4(), "disclosure": disclosure})


@pytest.mark.parametrize(
    ("geom", "lng", "lat"),
    [
        ("ST_SetSRID(ST_MakePoint('NaN'::float8, 52), 4326)", "'NaN'", "52"),
        ("ST_SetSRID(ST_MakePoint(21, 'NaN'::float8), 4326)", "21", "'NaN'"),
        ("ST_SetSRID(ST_MakePoint('Infinity'::float8, 52), 4326)", "'Infinity'", "52"),
        ("ST_SetSRID(ST_MakePoint(21, '-Infinity'::float8), 4326)", "21", "'-Infinity'"),
        ("ST_SetSRID(ST_MakePoint(1e308, 52), 4326)", "1e308", "52"),
        ("ST_SetSRID(ST_MakePoint(180.001, 52), 4326)", "180.001", "52"),
        ("ST_SetSRID(ST_MakePoint(21, 90.001), 4326)", "21", "90.001"),
        ("ST_SetSRID(ST_MakePoint(21, 52), 3857)", "21", "52"),
        ("ST_GeomFromText('POINT EMPTY', 4326)", "21", "52"),
        ("ST_GeomFromText('POINT Z (21 52 1)', 4326)", "21", "52"),
        ("ST_GeomFromText('POINT M (21 52 1)', 4326)", "21", "52"),
        ("ST_GeomFromText('LINESTRING (21 52, 22 53)', 4326)", "21", "52"),
        ("ST_GeomFromText('POLYGON ((21 52, 22 53, 21 53, 21 52))', 4326)", "21", "52"),
        ("ST_GeomFromText('MULTIPOINT (21 52)', 4326)", "21", "52"),
        ("ST_GeomFromText('GEOMETRYCOLLECTION (POINT (21 52))', 4326)", "21", "52"),
    ],
)
async def test_a_poisonous_position_is_refused(db: Database, geom: str, lng: str, lat: str) -> None:
    with pytest.raises(DBAPIError):
        await _insert(db, geom, lng, lat)


@pytest.mark.parametrize(
    ("geom", "lng", "lat", "qk", "disclosure"),
    [
        ("ST_SetSRID(ST_MakePoint(21, 52), 4326)", "20", "52", "1", "exact"),
        ("ST_SetSRID(ST_MakePoint(21, 52), 4326)", "NULL", "NULL", "-1", "exact"),
        ("NULL", "21", "52", "1", "exact"),
        ("NULL", "NULL", "NULL", "5", "exact"),
        ("ST_SetSRID(ST_MakePoint(21, 52), 4326)", "21", "52", "1", "area"),
        ("ST_SetSRID(ST_MakePoint(21, 52), 4326)", "21", "52", "1", "contact_only"),
    ],
)
async def test_columns_that_contradict_each_other_are_refused(
    db: Database, geom: str, lng: str, lat: str, qk: str, disclosure: str
) -> None:
    with pytest.raises(DBAPIError):
        await _insert(db, geom, lng, lat, qk, disclosure)


async def test_a_plain_position_and_none_are_taken(db: Database) -> None:
    await _insert(db, "ST_SetSRID(ST_MakePoint(21, 52), 4326)", "21", "52")
    await _insert(db, "NULL", "NULL", "NULL", "-1", "contact_only")
