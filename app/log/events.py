"""The logger of a module, and the one way to log a failure."""

from typing import cast

import structlog

from app.log.fields import error_type, frames


def logger(name: str) -> structlog.stdlib.BoundLogger:
    """The logger called `name`; nothing is bound before the first event."""
    return cast("structlog.stdlib.BoundLogger", structlog.get_logger(name))


def log_failure(name: str, event: str, error: BaseException, **values: object) -> None:
    """Log that something failed: the type of the error and where it came from, never its message."""
    logger(name).error(event, error_type=error_type(error), frames=frames(error.__traceback__), **values)
