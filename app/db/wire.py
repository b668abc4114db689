"""Statements on one connection of the driver: sent, awaited and read by the functions of libpq themselves.

The driver's cursor watches the socket anew for each piece of an answer and wakes the one who waits for it, up to twenty
times for what fills a map. Here the socket is watched once for an answer, and only its end wakes anybody.
"""

import asyncio
import contextlib
from collections import OrderedDict
from collections.abc import AsyncIterator, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import psycopg
from psycopg import abc
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq import ExecStatus, Format, PipelineStatus, TransactionStatus
from psycopg.pq.abc import PGconn, PGresult

from app.db.patience import UNANSWERED, PatientConnection, Unanswered

#: So many statements stay prepared on a connection; the longest unused one makes room.
MOST_PREPARED: Final = 100
#: How long a statement that nobody waits for any more may take to notice.
CANCEL_PATIENCE_S: Final = 5.0

_BYTES: Final = psycopg.adapters.types["bytea"].oid
_PREPARED: Final = "prepared_answers"
_NUMBER: Final = "number_of_prepared_answers"
#: A statement and the types of its values, by which the server tells one prepared statement from another.
_Shape = tuple[bytes, tuple[int, ...]]


async def first_value(
    connection: PatientConnection,
    info: MutableMapping[Any, Any],
    statement: bytes,
    values: Sequence[Any],
) -> Any:
    """Run a statement with values for `$1, $2 …`; give the first value of its first row, None without a row.

    `info` is what is kept with the connection as long as it lives. Whoever goes away meanwhile ends the statement on the
    server. Raises what the driver raises.
    """
    async with _ended_with_its_asker(connection):
        asked = await _ready(connection, info, statement, values)
        asked.send(connection.pgconn)
        return asked.value(await _result(connection.pgconn, connection.patience_s()))


async def first_values(
    connection: PatientConnection,
    info: MutableMapping[Any, Any],
    asked: Sequence[tuple[bytes, Sequence[Any]]],
) -> list[Any]:
    """Run statements one after the other, sent together and answered together; else as `first_value`.

    One that fails takes those behind it with it.
    """
    pgconn = connection.pgconn
    async with _ended_with_its_asker(connection):
        ready = [await _ready(connection, info, statement, values) for statement, values in asked]
        pgconn.enter_pipeline_mode()
        for one in ready:
            one.send(pgconn)
        pgconn.pipeline_sync()
        results = await _results(pgconn, connection.patience_s(len(ready)))
        pgconn.exit_pipeline_mode()
    return [one.value(_good(result)) for one, result in zip(ready, results, strict=False)]


@contextlib.asynccontextmanager
async def _ended_with_its_asker(connection: PatientConnection) -> AsyncIterator[None]:
    try:
        yield
    except asyncio.CancelledError:
        pgconn = connection.pgconn
        with contextlib.suppress(Exception):
            async with asyncio.timeout(CANCEL_PATIENCE_S):
                # Who goes away when all has come leaves nothing to wait for.
                if pgconn.transaction_status == TransactionStatus.ACTIVE:
                    await connection.cancel_safe(timeout=CANCEL_PATIENCE_S)
                    await _results(pgconn, CANCEL_PATIENCE_S)
                if pgconn.pipeline_status != PipelineStatus.OFF:
                    pgconn.exit_pipeline_mode()
        raise


@dataclass(frozen=True, slots=True)
class _Ready:
    """A prepared statement by its name, and its values as they are sent."""

    name: bytes
    sent: Sequence[abc.Buffer | None]
    transformer: abc.Transformer

    def send(self, pgconn: PGconn) -> None:
        pgconn.send_query_prepared(self.name, self.sent, self.transformer.formats, Format.BINARY)

    def value(self, result: PGresult) -> Any:
        """The first value of the first row, None without a row."""
        if not result.ntuples:
            return None
        if result.ftype(0) == _BYTES:
            return result.get_value(0, 0)
        self.transformer.set_pgresult(result)
        return self.transformer.load_row(0, tuple)[0]


async def _ready(
    connection: PatientConnection,
    info: MutableMapping[Any, Any],
    statement: bytes,
    values: Sequence[Any],
) -> _Ready:
    transformer = Transformer(connection)
    sent = transformer.dump_sequence(values, [PyFormat.AUTO] * len(values))
    name = await _prepared(connection, info, (statement, transformer.types or ()))
    return _Ready(name, sent, transformer)


