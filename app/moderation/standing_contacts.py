"""Ways to reach whoever is behind an entry, as the map tells them, and since when: what was put there lately proves nothing."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.features.models import Feature

#: Whoever has just had a change of a number let through may not prove by it who they are.
SETTLED_AFTER: Final = dt.timedelta(days=30)


@dataclass(frozen=True, slots=True)
class StandingContact:
    """A public number, address or page of an entry. `since` is when it was published without having gone again."""

    kind: str
    value: str
    since: dt.datetime
    from_the_first: bool
    settled: bool


async def standing_contacts(
    session: AsyncSession, feature: Feature, now: dt.datetime
) -> list[StandingContact]:
    """Give the public ways to reach an entry in their order, its page last."""
    found = []
    for kind, value in _public(feature.content):
        row = (
            await session.execute(_SINCE, {"feature": feature.id, "kind": kind, "value": value})
        ).one_or_none()
        since, first = (row.since, row.first) if row is not None and row.since else (now, False)
        found.append(
            StandingContact(
                kind,
                value,
                since=since,
                from_the_first=first,
                settled=first or since <= now - SETTLED_AFTER,
            )
        )
    return found


def _public(content: dict[str, Any]) -> list[tuple[str, str]]:
    given = [
        (one["kind"], one["value"])
        for one in content.get("contacts", ())
        if one.get("visibility", "public") == "public"
    ]
    if content.get("website"):
        given.append(("web", content["website"]))
    return list(dict.fromkeys(given))


# The first version after the last one that did not have it.
_SINCE = text(
    """
    SELECT min(r.created_at) AS since, min(r.number) = 1 AS first FROM core.revision r
    WHERE r.feature_id = :feature AND r.number > coalesce((
      SELECT max(g.number) FROM core.revision g
      WHERE g.feature_id = :feature
        AND NOT jsonb_path_exists(g.content,
          '$.contacts[*] ? (@.kind == $kind && @.value == $value && (!exists(@.visibility) || @.visibility == "public"))',
          jsonb_build_object('kind', CAST(:kind AS text), 'value', CAST(:value AS text)))
        AND NOT (:kind = 'web' AND g.content ->> 'website' IS NOT DISTINCT FROM :value)
    ), 0)
    """
)
