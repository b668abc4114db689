"""What happens to the socket of a connection that is lost in the middle of an answer."""

import asyncio
import contextlib
import os
import socket
from collections.abc import Callable
from typing import Any, cast

import psycopg
import pytest
from psycopg.pq import PipelineStatus
from psycopg.pq.abc import PGconn

from app.db import wire


class LosesItsSocket:
    """As libpq does it: the socket of a lost connection is closed where the loss is seen."""

    pipeline_status = PipelineStatus.OFF

    def __init__(self, theirs: int, then: Callable[[], object]) -> None:
        self.socket = theirs
        self.then = then

    def flush(self) -> int:
        return 0

    def consume_input(self) -> None:
        os.close(self.socket)
        self.then()
        raise psycopg.OperationalError("server closed the connection unexpectedly")


async def test_a_lost_connection_leaves_its_number_to_the_next_one() -> None:
    """Another task may open a connection before the one that waited for the lost one is woken."""
    loop = asyncio.get_running_loop()
    near, far = socket.socketpair()
    number = near.detach()
    opened, other = socket.socketpair()
    taken: list[bool] = []

    def watch_another() -> None:
        os.dup2(opened.fileno(), number)
        loop.add_reader(number, lambda: taken.append(True))

    conn = LosesItsSocket(number, lambda: loop.call_soon(watch_another))
    far.send(b"x")
    with pytest.raises(psycopg.OperationalError):
        await wire._results(cast("PGconn", cast("Any", conn)), 60)
    watched_still = loop.remove_reader(number)
    for each in (far, opened, other):
        each.close()
    with contextlib.suppress(OSError):
        os.close(number)
    assert watched_still
