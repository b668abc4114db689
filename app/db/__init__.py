"""The database: declarative base, column kinds, engines of the two roles, one transaction per request."""

from app.db.answers import Question
from app.db.asking import ask
from app.db.base import Base
from app.db.counting import CountingReader, TookTooLong, in_time
from app.db.engines import Database, session
from app.db.patience import may_take
from app.db.reader import Executor, PublicReader

__all__ = [
    "Base",
    "CountingReader",
    "Database",
    "Executor",
    "PublicReader",
    "Question",
    "TookTooLong",
    "ask",
    "in_time",
    "may_take",
    "session",
]
