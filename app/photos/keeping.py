"""Photos that contents name: taken in with the submission, deleted when nothing names them any more."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.errors import InvalidInput
from app.forms.sealing import Seal
from app.photos.refusals import problem
from app.photos.waiting import read_waiting

#: The member of a content that names its photos.
PHOTOS: Final = "photos"
#: So long after a decision its photos are kept that are not on the map (SECURITY, retention).
UNUSED_KEPT: Final = "30 days"

_KNOWN = text("SELECT file FROM core.photo WHERE file = ANY(:files)")
_TAKE_IN = text(
    "INSERT INTO core.photo (file, large, small) VALUES (:file, :large, :small) ON CONFLICT (file) DO NOTHING"
)
# Whoever names one in this moment holds it, and it is not forgotten.
_HOLD = text("SELECT FROM core.photo WHERE file = ANY(:files) ORDER BY file FOR KEY SHARE")
_READ: Final = {
    size: text(f"SELECT {size} FROM core.photo WHERE file = :file")  # noqa: S608 - names of our own columns
    for size in ("large", "small")
}
#: Whether nothing names it: each condition is looked up by the name in an index.
_UNNAMED: Final = f"""
    NOT EXISTS (
      SELECT FROM core.revision r
      WHERE r.content ? 'photos' AND jsonb_path_query_array(r.content, '$.photos[*].file') ? p.file)
    AND NOT EXISTS (
      SELECT FROM core.submission s
      WHERE s.content ? 'photos' AND jsonb_path_query_array(s.content, '$.photos[*].file') ? p.file
        AND (s.decided_at IS NULL OR s.decided_at > now() - interval '{UNUSED_KEPT}'))
    AND NOT EXISTS (
      SELECT FROM core.submission s
      WHERE s.sent_as_new IS NOT NULL AND jsonb_path_query_array(s.sent_as_new, '$.*.photos[*].file') ? p.file
        AND (s.decided_at IS NULL OR s.decided_at > now() - interval '{UNUSED_KEPT}'))
    AND NOT EXISTS (
      SELECT FROM core.merge m WHERE jsonb_path_query_array(m.moved, '$.submissions.*.*.photos[*].file') ? p.file)
"""  # noqa: S608 - constants
# Whoever names one in this moment holds it: they come first, and it is not forgotten today.
_HOLD_UNNAMED = text(
    f"SELECT p.file FROM core.photo p WHERE p.file = ANY(:files) AND {_UNNAMED} FOR UPDATE SKIP LOCKED"  # noqa: S608 - constants
)
_FORGET = text(f"DELETE FROM core.photo p WHERE p.file = ANY(:files) AND {_UNNAMED}")  # noqa: S608 - constants
_OLD = text(
    """
    SELECT file FROM core.photo WHERE file > :after AND created_at < now() - interval '1 day'
    ORDER BY file LIMIT :limit
    """
)


def files_in(content: Mapping[str, Any]) -> list[str]:
    """The names of the photos of a content as JSON."""
    return [photo["file"] for photo in content.get(PHOTOS, ())]


async def take_in(session: AsyncSession, content: Mapping[str, Any], album: Seal | None) -> None:
    """Keep the photos of a content that lie in an album; what is kept already stays.

    The album is emptied after this transaction (`drop_waiting`): its total is everybody's, and held by nobody for long.
    """
    files = files_in(content)
    known = set(await session.scalars(_KNOWN, {"files": files})) if files else set()
    for file in files:
        found = await read_waiting(session, album, file) if album and file not in known else None
        if found is not None:
            await session.execute(_TAKE_IN, {"file": file, "large": found.large, "small": found.small})


async def check_photos(session: AsyncSession, contents: Sequence[Mapping[str, Any]]) -> None:
    """See that every photo of contents is kept, and goes on being; `InvalidInput` for one that is not."""
    files = sorted({file for content in contents for file in files_in(content)})
    if not files:
        return
    await session.execute(_HOLD, {"files": files})
    known = set(await session.scalars(_KNOWN, {"files": files}))
    gone = [
        problem("photo_gone", f"{PHOTOS}.{number}.file")
        for content in contents
        for number, file in enumerate(files_in(content))
        if file not in known
    ]
    if gone:
        raise InvalidInput(*gone)


async def read_photo(session: AsyncSession, file: str, size: str) -> bytes | None:
    """A photo that is kept, in one of its sizes; None for one that is not."""
    found = await session.scalar(_READ[size], {"file": file})
    return None if found is None else bytes(found)


async def forget_photos(session: AsyncSession, files: Collection[str]) -> int:
    """Delete those of these photos that nothing names any more; how many.

    They are held first and looked at again, for a statement does not see what has come to be named while it waited.
    """
    held = list(await session.scalars(_HOLD_UNNAMED, {"files": list(files)}))
    if not held:
        return 0
    result = await session.execute(_FORGET, {"files": held})
    return int(result.rowcount)  # type: ignore[attr-defined]


async def old_photos(session: AsyncSession, *, after: str, limit: int) -> Sequence[str]:
    """The names of photos that have been here for a day, in order, behind one of them."""
    return (await session.scalars(_OLD, {"after": after, "limit": limit})).all()
