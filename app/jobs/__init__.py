"""Work that is done later: deferred by name in the transaction that it belongs to, done by a worker."""

from app.jobs.deferring import defer
from app.jobs.registry import Retry, Work, task

__all__ = ["Retry", "Work", "defer", "task"]
