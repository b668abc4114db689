"""Forgets the counters of rate limits."""

from app.jobs import Work, task
from app.web.rate_limit import forget_old


@task("web.forget_counters", cron="*/15 * * * *")
async def forget(work: Work) -> None:
    """Delete the counters that no longer hold anybody back."""
    async with work.transaction() as session:
        await forget_old(session)
