"""Which life of the database something was given out in.

A backup holds sessions that have ended since and links that were used since; put back, all of them would be good again. So
what is stored of a token is its hash together with what is another after a restore: the tables are made anew, the database
or its server is another one, or the server has recovered to a moment and begun a new line of its log. A restart changes
nothing of it. Of a disk that was put back as a whole nobody can tell from within.
"""

from typing import Final

from sqlalchemy import ColumnElement, LargeBinary, TextClause, func, literal, text

from app.accounts.tokens import token_hash

#: SQL of what changes with a restore. A part of a statement of its own, so that it is found out once and an index serves.
INCARNATION: Final = """
    (SELECT int8send(s.system_identifier) || int4send(c.timeline_id)
         || oidsend(d.oid) || oidsend(CAST(CAST('core.session' AS regclass) AS oid))
     FROM pg_control_system() s, pg_control_checkpoint() c, pg_database d WHERE d.datname = current_database())
"""


def hash_here(token: str) -> ColumnElement[bytes]:
    """What of a token is stored in this life of the database, as an expression of SQL."""
    here: TextClause = text(INCARNATION)
    return func.sha256(literal(token_hash(token), LargeBinary).op("||")(here), type_=LargeBinary)
