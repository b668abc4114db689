"""What is on the map, for whoever works on it as a file: only where they may see it, and nothing of what is protected."""

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.scopes import Scope


async def own_places(
    session: AsyncSession, layer: str, within: Scope, most: int
) -> Sequence[tuple[uuid.UUID, dict[str, Any]]]:
    """Give ids and contents of published features, the first `most` by their ids.

    The condition is for `p`, the read model, and `f`, what it is made of.
    """
    values = within.values | {"layer": layer, "most": most}
    rows = await session.execute(text(_OWN.format(within=within.sql)), values)
    return [(row.id, row.content) for row in rows]


_OWN = """
    SELECT f.id, f.content FROM published.feature p JOIN core.feature f USING (id)
    WHERE p.layer = :layer AND p.disclosure = 'exact' AND NOT p.example AND {within}
    ORDER BY p.id LIMIT :most
"""
