"""Why what an organisation sends waits for a moderator, in the words of whoever is about to send it."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Final
from zoneinfo import ZoneInfo

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncSession

from app.desk.pages import texts_of
from app.i18n import N_
from app.moderation.mail_domains import hold_on
from app.moderation.own_publication import Why, second_step_stands_from
from app.templating.filters import moment
from app.web.dependencies import settings_of

#: Each ends the sentence "It waits for a moderator, because…".
WORDS: Final[Mapping[Why, str]] = {
    Why.NO_TRUST: N_("nobody has given your organisation the right to publish by itself."),
    Why.NOT_ADMIN: N_("only admins of your organisation publish by themselves."),
    Why.NO_SECOND_STEP: N_("you have no second step of signing in. Set it up in your account."),
    Why.NEW_SECOND_STEP: N_(
        "your second step of signing in is newer than three days. From %(moment)s on it counts."
    ),
    Why.NEW_SEAT: N_("you have been an admin of your organisation for less than three days."),
    Why.MAIL_SERVERS: N_(
        "the servers that take mail for %(domain)s, where your mailbox is, have changed. From %(until)s on you publish by yourself again."
    ),
    Why.MANY: N_("your organisation has published very much by itself within a day."),
    Why.OWN_ENTRY: N_("it is the entry of your organisation itself, by which people know who you are."),
    Why.OTHER_LAYER: N_("your organisation does not publish entries of this kind by itself."),
    Why.NOT_YOURS: N_("the map does not say that your organisation runs this."),
    Why.PROTECTED: N_("it is help whose place is protected, or that nobody else is to find."),
    Why.OUTSIDE: N_("it does not lie where your organisation publishes by itself."),
    Why.REPORTED: N_("somebody has reported that something is wrong with it."),
    Why.CLAIMED: N_("another organisation says that this is theirs."),
    Why.LOOKED_AT: N_("a moderator has another change of it before them."),
    Why.MOVED_OUT: N_("it would move to where your organisation does not publish by itself."),
    Why.CHANGES_HANDS: N_("it would say that somebody else runs it."),
    Why.SENT_ALREADY: N_("your organisation has sent just this already, and it waits."),
    Why.ALIKE: N_("the map may have this place already."),
    Why.PHOTO: N_("a photo is new, and somebody may be known on it."),
    Why.RISK: N_("a name, a telephone, a link or a text in it has to be looked at."),
}


async def why_words(request: Request, session: AsyncSession, whys: Iterable[Why]) -> list[str]:
    """Give the reasons in words, in their order, to whoever asks."""
    texts, zone = texts_of(request), ZoneInfo(settings_of(request).timezone)
    stands_from = await second_step_stands_from(session, request.state.user.id)
    hold = await hold_on(session, request.state.user.email, dt.datetime.now(dt.UTC))
    named = {
        "moment": moment(texts.language, zone, stands_from) if stands_from else "",
        "domain": hold.domain if hold else "",
        "until": moment(texts.language, zone, hold.until) if hold else "",
    }
    return [texts.gettext(WORDS[why]) % named for why in whys]


def told_in(whys: Iterable[Why]) -> str:
    """Give the reasons as a form tells that it has shown them; see `app.moderation.own_publication.codes_of`."""
    return " ".join(whys)
