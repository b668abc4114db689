from starlette.requests import Request
from starlette.responses import Response

from app.config import Settings
from app.web.session_cookie import SessionCookie


def request(cookie: str) -> Request:
    return Request({"type": "http", "headers": [(b"cookie", cookie.encode())]})


def test_under_https_the_cookie_is_bound_to_the_host() -> None:
    response = Response()
    SessionCookie.for_session(Settings(public_url="https://pomapa.example")).set(response, "token")
    cookie = response.headers["set-cookie"]
    assert cookie.startswith("__Host-pomapa=token;")
    assert {"HttpOnly", "Secure", "Path=/", "SameSite=lax"} <= {part.strip() for part in cookie.split(";")}
    assert "Domain" not in cookie
    assert response.headers["cache-control"] == "no-store"


def test_on_plain_http_the_cookie_has_a_plain_name() -> None:
    response = Response()
    SessionCookie.for_session(Settings()).set(response, "token")
    assert response.headers["set-cookie"].startswith("pomapa=token;")
    assert "Secure" not in response.headers["set-cookie"]


def test_reading_takes_only_values_that_could_be_ours() -> None:
    cookie = SessionCookie.for_session(Settings())
    assert cookie.read(request("pomapa=abc; other=1")) == "abc"
    assert cookie.read(request("other=1")) is None
    assert cookie.read(request("pomapa=")) is None
    assert cookie.read(request("pomapa=" + "a" * 101)) is None


def test_clearing_takes_the_cookie_away() -> None:
    response = Response()
    SessionCookie.for_session(Settings(public_url="https://pomapa.example")).clear(response)
    assert "Max-Age=0" in response.headers["set-cookie"]
