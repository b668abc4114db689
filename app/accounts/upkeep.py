"""Forgets sessions and links that are over."""

from app.accounts.sessions import forget_sessions
from app.accounts.sign_in import forget_links
from app.jobs import Work, task


@task("accounts.forget", cron="41 * * * *")
async def forget(work: Work) -> None:
    """Delete what can no longer sign anybody in."""
    async with work.transaction() as session:
        await forget_sessions(session)
        await forget_links(session)
