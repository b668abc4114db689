"""What may be sent, by whom, in which form."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

OWN = {"sec-fetch-site": "same-origin"}


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "FOO"])
def test_other_methods_are_not_allowed(client: TestClient, method: str) -> None:
    assert client.request(method, "/pl/place", headers=OWN).status_code == 405


@pytest.mark.parametrize(
    ("headers", "data", "status"),
    [
        (OWN, {"name": "Ciepły Stół", "service": ["a", "b"]}, 200),
        ({}, {"name": "a"}, 403),
        ({"sec-fetch-site": "cross-site"}, {"name": "a"}, 403),
        ({"origin": "https://evil.example"}, {"name": "a"}, 403),
        (OWN, {"name": ["a", "b"]}, 422),
    ],
)
def test_forms_come_from_our_own_pages(
    client: TestClient, headers: dict[str, str], data: dict[str, Any], status: int
) -> None:
    assert client.post("/pl/place", data=data, headers=headers).status_code == status


def test_text_plain_is_no_way_round_the_check(client: TestClient) -> None:
    body = b'{"name":"a","lat":1}'
    assert (
        client.post("/api/v1/places", content=body, headers={"content-type": "text/plain"}).status_code == 415
    )
    assert (
        client.post("/pl/place", content=body, headers=OWN | {"content-type": "application/json"}).status_code
        == 415
    )