async def _prepared(connection: PatientConnection, info: MutableMapping[Any, Any], shape: _Shape) -> bytes:
    """Give the name of a prepared statement, made when it is not there yet."""
    names: OrderedDict[_Shape, bytes] = info.setdefault(_PREPARED, OrderedDict())
    name = names.get(shape)
    if name is not None:
        names.move_to_end(shape)
        return name
    pgconn = connection.pgconn
    while len(names) >= MOST_PREPARED:
        _, name = names.popitem(last=False)
        pgconn.send_query_params(b"DEALLOCATE " + name, None)
        await _result(pgconn, connection.patience_s())
    # Never the same twice: one whose making failed, or whose maker went away, may be there all the same.
    info[_NUMBER] = number = info.get(_NUMBER, 0) + 1
    name = b"answer_%d" % number
    pgconn.send_prepare(name, shape[0], shape[1])
    await _result(pgconn, connection.patience_s())
    names[shape] = name
    return name


async def _result(pgconn: PGconn, patience_s: float) -> PGresult:
    """The one result of what was sent. Raises the server's error."""
    return _good((await _results(pgconn, patience_s))[-1])


def _good(result: PGresult) -> PGresult:
    if result.status not in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK):
        raise psycopg.errors.error_from_result(result)
    return result


async def _results(pgconn: PGconn, patience_s: float) -> list[PGresult]:
    """All results of what was sent, when the last of them is there and the connection is free again.

    `Unanswered` when that takes longer than the patience; then the connection is in the middle of something.
    """
    coming = _Coming(pgconn)
    ending = coming.loop.call_later(patience_s, coming.give_up)
    try:
        coming.watch()
        return await coming.done
    finally:
        ending.cancel()
        coming.watch_no_more()


class _Coming:
    """What has come so far; `done` when that is all."""

    def __init__(self, pgconn: PGconn) -> None:
        self.pgconn = pgconn
        self.socket = pgconn.socket
        self.loop = asyncio.get_running_loop()
        self.done: asyncio.Future[list[PGresult]] = self.loop.create_future()
        self.results: list[PGresult] = []
        self.watched = False
        #: Statements sent together: each one's results end with nothing, and all of them with a mark of their own.
        self.between = pgconn.pipeline_status != PipelineStatus.OFF

    def watch(self) -> None:
        """Send what there is to send, and be called when there is something to read."""
        self.watched = True
        self.loop.add_reader(self.socket, self.read)
        if self.pgconn.flush():
            self.loop.add_writer(self.socket, self.write)

    def watch_no_more(self) -> None:
        """Leave the socket to others. Not twice: its number may be that of another connection's by then."""
        if self.watched:
            self.watched = False
            self.loop.remove_reader(self.socket)
            self.loop.remove_writer(self.socket)

    def read(self) -> None:
        """Take what the socket has."""
        try:
            self.pgconn.consume_input()
            while not self.pgconn.is_busy():
                result = self.pgconn.get_result()
                if result is None and self.between:
                    # What comes after it is the next statement's.
                    self.between = False
                elif result is None or result.status == ExecStatus.PIPELINE_SYNC:
                    self._end(None)
                    return
                else:
                    self.results.append(result)
                    self.between = self.pgconn.pipeline_status != PipelineStatus.OFF
        except psycopg.Error as error:
            self._end(error)

    def write(self) -> None:
        """Send on what the socket did not take at once."""
        try:
            if not self.pgconn.flush():
                self.loop.remove_writer(self.socket)
        except psycopg.Error as error:
            self._end(error)

    def give_up(self) -> None:
        """Wait no longer. What came while we were busy ourselves has come."""
        if self.watched:
            self.read()
        if not self.done.done():
            self._end(Unanswered(UNANSWERED))

    def _end(self, error: Exception | None) -> None:
        # At once: libpq closes the socket of a lost connection, and the next one that is opened gets its number.
        self.watch_no_more()
        if self.done.done():
            return
        if error is None:
            self.done.set_result(self.results)
        else:
            self.done.set_exception(error)
