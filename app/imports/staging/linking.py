"""Which place a row of a source is: kept with what the source said of it, and as it was before for the undoing."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.imports.models import ImportLink, ImportRow
from app.imports.staging.comparing import as_stated
from app.imports.staging.looking import Desk
from app.moderation.withheld import is_protected


async def hold_number(session: AsyncSession, row: ImportRow) -> None:
    """Hold a row's number of its source until the end of the transaction."""
    await session.execute(_HOLD_NUMBER, {"source": row.source, "source_id": row.source_id})


async def said_of(desk: Desk, row: ImportRow, feature_id: uuid.UUID) -> tuple[dict[str, Any], int] | None:
    """Give what the source said last of a place in this row, and at which version; None where it has never spoken of it."""
    found = await desk.session.get(ImportLink, _key(row), populate_existing=True)
    if found is not None:
        content, number = found.content, found.revision
        if found.feature_id != feature_id:
            return None
    else:
        asked = {"id": feature_id, "source": row.source, "source_id": row.source_id}
        last = (await desk.session.execute(_SAID, asked)).one_or_none()
        if last is None:
            return None
        content, number = last.content, last.number
    said = as_stated(desk.layer, content)
    return None if said is None else (said, number)


async def keep_link(
    desk: Desk,
    row: ImportRow,
    feature_id: uuid.UUID,
    revision: int,
    before: Mapping[str, Any],
    content: Mapping[str, Any] | None = None,
    last: tuple[dict[str, Any], int] | None = None,
) -> None:
    """Keep which place the row is and what its source says, and what was known before for the undoing."""
    session = desk.session
    said = dict(content if content is not None else row.content or {})
    # The page that a protected place was read from says where it is.
    source_url = None if is_protected(said) else desk.run.source_url or None
    old = await session.get(ImportLink, _key(row), with_for_update=True)
    was, as_of = None, desk.run.as_of
    if old is not None:
        # An earlier file that says the same does not make the later one unsaid.
        as_of = max(as_of, old.as_of or as_of)
        names = ("content", "revision", "source_url", "licence", "attribution")
        was = {name: getattr(old, name) for name in names}
        was |= {"feature_id": str(old.feature_id), "at": old.at.isoformat()}
        was |= {"as_of": old.as_of.isoformat() if old.as_of else None}
        await session.delete(old)
        await session.flush()
    elif last is not None:
        # Known by the number that the place itself has: what it said then is no longer the last that it said.
        was = {
            "content": last[0],
            "revision": last[1],
            "source_url": source_url,
            "licence": desk.run.licence,
            "attribution": desk.run.attribution,
            "feature_id": str(feature_id),
            "at": desk.setting.now.isoformat(),
            "as_of": None,
        }
    row.link_before = {**before, "link": was}
    session.add(
        ImportLink(
            **_named(row),
            feature_id=feature_id,
            content=said,
            revision=revision,
            source_url=source_url,
            licence=desk.run.licence,
            attribution=desk.run.attribution,
            as_of=as_of,
            at=desk.setting.now,
        )
    )
    await session.flush()


async def take_link_back(session: AsyncSession, row: ImportRow, was: Mapping[str, Any] | None) -> None:
    """Know of a row what was known before its decision."""
    found = await session.get(ImportLink, _key(row), with_for_update=True)
    if found is not None:
        await session.delete(found)
        await session.flush()
    if was is not None:
        said = {
            **was,
            "feature_id": uuid.UUID(was["feature_id"]),
            "at": dt.datetime.fromisoformat(was["at"]),
            # Of what was kept before files had a day, it is not known.
            "as_of": dt.date.fromisoformat(was["as_of"]) if was.get("as_of") else None,
        }
        session.add(ImportLink(**_named(row), **said))
        await session.flush()


def _key(row: ImportRow) -> tuple[str, str, str]:
    return (row.layer, row.source, row.source_id)


def _named(row: ImportRow) -> dict[str, str]:
    return {"layer": row.layer, "source": row.source, "source_id": row.source_id}


# Two that decide about two files of one source at once: the second one sees what the first has made.
_HOLD_NUMBER = text(
    "SELECT pg_advisory_xact_lock(hashtextextended('import ' || :source || ' ' || :source_id, 0))"
)
_SAID = text(
    """
    SELECT coalesce(s.content, r.content) AS content, r.number FROM core.feature f
    JOIN core.revision r ON r.feature_id = f.id
    LEFT JOIN core.submission s ON s.id = r.submission_id
    WHERE f.id = :id AND f.source = :source AND f.source_id = :source_id
      AND (r.action = 'import' OR s.channel = 'import')
    ORDER BY r.number DESC LIMIT 1
    """
)
