"""The load: a process of its own that asks for addresses one after the other and counts the answers."""

import http.client
import itertools
import multiprocessing
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection


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
    connection = http.client.HTTPConnection("127.0.0.1", port)
    statuses: set[int] = set()
    size = requests = 0
    began = time.monotonic()
    for path in itertools.islice(itertools.cycle(paths), most):
        if requests >= least and time.monotonic() - began > seconds:
            break
        connection.request("GET", path, headers=dict(headers))
        response = connection.getresponse()
        size += len(response.read())
        statuses.add(response.status)
        requests += 1
    there.send(Load(requests, tuple(sorted(statuses)), size, time.monotonic() - began))
    connection.close()
