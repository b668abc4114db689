import asyncio
from typing import Any

import pytest

from app.errors import PomapaError, TooLarge, UnsupportedMedia
from app.web import body as bodies
from app.web.body import BodyGuard, BrokenBody, SlowBody


async def passed_on(pieces: list[dict[str, Any]], *, path: str = "/api/v1/x", **headers: str) -> bytes:
    """What an application behind the guard reads."""
    read: list[bytes] = []

    async def app(_scope: Any, receive: Any, _send: Any) -> None:
        read.append((await receive())["body"])

    waiting = list(pieces)

    async def receive() -> dict[str, Any]:
        if not waiting:
            await asyncio.sleep(3600)
        return waiting.pop(0)

    scope = {
        "type": "http", "method": "POST", "path": path,
        "headers": [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()],
    }  # fmt: skip
    await BodyGuard(app, {"/api/v1/large": 200_000}, ("/api/",))(scope, receive, None)  # type: ignore[arg-type]
    return read[0]


def piece(data: bytes, *, more: bool = False) -> dict[str, Any]:
    return {"type": "http.request", "body": data, "more_body": more}


async def test_json_arrives_as_it_was_sent() -> None:
    sent = [piece(b'{"a":', more=True), piece(b" 1}")]
    assert await passed_on(sent, content_type="application/json; charset=UTF-8") == b'{"a": 1}'


@pytest.mark.parametrize(
    ("data", "headers", "status"),
    [
        (b"{}", {"content_type": "application/json", "content_encoding": "gzip"}, 415),
        (b"{}", {"content_type": "application/json", "content_encoding": "br"}, 415),
        (b"{}", {"content_type": "application/json; charset=bogus"}, 415),
        (b"{}", {"content_type": "application/json; charset=iso-8859-2"}, 415),
        (b"{}", {"content_type": "text/plain"}, 415),
        (b"{}", {"content_type": "application/xml"}, 415),
        (b"{}", {}, 415),
        (b"{}", {"content_type": "application/json; x=" + "a" * 500}, 415),
        (b"", {"content_type": "application/json"}, 400),
        (b"a=1", {"content_type": "application/x-www-form-urlencoded; charset=cp1250"}, 415),
        (b"x", {"content_type": "multipart/form-data", "path": "/pl/add"}, 400),
        # Where programs send, no page's form does.
        (b"x=1", {"content_type": "application/x-www-form-urlencoded"}, 415),
        (b"x", {"content_type": "multipart/form-data; boundary=x"}, 415),
    ],
)
async def test_other_kinds_of_content_are_refused(data: bytes, headers: dict[str, str], status: int) -> None:
    with pytest.raises(PomapaError) as refused:
        await passed_on([piece(data)], **headers)
    assert refused.value.status == status


@pytest.mark.parametrize("path", ["/pl/add/aid_points", "/nowhere", "/"])
async def test_json_is_taken_only_where_programs_send(path: str) -> None:
    with pytest.raises(UnsupportedMedia):
        await passed_on([piece(b"{}")], path=path, content_type="application/json")


async def test_no_body_needs_no_type() -> None:
    assert await passed_on([piece(b"")]) == b""


async def test_a_declared_size_is_refused_before_reading() -> None:
    with pytest.raises(TooLarge):
        await passed_on([], content_type="application/json", content_length="65537")
    with pytest.raises(TooLarge):
        await passed_on([], content_type="application/json", content_length="9" * 5000)


async def test_an_undeclared_size_is_cut_while_it_streams() -> None:
    sent = [piece(b"x" * 40_000, more=True)] * 1000
    with pytest.raises(TooLarge):
        await passed_on(sent, content_type="application/json")


async def test_some_paths_take_more() -> None:
    large = b'"' + b"x" * 100_000 + b'"'
    assert await passed_on([piece(large)], path="/api/v1/large/x", content_type="application/json") == large


async def test_a_body_that_trickles_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "PATIENCE_S", 0.05)
    with pytest.raises(SlowBody) as refused:
        await passed_on([piece(b"{", more=True)], content_type="application/json")
    assert refused.value.status == 408


async def test_a_client_that_goes_away_has_sent_nothing() -> None:
    with pytest.raises(BrokenBody):
        await passed_on(
            [piece(b"{", more=True), {"type": "http.disconnect"}], content_type="application/json"
        )
