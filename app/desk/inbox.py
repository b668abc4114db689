"""The local inbox: mails that would have been sent, on an installation without a mail server."""

import asyncio

from fastapi import Request
from starlette.responses import HTMLResponse

from app.desk.pages import desk_page
from app.errors import NotFound
from app.mail.senders import FolderSender, sender_for
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
    return await desk_page(request, session, "desk/inbox.html", mails=mails)
