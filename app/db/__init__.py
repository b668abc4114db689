"""The database: declarative base, column kinds, engines of the two roles, one transaction per request."""

from app.db.base import Base
from app.db.engines import Database, session

__all__ = ["Base", "Database", "session"]
