"""Photos of a form that is being filled in: sealed under the address of an album that only its page has, for six hours."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.forms.drafts import KEPT
from app.forms.sealing import Seal
from app.photos.redrawing import Redrawn

#: All together take no more, in bytes.
MOST_TOGETHER = 1024**3
#: One album, with those that were taken out again, in photos.
MOST_IN_ALBUM = 20

_KEEP = text(
    """
    INSERT INTO core.waiting_photo (album, file, large, small, length)
    VALUES (:album, :file, :large, :small, :length)
    ON CONFLICT (album, file) DO UPDATE SET created_at = now()
    RETURNING xmax = 0
    """
)
# Whoever keeps one holds this row to the end of a short transaction: of two at once the second sees the first. Photos are
# always written or deleted before it, never after.
_COUNT_IN = text(
    """
    INSERT INTO core.waiting_photo_total AS held (bytes) VALUES (:length)
    ON CONFLICT (singleton) DO UPDATE SET bytes = held.bytes + excluded.bytes
      WHERE held.bytes + excluded.bytes <= :most
    RETURNING 1
    """
)
_COUNT_OUT = text("UPDATE core.waiting_photo_total SET bytes = greatest(bytes - :length, 0)")
_IN_ALBUM = text("SELECT count(*) FROM core.waiting_photo WHERE album = :album")
_READ = text(
    f"""
    SELECT large, small FROM core.waiting_photo
    WHERE album = :album AND file = :file AND created_at > now() - interval '{KEPT}'
    """  # noqa: S608 - a constant
)
_DROP = text(
    "DELETE FROM core.waiting_photo WHERE album = :album AND NOT file = ANY(:named) RETURNING length"
)
_FORGET = text(
    f"""
    DELETE FROM core.waiting_photo WHERE (album, file) IN (
      SELECT album, file FROM core.waiting_photo WHERE created_at < now() - interval '{KEPT}'
      ORDER BY created_at LIMIT :limit FOR UPDATE SKIP LOCKED)
    RETURNING length
    """  # noqa: S608 - a constant
)
# Held, nobody counts in or out; what they have written and not counted yet is not seen here, or counted by them.
_HOLD_TOTAL = text("SELECT FROM core.waiting_photo_total FOR UPDATE")
_COUNT_AGAIN = text(
    "UPDATE core.waiting_photo_total SET bytes = (SELECT coalesce(sum(length), 0) FROM core.waiting_photo)"
)


class _NoRoom(Exception):  # noqa: N818 - named by what is wrong
    """No more may be kept."""


async def keep_waiting(session: AsyncSession, album: Seal, photo: Redrawn) -> bool:
    """Keep a photo in an album; False where no more may be kept. In a transaction of its own."""
    sealed = {"large": album.close(photo.large), "small": album.close(photo.small)}
    length = len(sealed["large"]) + len(sealed["small"])
    try:
        async with session.begin_nested():
            row = {"album": album.id, "file": photo.file, "length": length, **sealed}
            if await session.scalar(_KEEP, row):
                await _count_in(session, album, length)
    except _NoRoom:
        return False
    return True


async def _count_in(session: AsyncSession, album: Seal, length: int) -> None:
    """Count a photo that was written just now; `_NoRoom`."""
    if await session.scalar(_COUNT_IN, {"length": length, "most": MOST_TOGETHER}) is None:
        raise _NoRoom
    if (await session.execute(_IN_ALBUM, {"album": album.id})).scalar_one() > MOST_IN_ALBUM:
        raise _NoRoom


async def read_waiting(session: AsyncSession, album: Seal, file: str) -> Redrawn | None:
    """A photo of an album; None when it is not there, or its time is over."""
    row = (await session.execute(_READ, {"album": album.id, "file": file})).one_or_none()
    large, small = (album.open(bytes(row.large)), album.open(bytes(row.small))) if row else (None, None)
    return None if large is None or small is None else Redrawn(file, large, small)


async def drop_waiting(session: AsyncSession, album: Seal, *, named: Collection[str] = ()) -> None:
    """Delete the photos of an album but those that its form still names. In a transaction of its own."""
    await _drop(session, _DROP, {"album": album.id, "named": list(named)})


async def forget_old_waiting(session: AsyncSession, *, limit: int) -> int:
    """Delete so many photos of forms that nobody goes on with (a periodic job); how many there were."""
    return await _drop(session, _FORGET, {"limit": limit})


async def count_again(session: AsyncSession) -> None:
    """Add up what waits, once in a while: whatever went wrong with the total is right from then on."""
    await session.execute(_HOLD_TOTAL)
    await session.execute(_COUNT_AGAIN)


async def _drop(session: AsyncSession, statement: TextClause, values: Mapping[str, Any]) -> int:
    lengths = (await session.scalars(statement, values)).all()
    if lengths:
        await session.execute(_COUNT_OUT, {"length": sum(lengths)})
    return len(lengths)
