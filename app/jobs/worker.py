"""The worker: does what was deferred, keeps time for periodic tasks, and stops when it is told to."""

import asyncio
import contextlib
from collections.abc import Mapping
from typing import Any

import procrastinate
from procrastinate import JobContext, RetryDecision
from procrastinate.jobs import Job
from procrastinate.retry import BaseRetryStrategy
from sqlalchemy import make_url

from app.db.urls import role_urls
from app.jobs.registry import Retry, Task, Work, tasks
from app.log import log_failure, logger

CONCURRENCY = 4
STOP_WITHIN_S = 10.0
#: After a failure of the connection; the database may just be restarting.
START_AGAIN_AFTER_S = 2.0
KEEP_FAILED_H = 24 * 30


class _Backoff(BaseRetryStrategy):
    def __init__(self, retry: Retry) -> None:
        self.retry = retry

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        log_failure(
            "app.jobs", "task failed", exception, task=job.task_name, job_id=job.id, attempts=job.attempts + 1
        )
        wait_s = self.retry.wait_s(job.attempts)
        return None if wait_s is None else RetryDecision(retry_in={"seconds": wait_s})


async def run_worker(
    work: Work, stop: asyncio.Event, *, direct_url: str | None = None, known: Mapping[str, Task] | None = None
) -> None:
    """Work until `stop` is set, then finish what is running, within `STOP_WITHIN_S` seconds.

    `direct_url` is an address without a pooler (LISTEN needs it), the settings' own by default.
    """
    url = direct_url or role_urls(work.settings).direct
    while not stop.is_set():
        app = make_app(url, work, known if known is not None else tasks())
        try:
            async with app.open_async():
                await _run_until(app, stop, wait=True)
        except Exception as error:  # noqa: BLE001 - the worker outlives whatever happens to its database
            log_failure("app.jobs", "worker failed, starting again", error)
        if not stop.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), START_AGAIN_AFTER_S)


async def run_waiting(
    work: Work, *, direct_url: str | None = None, known: Mapping[str, Task] | None = None
) -> None:
    """Do everything that waits now and come back (for tests and for commands); nothing by the clock."""
    app = make_app(
        direct_url or role_urls(work.settings).direct, work, known if known is not None else tasks()
    )
    # Else whatever was due in the last ten minutes would be done as well.
    app.periodic_registry.periodic_tasks.clear()
    async with app.open_async():
        await _run_until(app, asyncio.Event(), wait=False)


def make_app(direct_url: str, work: Work, known: Mapping[str, Task]) -> procrastinate.App:
    """The procrastinate application for these tasks."""
    conninfo = make_url(direct_url).set(drivername="postgresql").render_as_string(hide_password=False)
    connector = procrastinate.PsycopgConnector(
        conninfo=conninfo,
        kwargs={"options": "-c search_path=jobs,public -c timezone=UTC", "connect_timeout": 5},
        min_size=1,
        max_size=CONCURRENCY,
    )
    app = procrastinate.App(connector=connector)
    for task in known.values():
        _add(app, task, work)
    _add_upkeep(app)
    return app


async def _run_until(app: procrastinate.App, stop: asyncio.Event, *, wait: bool) -> None:
    running = asyncio.create_task(
        app.run_worker_async(
            wait=wait,
            # One after another where it ends with the last one: a job that waits for another's lock, or
            # that another one defers, is then still to come and not overlooked.
            concurrency=CONCURRENCY if wait else 1,
            delete_jobs="successful",
            install_signal_handlers=False,
            listen_notify=wait,
            shutdown_graceful_timeout=STOP_WITHIN_S,
        )
    )
    stopping = asyncio.create_task(stop.wait())
    logger("app.jobs").info("worker started" if wait else "worker does what waits")
    try:
        await asyncio.wait((running, stopping), return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopping.cancel()
        if not running.done():
            running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running


def _add(app: procrastinate.App, task: Task, work: Work) -> None:
    if task.cron is None:

        @app.task(name=task.name, retry=_Backoff(task.retry))
        async def run(**args: Any) -> None:
            await work.prepare()
            await task.run(work, **args)

        return

    @app.periodic(cron=task.cron)
    @app.task(name=task.name, retry=_Backoff(task.retry), queueing_lock=task.name)
    async def run_by_clock(timestamp: int = 0) -> None:  # noqa: ARG001 - procrastinate hands over when it was due
        await work.prepare()
        await task.run(work)


def _add_upkeep(app: procrastinate.App) -> None:
    """Jobs of workers that died are started again; what failed for good is kept for a month."""

    @app.periodic(cron="*/2 * * * *")
    @app.task(name="jobs.start_stalled_again", queueing_lock="jobs.start_stalled_again", pass_context=True)
    async def start_stalled_again(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - procrastinate gives it
        manager = context.app.job_manager
        for job in await manager.get_stalled_jobs():
            await manager.retry_job(job)

    @app.periodic(cron="17 3 * * *")
    @app.task(name="jobs.forget_failed", queueing_lock="jobs.forget_failed", pass_context=True)
    async def forget_failed(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - procrastinate gives it
        await context.app.job_manager.delete_old_jobs(
            nb_hours=KEEP_FAILED_H, include_failed=True, include_cancelled=True, include_aborted=True
        )
