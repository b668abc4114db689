"""What a person of staff may see and decide: the condition of `app.accounts.scopes` for submissions, features and what hangs on them."""

import uuid
from collections.abc import Callable, Mapping
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.roles import Holder, grants_with
from app.accounts.scopes import Scope, has_everywhere, scope_of
from app.errors import Conflict


def submissions_within(user: Holder | None, permission: str, alias: str = "core.submission") -> Scope:
    """Give the condition for submissions, with `alias` for their table.

    What is proposed and what is live both have to lie within: nothing is moved from elsewhere, nor to elsewhere.
    """
    live = f"coalesce(core.areas_of_feature({alias}.feature_id), {alias}.area_codes)"
    return scope_of(user, permission, layer=f"{alias}.layer", areas=(f"{alias}.area_codes", live))


def features_within(user: Holder | None, permission: str, alias: str = "core.feature") -> Scope:
    """Give the condition for features, with `alias` for their table."""
    return scope_of(user, permission, layer=f"{alias}.layer", areas=(f"core.areas_of({alias}.content)",))


def units_within(user: Holder | None, permission: str, code: str) -> Scope:
    """Give the condition for what is about a unit and no layer; `code` is the SQL of the unit's code."""
    return scope_of(user, permission, layer=None, areas=(f"core.unit_chain({code})",))


def import_runs_within(user: Holder | None, permission: str, alias: str = "core.import_run") -> Scope:
    """Give the condition for uploaded files, with `alias` for their table: a file lies nowhere, only its rows do."""
    return scope_of(user, permission, layer=f"{alias}.layer", areas=())


def import_rows_within(user: Holder | None, permission: str, alias: str = "core.import_row") -> Scope:
    """Give the condition for rows of uploaded files, with `alias` for their table.

    What a row says and the place beside it both have to lie within. What cannot be taken lies nowhere.
    """
    live = f"coalesce(core.areas_of_feature({alias}.feature_id), {alias}.area_codes)"
    return scope_of(user, permission, layer=f"{alias}.layer", areas=(f"{alias}.area_codes", live))


async def units_without_boundary(session: AsyncSession, user: Holder | None, permission: str) -> list[str]:
    """Give the names of units that somebody's permission is limited to and of which no boundary is loaded.

    Nothing with a pin lies in them, whatever waits there. Of an unknown unit the code stands for the name.
    """
    if has_everywhere(user, permission):
        return []
    codes = sorted({code for grant in grants_with(user, permission) for code in grant.areas or ()})
    return list((await session.scalars(_WITHOUT_BOUNDARY, {"codes": codes})).all()) if codes else []


_WITHOUT_BOUNDARY: Final = text(
    """
    SELECT coalesce(a.name, wanted.code)
    FROM unnest(CAST(:codes AS text[])) AS wanted (code) LEFT JOIN published.area a ON a.code = wanted.code
    WHERE NOT EXISTS (SELECT FROM published.area_part p WHERE p.area_code = wanted.code)
    ORDER BY 1
    """
)


class Elsewhere(Conflict):
    """This would lie where you may not decide. Somebody who may decide there has to do it."""


async def stay_within(
    session: AsyncSession, user: Holder | None, permission: str, feature_id: uuid.UUID
) -> None:
    """Raise `Elsewhere` where a feature lies outside after an act: nobody moves anything to where they may not decide.

    Called at the end of the transaction, which it rolls back.
    """
    if not await is_within(session, user, permission, "feature", feature_id):
        raise Elsewhere


async def is_within(
    session: AsyncSession, user: Holder | None, permission: str, kind: str, row_id: uuid.UUID
) -> bool:
    """Whether somebody may use a permission on one row; `kind` is one of `KINDS`.

    False too where there is no such row: who may not see it is not told that there is one. Of a merge both
    features have to lie within.
    """
    within, statement = _ONE[kind]
    scope = within(user, permission, "one")
    if scope.is_everything:
        return True
    found = await session.execute(text(statement.format(scope=scope.sql)), scope.values | {"id": row_id})
    return bool(found.scalar_one())


_ONE: Final[Mapping[str, tuple[Callable[[Holder | None, str, str], Scope], str]]] = {
    "submission": (
        submissions_within,
        "SELECT count(*) = 1 FROM core.submission one WHERE one.id = :id AND {scope}",
    ),
    "feature": (features_within, "SELECT count(*) = 1 FROM core.feature one WHERE one.id = :id AND {scope}"),
    "report": (
        features_within,
        (
            "SELECT count(*) = 1 FROM core.report r JOIN core.feature one ON one.id = r.feature_id"
            " WHERE r.id = :id AND {scope}"
        ),
    ),
    "claim": (
        features_within,
        (
            "SELECT count(*) = 1 FROM core.place_claim c JOIN core.feature one ON one.id = c.feature_id"
            " WHERE c.id = :id AND {scope}"
        ),
    ),
    "merge": (
        features_within,
        (
            "SELECT count(*) = 2 FROM core.merge m JOIN core.feature one ON one.id IN (m.winner_id, m.loser_id)"
            " WHERE m.id = :id AND {scope}"
        ),
    ),
    "import_run": (
        import_runs_within,
        "SELECT count(*) = 1 FROM core.import_run one WHERE one.id = :id AND {scope}",
    ),
    "import_row": (
        import_rows_within,
        "SELECT count(*) = 1 FROM core.import_row one WHERE one.id = :id AND {scope}",
    ),
}
KINDS = frozenset(_ONE)
