"""Asks those behind entries that nobody has checked for three months whether they are still true, a few of them every working day."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from app.config import Settings
from app.db.patience import may_take
from app.features.models import Feature
from app.features.setting import Setting
from app.jobs import Work, task
from app.mail import queue_mail
from app.moderation.actions.remind import Letter, remind
from app.moderation.own_entries import count_entries
from app.moderation.reminders import reminder_link
from app.notifications.submissions import RETRY
from app.taxonomy.vocabulary import load_vocabulary

#: Every entry is looked at.
LONGEST_S: Final = 120


@task("notifications.remind", retry=RETRY, cron="23 8 * * 1-5")
async def ask_owners(work: Work) -> None:
    """Write to as many as the operator lets be asked in a day; done twice, the second time those who come next."""
    settings = work.settings
    if not settings.reminders_per_day:
        return
    setting = Setting(load_vocabulary(), settings.timezone, settings.countries[0], dt.datetime.now(dt.UTC))
    async with work.transaction() as session:
        await may_take(session, LONGEST_S)
        for letter in await remind(session, setting, settings.reminders_per_day):
            await queue_mail(
                session,
                to=letter.to.address,
                template="reminder",
                language=letter.to.language,
                values=await _values(session, settings, setting, letter),
                dedupe_key=f"reminder:{letter.mailing}",
            )


async def _values(
    session: AsyncSession, settings: Settings, setting: Setting, letter: Letter
) -> dict[str, Any]:
    link = reminder_link(settings.public_url, letter.to.language, letter.mailing).to_value()
    organisation = await session.get(Feature, letter.organisation_id) if letter.organisation_id else None
    if organisation is None:
        name = _name(letter.entries[0].content)
        return {"count": len(letter.entries), "name": name, "organisation": "", "link": link}
    # What its people look after is named at the desk: it may be help that no mailbox is to tell of.
    left = (await count_entries(session, setting, organisation.id)).to_confirm
    return {"count": left, "name": "", "organisation": _name(organisation.content), "link": link}


def _name(content: Mapping[str, Any]) -> str:
    name = content.get("name") or {}
    return str(name.get("texts", {}).get(name.get("source"), ""))
