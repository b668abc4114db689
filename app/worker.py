"""The worker process: mails, notifications and what happens by the clock."""

import asyncio

from app.accounts import upkeep as accounts_upkeep
from app.config import Settings, get_settings
from app.db import Database
from app.exports import dropping as exports_dropping
from app.exports import nightly as exports_nightly
from app.exports import papers as exports_papers
from app.features import forgetting
from app.imports.staging import tasks as imports_tasks
from app.jobs import Work
from app.jobs.worker import run_worker
from app.mail.senders import sender_for
from app.mail.sending import MailTools
from app.moderation.duplicates import tasks as duplicates_tasks
from app.moderation.screening import tasks as screening_tasks
from app.notifications import (
    claims,
    confirmations,
    counted_areas,
    mail_servers,
    nightly,
    openings,
    previous_contacts,
    reminders,
    renamed_services,
    reports,
    submissions,
)
from app.photos import upkeep as photos_upkeep
from app.taxonomy.additions import newest_vocabulary
from app.templating import Templates
from app.web import upkeep as web_upkeep

#: Modules whose tasks the worker knows because they are imported here.
TASK_MODULES = (
    accounts_upkeep,
    confirmations,
    claims,
    counted_areas,
    duplicates_tasks,
    exports_dropping,
    exports_nightly,
    exports_papers,
    forgetting,
    imports_tasks,
    mail_servers,
    nightly,
    openings,
    photos_upkeep,
    previous_contacts,
    reminders,
    renamed_services,
    reports,
    screening_tasks,
    submissions,
    web_upkeep,
)


def make_work(settings: Settings | None = None) -> Work:
    """Give what tasks work with: settings, database, the sender of mails."""
    settings = settings or get_settings()
    templates = Templates(settings.public_url, timezone=settings.timezone, home=settings.countries[0])
    tools = MailTools(
        sender_for(settings), templates, settings.mail_from, settings.secret_key.get_secret_value()
    )
    database = Database.of(settings)
    return Work(settings=settings, database=database, tools={MailTools: tools}, before=newest_vocabulary)


async def work_until(stop: asyncio.Event) -> None:
    """Work until `stop` is set."""
    work = make_work()
    try:
        await run_worker(work, stop)
    finally:
        await work.database.dispose()
