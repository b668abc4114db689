import asyncio
import dataclasses
from types import MappingProxyType

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import ProgrammingError

from app.db import Database, session
from app.taxonomy.loading import LoadReport, load_terms
from app.taxonomy.models import TermRow
from app.taxonomy.rows import term_rows, term_uuid
from app.taxonomy.vocabulary import Vocabulary, load_vocabulary

TERMS = len(list(load_vocabulary().terms()))


@pytest.fixture
async def empty(db: Database) -> Database:
    """A database whose migrations may or may not have loaded the terms already."""
    async with session(db) as s:
        await s.execute(text("DELETE FROM published.term"))
    return db


def without_drinks() -> Vocabulary:
    vocabulary = load_vocabulary()
    rest = {code: service for code, service in vocabulary.services.items() if code != "drinks"}
    return dataclasses.replace(vocabulary, services=MappingProxyType(rest))


async def load(db: Database, vocabulary: Vocabulary | None = None) -> LoadReport:
    async with session(db) as s:
        return await load_terms(s, vocabulary)


async def row_of(db: Database, kind: str, code: str) -> TermRow:
    async with session(db) as s:
        return (await s.execute(select(TermRow).filter_by(kind=kind, code=code))).scalar_one()


async def test_loading_puts_every_term_and_loading_again_changes_nothing(empty: Database) -> None:
    assert await load(empty) == LoadReport(new=TERMS)
    assert await load(empty) == LoadReport(same=TERMS)
    async with session(empty) as s:
        assert await s.scalar(select(func.count()).select_from(TermRow)) == TERMS


async def test_a_row_holds_what_the_file_says(empty: Database) -> None:
    await load(empty)
    row = await row_of(empty, "service", "public_shelter")
    assert (row.parent, row.family, row.position, row.icon) == ("crisis", "shelter", 116, "shield-half")
    assert row.uuid == term_uuid("service", "public_shelter")
    assert row.names["uk"] == "Укриття"
    assert row.data["crisis"] is True
    assert "synonyms" not in row.data
    assert (await row_of(empty, "family", "food")).family == "food"


async def test_a_changed_term_is_corrected_and_only_that_one(empty: Database) -> None:
    await load(empty)
    async with session(empty) as s:
        await s.execute(
            update(TermRow)
            .where(TermRow.kind == "service", TermRow.code == "drinks")
            .values(names={"pl": "?"})
        )
    assert await load(empty) == LoadReport(changed=1, same=TERMS - 1)
    assert (await row_of(empty, "service", "drinks")).names["pl"] == "Woda i ciepłe napoje"


async def test_a_vanished_term_is_retired_and_never_deleted(empty: Database) -> None:
    await load(empty)
    # The services behind it move up one place, which is a change; their bits stay.
    first = await load(empty, without_drinks())
    assert first.retired == 1
    assert (await row_of(empty, "service", "drinks")).retired
    again = await load(empty, without_drinks())
    assert again == LoadReport(same=TERMS - 1)
    back = await load(empty)
    assert (back.new, back.retired) == (0, 0)
    assert not (await row_of(empty, "service", "drinks")).retired


async def test_two_processes_may_load_at_once(empty: Database) -> None:
    reports = await asyncio.gather(load(empty), load(empty))
    assert sorted(report.new for report in reports) == [0, TERMS]
    assert sorted(report.same for report in reports) == [0, TERMS]


async def test_the_public_reader_sees_the_terms_and_cannot_change_them(empty: Database) -> None:
    await load(empty)
    async with empty.reading() as connection:
        count = await connection.scalar(text("SELECT count(*) FROM published.term"))
        assert count == len(term_rows(load_vocabulary()))
        with pytest.raises(ProgrammingError, match="permission denied"):
            await connection.execute(text("DELETE FROM published.term"))
