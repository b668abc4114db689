"""Photos that come with a form: drawn anew, and kept sealed for the page that they belong to."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Final

from fastapi import Request

from app.db import session
from app.entering.entry import Entry
from app.errors import FieldProblem, InvalidInput, TooManyRequests
from app.forms import Answers, Form
from app.forms.photos import Photos
from app.forms.sealing import Seal, is_address, new_address
from app.pages.form_pages import secret_of
from app.photos.redrawing import PhotoRefused, redrawn
from app.photos.refusals import MOST_BYTES, problem
from app.photos.waiting import drop_waiting, keep_waiting
from app.web.dependencies import database_of, limited
from app.web.rate_limit import Limit
from app.web.strict_form import FormValues

#: Photos of one connection; a room full of people who add places fits in, and what waits for forms is not filled by one.
SENDING: Final = Limit("photo", 40, 3600)
#: A page with one photo, in bytes.
MOST_WITH_PHOTO: Final = MOST_BYTES + 256_000


def photos_of(form: Form) -> Photos | None:
    """The question for photos of a form; None when it has none."""
    return next((field for field in form.fields if isinstance(field, Photos)), None)


def album_of(request: Request, form: Form, answers: Answers) -> Seal | None:
    """What opens the photos that wait for a page; None when it has none."""
    field = photos_of(form)
    address = answers.one(field.album) if field else ""
    return Seal(address, secret_of(request)) if is_address(address) else None


async def with_photo(
    request: Request, entry: Entry, sent: FormValues, before: Iterable[tuple[str, str]] = ()
) -> tuple[Entry, tuple[FieldProblem, ...]]:
    """The entry with the photo that came with its page, or what is wrong with that.

    Where no photo is asked for, because the place is protected, nothing is looked at, and those go that waited for the
    page (`before` are the answers that were kept). So do those that were taken out of it.
    """
    field = photos_of(entry.form)
    if field is None:
        return entry, ()
    given = Answers.of([*before, *sent.pairs])
    problems: tuple[FieldProblem, ...] = ()
    if field.shown(entry.answers):
        file = next((file for name, file in sent.files if name == field.new), None)
        if file is not None:
            entry, problems = await _take(request, entry, field, file.content)
    pressed = field.more(entry.answers, sent.one("action"))
    answers = entry.answers if pressed is None else pressed
    named = field.files(answers) if field.shown(answers) else []
    for address in {text for text in given.all(field.album) if is_address(text)}:
        await empty(request, Seal(address, secret_of(request)), named=named)
    return entry, problems


async def empty(request: Request, album: Seal | None, *, named: Collection[str] = ()) -> None:
    """Delete what waits for a page but what it still names: after it was sent nothing, in a transaction of its own."""
    if album is not None:
        async with session(database_of(request)) as transaction:
            await drop_waiting(transaction, album, named=named)


def without_gone(entry: Entry, error: InvalidInput) -> Entry:
    """The entry at the step that asks for photos, without those that are no longer kept; any other error is raised again."""
    field = photos_of(entry.form)
    gone = {one.path.split(".")[1] for one in error.problems if one.code == "photo_gone"}
    if field is None or not gone:
        raise error
    files = field.files(entry.answers)
    rows = [
        row
        for row in field.rows(entry.answers)
        if str(files.index(entry.answers.one(f"{field.name}.{row}.file"))) in gone
    ]
    answers = entry.answers.only(
        lambda name: not any(name.startswith(f"{field.name}.{row}.") for row in rows)
    )
    at = entry.form.step_of(field.new)
    return replace(entry, answers=answers, at=at, problems=(problem("photo_gone", field.new),), content=None)


async def _take(
    request: Request, entry: Entry, field: Photos, content: bytes
) -> tuple[Entry, tuple[FieldProblem, ...]]:
    if len(field.rows(entry.answers)) >= field.most:
        return entry, (problem("photos_full", field.new),)
    try:
        await limited(request, SENDING)
        photo = await redrawn(content)
    except TooManyRequests:
        return entry, (problem("photos_busy", field.new),)
    except PhotoRefused as refused:
        return entry, (problem(refused.code, field.new),)
    album = album_of(request, entry.form, entry.answers) or Seal(new_address(), secret_of(request))
    async with session(database_of(request)) as transaction:
        if not await keep_waiting(transaction, album, photo):
            return entry, (problem("photos_busy", field.new),)
    answers = field.with_photo(entry.answers, photo.file).replaced(field.album, album.address)
    return replace(entry, answers=answers), ()
