"""What people wrote about features, and what was found out about submissions, without where their places are."""

import uuid
from collections.abc import Collection, Sequence
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.features.places_in_text import without_places


async def forget_written(
    session: AsyncSession, features: Sequence[uuid.UUID], streets: Collection[str]
) -> None:
    """Take out of what people wrote about features where these are; `streets` are names that no text keeps."""
    for table, column in _WRITTEN:
        await _erase_texts(session, table, column, "feature_id", features, streets)


async def forget_said(
    session: AsyncSession, submissions: Sequence[uuid.UUID], streets: Collection[str]
) -> None:
    """Take out of what was said and found about submissions where their place is; `streets` are names that no text keeps."""
    await session.execute(_ERASE_SCREENINGS, {"ids": list(submissions)})
    await session.execute(_ERASE_TRACES, {"ids": list(submissions)})
    await _erase_texts(session, "core.submission", "decision_note", "id", submissions, streets)
    await _erase_texts(session, "core.submission_note", "body", "submission_id", submissions, streets)


async def _erase_texts(
    session: AsyncSession,
    table: str,
    column: str,
    key: str,
    ids: Sequence[uuid.UUID],
    streets: Collection[str],
) -> None:
    chosen = f"WHERE {key} = ANY(:ids) AND {column} "
    read = text(f"SELECT DISTINCT {column} FROM {table} {chosen} IS NOT NULL")  # noqa: S608 - program text
    clean = text(f"UPDATE {table} SET {column} = :cleaned {chosen} = :said")  # noqa: S608 - program text
    for said in (await session.scalars(read, {"ids": list(ids)})).all():
        cleaned = without_places(said, streets)
        if cleaned != said:
            await session.execute(clean, {"ids": list(ids), "said": said, "cleaned": cleaned})


#: What people wrote about a feature, by its id.
_WRITTEN: Final = (
    ("core.report", "body"),
    ("core.report", "note"),
    ("core.revision", "reason"),
    ("core.place_claim", "reason"),
    ("core.place_claim", "first_said"),
    ("core.place_claim", "said"),
    ("core.place_claim", "note"),
)
# They name the unit that a pin was in and the town of the address, and hold marks of what was written.
_ERASE_SCREENINGS = text(
    """
    UPDATE core.screening SET reasons = jsonb_path_query_array(
      reasons, '$[*] ? (@.code != "pin_outside" && @.code != "no_position" && @.code != "house_unknown")')
    WHERE submission_id = ANY(:ids)
    """
)
_ERASE_TRACES = text("DELETE FROM core.screening_trace WHERE submission_id = ANY(:ids)")
