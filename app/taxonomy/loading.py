"""Copying the vocabularies into the table of terms."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.taxonomy.additions import stored_vocabulary
from app.taxonomy.models import TermRow
from app.taxonomy.rows import term_rows
from app.taxonomy.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class LoadReport:
    """How many terms were new, changed, the same, and newly retired because their file has lost them."""

    new: int = 0
    changed: int = 0
    same: int = 0
    retired: int = 0


async def load_terms(session: AsyncSession, vocabulary: Vocabulary | None = None) -> LoadReport:
    """Make `published.term` say what the vocabularies say: the files, and what was added here. Again, it changes nothing.

    A term that has vanished from the files is marked retired and never deleted: records and clients
    may still hold its code.
    """
    # Two processes of a new version may start at once; readers are not held up by this lock.
    await session.execute(text("LOCK TABLE published.term IN SHARE ROW EXCLUSIVE MODE"))
    table = TermRow.__table__
    known = {
        (row["kind"], row["code"]): dict(row) for row in (await session.execute(select(table))).mappings()
    }
    words = vocabulary or await stored_vocabulary(session)
    wanted = {(row["kind"], row["code"]): row for row in term_rows(words)}

    new = [row for key, row in wanted.items() if key not in known]
    changed = [row for key, row in wanted.items() if key in known and known[key] != row]
    vanished = [key for key, row in known.items() if key not in wanted and not row["retired"]]
    if new or changed:
        await session.execute(_upsert(), new + changed)
    for kind, code in vanished:
        await session.execute(
            update(TermRow).where(TermRow.kind == kind, TermRow.code == code).values(retired=True)
        )
    return LoadReport(len(new), len(changed), len(wanted) - len(new) - len(changed), len(vanished))


def _upsert() -> Any:
    statement = insert(TermRow)
    keys = ("kind", "code")
    columns = [column.key for column in TermRow.__table__.columns if column.key not in keys]
    return statement.on_conflict_do_update(
        index_elements=keys, set_={key: statement.excluded[key] for key in columns}
    )
