"""What administrators have added to the vocabulary, read into the one that a process goes by."""

import datetime as dt
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import Executor
from app.taxonomy.models import AddedServiceRow
from app.taxonomy.terms import Service
from app.taxonomy.vocabulary import Vocabulary, load_vocabulary, mark_in_use, product_vocabulary, use

#: Where the versions of the layers are, that every answer is made by, the vocabulary has one too: to know whether it has
#: changed costs no question more.
VOCABULARY: Final = "vocabulary"

_TABLE = AddedServiceRow.__table__
_ALL = select(*_TABLE.columns).order_by(_TABLE.c.position)


async def keep_up(reader: Executor, mark: str) -> None:
    """Go by what there is now, where `mark` says that it is another than what this process knows.

    `mark` was read before: what is read here is at least as new. In doubt it is read once more the next time.
    """
    if mark != mark_in_use():
        use(mark, await read_added(reader) if mark else ())


async def read_added(reader: Executor) -> list[Service]:
    """The services that were ever added here, retired ones too, in the order of their bits."""
    rows = (await reader.execute(_ALL)).mappings()
    return [service_of(dict(row)) for row in rows]


async def stored_vocabulary(reader: Executor) -> Vocabulary:
    """The vocabulary as this transaction sees it, whatever the process goes by."""
    return product_vocabulary().with_services(await read_added(reader))


async def newest_vocabulary(session: AsyncSession) -> Vocabulary:
    """Bring this process up to date and give what it goes by from now on. For work that reads no version of layers."""
    row = (await session.execute(_VERSION, {"key": VOCABULARY})).one_or_none()
    await keep_up(session, mark_of(row.version, row.changed_at) if row else "")
    return load_vocabulary()


def mark_of(number: int, changed_at: dt.datetime) -> str:
    """What tells a state of the vocabulary from any other. After a backup is restored a number comes again."""
    return f"{number}.{changed_at.timestamp():.6f}"


async def count_change(session: AsyncSession) -> None:
    """Say that the vocabulary has changed. Holds its row to the end of the transaction: changes come one after the other."""
    await session.execute(_CHANGED, {"key": VOCABULARY})


def service_of(row: Mapping[str, Any]) -> Service:
    """A row of the table as a term."""
    return Service(
        code=row["code"],
        names=MappingProxyType(row["names"]),
        icon=row["icon"],
        retired=row["retired"],
        group=row["group"],
        family=product_vocabulary().groups[row["group"]].family,
        position=row["position"],
        offer=row["offer"],
        descriptions=MappingProxyType({}),
        synonyms=MappingProxyType(_tuples(row["synonyms"])),
        osm=tuple(row["osm"]),
        open_eligibility=row["open_eligibility"],
        open_eligibility_id=row["open_eligibility_id"],
        schema_org=row["schema_org"],
        half_life_days=row["half_life_days"],
        default_disclosure=row["default_disclosure"],
        sensitive=row["sensitive"],
        added=row["id"],
    )


def _tuples(lists: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    return {language: tuple(words) for language, words in lists.items()}


_VERSION = text("SELECT version, changed_at FROM published.layer_version WHERE layer = :key")
_CHANGED = text(
    """
    INSERT INTO published.layer_version AS v (layer, version, changed_at) VALUES (:key, 1, clock_timestamp())
    ON CONFLICT (layer) DO UPDATE SET version = v.version + 1, changed_at = clock_timestamp()
    """
)
