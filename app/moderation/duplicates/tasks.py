"""The search for duplicates by itself: every night, so that moderators find what has come in since."""

from app.jobs import Retry, Work, task
from app.moderation.duplicates.search import find_everywhere


@task("moderation.find_duplicates", retry=Retry(times=3, first_s=600), cron="23 3 * * *")
async def find_duplicates(work: Work) -> None:
    """Compare everything on the map, and have what may be the same listed at the desk."""
    await find_everywhere(work.database)
