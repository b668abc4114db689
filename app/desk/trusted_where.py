"""Where an organisation publishes by itself, by the names of units; and why one of its people does not."""

import uuid
from typing import Any

from fastapi import Request
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.areas.models import Area
from app.desk.acts import setting_of
from app.desk.own_words import why_words
from app.moderation.own_publication import Wanted, why_it_waits
from app.moderation.trust_models import Trust
from app.moderation.trusts import trust_in


async def trusted_where(session: AsyncSession, trust: Trust | None, *, with_codes: bool = False) -> list[str]:
    """Give the names of the units, in their order; the code of one that is not there any more."""
    if trust is None:
        return []
    rows = await session.execute(select(Area.code, Area.name).where(Area.code.in_(trust.areas)))
    named = {row.code: f"{row.name} ({row.code})" if with_codes else row.name for row in rows}
    return sorted(named.get(code, code) for code in trust.areas)


async def trusted_here(request: Request, session: AsyncSession, organisation_id: uuid.UUID) -> dict[str, Any]:
    """What an organisation's own page says of it, with why whoever looks does not publish by themselves."""
    trust = await trust_in(session, organisation_id)
    if trust is None:
        return {"trust": None, "trusted_where": [], "trust_waits": []}
    wanted = Wanted(organisation_id, request.state.user, trust.layers[0])
    whys = await why_it_waits(session, setting_of(request), wanted) if request.state.seat else ()
    return {
        "trust": trust,
        "trusted_where": await trusted_where(session, trust),
        "trust_waits": await why_words(request, session, whys),
    }
