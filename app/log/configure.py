"""Sets up structlog and the standard library's logging together, so that both write the same lines."""

import datetime as dt
import json
import logging
import sys
from collections.abc import Mapping
from typing import TextIO

import structlog
from structlog.typing import Processor

from app.log.fields import describe_exception, only_listed

#: Talkative libraries. uvicorn's own access log has addresses and query strings in it: ours replaces it.
QUIET = {
    "uvicorn.access": logging.CRITICAL,
    "procrastinate": logging.WARNING,
    "httpx2": logging.WARNING,
    "httpcore2": logging.WARNING,
    "aiosmtplib": logging.WARNING,
    "python_multipart": logging.WARNING,
}


class _Lines(logging.StreamHandler[TextIO]):
    """The handler of a process in production, to which a ready line can be given as well."""

    def write(self, line: str) -> None:
        """Write a line between those of others. What cannot be written ends nothing, as with any other event."""
        self.acquire()
        try:
            self.stream.write(line + self.terminator)
            self.flush()
        except Exception:  # noqa: BLE001 - whatever the stream has against it
            self.handleError(logging.makeLogRecord({"msg": line}))
        finally:
            self.release()


def log_often(name: str, event: str, values: Mapping[str, object]) -> None:
    """Log what every request logs. In production the same line as any other event has, without the way to it.

    That way, through two libraries and a record, takes a third of a request that only says that nothing has changed.
    """
    if not logging.getLogger(name).isEnabledFor(logging.INFO):
        return
    handlers = logging.getLogger().handlers
    if len(handlers) != 1 or not isinstance(handlers[0], _Lines):
        structlog.get_logger(name).info(event, **values)
        return
    said = only_listed(None, "info", {**structlog.contextvars.get_contextvars(), **values})
    time = dt.datetime.now(dt.UTC).replace(tzinfo=None).isoformat() + "Z"
    line = {**said, "event": event, "level": "info", "logger": name, "timestamp": time}
    handlers[0].write(json.dumps(line, ensure_ascii=False))


def configure(*, production: bool, level: str | None = None, stream: TextIO | None = None) -> None:
    """Write every event of this process to `stream` (standard error): JSON in production, else for the eye.

    At a terminal only what needs somebody, unless `level` says otherwise: a line for every request would push away
    the address and the one-time link that `serve` has printed.
    """
    seen = not production and (stream or sys.stderr).isatty()
    first: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        describe_exception,
    ]
    structlog.configure(
        processors=[*first, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    shown: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if production
        else structlog.dev.ConsoleRenderer(colors=(stream or sys.stderr).isatty())
    )
    handler = (_Lines if production else logging.StreamHandler)(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=first,
            processors=[
                _only_event_of_others,
                only_listed,
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                shown,
            ],
        )
    )
    root = logging.getLogger()
    for old in list(root.handlers):
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level or ("WARNING" if seen else "INFO"))
    for name, quiet in QUIET.items():
        logging.getLogger(name).setLevel(quiet)
    for name in ("uvicorn", "uvicorn.error"):
        talker = logging.getLogger(name)
        talker.handlers.clear()
        talker.propagate = True


def _only_event_of_others(
    _logger: object, _method: str, event: "structlog.typing.EventDict"
) -> "structlog.typing.EventDict":
    # A library's message may have values worked into its text. Its warnings are kept as the template
    # they were made from; only our own events and the server's start-up lines are words we know.
    record = event.get("_record")
    if isinstance(record, logging.LogRecord) and not record.name.startswith(("app.", "uvicorn")):
        event["event"] = str(record.msg)[:200]
    return event
