"""Questions asked of whatever reads: the database itself, all at once, or a connection beside other statements, in turn."""

import functools
from typing import Any

from sqlalchemy import TextClause, text

from app.db.answers import Question
from app.db.engines import Database
from app.db.reader import Executor


async def ask(reader: Database | Executor, *questions: Question) -> list[Any]:
    """Give the first value of the first row of each."""
    if isinstance(reader, Database):
        return await reader.answers(*questions)
    return [(await reader.execute(_text(asked.sql), asked.values)).scalar_one() for asked in questions]


@functools.lru_cache(maxsize=256)
def _text(sql: str) -> TextClause:
    return text(sql)
