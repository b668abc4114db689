"""Whether the time of the answer tells who has an account (SECURITY B4).

`python -m benchmarks.enumeration --asked 500` asks for so many links each for people who have an account, who are suspended,
whose role waits for a second person, and whom nobody knows: in turns drawn by chance, each from an address of its own, of
a server in a process of its own. Its mail server takes three seconds for everything; nobody but the worker ever speaks to it.
Beside each median stands how far it is from that of nobody, as a part of it, and the p of Mann and Whitney: below 0.01 the
two can be told apart.
"""

import argparse
import asyncio
import http.client
import math
import os
import random
import socket
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Final, Self

from sqlalchemy import text

from app.accounts.granting import grant_role
from app.accounts.roles import Role
from app.accounts.users import suspend
from app.db import Database, session
from app.localdb import ClusterUrls, LocalCluster
from app.localdb.schema import migrate
from benchmarks.server import serving

#: All of one length; of the last there is nobody.
KINDS: Final = ("known", "gone.", "waits", "never")
_NOBODY: Final = KINDS[-1]
_WARM_UP: Final = 40
_MAIL_TAKES_S: Final = 3.0


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--asked", type=int, default=500)
    asked = parser.parse_args().asked
    with tempfile.TemporaryDirectory(prefix="pomapa-bench-") as temporary:
        # The server's own user has to come in.
        Path(temporary).chmod(0o755)
        with LocalCluster(Path(temporary), report=_say) as cluster, _SlowMail() as mail:
            migrate(cluster.urls.owner)
            asyncio.run(_people(cluster.urls, asked))
            os.environ["SMTP_URL"] = f"smtp://127.0.0.1:{mail.port}"
            with serving(cluster.urls) as server:
                took = _ask(server.port, asked)
            _tell(took)
            print(f"  connections to the mail server: {mail.connections}")


def two_sided_p(some: list[float], others: list[float]) -> float:
    """The p of the test of Mann and Whitney by the normal distribution, for hundreds of values that hardly repeat."""
    ranked = sorted([(value, True) for value in some] + [(value, False) for value in others])
    ranks = sum(rank for rank, (_, is_of_some) in enumerate(ranked, 1) if is_of_some)
    n, m = len(some), len(others)
    u = ranks - n * (n + 1) / 2
    z = (u - n * m / 2) / math.sqrt(n * m * (n + m + 1) / 12)
    return math.erfc(abs(z) / math.sqrt(2))


class _SlowMail:
    """Takes connections, and says nothing for a while."""

    def __init__(self) -> None:
        self.connections = 0
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])

    def __enter__(self) -> Self:
        threading.Thread(target=self._take, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._listening.close()

    def _take(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self.connections += 1
            time.sleep(_MAIL_TAKES_S)
            connection.close()


async def _people(urls: ClusterUrls, asked: int) -> None:
    db = Database(urls.app, urls.reader)
    for number in range(asked):
        async with session(db) as s:
            for kind in KINDS[:3]:
                await grant_role(s, _email(kind, number), Role.EDITOR)
            await suspend(s, _email("gone.", number))
    waiting = "UPDATE core.grant SET confirmed_at = NULL FROM core.user u WHERE u.id = user_id AND u.email LIKE 'waits%'"
    async with session(db) as s:
        await s.execute(text(waiting))
    await db.dispose()


def _ask(port: int, asked: int) -> dict[str, list[float]]:
    """Milliseconds of each answer, by kind."""
    turns = [(kind, number) for number in range(asked) for kind in KINDS]
    random.Random(4).shuffle(turns)
    for number in range(_WARM_UP):
        _asked_ms(port, f"127.250.0.{number + 1}", _email("first", number))
    took: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for place, (kind, number) in enumerate(turns):
        address = f"127.{200 + place // 50_000}.{place // 200 % 250}.{place % 200 + 1}"
        took[kind].append(_asked_ms(port, address, _email(kind, number)))
    return took


def _asked_ms(port: int, address: str, email: str) -> float:
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Sec-Fetch-Site": "same-origin",
        "Origin": f"http://127.0.0.1:{port}",
    }
    connection = http.client.HTTPConnection("127.0.0.1", port, source_address=(address, 0), timeout=60)
    connection.connect()
    began = time.perf_counter()
    connection.request("POST", "/desk/sign-in", f"email={email.replace('@', '%40')}", headers)
    answer = connection.getresponse()
    answer.read()
    took_ms = (time.perf_counter() - began) * 1000
    connection.close()
    if answer.status != http.client.OK:
        msg = f"answered {answer.status}"
        raise RuntimeError(msg)
    return took_ms


def _tell(took: dict[str, list[float]]) -> None:
    nobody = statistics.median(took[_NOBODY])
    print(f"{len(took[_NOBODY])} of each")
    for kind, times in took.items():
        median = statistics.median(times)
        apart = abs(median - nobody)
        p = f"  p {two_sided_p(times, took[_NOBODY]):.3f}" if kind != _NOBODY else ""
        print(f"  {kind:6} median {median:7.2f} ms  apart {apart:5.2f} ms ({apart / nobody:6.1%}){p}")


def _email(kind: str, number: int) -> str:
    return f"{kind}{number:04}@kielce.example"


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr)


if __name__ == "__main__":
    main()
