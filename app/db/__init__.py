"""The database: declarative base, column kinds, engines of the two roles, one transaction per request."""

from app.db.answers import Question
from app.db.asking import ask
from app.db.base import Base
from app.db.engines import Database, session
from app.db.patience import may_take
from app.db.reader import Executor, PublicReader

__all__ = ["Base", "Database", "Executor", "PublicReader", "Question", "ask", "may_take", "session"]
