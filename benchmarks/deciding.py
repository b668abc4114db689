"""What the publication of one decision costs: a waiting submission is approved, in a transaction of its own."""

import datetime as dt
import time
import uuid
from dataclasses import replace
from itertools import islice

from sqlalchemy import text

from app.accounts.audit import SYSTEM, Actor
from app.db import Database, session
from app.features.setting import Setting
from app.layers.registry import layer
from app.localdb import ClusterUrls
from app.moderation.actions.approve import approve
from app.moderation.actions.submit import Proposal, submit_imports
from app.moderation.protected_help import is_protected_help
from benchmarks.contents import items
from benchmarks.cpu import cpu_s
from benchmarks.measuring import Figures
from benchmarks.population import Population

DECISIONS = 60
#: As many again before: the first ones read from the disk's cache what a server that runs has in its memory.
WARM_UP = 60


async def measure_decisions(urls: ClusterUrls, setting: Setting) -> Figures:
    """Approve new aid points one by one; server time is that of this process."""
    declared = layer("aid_points")
    db = Database(urls.app, urls.reader, write_timeout_ms=60_000, pool_size=1)
    actor = Actor("staff", uuid.UUID(int=1))
    try:
        async with session(db) as s:
            # What one person decides; of protected help two do.
            made = (
                item.content
                for item in items(Population(23), 2 * (DECISIONS + WARM_UP), setting.now)
                if not is_protected_help(item.content.to_dict(), setting.vocabulary)
            )
            proposals = [Proposal(declared, content) for content in islice(made, DECISIONS + WARM_UP)]
            submitted = await submit_imports(s, proposals, language="pl", actor=SYSTEM)
            waiting = [submission.id for submission in submitted]
        async with session(db) as s:
            pid = int(await s.scalar(text("SELECT pg_backend_pid()")) or 0)
        for number, submission_id in enumerate(waiting):
            if number == WARM_UP:
                own, postgres = time.process_time(), cpu_s(pid)
            now = replace(setting, now=dt.datetime.now(dt.UTC))
            async with session(db) as s:
                await approve(s, now, declared, submission_id, version=1, actor=actor)
        return Figures(
            name="publication of one decision",
            requests=DECISIONS,
            kilobytes=0.0,
            server_ms=(time.process_time() - own) * 1000 / DECISIONS,
            postgres_ms=(cpu_s(pid) - postgres) * 1000 / DECISIONS,
            bare_ms=None,
            bar="P7: ≤ 20 ms",
        )
    finally:
        await db.dispose()
