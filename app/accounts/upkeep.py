"""Forgets sessions, links and challenges that are over, and looks every night whether the audit log is whole."""

from app.accounts.audit import check_chain
from app.accounts.oidc.attempts import forget_attempts
from app.accounts.passkey_challenges import forget_challenges
from app.accounts.sessions import forget_sessions
from app.accounts.sign_in import forget_links
from app.jobs import Retry, Work, task
from app.log import logger


@task("accounts.forget", cron="41 * * * *")
async def forget(work: Work) -> None:
    """Delete what can no longer sign anybody in."""
    async with work.transaction() as session:
        await forget_sessions(session)
        await forget_links(session)
        await forget_attempts(session)
        await forget_challenges(session)


@task("accounts.verify_audit", retry=Retry(times=3), cron="11 3 * * *")
async def verify_audit(work: Work) -> None:
    """Look whether the audit log is as it was written; say so at the desk, and in the log when it is not."""
    async with work.transaction() as session:
        broken = await check_chain(session)
    if broken is not None:
        logger(__name__).error("audit log broken", object_type="audit", object_id=broken.id)
