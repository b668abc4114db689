"""The engines of the writer and the reader, and the one transaction of a request."""

import contextlib
from collections.abc import AsyncIterator, Mapping
from typing import Any

from sqlalchemy import URL, make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine

from app.config import Settings
from app.db.answers import Question, answer, answers
from app.db.counting import CountingReader
from app.db.patience import PatientWriter, connecting
from app.db.urls import role_urls

CONNECT_TIMEOUT_S = 2
#: How long one waits for a reader. The templates of others, a tenth of a second each, are a part of it.
READER_WAIT_S = 5


class Database:
    """The engines of one process.

    `write` connects as `pomapa_app` and works in transactions. `read` connects as `pomapa_reader`,
    which can see the schema `published` and nothing else, in autocommit: one statement, one answer.
    `planned_once` does the same for statements whose best plan does not depend on their values, and `counting` for
    numbers that an answer can do without, in a shorter time (`counts`).
    """

    def __init__(
        self,
        app_url: str | URL,
        read_url: str | URL,
        *,
        pool_size: int = 4,
        read_timeout_ms: int = 2000,
        write_timeout_ms: int = 10000,
        counts_timeout_ms: int = 1000,
    ) -> None:
        """Make both engines; nothing connects before the first query."""
        self.app_url = make_url(app_url)
        self.write: AsyncEngine = create_async_engine(
            self.app_url,
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_timeout=CONNECT_TIMEOUT_S,
            # What people write must not reach a log by way of an error message.
            hide_parameters=True,
            pool_pre_ping=True,
            connect_args=_connect_args("public", write_timeout_ms)
            | {"async_creator_fn": connecting(write_timeout_ms / 1000, PatientWriter)},
        )
        # No overflow: a connection over the number is thrown away after its one answer, and connecting anew costs many
        # times the answer.
        self.read = _reader(read_url, read_timeout_ms, 2 * pool_size)
        self.planned_once = _reader(
            read_url, read_timeout_ms, pool_size, " -c plan_cache_mode=force_generic_plan"
        )
        self._counts_s = counts_timeout_ms / 1000
        self.counting = _reader(read_url, counts_timeout_ms, pool_size, wait_s=self._counts_s)

    @classmethod
    def of(cls, settings: Settings) -> "Database":
        """Make the engines of the configured server."""
        urls = role_urls(settings)
        return cls(
            urls.app,
            urls.read,
            pool_size=settings.pool_size,
            read_timeout_ms=settings.read_statement_timeout_ms,
            write_timeout_ms=settings.write_statement_timeout_ms,
            counts_timeout_ms=settings.counts_timeout_ms,
        )

    def counts(self) -> CountingReader:
        """Give a reader for the numbers of one answer."""
        return CountingReader(self.counting, self._counts_s)

    async def answer(self, sql: str, values: Mapping[str, Any], *, planned_once: bool = False) -> Any:
        """Run a statement of the public reader with parameters `:name`; give its one value, None without a row.

        With `planned_once` the server plans it for whatever values, the first time on each connection. Planning can
        take longer than the answer, but where the values decide which index serves it has to be done each time.
        """
        return await answer(self.planned_once if planned_once else self.read, sql, values)

    async def answers(self, *questions: Question) -> list[Any]:
        """Run several statements that are planned once, in one way to the server and back; give each one's value.

        A way costs the server about as much as a small answer costs PostgreSQL.
        """
        return await answers(self.planned_once, questions)

    async def dispose(self) -> None:
        """Close all connections."""
        await self.write.dispose()
        await self.read.dispose()
        await self.planned_once.dispose()
        await self.counting.dispose()

    @contextlib.asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """Give a connection of the public reader."""
        async with self.read.connect() as connection:
            yield connection


@contextlib.asynccontextmanager
async def session(db: Database) -> AsyncIterator[AsyncSession]:
    """Give one transaction of the writer: committed at the end, rolled back on any error."""
    async with AsyncSession(db.write, expire_on_commit=False) as s, s.begin():
        yield s


def _reader(
    url: str | URL, timeout_ms: int, pool_size: int, options: str = "", wait_s: float = READER_WAIT_S
) -> AsyncEngine:
    return create_async_engine(
        make_url(url),
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=wait_s,
        # What people write must not reach a log by way of an error message.
        hide_parameters=True,
        # A reader holds no transaction, so there is nothing to roll back when it returns.
        pool_reset_on_return=None,
        isolation_level="AUTOCOMMIT",
        connect_args=_connect_args("public", timeout_ms, options)
        | {"prepare_threshold": 2, "async_creator_fn": connecting(timeout_ms / 1000)},
    )


def _connect_args(search_path: str, timeout_ms: int, further: str = "") -> dict[str, object]:
    options = (
        f"-c search_path={search_path} -c statement_timeout={timeout_ms} -c jit=off -c timezone=UTC{further}"
    )
    return {"connect_timeout": CONNECT_TIMEOUT_S, "options": options}
