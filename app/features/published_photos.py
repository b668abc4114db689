"""The photos that the public may see: copies beside the published rows, gone with them."""

import uuid
from collections.abc import Mapping, Sequence

import orjson
from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

_WRITE = text(
    """
    WITH given AS (
      SELECT g.feature_id, file FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS g (feature_id uuid, files text[]),
        unnest(g.files) AS file),
    gone AS (
      DELETE FROM published.photo p WHERE p.feature_id = ANY(:ids)
        AND NOT EXISTS (SELECT FROM given WHERE given.feature_id = p.feature_id AND given.file = p.file))
    INSERT INTO published.photo (feature_id, file, large, small)
    SELECT given.feature_id, file, k.large, k.small FROM given JOIN core.photo k USING (file)
    WHERE NOT EXISTS (
      SELECT FROM published.photo p WHERE p.feature_id = given.feature_id AND p.file = given.file)
    """
)
_READ = {
    size: text(f"SELECT {size} FROM published.photo WHERE file = :file LIMIT 1")  # noqa: S608 - our own columns
    for size in ("large", "small")
}


async def write_photos(
    session: AsyncSession, files: Mapping[uuid.UUID, Sequence[str]], before: Sequence[uuid.UUID]
) -> None:
    """Have exactly `files` published of each feature; `before` are those that may have had others."""
    named = [{"feature_id": key, "files": given} for key, given in files.items() if given]
    if named or before:
        await session.execute(_WRITE, {"rows": orjson.dumps(named).decode(), "ids": list(before)})


def published_photo(size: str) -> TextClause:
    """The statement that gives a photo by `file` while its place is public."""
    return _READ[size]
