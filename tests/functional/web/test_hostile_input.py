"""What somebody sends who means harm: each has its exact status, and costs nothing."""

import time

import pytest
from fastapi.testclient import TestClient

OWN = {"sec-fetch-site": "same-origin"}


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("limit=20&service=a,b&service=c&lat=52.23", 200),
        ("limit=-0", 200),
        ("limit=1_000", 422),
        ("limit=+1", 422),
        ("limit=%201", 422),
        ("limit=1&limit=2", 422),
        ("limit=101", 422),
        ("limit=٣", 422),
        ("limit=" + "9" * 5000, 422),
        ("lat=nan", 422),
        ("lat=inf", 422),
        ("lat=1e400", 422),
        ("lat=1e5", 422),
        ("lat=52,2", 422),
        ("unknown=1", 422),
        ("service=%ff", 422),
    ],
)
def test_hostile_queries_have_their_exact_status(client: TestClient, query: str, status: int) -> None:
    answer = client.get(f"/api/v1/search?{query}")
    assert answer.status_code == status
    if status == 200:
        assert answer.json()["limit"] in {0, 20}
    else:
        assert answer.headers["content-type"] == "application/problem+json"
        assert len(answer.content) < len(query) + 2048


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"name": "Sto\xc5\x82", "lat": 52.2}', 200),
        (b'{"name": "a", "lat": NaN}', 400),
        (b'{"name": "a", "lat": 1e999}', 422),
        (b'{"name": "a", "lat": "NaN"}', 422),
        (b'{"name": "a", "lat": "52,2"}', 422),
        (b'{"name": "a", "lat": true}', 422),
        (b'{"name": "a", "lat": 1, "__proto__": {}}', 422),
        (b'{"name": "a", "lat": 1, "constructor": 1}', 422),
        (b"null", 422),
        (b"[]", 422),
        (b'"x"', 422),
        (b"", 400),
        (b'{"name": "' + b"a" * 10_000_000 + b'", "lat": 1}', 413),
    ],
)
def test_hostile_bodies_have_their_exact_status(client: TestClient, body: bytes, status: int) -> None:
    answer = client.post("/api/v1/places", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == status
    assert len(answer.content) < len(body) + 2048


def test_ids_that_cannot_be_are_not_there(client: TestClient) -> None:
    for bad in ("x", "1.5", "%00", "..%2f"):
        assert client.get(f"/api/v1/places/{bad}").status_code == 404


def test_nobody_s_time_is_spent_on_json_where_none_is_taken(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.web.strict_json.parse", lambda _body: pytest.fail("was read"))
    for path in ("/nowhere", "/pl/place", "/api/v1/search"):
        assert client.post(path, json={}, headers=OWN).status_code == 415


def test_a_hostile_cookie_costs_no_time(client: TestClient) -> None:
    began = time.process_time()
    answer = client.get("/pl/place", headers={"cookie": 'x="' + "\\" * 30_000 + '"'})
    assert answer.status_code == 200
    assert time.process_time() - began < 0.5


def test_foreign_hosts_are_refused(client: TestClient) -> None:
    assert client.get("/pl/place", headers={"host": "evil.example"}).status_code == 400
    assert client.get("/pl/place", headers={"x-forwarded-host": "evil.example"}).status_code == 200
