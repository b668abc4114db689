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
    """A public number, address or page of an entry. `since` is when it was published without having gone again.

    `settled`: it proves something. It has stood there for a month, or came with the entry from the desk or from a source;
    what whoever sent the entry in wrote there is no older than the entry.
    """

    kind: str
    value: str
    since: dt.datetime
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
        since, vouched = (row.since, row.vouched) if row is not None and row.since else (now, False)
        found.append(
            StandingContact(
                kind,
                value,
                since=since,
                settled=vouched or since <= now - SETTLED_AFTER,
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
    SELECT min(r.created_at) AS since,
      coalesce(bool_or(r.number = 1 AND (r.submission_id IS NULL OR s.channel = 'import')), false) AS vouched
    FROM core.revision r LEFT JOIN core.submission s ON s.id = r.submission_id
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
