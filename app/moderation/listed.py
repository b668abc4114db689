"""What a person of staff may see, for lists of very many: by the units that the read model has found already.

The conditions of `app.moderation.scope` put every row beside the boundaries, and are for single rows. What is on the map
with a pin has its units written, and lies in these where it names none that it is for; only the rest is still looked up.
"""

from collections.abc import Collection
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.roles import Holder
from app.accounts.scopes import Scope, scope_of
from app.moderation.scope import features_within

_AREAS: Final = "scope_areas_"
_AROUND: Final = "scope_around_"
#: Of the read model `p` and the spine `f` of a feature.
_IS_WRITTEN: Final = "p.lng IS NOT NULL AND NOT f.content ?| '{area_served,areas}'"


async def features_listed(session: AsyncSession, user: Holder | None, permission: str) -> Scope:
    """Give the condition for published features, of `published.feature p JOIN core.feature f`.

    What names units that it is for is looked at where one of them is somebody's, or lies below.
    """
    exact = features_within(user, permission, "f")
    candidates = scope_of(user, permission, layer="p.layer", areas=("p.area_codes",))
    if exact.is_everything or not exact.values:
        return exact
    around = {
        key.replace(_AREAS, _AROUND): await _codes(session, _BELOW, value) if _is_areas(key) else value
        for key, value in candidates.values.items()
    }
    found = candidates.sql.replace(_AREAS, _AROUND)
    written = (await _called_now(session, candidates)).values
    lies = candidates.sql
    return Scope(f"({found} AND CASE WHEN {_IS_WRITTEN} THEN {lies} ELSE {exact.sql} END)", around | written)


async def import_rows_listed(
    session: AsyncSession, user: Holder | None, permission: str, alias: str = "core.import_row"
) -> Scope:
    """Give the condition for rows of uploaded files, with `alias` for their table: what a row says and the place beside it."""
    written = (
        "SELECT p.area_codes FROM published.feature p JOIN core.feature f USING (id)"  # noqa: S608 - program text
        f" WHERE p.id = {alias}.feature_id AND {_IS_WRITTEN}"
    )
    beside = f"coalesce(({written}), core.areas_of_feature({alias}.feature_id), {alias}.area_codes)"
    scope = scope_of(user, permission, layer=f"{alias}.layer", areas=(f"{alias}.area_codes", beside))
    return await _called_now(session, scope)


async def _called_now(session: AsyncSession, scope: Scope) -> Scope:
    """The same with the units as they are called now: a grant names what stays when a village becomes a town."""
    values = {
        key: await _codes(session, _CALLED, value) if _is_areas(key) else value
        for key, value in scope.values.items()
    }
    return Scope(scope.sql, values)


def _is_areas(key: str) -> bool:
    return key.startswith(_AREAS)


async def _codes(session: AsyncSession, statement: str, codes: Collection[str]) -> list[str]:
    found = await session.scalars(text(statement), {"codes": list(codes)})
    return sorted({*codes, *found})


_CALLED = "SELECT code FROM published.area WHERE code = ANY(:codes) OR stable_code = ANY(:codes)"
# A metropolis has no place among the ancestors of its gminas.
_BELOW = """
    WITH called AS (
      SELECT code, stable_code FROM published.area WHERE code = ANY(:codes) OR stable_code = ANY(:codes)
    )
    SELECT unnest(array[a.code, a.stable_code]) FROM published.area a
    WHERE a.code IN (SELECT code FROM called)
      OR a.ancestors && ARRAY(SELECT unnest(array[code, stable_code]) FROM called)
      OR (a.level IN ('gmina', 'uat') AND EXISTS (
        SELECT FROM published.area_part p JOIN published.area m ON m.code = p.area_code
        WHERE m.level = 'metropolis' AND m.code IN (SELECT code FROM called) AND ST_Intersects(p.geom, a.label)))
"""
