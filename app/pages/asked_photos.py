"""The photos of what was sent, for whoever corrects it: nobody else sees them before it is published."""

from typing import Annotated, Literal

from fastapi import Query, Request
from starlette.responses import Response

from app.db import session
from app.features.models import Feature
from app.forms.sealing import Seal, is_address
from app.moderation import links
from app.moderation.states import SubmissionState
from app.moderation.submissions import read
from app.moderation.withheld import is_protected
from app.pages.form_pages import secret_of
from app.pages.photos import NoSuchPhoto, photo_answer
from app.photos.keeping import files_in, read_photo
from app.photos.names import is_file
from app.photos.waiting import read_waiting
from app.web.dependencies import database_of
from app.web.language import Language
from app.web.query import PlainText
from app.web.routes import BY_LINK, page_router, requires

router = page_router()


@router.get("/{lang}/status/{token}/photo", dependencies=[requires(BY_LINK)])
async def asked_photo(
    request: Request,
    lang: Language,
    token: str,
    name: Annotated[PlainText, Query(max_length=60)] = "",
    album: Annotated[PlainText, Query(max_length=60)] = "",
    size: Literal["small", "large"] = "small",
) -> Response:
    """A photo that the entry of a link names while a question about it waits, or one that its correction has in an album."""
    del lang
    secret = secret_of(request)
    submission_id = links.read_token(secret, "status", token)
    if not is_file(name):
        raise NoSuchPhoto
    async with session(database_of(request)) as transaction:
        submission = await read(transaction, submission_id)
        live = await transaction.get(Feature, submission.feature_id) if submission.feature_id else None
        if submission.state != SubmissionState.NEEDS_CHANGES or is_protected(live.content if live else {}):
            raise NoSuchPhoto
        found = None
        if name in files_in(submission.content) and not is_protected(submission.content):
            found = await read_photo(transaction, name, size)
        elif is_address(album) and (new := await read_waiting(transaction, Seal(album, secret), name)):
            found = new.small if size == "small" else new.large
    if found is None:
        raise NoSuchPhoto
    return photo_answer(found, "no-store")
