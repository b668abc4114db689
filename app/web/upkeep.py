"""Forgets the counters of rate limits, keys of programs, and forms that nobody has gone on filling in."""

from app.forms.drafts import forget_old_drafts
from app.jobs import Work, task
from app.web.idempotency import forget_old_keys
from app.web.rate_limit import forget_old


@task("web.forget_counters", cron="*/15 * * * *")
async def forget(work: Work) -> None:
    """Delete the counters that no longer hold anybody back."""
    async with work.transaction() as session:
        await forget_old(session)


@task("web.forget_form_drafts", cron="*/15 * * * *")
async def forget_form_drafts(work: Work) -> None:
    """Delete what was typed into forms and never sent."""
    async with work.transaction() as session:
        await forget_old_drafts(session)


@task("web.forget_idempotency_keys", cron="*/15 * * * *")
async def forget_idempotency_keys(work: Work) -> None:
    """Delete the keys of programs that are a day old."""
    async with work.transaction() as session:
        await forget_old_keys(session)
