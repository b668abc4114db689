"""Files of many rows are compared by the worker; what nobody decides about any more is forgotten."""

import datetime as dt
import uuid
from typing import Final

from sqlalchemy import text

from app.features.setting import Setting
from app.imports.staging.staging import TASK, read_run, stage, withhold
from app.jobs import Retry, Work, task
from app.layers.registry import layer
from app.taxonomy.vocabulary import load_vocabulary

#: Which row is which place is kept; the rows themselves are of use for as long as somebody may come back to them.
KEPT_FOR: Final = dt.timedelta(days=180)


@task(TASK, retry=Retry(times=3))
async def stage_run(work: Work, *, run_id: str) -> None:
    """Compare all rows of a run, unless they were."""
    settings, found = work.settings, uuid.UUID(run_id)
    setting = Setting(load_vocabulary(), settings.timezone, settings.countries[0], dt.datetime.now(dt.UTC))
    async with work.transaction() as session:
        run = await read_run(session, found, lock=True)
        declared = layer(run.layer)
        if run.state == "waiting":
            await stage(session, setting, declared, run, settings.countries)
    # Also for one that was compared, and ended here before nothing of what is protected was kept.
    async with work.transaction() as session:
        await withhold(session, declared, found)


@task("imports.forget", cron="47 3 * * *")
async def forget_runs(work: Work) -> None:
    """Delete the rows of old files."""
    async with work.transaction() as session:
        await session.execute(_FORGET, {"before": dt.datetime.now(dt.UTC) - KEPT_FOR})


_FORGET = text("DELETE FROM core.import_run WHERE created_at < :before")
