import gzip
from typing import Any

import pytest

from app.web.compression import Compression, accepts_gzip

TEXT = b"open until 18:00 " * 200


async def answer(
    pieces: list[bytes],
    *,
    accept: str = "gzip, br",
    media_type: str = "text/html; charset=utf-8",
    **headers: str,
) -> tuple[dict[str, str], list[bytes]]:
    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        given = {"content-type": media_type} | {k.replace("_", "-"): v for k, v in headers.items()}
        await send(
            {
                "type": "http.response.start",
                "status": 200,
                "headers": [(k.encode(), v.encode()) for k, v in given.items()],
            }
        )
        for number, piece in enumerate(pieces, 1):
            await send({"type": "http.response.body", "body": piece, "more_body": number < len(pieces)})

    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await Compression(app)({"type": "http", "headers": [(b"accept-encoding", accept.encode())]}, None, send)  # type: ignore[arg-type]
    start, *bodies = sent
    return {k.decode(): v.decode() for k, v in start["headers"]}, [m["body"] for m in bodies]


async def test_text_is_compressed_with_its_own_validator() -> None:
    headers, bodies = await answer([TEXT], etag='"v1"', content_length=str(len(TEXT)))
    assert headers["content-encoding"] == "gzip"
    assert headers["etag"] == '"v1-gz"'
    assert headers["vary"] == "Accept-Encoding"
    assert headers["content-length"] == str(len(bodies[0]))
    assert gzip.decompress(bodies[0]) == TEXT


@pytest.mark.parametrize(
    ("pieces", "options"),
    [
        ([b"short"], {}),
        ([TEXT], {"accept": "br"}),
        ([TEXT], {"accept": "gzip;q=0"}),
        ([TEXT], {"media_type": "image/png"}),
        ([TEXT], {"content_encoding": "br"}),
    ],
)
async def test_what_does_not_pay_stays_as_it_is(pieces: list[bytes], options: dict[str, str]) -> None:
    headers, bodies = await answer(pieces, etag='"v1"', **options)
    assert headers.get("content-encoding", "") in {"", "br"}
    assert headers["etag"] == '"v1"'
    assert bodies == pieces


async def test_a_stream_goes_out_piece_by_piece() -> None:
    headers, bodies = await answer([b"one", b"two", TEXT])
    assert headers["content-encoding"] == "gzip"
    assert "content-length" not in headers
    assert len(bodies) == 3
    assert all(bodies)
    assert gzip.decompress(b"".join(bodies)) == b"onetwo" + TEXT


async def test_clients_without_gzip_are_told_that_it_varies() -> None:
    headers, _ = await answer([TEXT], accept="")
    assert headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    ("header", "accepted"),
    [
        ("gzip", True),
        ("br, GZIP;q=0.5", True),
        ("gzip;q=0", False),
        ("gzip; q=0.000", False),
        ("", False),
        ("*", False),
    ],
)
def test_accept_encoding(header: str, accepted: bool) -> None:
    assert accepts_gzip(header) is accepted
