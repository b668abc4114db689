"""Whether this process can serve: does the database answer, and is its schema the one this code was written for."""

import asyncio
import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.db import Database
from app.log import log_failure

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
ANSWER_WITHIN_S = 3.0
#: Workers tell that they are alive every ten seconds.
WORKER_SILENT_S = 60

READS = text("SELECT 1")
SCHEMA = text("SELECT version_num FROM core.alembic_version")
WORKER = text(
    "SELECT max(last_heartbeat) > now() - make_interval(secs => :silent_s) FROM jobs.procrastinate_workers"
)

State = Literal["ok", "failed", "behind", "silent"]


@dataclass(frozen=True, slots=True)
class Readiness:
    """The state of what a request needs. A silent worker delays mails, but nobody's reading."""

    database: State
    schema: State
    worker: State

    @property
    def ready(self) -> bool:
        """Whether requests may be sent here."""
        return self.database == "ok" and self.schema == "ok"


@functools.cache
def code_heads() -> frozenset[str]:
    """The migrations at whose end this code stands."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return frozenset(ScriptDirectory.from_config(config).get_heads())


async def readiness(database: Database) -> Readiness:
    """Ask, and wait no longer than `ANSWER_WITHIN_S` for everything together."""
    try:
        async with asyncio.timeout(ANSWER_WITHIN_S):
            return await _ask(database)
    except (SQLAlchemyError, OSError, TimeoutError) as error:
        log_failure("app.metadata", "not ready", error)
        return Readiness("failed", "failed", "failed")


async def _ask(database: Database) -> Readiness:
    async with database.reading() as reader:
        await reader.execute(READS)
    async with database.write.connect() as writer:
        found = frozenset((await writer.execute(SCHEMA)).scalars())
        alive = (await writer.execute(WORKER, {"silent_s": WORKER_SILENT_S})).scalar()
    return Readiness("ok", "ok" if found == code_heads() else "behind", "ok" if alive else "silent")
