"""The whole platform round a small application, without a database."""

import io
import json
import logging
import time
from collections.abc import Iterator
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, FastAPI, Query, Request
from fastapi.testclient import TestClient
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.exc import OperationalError
from starlette.responses import JSONResponse, Response

from app.config import Settings
from app.errors import Conflict, TooManyRequests, Unauthenticated
from app.log import configure
from app.templating import Templates
from app.web.dependencies import Form, page_of
from app.web.etag import not_modified, public, strong_etag
from app.web.language import Language, negotiated_start
from app.web.query import PLAIN_DECIMAL, Codes, PlainInt
from app.web.routes import PUBLIC, api_router, page_router, requires
from app.web.stack import equip

OWN = {"sec-fetch-site": "same-origin"}
OPEN = [requires(PUBLIC)]


class Place(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    name: str = Field(max_length=20)
    lat: float = Field(allow_inf_nan=False)


class Search(BaseModel):
    limit: Annotated[PlainInt, Field(ge=0, le=100)] = 10
    service: Codes = ()
    lat: Annotated[float, PLAIN_DECIMAL] | None = None


class Refusing:
    async def require(self, _request: Request, _permission: str) -> Any:
        raise Unauthenticated


def routes_for_programs() -> APIRouter:
    api = api_router("/api/v1")

    @api.get("/search", dependencies=OPEN)
    async def search(found: Annotated[Search, Query()]) -> dict[str, Any]:
        return found.model_dump()

    @api.get("/version", dependencies=OPEN)
    async def version(request: Request) -> Response:
        etag = strong_etag("v", 7)
        return not_modified(request, etag) or public(JSONResponse({"text": "x" * 5000}), etag)

    @api.post("/places", dependencies=OPEN)
    async def add(place: Place) -> dict[str, Any]:
        return place.model_dump()

    @api.get("/places/{number}", dependencies=OPEN)
    async def one(number: int) -> int:
        return number

    @api.get("/boom", dependencies=OPEN)
    async def boom() -> None:
        msg = "ola@poczta.example 203.0.113.5"
        raise RuntimeError(msg)

    @api.get("/down", dependencies=OPEN)
    async def down() -> None:
        raise OperationalError("SELECT 'ola@poczta.example'", {}, Exception("gone"))

    @api.get("/busy", dependencies=OPEN)
    async def busy() -> None:
        raise TooManyRequests(retry_after_s=17)

    return api


def routes_for_people() -> APIRouter:
    pages = page_router()

    @pages.get("/", dependencies=OPEN)
    async def start(request: Request) -> Response:
        return negotiated_start(request)

    @pages.get("/{language}/place", dependencies=OPEN)
    async def place(language: Language, request: Request) -> str:
        return f"{language} {page_of(request).address('uk')}"

    @pages.post("/{language}/place", dependencies=OPEN)
    async def send(language: Language, form: Form) -> dict[str, Any]:
        return {"language": language, **form.as_mapping({"service"})}

    @pages.get("/{language}/conflict", dependencies=OPEN)
    async def conflict(language: Language) -> None:
        raise Conflict

    @pages.get("/desk/queue", dependencies=[requires("submission.see")])
    async def queue() -> None: ...

    return pages


def small_app(templates: Templates, settings: Settings | None = None) -> FastAPI:
    app = FastAPI(redirect_slashes=False, openapi_url=None)
    app.include_router(routes_for_programs())
    app.include_router(routes_for_people())
    equip(app, settings or Settings(), templates, program_paths=("/api/v1/places",))
    app.state.guard = Refusing()
    return app


@pytest.fixture
def client(templates: Templates) -> TestClient:
    return TestClient(small_app(templates), base_url="http://127.0.0.1:8000")


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    stream = io.StringIO()
    configure(production=True, stream=stream)
    yield stream
    root.handlers, root.level = handlers, level


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


def test_problems_speak_the_programs_language_and_echo_nothing(client: TestClient) -> None:
    answer = client.post("/api/v1/places", json={"name": "<secret>" * 10, "lat": 1})
    document = answer.json()
    assert answer.headers["content-language"] == "en"
    assert document["type"] == "/problems/invalid_input"
    assert document["status"] == 422
    assert document["problems"] == [
        {"path": "name", "code": "string_too_long", "message": "Write at most 20 characters."}
    ]
    assert "secret" not in answer.text
    polish = client.get("/api/v1/nothing", headers={"accept-language": "pl"})
    assert polish.headers["content-language"] == "pl"


@pytest.mark.parametrize("path", ["/pl/nothing", "/xx/place", "/nothing", "/pl/place/", "/desk/nothing"])
def test_people_get_a_page(client: TestClient, path: str) -> None:
    answer = client.get(path, headers={"accept": "text/html"})
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["cache-control"] == "no-store"
    assert '<html lang="pl"' in answer.text


def test_an_error_page_speaks_the_language_of_its_path(client: TestClient) -> None:
    answer = client.get("/uk/conflict")
    assert answer.status_code == 409
    assert '<html lang="uk"' in answer.text
    assert 'href="/de/conflict"' in answer.text


def test_ids_that_cannot_be_are_not_there(client: TestClient) -> None:
    for bad in ("x", "1.5", "%00", "..%2f"):
        assert client.get(f"/api/v1/places/{bad}").status_code == 404


def test_unexpected_errors_tell_nobody_anything(client: TestClient, log: io.StringIO) -> None:
    answer = client.get("/api/v1/boom?x=1")
    assert answer.status_code == 422
    answer = client.get("/api/v1/boom")
    assert answer.status_code == 500
    assert answer.json()["code"] == "unexpected"
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    failure = next(line for line in lines if line["event"] == "request failed")
    assert failure["error_type"] == "RuntimeError"
    assert failure["route"] == "/api/v1/boom"
    assert failure["request_id"] == answer.headers["x-request-id"]
    for canary in ("ola@poczta", "203.0.113.5", "testclient", "x=1"):
        assert canary not in log.getvalue() + answer.text


def test_a_database_that_is_down_is_503(client: TestClient, log: io.StringIO) -> None:
    answer = client.get("/api/v1/down")
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "30"
    assert "ola@poczta" not in log.getvalue() + answer.text


def test_the_access_log_knows_the_template_and_not_the_address(client: TestClient, log: io.StringIO) -> None:
    client.get("/api/v1/places/123?secret=1")
    line = json.loads(log.getvalue().splitlines()[-1])
    assert (line["route"], line["method"], line["status"]) == ("/api/v1/places/{number}", "GET", 422)
    assert "123" not in json.dumps(
        {k: v for k, v in line.items() if k not in {"timestamp", "duration_ms", "request_id"}}
    )


def test_too_many_requests_say_when_to_come_again(client: TestClient) -> None:
    answer = client.get("/api/v1/busy")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "17")


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


def test_foreign_hosts_are_refused(client: TestClient) -> None:
    assert client.get("/pl/place", headers={"host": "evil.example"}).status_code == 400
    assert client.get("/pl/place", headers={"x-forwarded-host": "evil.example"}).status_code == 200


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


def test_what_needs_a_user_is_closed(client: TestClient) -> None:
    answer = client.get("/desk/queue", headers={"accept": "text/html"})
    assert answer.status_code == 401
    assert 'href="/desk/sign-in"' in answer.text
