"""The load: a process of its own that keeps a few requests under way and counts the answers."""

import http.client
import itertools
import multiprocessing
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Final

#: Requests under way at a time: enough that the server never waits for the client.
AT_ONCE: Final = 4


@dataclass(frozen=True, slots=True)
class Load:
    """What came of it: requests, their statuses, the bytes of all bodies, the seconds it took."""

    requests: int
    statuses: tuple[int, ...]
    size: int
    seconds: float


def ask(
    port: int, paths: Sequence[str], *, headers: Mapping[str, str], seconds: float, most: int, least: int = 1
) -> Load:
    """Ask for the paths in turn for so many seconds, at least `least` and at most `most` times."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("fork").Process(
        target=_run, args=(there, port, paths, headers, seconds, most, least)
    )
    process.start()
    try:
        result: Load = here.recv()
    finally:
        process.join()
    return result


def etag_of(port: int, path: str) -> str:
    """Give the validator of an answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", path)
    response = connection.getresponse()
    response.read()
    connection.close()
    return response.headers["ETag"] or ""


def _run(
    there: Connection,
    port: int,
    paths: Sequence[str],
    headers: Mapping[str, str],
    seconds: float,
    most: int,
    least: int,
) -> None:
    began = time.monotonic()
    turns = itertools.islice(itertools.cycle(paths), most)
    one_at_a_time = threading.Lock()
    statuses: set[int] = set()
    sizes: list[int] = []

    def next_path() -> str | None:
        with one_at_a_time:
            done = len(sizes) >= least and time.monotonic() - began > seconds
            return None if done else next(turns, None)

    def keep_asking() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        while path := next_path():
            connection.request("GET", path, headers=dict(headers))
            response = connection.getresponse()
            size = len(response.read())
            with one_at_a_time:
                sizes.append(size)
                statuses.add(response.status)
        connection.close()

    threads = [threading.Thread(target=keep_asking) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    there.send(Load(len(sizes), tuple(sorted(statuses)), sum(sizes), time.monotonic() - began))
