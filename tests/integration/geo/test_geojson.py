import json
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, text

from app.localdb import ClusterUrls
from geo.geojson import feature_collection_sql, top_level_members

FEATURES = """
SELECT n, CASE WHEN n = 2 THEN NULL ELSE '{"type":"Feature","id":' || n || ',"geometry": null,"properties":{"name":"Łódź"}}' END
AS feature FROM generate_series(1, CAST(:n AS integer)) AS s(n)
"""


@pytest.fixture
def connection(empty_urls: ClusterUrls) -> Iterator[Connection]:
    engine = create_engine(empty_urls.owner)
    with engine.connect() as connected:
        yield connected
    engine.dispose()


def folded(connection: Connection, sql: str, **parameters: Any) -> dict[str, Any]:
    body = connection.execute(text(sql), parameters).scalar_one()
    assert isinstance(body, bytes)
    answer: dict[str, Any] = json.loads(body)
    return answer


def test_features_are_folded_into_a_collection(connection: Connection) -> None:
    sql = feature_collection_sql(
        FEATURES,
        order_by="q.n DESC",
        number_matched_sql="SELECT 40 + 2",
        members_parameter="members",
        computed_members={"next": "to_json(max(q.n))::text", "previous": "CAST(NULL AS text)"},
    )
    members = top_level_members(
        {"version": "7", "links": [{"rel": "self", "href": "https://example.org/ż'\":a"}]}
    )
    collection = folded(connection, sql, n=4, members=members)
    assert [feature["id"] for feature in collection.pop("features")] == [4, 3, 1]
    assert collection == {
        "type": "FeatureCollection",
        "version": "7",
        "links": [{"rel": "self", "href": "https://example.org/ż'\":a"}],
        "next": 4,
        "numberMatched": 42,
        "numberReturned": 3,
    }


def test_no_features_are_an_empty_collection(connection: Connection) -> None:
    collection = folded(connection, feature_collection_sql(FEATURES), n=0)
    assert collection == {"type": "FeatureCollection", "numberReturned": 0, "features": []}
