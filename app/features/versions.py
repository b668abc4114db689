"""The version of each layer: what an answer's entity tag says, and the queue in which publications stand."""

import asyncio
import datetime as dt
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from app.areas.told import AREAS
from app.db import Database
from app.taxonomy.additions import VOCABULARY, keep_up, mark_of

#: How long a process believes the version it has read: a quarter of what publication may take to be seen.
BELIEVED_S = 0.25


@dataclass(frozen=True, slots=True)
class Version:
    """How often a layer has changed, and since when it is as it is."""

    layer: str
    number: int
    changed_at: dt.datetime

    @property
    def mark(self) -> str:
        """What tells this state of the layer from any other. After a backup is restored a number comes again."""
        return f"{self.layer}.{self.number}.{self.changed_at.timestamp():.6f}"


async def advance(session: AsyncSession, layer: str) -> int:
    """Count one change of the layer and give its new version.

    Holds the row until the end of the transaction: publications of one layer come one after the other,
    which keeps the pyramid exact and the changes feed in order.
    """
    row = await session.execute(
        text(
            """
            INSERT INTO published.layer_version AS v (layer, version, changed_at) VALUES (:layer, 1, now())
            ON CONFLICT (layer) DO UPDATE SET version = v.version + 1, changed_at = now()
            RETURNING version
            """
        ),
        {"layer": layer},
    )
    return int(row.scalar_one())


async def read_versions(connection: AsyncConnection) -> dict[str, Version]:
    """Give the version of every layer that was ever published to, and of the vocabulary where something was added to it.

    From then on this process goes by a vocabulary that is no older than these versions.
    """
    rows = await connection.execute(text("SELECT layer, version, changed_at FROM published.layer_version"))
    versions = {row.layer: Version(row.layer, row.version, row.changed_at) for row in rows}
    await _go_by(versions, connection)
    return versions


async def _go_by(versions: Mapping[str, Version], connection: AsyncConnection) -> None:
    """Let this process go by a vocabulary that is no older than these versions; without a question where it does."""
    words = versions.get(VOCABULARY)
    await keep_up(connection, mark_of(words.number, words.changed_at) if words else "")


#: What is said on top of every page comes with the versions: no page asks for it.
_VERSIONS_AND_BOARD = text(
    """
    SELECT layer, version, changed_at, NULL AS banners FROM published.layer_version
    UNION ALL
    SELECT NULL, version, changed_at, banners FROM published.banner_board
    """
)


async def read_state(
    connection: AsyncConnection,
) -> tuple[dict[str, Version], Sequence[Mapping[str, Any]]]:
    """Give the version of every layer that was ever published to, and the banners (`app.banners`) as they are posted."""
    versions: dict[str, Version] = {}
    board: Sequence[Mapping[str, Any]] = ()
    for row in await connection.execute(_VERSIONS_AND_BOARD):
        if row.layer is None:
            board = row.banners
        else:
            versions[row.layer] = Version(row.layer, row.version, row.changed_at)
    await _go_by(versions, connection)
    return versions, board


class KnownVersions:
    """What this process knows of the versions; read again when older than `BELIEVED_S`.

    A version read before an answer is never newer than the answer, so that an entity tag made from it
    can only make a client ask once too often.
    """

    def __init__(self) -> None:
        """Know nothing yet."""
        self._versions: dict[str, Version] = {}
        #: The banners that are posted (`app.banners.showing`), as of the same moment.
        self.board: Sequence[Mapping[str, Any]] = ()
        self._read_at = float("-inf")
        self._asking: asyncio.Task[dict[str, Version]] | None = None

    async def current(self, db: Database) -> dict[str, Version]:
        """Give the versions, at most `BELIEVED_S` old.

        Whoever comes while somebody asks takes over the answer instead of asking as well, and an error too: waiting
        for one who waits for a database in trouble must not take longer the more of them there are.
        """
        versions = self.known()
        if versions is not None:
            return versions
        if self._asking is None:
            self._asking = asyncio.create_task(self._ask(db))
            self._asking.add_done_callback(self._asked)
        # Whoever goes away must not take it from those who still wait.
        return await asyncio.shield(self._asking)

    async def _ask(self, db: Database) -> dict[str, Version]:
        asked_at = time.monotonic()
        async with db.reading() as reader:
            versions, self.board = await read_state(reader)
        self.learn(versions, asked_at)
        return versions

    def _asked(self, done: asyncio.Task[dict[str, Version]]) -> None:
        self._asking = None
        if not done.cancelled():
            # Looked at here, since everybody who waited may be gone.
            done.exception()

    def known(self) -> dict[str, Version] | None:
        """Give the versions, or None when they have to be read first."""
        return self._versions if time.monotonic() - self._read_at < BELIEVED_S else None

    def forget(self) -> None:
        """Believe nothing any more: what was changed here is known to whoever asks next."""
        self._read_at = float("-inf")

    def learn(self, versions: dict[str, Version], asked_at: float) -> None:
        """Take over versions for which the question went out at `asked_at` (monotonic seconds)."""
        self._versions = versions
        self._read_at = asked_at


def tag_of(versions: dict[str, Version], layers: Iterable[str]) -> str:
    """Give the part of an entity tag that says how the layers stand, and the vocabulary and areas by which they are read."""
    known = [versions[key].mark if key in versions else key for key in layers]
    return "-".join([*known, *(versions[key].mark for key in (VOCABULARY, AREAS) if key in versions)])
