"""Photos of a form that is being filled in: sealed under the address of an album that only its page has, for six hours."""

from collections.abc import Collection

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.forms.drafts import KEPT
from app.forms.sealing import Seal
from app.photos.redrawing import Redrawn

#: All together take no more, in bytes.
MOST_TOGETHER = 1024**3
#: One album, with those that were taken out again, in photos.
MOST_IN_ALBUM = 20

_ROOM = text(
    """
    SELECT coalesce(sum(length), 0) < :most AND count(*) FILTER (WHERE album = :album) < :in_album
    FROM core.waiting_photo
    """
)
_KEEP = text(
    """
    INSERT INTO core.waiting_photo (album, file, large, small, length)
    VALUES (:album, :file, :large, :small, :length)
    ON CONFLICT (album, file) DO UPDATE SET created_at = now()
    """
)
_READ = text(
    f"""
    SELECT large, small FROM core.waiting_photo
    WHERE album = :album AND file = :file AND created_at > now() - interval '{KEPT}'
    """  # noqa: S608 - a constant
)
_DROP = text("DELETE FROM core.waiting_photo WHERE album = :album AND NOT file = ANY(:named)")
_FORGET = text(f"DELETE FROM core.waiting_photo WHERE created_at < now() - interval '{KEPT}'")  # noqa: S608 - a constant


async def keep_waiting(session: AsyncSession, album: Seal, photo: Redrawn) -> bool:
    """Keep a photo in an album; False where no more may be kept."""
    room = {"most": MOST_TOGETHER, "in_album": MOST_IN_ALBUM, "album": album.id}
    if not await session.scalar(_ROOM, room):
        return False
    sealed = {"large": album.close(photo.large), "small": album.close(photo.small)}
    length = len(sealed["large"]) + len(sealed["small"])
    await session.execute(_KEEP, {"album": album.id, "file": photo.file, "length": length, **sealed})
    return True


async def read_waiting(session: AsyncSession, album: Seal, file: str) -> Redrawn | None:
    """A photo of an album; None when it is not there, or its time is over."""
    row = (await session.execute(_READ, {"album": album.id, "file": file})).one_or_none()
    large, small = (album.open(bytes(row.large)), album.open(bytes(row.small))) if row else (None, None)
    return None if large is None or small is None else Redrawn(file, large, small)


async def drop_waiting(session: AsyncSession, album: Seal, *, named: Collection[str] = ()) -> None:
    """Delete the photos of an album but those that its form still names."""
    await session.execute(_DROP, {"album": album.id, "named": list(named)})


async def forget_old_waiting(session: AsyncSession) -> None:
    """Delete the photos of forms that nobody goes on with (a periodic job)."""
    await session.execute(_FORGET)
