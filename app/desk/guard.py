"""Who may use a route of the desk: the user of the session, with the role that they have at this request."""

import uuid

from starlette.requests import Request

from app.accounts.models import User
from app.accounts.roles import may
from app.accounts.sessions import session_user
from app.db import session
from app.errors import Forbidden, Unauthenticated
from app.web.dependencies import database_of, settings_of
from app.web.session_cookie import SessionCookie


class NotYours(Forbidden):
    """Your role does not include this. An administrator can change that."""


class DeskGuard:
    """Looks the user up at every request: a right that was taken away is gone with the next click."""

    async def require(self, request: Request, permission: str) -> User:
        """Give the user; `Unauthenticated` when nobody is signed in, `NotYours` without the permission."""
        user = await self.user_of(request)
        if user is None:
            raise Unauthenticated
        if not may(user, permission):
            raise NotYours
        return user

    async def user_of(self, request: Request) -> User | None:
        """Give the signed-in user, or None."""
        token = SessionCookie.for_session(settings_of(request)).read(request)
        if token is None:
            return None
        async with session(database_of(request)) as transaction:
            return await session_user(transaction, token)


def user_id_of(request: Request) -> uuid.UUID:
    """The id of the user whom the guard let in."""
    user: User = request.state.user
    return user.id
