import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from app.log import AccessLog, configure, log_failure, logger
from app.log.access import known_method, route_template
from app.log.configure import log_often


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    written = io.StringIO()
    configure(production=True, stream=written)
    yield written
    root.handlers, root.level = handlers, level


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_values_without_a_listed_name_are_left_out(stream: io.StringIO) -> None:
    logger("app.test").info(
        "submission confirmed", object_id="7", email="ola@poczta.example", ip="203.0.113.5"
    )
    (line,) = lines(stream)
    assert line["object_id"] == "7"
    assert line["left_out"] == ["email", "ip"]
    assert "ola" not in stream.getvalue()


def test_a_failure_is_its_type_and_its_place(stream: io.StringIO) -> None:
    try:
        msg = "value of ola@poczta.example"
        raise ValueError(msg)  # noqa: TRY301 - it has to be raised to have a place
    except ValueError as error:
        log_failure("app.test", "import failed", error)
        logging.getLogger("library").exception("went wrong for %s", "ola@poczta.example")
    ours, theirs = lines(stream)
    assert ours["error_type"] == theirs["error_type"] == "ValueError"
    assert any("test_log.py" in frame for frame in ours["frames"])
    assert theirs["event"] == "went wrong for %s"
    assert "ola@" not in stream.getvalue()


def test_what_is_bound_to_the_request_is_in_every_line(stream: io.StringIO) -> None:
    with structlog.contextvars.bound_contextvars(request_id="abc"):
        logger("app.test").info("one")
        logging.getLogger("uvicorn.error").info("Started server process [%d]", 7)
    assert [line["request_id"] for line in lines(stream)] == ["abc", "abc"]
    assert lines(stream)[1]["event"] == "Started server process [7]"


def test_the_servers_own_access_log_is_silent(stream: io.StringIO) -> None:
    logging.getLogger("uvicorn.access").info("203.0.113.5 - GET /pl/?q=secret")
    assert stream.getvalue() == ""


async def test_health_checks_are_not_logged(stream: io.StringIO) -> None:
    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"12345"})

    async def send(_message: Any) -> None: ...

    for path in ("/healthz", "/pl/"):
        await AccessLog(app)({"type": "http", "method": "GET", "path": path}, None, send)  # type: ignore[arg-type]
    (line,) = lines(stream)
    assert (line["status"], line["bytes"], line["route"]) == (200, 5, "-")


def test_what_is_logged_often_is_the_line_of_any_other_event(stream: io.StringIO) -> None:
    said = {
        "method": "GET",
        "route": "/ą",
        "status": 304,
        "bytes": 0,
        "duration_ms": 0.1,
        "email": "ola@poczta.example",
    }
    with structlog.contextvars.bound_contextvars(request_id="abc"):
        logger("app.access").info("request", **said)
        log_often("app.access", "request", said)
    usual, often = lines(stream)
    assert usual.pop("timestamp")[:13] == often.pop("timestamp")[:13]
    assert often == usual
    assert often["left_out"] == ["email"]
    assert "ola" not in stream.getvalue()
    logging.getLogger("app.access").setLevel(logging.WARNING)
    try:
        log_often("app.access", "request", said)
    finally:
        logging.getLogger("app.access").setLevel(logging.NOTSET)
    assert len(lines(stream)) == 2


class _Full(io.StringIO):
    def write(self, _text: str, /) -> int:
        raise OSError(28, "No space left on device")


async def test_a_request_is_answered_also_where_its_line_cannot_be_written(
    stream: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    configure(production=True, stream=_Full())
    # Told on the standard error besides, which here is nobody's business.
    monkeypatch.setattr(logging, "raiseExceptions", False)
    await AccessLog(app)({"type": "http", "method": "GET", "path": "/pl/"}, None, send)  # type: ignore[arg-type]
    assert len(sent) == 2


def test_made_up_methods_are_nobodys_text() -> None:
    assert known_method("GET") == "GET"
    assert known_method("SECRET") == "OTHER"
    assert route_template({}) == "-"


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("production", "stream", "told"), [
    (False, _Terminal, ["warning"]),
    (False, io.StringIO, ["info", "warning"]),
    (True, _Terminal, ["info", "warning"]),
])  # fmt: skip
def test_a_terminal_is_told_what_needs_somebody_and_no_line_a_request(
    production: bool, stream: type[io.StringIO], told: list[str]
) -> None:
    written = stream()
    configure(production=production, stream=written)
    logger("app.access").info("request")
    logger("app.web").warning("something is wrong")
    assert [level for level in ("info", "warning") if level in written.getvalue()] == told
