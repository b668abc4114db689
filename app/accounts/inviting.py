"""The mail to whoever has got a role: it says where to sign in, and opens nothing by itself.

A link that signs in for days, in any browser, would be a way round all that binds signing in to a browser and to a quarter
of an hour. Whoever gets this mail asks for such a link on the page it leads to, with the address that it came to.
"""

import uuid

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import Actor, record
from app.accounts.models import User
from app.errors import Conflict
from app.mail import queue_mail


class NothingToInviteTo(Conflict):
    """This person has no role that holds yet, or is suspended, so they could not sign in."""


async def invite(session: AsyncSession, user: User, *, by: User, public_url: str) -> None:
    """Queue the mail, in the person's language. `NothingToInviteTo`."""
    if user.suspended_at is not None or not user.held:
        raise NothingToInviteTo
    await queue_mail(
        session,
        to=user.email,
        template="invitation",
        language=user.language,
        values={"link": f"{public_url}/desk/sign-in", "address": user.email, "by": by.known_as},
        dedupe_key=f"invitation:{uuid.uuid4()}",
    )
    record(session, Actor("staff", by.id), "user.invited", "user", user.id)
