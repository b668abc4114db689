from typing import Any

import pytest

from app.web.own_cookies import OwnCookies


async def passed_on(*cookies: str) -> list[tuple[bytes, bytes]]:
    seen: list[Any] = []

    async def app(scope: Any, _receive: Any, _send: Any) -> None:
        seen.extend(scope["headers"])

    headers = [(b"host", b"a"), *((b"cookie", cookie.encode("latin-1")) for cookie in cookies)]
    await OwnCookies(app)({"type": "http", "headers": headers}, None, None)  # type: ignore[arg-type]
    return seen


@pytest.mark.parametrize(
    ("sent", "left"),
    [
        ("pomapa=abc; other=1", "pomapa=abc"),
        ("other=1; __Host-pomapa=abc ;__Host-pomapa-browser=x", "__Host-pomapa=abc; __Host-pomapa-browser=x"),
        ("pomapa=" + "a" * 100, "pomapa=" + "a" * 100),
    ],
)
async def test_our_own_cookies_reach_the_application(sent: str, left: str) -> None:
    assert await passed_on(sent) == [(b"host", b"a"), (b"cookie", left.encode())]


@pytest.mark.parametrize(
    "sent",
    [
        "other=1",
        "",
        ";;;",
        'pomapa="abc"',
        "pomapa=" + "a" * 101,
        'x="' + "\\" * 30_000 + '"',
        'pomapa="' + "\\" * 30_000 + '"',
        "POMAPA=abc",
        "\xff\xfe=1",
    ],
)
async def test_what_we_cannot_have_given_does_not(sent: str) -> None:
    assert await passed_on(sent, sent) == [(b"host", b"a")]
