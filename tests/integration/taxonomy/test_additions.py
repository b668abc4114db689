"""What was added is read when it has changed, and only then."""

import asyncio
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from sqlalchemy import Executable, Result, func, select, text

from app.accounts.audit import Actor
from app.db import Database, session
from app.features.versions import read_versions, tag_of
from app.i18n import LANGUAGES
from app.taxonomy.added_services import AllPlacesTaken, Fixed, Told, add
from app.taxonomy.loading import load_terms
from app.taxonomy.models import AddedServiceRow
from app.taxonomy.vocabulary import load_vocabulary, product_vocabulary, use

BY = Actor("system")


@pytest.fixture(autouse=True)
def nothing_added_afterwards() -> Iterator[None]:
    yield
    use("", ())


async def put(db: Database, code: str) -> None:
    # Names of letters only, each another one.
    name = code.removeprefix("local_").translate(str.maketrans("0123456789", "abcdefghij"))
    cyrillic = name.translate(str.maketrans("abcdefghijklmnopqrstuvwxyz", "абцдефгхийклмнопярстувшжуз"))
    names = {language: cyrillic if language in ("uk", "ru") else name for language in LANGUAGES}
    told = Told(names=names, synonyms={}, icon="soup")
    async with session(db) as s:
        await add(s, Fixed(code=f"local_{code}", group="food"), told, by=BY)


class Counting:
    """Counts the statements of a reader."""

    def __init__(self, reader: Any) -> None:
        self.reader = reader
        self.asked = 0

    async def execute(
        self, statement: Executable, parameters: Mapping[str, Any] | None = None, /
    ) -> Result[Any]:
        self.asked += 1
        result: Result[Any] = await self.reader.execute(statement, parameters)
        return result


async def _read(db: Database) -> tuple[int, str]:
    """Read the versions: how many statements it took, and the mark of a layer's answers."""
    async with db.reading() as reader:
        counting = Counting(reader)
        versions = await read_versions(counting)  # type: ignore[arg-type]  # what it uses of a connection
        return counting.asked, tag_of(versions, ["aid_points"])


async def test_a_change_is_asked_for_once_and_nothing_otherwise(db: Database) -> None:
    asked, plain = await _read(db)
    assert load_vocabulary() is product_vocabulary()
    await put(db, "jam")
    asked_after, marked = await _read(db)
    known = load_vocabulary()
    assert (asked, asked_after) == (1, 2)
    assert plain != marked
    assert "local_jam" in known.expand(("food",))
    assert known.mask(("local_jam",)) == (0, 0, 1)
    for _ in range(3):
        assert await _read(db) == (1, marked)
        assert load_vocabulary() is known


async def test_those_who_add_at_once_get_bits_of_their_own(db: Database) -> None:
    await asyncio.gather(*(put(db, code) for code in ("aa", "bb", "cc", "dd")))
    async with session(db) as s:
        assert sorted((await s.scalars(select(AddedServiceRow.position))).all()) == [120, 121, 122, 123]
        assert await s.scalar(text("SELECT count(*) FROM core.audit WHERE action = 'service.added'")) == 4


async def test_a_deployment_keeps_what_was_added_and_the_sixty_first_does_not_fit(db: Database) -> None:
    await put(db, "jam")
    async with session(db) as s:
        report = await load_terms(s)
        assert report.retired == 0
        assert report.changed == 0
        listed = text("SELECT count(*) FROM published.term WHERE code = 'local_jam' AND NOT retired")
        assert await s.scalar(listed) == 1
        # As if there were sixty.
        await s.execute(text("UPDATE published.service_type SET position = 179"))
    await _read(db)
    assert load_vocabulary().codes(load_vocabulary().mask(("local_jam", "hot_meals"))) == (
        "hot_meals",
        "local_jam",
    )
    with pytest.raises(AllPlacesTaken):
        await put(db, "honey")
    async with session(db) as s:
        assert await s.scalar(select(func.count()).select_from(AddedServiceRow)) == 1
