"""Every address says who may use it, and who may not is told so in the same way everywhere."""

import datetime as dt
from typing import Final

import httpx2
import pytest
from fastapi import FastAPI

from app.accounts.models import Grant, User
from app.accounts.roles import PERMISSIONS, Role, may
from app.config import Settings
from app.localdb import ClusterUrls
from app.main import create_app
from app.web.asgi import SAFE_METHODS
from app.web.routes import BY_LINK, PUBLIC, declared, undeclared
from tests.functional.addresses import written
from tests.functional.conftest import make_settings

#: FastAPI's own description of the API; it is public.
OTHERS = {"/api/v1/openapi.json": PUBLIC}


@pytest.fixture
def settings(module_database_urls: ClusterUrls, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return make_settings(module_database_urls, tmp_path_factory.mktemp("data"))


def test_every_route_declares_its_permission(settings: Settings) -> None:
    app = create_app(settings)
    assert undeclared(app, OTHERS) == []
    known = {route.permission for route in declared(app, OTHERS)}
    assert known <= {PUBLIC, BY_LINK, *PERMISSIONS}
    assert len(list(declared(app, OTHERS))) > 30


def test_a_permission_that_does_not_exist_is_nobodys() -> None:
    administrator = User(grants=[Grant(role=Role.ADMINISTRATOR, confirmed_at=dt.datetime.now(dt.UTC))])
    assert may(administrator, "user.grant")
    assert not may(administrator, "no.such.permission")
    assert not may(None, "desk.enter")


async def test_what_is_for_staff_is_refused_to_everybody_else(
    site: FastAPI, client: httpx2.AsyncClient
) -> None:
    checked = 0
    for route in declared(site, OTHERS):
        if route.permission in {PUBLIC, BY_LINK} or route.method == "HEAD":
            continue
        answer = await client.request(
            route.method, written(route.path), data={} if route.method == "POST" else None
        )
        assert answer.status_code == 401, (route, answer.status_code)
        assert answer.headers["cache-control"] == "no-store", route
        checked += 1
    assert checked >= 5


#: What another site can make a browser send, and what it cannot but an old one leaves out. None: not sent at all.
FOREIGN: Final[tuple[dict[str, str | None], ...]] = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://evil.example", "Sec-Fetch-Site": None},
    {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
    {"Origin": "null", "Sec-Fetch-Site": None},
    {"Origin": "http://testserver.evil.example", "Sec-Fetch-Site": None},
    {"Origin": "https://testserver@evil.example", "Sec-Fetch-Site": None},
    {"Origin": "https://evil.example"},
    {"Origin": None, "Sec-Fetch-Site": None, "Cookie": "pomapa=x"},
    {"Sec-Fetch-Site": "cross-site", "Content-Type": "text/plain"},
    {"Sec-Fetch-Site": "cross-site", "Content-Type": "multipart/form-data; boundary=x"},
    {"Sec-Fetch-Site": "cross-site", "Content-Type": "application/json"},
)
#: Ways in which a form of another site asks for another method than it can send.
OVERRIDDEN: Final = (
    {"X-HTTP-Method-Override": "POST"},
    {"X-HTTP-Method": "DELETE"},
    {"X-Method-Override": "POST"},
)


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
async def test_c1_nothing_unsafe_is_done_for_another_site(
    site: FastAPI, client: httpx2.AsyncClient, headers: dict[str, str | None]
) -> None:
    sent = {"Origin": "http://testserver"} | headers
    asked = 0
    for route in declared(site, OTHERS):
        if route.method in SAFE_METHODS:
            continue
        request = client.build_request(route.method, written(route.path), data={})
        for name, value in sent.items():
            if value is None:
                request.headers.pop(name, None)
            else:
                request.headers[name] = value
        answer = await client.send(request)
        assert answer.status_code == 403, (route, headers, answer.status_code)
        asked += 1
    assert asked > 40


async def test_c1_no_header_and_no_field_makes_another_method_of_one(
    site: FastAPI, client: httpx2.AsyncClient
) -> None:
    """Signed in, a GET does what a GET does, whatever it says that it would like to be."""
    for route in declared(site, OTHERS):
        if route.method != "GET" or not route.path.startswith("/desk"):
            continue
        plain = await client.get(written(route.path))
        for headers in OVERRIDDEN:
            answer = await client.get(f"{written(route.path)}?_method=POST", headers=headers)
            assert answer.status_code in (plain.status_code, 422), (route, headers)
