"""Logs for operators: one line an event, no personal data, values only under listed names."""

from app.log.access import AccessLog
from app.log.configure import configure
from app.log.events import log_failure, logger

__all__ = ["AccessLog", "configure", "log_failure", "logger"]
