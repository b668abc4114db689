"""A server that goes silent: what stands between a test and its database passes everything on, until it no longer does."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator
from pathlib import Path

from app.localdb.places import PORT

#: What a transaction has to have written so that the answer to its COMMIT is lost.
WRITES = re.compile(rb"(INSERT INTO|UPDATE) core\.submission ")


class SilentServer:
    """Listens in a folder of its own as the server does in its one.

    `loses_commits`: the answer to the COMMIT of a transaction that wrote a submission never comes, though the server has
    committed. `silent`: nothing comes through at all, new connections neither.
    """

    def __init__(self) -> None:
        self.silent = False
        self.loses_commits = False
        self._connections: set[asyncio.Task[None]] = set()

    @contextlib.asynccontextmanager
    async def between(self, server: Path, folder: Path) -> AsyncIterator[None]:
        """Stand before the server whose sockets are in a folder, with a socket in another."""
        self._server = server / f".s.PGSQL.{PORT}"
        listening = await asyncio.start_unix_server(self._connected, folder / f".s.PGSQL.{PORT}")
        try:
            yield
        finally:
            listening.close()
            for task in self._connections:
                task.cancel()
            await asyncio.gather(*self._connections, return_exceptions=True)

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._connections.add(asyncio.create_task(self._pass_on(reader, writer)))

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server_reader, server_writer = await asyncio.open_unix_connection(self._server)
        lost = asyncio.Event()
        there = asyncio.create_task(self._there(reader, server_writer, lost))
        back = asyncio.create_task(self._back(server_reader, writer, lost))
        try:
            await asyncio.wait((there, back), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (there, back):
                task.cancel()
            await asyncio.gather(there, back, return_exceptions=True)
            for end in (writer, server_writer):
                end.close()

    async def _there(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, lost: asyncio.Event
    ) -> None:
        wrote = False
        while data := await reader.read(65536):
            if self.silent:
                continue
            wrote = wrote or WRITES.search(data) is not None
            if b"COMMIT" in data:
                if wrote and self.loses_commits:
                    lost.set()
                wrote = False
            writer.write(data)

    async def _back(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, lost: asyncio.Event
    ) -> None:
        while data := await reader.read(65536):
            if not self.silent and not lost.is_set():
                writer.write(data)
