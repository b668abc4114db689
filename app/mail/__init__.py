"""Mails: queued in the transaction they belong to, written and sent by the worker, kept no longer than needed."""

from app.mail.outbox import queue_mail

__all__ = ["queue_mail"]
