"""The local inbox: mails that would have been sent, on an installation without a mail server.

Mails to other people of staff are closed: with the link in one of them, and their second step reset, an administrator
would be somebody else. Whoever has the data directory reads them there, and gives links by command.
"""

import asyncio

from fastapi import Request
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import HTMLResponse

from app.accounts.models import User
from app.desk.guard import user_id_of
from app.desk.pages import desk_page
from app.errors import NotFound
from app.mail.addresses import UnusableAddress, normalised
from app.mail.senders import FolderSender, LocalMail, sender_for
from app.web.dependencies import WriteSession, settings_of
from app.web.routes import page_router, requires

router = page_router("/desk")


class MailIsSent(NotFound):
    """Mails are sent here, so there is no local inbox."""


@router.get("/inbox", dependencies=[requires("mail.see")])
async def inbox(request: Request, session: WriteSession) -> HTMLResponse:
    """The newest mails, with their links to click."""
    sender = sender_for(settings_of(request))
    if not isinstance(sender, FolderSender):
        raise MailIsSent
    mails = await asyncio.to_thread(sender.listing)
    closed = await _of_others(session, request, mails)
    return await desk_page(request, session, "desk/inbox.html", mails=mails, closed=closed)


async def _of_others(session: AsyncSession, request: Request, mails: list[LocalMail]) -> frozenset[str]:
    """Give the names of the mails to other people of staff, and of those of which nobody can tell."""
    to = {mail.name: _address(mail) for mail in mails}
    query = select(User.email).where(User.email.in_(set(to.values())), User.id != user_id_of(request))
    others = {"", *(await session.scalars(query)).all()}
    return frozenset(name for name, address in to.items() if address in others)


def _address(mail: LocalMail) -> str:
    """Give the address of a mail as accounts have it: in a header a domain may stand in other letters."""
    try:
        return normalised(mail.to)
    except UnusableAddress:
        return ""
