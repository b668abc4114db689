"""Which names may carry a value into a log. What is not listed is left out, so that nothing slips in."""

import sys
import traceback
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any

#: Ids, counts, durations and names of our own; never what somebody typed, never an address.
ALLOWED = frozenset(
    {
        "action", "attempts", "bytes", "code", "count", "database", "duration_ms", "error_type", "event",
        "frames", "job_id", "kind", "language", "layer", "level", "line", "logger", "mail_id", "method",
        "object_id", "object_type", "port", "queue", "reason", "refused", "request_id", "route", "state",
        "status", "table", "task", "timestamp", "user_id", "version", "worker", "left_out",
    }
)  # fmt: skip
#: structlog's own, taken out again by its last processors.
_INTERNAL = frozenset({"_record", "_from_structlog", "exc_info", "stack_info", "positional_args"})
DEEPEST_TRACE = 12

EventDict = MutableMapping[str, Any]


def only_listed(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Leave out every value whose name is not in `ALLOWED`, and say under `left_out` which ones they were."""
    unlisted = [name for name in event if name not in ALLOWED and name not in _INTERNAL]
    for name in unlisted:
        del event[name]
    if unlisted:
        event["left_out"] = sorted(unlisted)
    return event


def describe_exception(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Put the type of an exception and where it came from in place of its message, which may hold values."""
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    if isinstance(info, tuple):
        info = info[1]
    if isinstance(info, BaseException):
        event["error_type"] = error_type(info)
        event["frames"] = frames(info.__traceback__)
    return event


def error_type(error: BaseException) -> str:
    """The full name of an exception's class."""
    cls = type(error)
    return cls.__name__ if cls.__module__ == "builtins" else f"{cls.__module__}.{cls.__name__}"


def frames(trace: TracebackType | None) -> list[str]:
    """Where an exception passed, innermost last, as `file:line function`; neither code nor values."""
    found = traceback.extract_tb(trace)[-DEEPEST_TRACE:]
    return [f"{'/'.join(f.filename.rsplit('/', 3)[-3:])}:{f.lineno} {f.name}" for f in found]
