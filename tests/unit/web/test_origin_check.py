from typing import Any

import pytest

from app.config import Settings
from app.web.origin_check import OriginCheck
from app.web.own_host import OwnHosts

PRODUCTION = Settings(
    environment="production",
    secret_key="0123456789abcdef0123456789abcdef-xyz",
    public_url="https://pomapa.example",
)


def check(settings: Settings = PRODUCTION) -> OriginCheck:
    async def nothing(*_: Any) -> None:
        raise AssertionError

    return OriginCheck(nothing, OwnHosts.of(settings), program_paths=("/api/v1/submissions",))


def scope(path: str = "/pl/add", method: str = "POST", **headers: str) -> dict[str, Any]:
    given = {"host": "pomapa.example"} | {name.replace("_", "-"): value for name, value in headers.items()}
    return {
        "type": "http", "method": method, "path": path,
        "headers": [(name.encode(), value.encode()) for name, value in given.items()],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({"sec_fetch_site": "same-origin"}, True),
        ({"sec_fetch_site": "same-origin", "origin": "https://pomapa.example"}, True),
        ({"sec_fetch_site": "none"}, True),
        ({"origin": "https://pomapa.example"}, True),
        ({"sec_fetch_site": "same-site"}, False),
        ({"sec_fetch_site": "cross-site"}, False),
        ({"sec_fetch_site": "cross-site", "origin": "https://pomapa.example"}, False),
        ({"sec_fetch_site": "same-origin", "origin": "https://evil.example"}, False),
        ({"origin": "https://evil.example"}, False),
        ({"origin": "null"}, False),
        # What a form of a page without referrer sends, and what a sandboxed frame elsewhere would.
        ({"origin": "null", "sec_fetch_site": "same-origin"}, True),
        ({"origin": "null", "sec_fetch_site": "cross-site"}, False),
        ({"origin": "null", "sec_fetch_site": "none"}, False),
        ({"origin": "http://[::1"}, False),
        ({"origin": "https://pomapa.example.evil.example"}, False),
        ({"origin": "https://pomapa.example:8443"}, False),
        ({"origin": "file://pomapa.example"}, False),
        ({}, False),
        ({"cookie": "__Host-pomapa=x"}, False),
        ({"x_http_method_override": "GET"}, False),
    ],
)
def test_only_our_own_pages_may_change_something(headers: dict[str, str], allowed: bool) -> None:
    assert check().allows(scope(**headers)) is allowed


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({}, True),
        ({"cookie": "__Host-pomapa=x"}, False),
        ({"origin": "https://evil.example"}, False),
        ({"sec_fetch_site": "cross-site"}, False),
        ({"sec_fetch_site": "same-origin"}, True),
    ],
)
def test_programs_may_send_without_cookies_where_it_is_declared(
    headers: dict[str, str], allowed: bool
) -> None:
    assert check().allows(scope("/api/v1/submissions", **headers)) is allowed


def test_a_developers_machine_is_reached_by_any_literal_address() -> None:
    local = check(Settings())
    assert local.allows(scope(host="192.168.1.5:8000", origin="http://192.168.1.5:8000"))
    assert not local.allows(scope(host="evil.example", origin="http://evil.example"))


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("pomapa.example", True),
        ("POMAPA.example", True),
        ("evil.example", False),
        ("pomapa.example.evil.example", False),
        ("127.0.0.1", False),
        ("", False),
        ("pomapa.example@evil.example", False),
    ],
)
def test_production_answers_only_to_its_public_name(host: str, allowed: bool) -> None:
    assert OwnHosts.of(PRODUCTION).allow(host) is allowed


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("127.0.0.1:8000", True),
        ("localhost", True),
        ("[::1]:9", True),
        ("evil.example", False),
        ("[::1", False),
        ("127.0.0.1, evil.example", False),
        ("127.0.0.1:8000, evil.example", False),
        ("127.0.0.1@evil.example", False),
        ("127.0.0.1:8000/x", False),
    ],
)
def test_development_answers_to_literal_addresses(host: str, allowed: bool) -> None:
    assert OwnHosts.of(Settings()).allow(host) is allowed
