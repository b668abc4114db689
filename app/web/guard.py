"""Lets staff in by their session. What a session and a permission are, the application hands over."""

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import session
from app.errors import Forbidden, Unauthenticated
from app.web.dependencies import database_of
from app.web.session_cookie import SessionCookie

FindUser = Callable[[AsyncSession, str], Awaitable[Any]]
May = Callable[[Any, str], bool]


class StaffGuard:
    """The guard of an application with accounts; `app.state.guard`."""

    def __init__(self, cookie: SessionCookie, find_user: FindUser, may: May) -> None:
        """Take the session cookie, `accounts.session_user` and `accounts.may`."""
        self.cookie = cookie
        self._find_user = find_user
        self._may = may

    async def user_of(self, request: Request) -> Any:
        """The user who is signed in at this moment, or None."""
        token = self.cookie.read(request)
        if token is None:
            return None
        async with session(database_of(request)) as transaction:
            return await self._find_user(transaction, token)

    async def require(self, request: Request, permission: str) -> Any:
        """Give the user; `Unauthenticated` when nobody is signed in, `Forbidden` without the permission."""
        user = await self.user_of(request)
        if user is None:
            raise Unauthenticated
        if not self._may(user, permission):
            raise Forbidden
        return user
