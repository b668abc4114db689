"""Photos themselves: those of public places, and those that wait for a form to be sent."""

from typing import Final, Literal

from fastapi import Request
from starlette.responses import Response

from app.db import session
from app.errors import NotFound
from app.features.published_photos import published_photo
from app.forms.sealing import Seal, is_address
from app.pages.form_pages import secret_of
from app.photos.names import TYPE, is_file
from app.photos.waiting import read_waiting
from app.web.dependencies import ReadConnection, database_of
from app.web.routes import BY_LINK, PUBLIC, page_router, requires

router = page_router("/photos")

#: Its bytes never change, but its place may be protected tomorrow: a browser asks again the next day, and whoever hands it
#: on to others within a minute (SECURITY F7).
KEPT: Final = "public, max-age=86400, s-maxage=60, immutable"
Size = Literal["small", "large"]


class NoSuchPhoto(NotFound):
    """There is no such photo here, or no longer."""


@router.get("/{size}/{name}", dependencies=[requires(PUBLIC)])
async def photo(reader: ReadConnection, size: Size, name: str) -> Response:
    """A photo of a place that is public now."""
    found = (await reader.execute(published_photo(size), {"file": file_in(name)})).scalar()
    if found is None:
        raise NoSuchPhoto
    # Other maps show what the API leads them to.
    return photo_answer(bytes(found), KEPT, {"Cross-Origin-Resource-Policy": "cross-origin"})


@router.get("/waiting/{album}/{size}/{name}", dependencies=[requires(BY_LINK)])
async def waiting_photo(
    request: Request, reader: ReadConnection, album: str, size: Size, name: str
) -> Response:
    """A photo of a form that is being filled in, for whoever has its page; or the public one that the form began with."""
    file = file_in(name)
    if not is_address(album):
        raise NoSuchPhoto
    async with session(database_of(request)) as transaction:
        found = await read_waiting(transaction, Seal(album, secret_of(request)), file)
    if found is None:
        return await photo(reader, size, name)
    return photo_answer(found.small if size == "small" else found.large, "no-store")


def file_in(name: str) -> str:
    """The name of a photo in the last part of an address; `NoSuchPhoto`."""
    file = name.removesuffix(".webp")
    if file == name or not is_file(file):
        raise NoSuchPhoto
    return file


def photo_answer(content: bytes, keep: str, more: dict[str, str] | None = None) -> Response:
    """A photo as an answer."""
    return Response(content, media_type=TYPE, headers={"Cache-Control": keep, **(more or {})})
