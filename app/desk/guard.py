"""Who may use a route of the desk: the user of the session, with the role that they have at this request."""

import contextlib
import uuid
from collections.abc import Mapping
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request

from app.accounts.memberships import (
    MEMBERS_MAY,
    NoSuchOrganisation,
    belongs_to,
    is_organisation,
    organisations_of,
    seat_of,
)
from app.accounts.models import User
from app.accounts.roles import OWN_ACCOUNT, may
from app.accounts.scopes import has_everywhere
from app.accounts.sessions import SignedIn, signed_in
from app.db import session
from app.desk.listed import NoSuchSubmission
from app.desk.pages import ORGANISATIONS_PAGE, first_page_of
from app.errors import Forbidden, NotFound, Unauthenticated
from app.features.revisions import FeatureNotFound
from app.imports.staging.looking import RowNotFound
from app.imports.staging.staging import RunNotFound
from app.moderation.duplicates.merges import MergeNotFound
from app.moderation.live import id_in
from app.moderation.place_claims import ClaimNotFound
from app.moderation.reports import ReportNotFound
from app.moderation.scope import is_within
from app.web.dependencies import database_of, settings_of
from app.web.session_cookie import SessionCookie

CODE_PAGE = "/desk/sign-in/code"
ACCOUNT_PAGE = "/desk/account"
FRONT_DOOR = "/desk"


#: What each name in an address of the desk is the id of, and what is said where there is none.
NAMED: Final[Mapping[str, tuple[str, type[NotFound]]]] = {
    "submission_id": ("submission", NoSuchSubmission),
    "feature_id": ("feature", FeatureNotFound),
    "keep": ("feature", FeatureNotFound),
    "drop": ("feature", FeatureNotFound),
    "report_id": ("report", ReportNotFound),
    "merge_id": ("merge", MergeNotFound),
    "run_id": ("import_run", RunNotFound),
    "row_id": ("import_row", RowNotFound),
    "claim_id": ("claim", ClaimNotFound),
}
#: Names of what lies nowhere: people, and what belongs to a person.
NAMES_NO_PLACE: Final = frozenset(
    {
        "person_id",
        "service_code",
        "area_code",
        "grant_id",
        "passkey_id",
        "identity_id",
        "banner_id",
        "letter_kind",
        "letter_language",
    }
)
#: What is asked about by who belongs to which organisation; a table is of whoever has sent it, and is nothing to anybody else.
NAMES_OF_ORGANISATIONS: Final = frozenset({"organisation_id", "entry_id", "table_number"})


class NotYours(Forbidden):
    """Your role does not include this. An administrator can change that."""


class SecondStepAwaited(Unauthenticated):
    """Type the code of your second step first."""


class SecondStepMissing(Forbidden):
    """Set up the second step of signing in first, in your account."""


class DeskGuard:
    """Looks the user up at every request: a right that was taken away is gone with the next click."""

    async def require(self, request: Request, permission: str) -> User:
        """Give the user; `Unauthenticated` when nobody is signed in, `NotYours` without the permission.

        Whoever has not passed their second step is as good as not signed in (`SecondStepAwaited`), and where one is
        required, who has none may set one up and nothing else (`SecondStepMissing`).
        """
        found = await self.signed_in_of(request)
        if found is None:
            raise Unauthenticated
        if not found.whole:
            _lead(request, CODE_PAGE)
            raise SecondStepAwaited
        if lacks_second_step(request, found) and permission != OWN_ACCOUNT:
            _lead(request, ACCOUNT_PAGE)
            raise SecondStepMissing
        if permission in MEMBERS_MAY:
            await self._check_organisation(request, found.user, permission)
        elif not may(found.user, permission):
            await self._lead_to_their_own(request, found.user, permission)
        await self._check_scope(request, found.user, permission)
        request.state.signed_in = found
        return found.user

    async def _check_organisation(self, request: Request, user: User, permission: str) -> None:
        """Whoever asks has to belong to the organisation in the address, as it is at this request, or be an administrator.

        A stranger to it is told what is said where there is none, and an entry in the address has to be its own.
        """
        organisation_id = id_in(str(request.path_params.get("organisation_id", "")))
        if organisation_id is None:
            raise NoSuchOrganisation
        async with session(database_of(request)) as transaction:
            seat = await seat_of(transaction, user.id, organisation_id)
            if seat is None and not (
                may(user, "organisation.see") and await is_organisation(transaction, organisation_id)
            ):
                raise NoSuchOrganisation
            if (seat is None or seat not in MEMBERS_MAY[permission]) and not may(user, permission):
                raise NotYours
            if "entry_id" in request.path_params:
                entry_id = id_in(str(request.path_params["entry_id"]))
                if entry_id is None or not await belongs_to(transaction, organisation_id, entry_id):
                    raise FeatureNotFound
        request.state.seat = seat

    async def _lead_to_their_own(self, request: Request, user: User, permission: str) -> None:
        """Whoever comes in by the front door and may not see the queue is led to the first page that they may see.

        People of organisations have, of the rest of the desk, their own account.
        """
        async with session(database_of(request)) as transaction:
            own = await organisations_of(transaction, user.id)
        if own and permission == OWN_ACCOUNT:
            return
        first = ORGANISATIONS_PAGE if own else first_page_of(user)
        if request.url.path == FRONT_DOOR and first is not None:
            _lead(request, first)
        raise NotYours

    async def _check_scope(self, request: Request, user: User, permission: str) -> None:
        """Whatever an address names has to lie where this person has the permission; else it is not there for them.

        Every route of staff is asked here, so that none can forget it: a name in an address that is not known stops
        whoever has limits.
        """
        named = {
            name: given for name, given in request.path_params.items() if name not in NAMES_OF_ORGANISATIONS
        }
        if not named or has_everywhere(user, permission):
            return
        async with session(database_of(request)) as transaction:
            for name, given in named.items():
                if name in NAMES_NO_PLACE:
                    continue
                if name not in NAMED:
                    raise NotYours
                kind, absent = NAMED[name]
                # Not an id at all: the route says so itself.
                for row_id in ids_in(str(given)):
                    if not await is_within(transaction, user, permission, kind, row_id):
                        raise absent

    async def signed_in_of(self, request: Request) -> SignedIn | None:
        """Give whose session it is, whether or not they have passed their second step."""
        token = SessionCookie.for_session(settings_of(request)).read(request)
        if token is None:
            return None
        async with session(database_of(request)) as transaction:
            return await signed_in(transaction, token)


def lacks_second_step(request: Request, found: SignedIn) -> bool:
    """Whether somebody has no second step where everybody has to have one, nor has passed one where they signed in."""
    return settings_of(request).second_step_required and not (found.has_second_step or found.passed)


def ids_in(given: str) -> set[uuid.UUID]:
    """Every id that a route may read out of a part of an address."""
    found = {id_in(given)}
    with contextlib.suppress(ValueError):
        found.add(uuid.UUID(given))
    return {one for one in found if one is not None}


def user_id_of(request: Request) -> uuid.UUID:
    """The id of the user whom the guard let in."""
    user: User = request.state.user
    return user.id


def _lead(request: Request, path: str) -> None:
    """Send a person who looks at a page to where they can go on; whatever changes something is refused instead."""
    if request.method in {"GET", "HEAD"}:
        raise HTTPException(303, headers={"Location": path})
