"""The headers, addresses and languages of every answer."""

import datetime as dt
from email.utils import parsedate_to_datetime

import pytest
from fastapi.testclient import TestClient

from app.config import Settings
from app.templating import Templates
from tests.functional.web.small_app import small_app


@pytest.mark.parametrize(
    "path", ["/api/v1/version", "/pl/place", "/nothing", "/static/main-0a1b2c.css", "/ua/x", "/"]
)
def test_every_answer_has_the_headers(client: TestClient, path: str) -> None:
    headers = client.get(path, follow_redirects=False).headers
    assert headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'")
    assert "unsafe" not in headers["content-security-policy"]
    assert "http" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "set-cookie" not in headers
    assert "strict-transport-security" not in headers


def test_an_answer_says_when_it_was_made_and_a_304_when_it_was_still_true(client: TestClient) -> None:
    began = dt.datetime.now(dt.UTC).replace(microsecond=0)
    first = client.get("/api/v1/version")
    again = client.get("/api/v1/version", headers={"if-none-match": first.headers["etag"]})
    for answer, status in ((first, 200), (again, 304), (client.get("/nothing"), 404)):
        assert answer.status_code == status
        assert began <= parsedate_to_datetime(answer.headers["x-answered-at"]) <= dt.datetime.now(dt.UTC)


def test_https_is_insisted_on_where_there_is_https(templates: Templates) -> None:
    app = small_app(templates, Settings(public_url="https://pomapa.example"))
    headers = TestClient(app, base_url="https://pomapa.example").get("/pl/place").headers
    assert headers["strict-transport-security"].startswith("max-age=31536000")


def test_other_origins_may_read_the_api_but_not_the_pages(client: TestClient) -> None:
    headers = {"origin": "https://other.example"}
    answer = client.get("/api/v1/version", headers=headers)
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "access-control-allow-credentials" not in answer.headers
    assert "access-control-allow-origin" not in client.get("/pl/place", headers=headers).headers
    asked = client.options("/api/v1/places", headers=headers | {"access-control-request-method": "POST"})
    assert (asked.status_code, asked.headers["access-control-allow-methods"]) == (204, "GET, HEAD")
    assert client.post("/api/v1/places", json={}, headers=headers).status_code == 403


def test_what_a_client_has_is_not_sent_again(client: TestClient) -> None:
    first = client.get("/api/v1/version", headers={"accept-encoding": "gzip"})
    assert first.headers["etag"].endswith('-gz"')
    again = client.get("/api/v1/version", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])


def test_head_says_what_get_says(client: TestClient) -> None:
    got, head = client.get("/api/v1/version"), client.head("/api/v1/version")
    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["etag"] == got.headers["etag"]
    assert head.headers["content-length"] == got.headers["content-length"]


@pytest.mark.parametrize(
    ("accept", "language"),
    [
        ("uk-UA,uk;q=0.9,en;q=0.5", "uk"),
        ("ua", "uk"),
        ("fr", "pl"),
        ("../../etc", "pl"),
        ("de," * 5000, "pl"),
        ("", "pl"),
    ],
)
def test_the_start_page_is_chosen_by_the_browser(client: TestClient, accept: str, language: str) -> None:
    answer = client.get("/?a=1", headers={"accept-language": accept}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (302, f"/{language}/?a=1")
    assert answer.headers["cache-control"] == "no-store"


def test_aliases_lead_to_the_lasting_address(client: TestClient) -> None:
    answer = client.get("/ua/place?q=%C5%82", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (308, "/uk/place?q=%C5%82")
    assert client.get("//evil.example/%2e%2e", follow_redirects=False).status_code == 404


def test_static_files_never_change_under_their_name(client: TestClient) -> None:
    answer = client.get("/static/main-0a1b2c.css")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"].startswith("text/css")
    again = client.get("/static/main-0a1b2c.css", headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304
    assert "immutable" in client.get("/static/chunk-2Y42LSDP.js").headers["cache-control"]
    assert client.get("/static/plain.txt").headers["cache-control"] == "public, max-age=3600"


@pytest.mark.parametrize(
    "name",
    [
        "nothing.css",
        "",
        "../conftest.py",
        "..%2fmanifest.json",
        "%2e%2e/x",
        "a%00b",
        "/etc/passwd",
        ".hidden",
    ],
)
def test_nothing_but_the_built_folder_can_be_asked_for(client: TestClient, name: str) -> None:
    assert client.get(f"/static/{name}").status_code == 404
