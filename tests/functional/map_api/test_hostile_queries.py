"""Positions, numbers and texts that no client should send: the exact status, never a 5xx, nothing echoed."""

import urllib.parse
from pathlib import Path

import httpx2
import pytest

from app.config import Settings
from app.localdb import ClusterUrls
from tests.functional.conftest import make_settings

FEATURES = "/api/v1/layers/aid_points/features.geojson"
TILE = "/api/v1/tiles/aid_points"
MARK = "zażółć-canary"


@pytest.fixture
def settings(module_database_urls: ClusterUrls, tmp_path: Path) -> Settings:
    """One database for all of them: nothing here writes."""
    return make_settings(module_database_urls, tmp_path)


WRONG = [
    "bbox=nan,50,21,51",
    "bbox=inf,50,21,51",
    "bbox=1e400,50,21,51",
    "bbox=20,50,21",
    "bbox=20,50,21,51,52",
    "bbox=20,50,21,51,52,53",
    "bbox=21,50,20,51",
    "bbox=20,51,21,50",
    "bbox=20,50,20,50",
    "bbox=170,50,-170,51",
    "bbox=20,50,21,91",
    "bbox=181,50,182,51",
    "bbox=20,50,21,1_000",
    "bbox=20;50;21;51",
    "bbox=637000,487000,638000,488000",
    f"bbox={MARK}",
    "near=20.6",
    "near=nan,nan",
    "near=0,0",
    "near=-0.0,0.000",
    "near=20.6,91",
    "near=52°13′N,21",
    "near=20.6,50.8&radius_m=-5",
    "near=20.6,50.8&radius_m=nan",
    "near=20.6,50.8&radius_m=1e3",
    "radius_m=100",
    "limit=0",
    "limit=-1",
    "limit=10001",
    "limit=1_000",
    "limit=+5",
    "limit= 5",
    "limit=1e2",
    "limit=99999999999999999999",
    "limit=1&limit=2",
    "cursor=abc",
    f"cursor={'A' * 38}",
    "cursor=%00",
    "service=nothing",
    f"service={MARK}",
    "audience=nobody",
    "language=klingon",
    "access=free_beer",
    "organisation=1",
    "organisation=6F9619FF-8B86-D011-B42D-00C04FC964FF",
    "organisation={6f9619ff-8b86-d011-b42d-00c04fc964ff}",
    "open_at=yesterday",
    "open_at=2026-02-30T10:00",
    "open_at=10000-01-01T00:00",
    "open_at=2200-01-01T00:00",
    "area=../../etc/passwd",
    "area='; DROP TABLE core.feature; --",
    f"q={'x' * 101}",
    "q=%00",
    "q=%ff",
    "q=%ed%a0%80",
    "q=a&q=b",
    f"{MARK}=1",
    "__proto__=1",
]


@pytest.mark.parametrize("query", WRONG)
async def test_a_wrong_question_is_422_and_is_not_echoed(client: httpx2.AsyncClient, query: str) -> None:
    raw = query.encode() if "%" in query else urllib.parse.quote(query, safe="=&,").encode()
    answer = await client.get(httpx2.URL(FEATURES, query=raw))
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert "canary" not in answer.text
    assert len(answer.content) < 2000


@pytest.mark.parametrize(
    "path",
    [
        "-1/0/0", "0/1/0", "21/0/0", "6/64/0", "6/0/64", "1e1/0/0", "06/1/1", "6/1_0/1", "6/ 1/1", "six/1/1",
        "6/99999999999999999999/1", "%00/0/0", "6/0/0;x",
    ],
)  # fmt: skip
async def test_a_tile_that_does_not_exist_is_404(client: httpx2.AsyncClient, path: str) -> None:
    answer = await client.get(f"{TILE}/{path}.geojson")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "feature_id",
    ["0", "-1", "4294967296", "18446744073709551616", "x", "00000000-0000-0000-0000-000000000000",
     "6F9619FF-8B86-D011-B42D-00C04FC964FF", "%7B6f9619ff-8b86-d011-b42d-00c04fc964ff%7D", "a%00b", "..%2f..%2fetc"],
)  # fmt: skip
async def test_an_id_that_does_not_exist_is_404(client: httpx2.AsyncClient, feature_id: str) -> None:
    answer = await client.get(f"/api/v1/layers/aid_points/features/{feature_id}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("layer", ["unknown", "AID_POINTS", "aid_points%00", "x" * 300, "%2e%2e"])
async def test_a_layer_that_does_not_exist_is_404_or_422(client: httpx2.AsyncClient, layer: str) -> None:
    answer = await client.get(f"/api/v1/layers/{layer}/features.geojson")
    assert answer.status_code in {404, 422}
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "query",
    [
        "bbox=-0,50,21,51",
        "bbox=20,50,21,51&limit=10000",
        "q='; SELECT 1; --",
        "q=%s%n{{7*7}}",
        "q=:x ! y | (z",
    ],
)
async def test_strange_but_right_questions_are_answered(client: httpx2.AsyncClient, query: str) -> None:
    raw = urllib.parse.quote(query, safe="=&,").encode()
    answer = await client.get(httpx2.URL(FEATURES, query=raw))
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE", "FOO"])
async def test_other_methods_are_405(client: httpx2.AsyncClient, method: str) -> None:
    answer = await client.request(method, FEATURES)
    assert answer.status_code == 405
