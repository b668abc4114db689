"""Every address says who may use it, and who may not is told so in the same way everywhere."""

import datetime as dt

import httpx2
import pytest
from fastapi import FastAPI

from app.accounts.models import Grant, User
from app.accounts.roles import PERMISSIONS, Role, may
from app.config import Settings
from app.localdb import ClusterUrls
from app.main import create_app
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
        assert (
            answer.headers["cache-control"] == "no-store" or "public" not in answer.headers["cache-control"]
        )
        checked += 1
    assert checked >= 5


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example", "Sec-Fetch-Site": ""},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://testserver.evil.example", "Sec-Fetch-Site": ""},
        {"Origin": "https://testserver@evil.example", "Sec-Fetch-Site": ""},
    ],
)
async def test_nothing_unsafe_is_done_for_another_site(
    site: FastAPI, client: httpx2.AsyncClient, headers: dict[str, str]
) -> None:
    sent = {"Origin": "http://testserver"} | headers
    for route in declared(site, OTHERS):
        if route.method in {"GET", "HEAD", "OPTIONS"}:
            continue
        request = client.build_request(route.method, written(route.path), data={}, headers=sent)
        if not sent.get("Sec-Fetch-Site"):
            del request.headers["Sec-Fetch-Site"]
        answer = await client.send(request)
        assert answer.status_code == 403, (route, headers, answer.status_code)
