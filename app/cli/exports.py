"""`pomapa export …`: what is published as files."""

import datetime as dt
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.console import say, working
from app.cli.engines import on_database
from app.config import Settings
from app.db import Database

if TYPE_CHECKING:
    from app.exports.municipality.files import File
    from app.exports.municipality.making import Maker
    from app.exports.municipality.reading import Municipality

export_commands = typer.Typer(help="Write what is published into files.", no_args_is_help=True)

Code = Annotated[str, typer.Argument(help="Its code, such as PL-2661011.")]
Language = Annotated[str, typer.Option("--language", "-l", help="pl, uk, en, de, ro or ru.")]
Out = Annotated[
    Path | None, typer.Option("--out", "-o", help="The file; default: a readable name in the current folder.")
]
DataDir = Annotated[Path | None, typer.Option("--data", help="Data directory; default: $DATA_DIR or var.")]


@export_commands.callback()
def export() -> None:
    """Write what is published into files."""


@export_commands.command("municipality")
def municipality(code: Code, *, language: Language = "pl", out: Out = None, data: DataDir = None) -> None:
    """Write all that is published for one municipality as a file for a USB stick; too much for one: as several."""
    _on_database(_write_file, code, language, out, data)


@export_commands.command("paper")
def paper(code: Code, *, language: Language = "pl", out: Out = None, data: DataDir = None) -> None:
    """Write all that is published for one municipality as a PDF to print; too much for one: as several."""
    _on_database(_write_paper, code, language, out, data)


def _on_database(
    write: Callable[[Database, Settings, str, str, Path | None], Awaitable[None]],
    code: str,
    language: str,
    out: Path | None,
    data: Path | None,
) -> None:
    from app.i18n import LANGUAGES

    if language not in LANGUAGES:
        raise typer.BadParameter(f"Languages are {', '.join(LANGUAGES)}.")

    async def run(db: Database, settings: Settings) -> None:
        await write(db, settings, code, language, out)

    on_database(run, data)


async def _write_file(db: Database, settings: Settings, code: str, language: str, out: Path | None) -> None:
    from app.exports.municipality.entries import Reader
    from app.exports.municipality.files import files_of, stem_of
    from app.i18n import translator
    from app.taxonomy.vocabulary import load_vocabulary

    maker = _maker(db, settings)
    day = maker.day_of(dt.datetime.now(dt.UTC))
    found = await _read(db, code)
    reader = Reader(translator(language, settings.timezone), load_vocabulary(), day)
    first = out or Path(f"{stem_of(found, language)}.html")
    _put(first, files_of(found, reader, maker.templates, stem=first.name.removesuffix(".html")))
    _say_what(found)


async def _write_paper(db: Database, settings: Settings, code: str, language: str, out: Path | None) -> None:
    from app.exports.municipality.files import stem_of
    from app.exports.paper.making import Papers

    papers = Papers(_maker(db, settings))
    found = await _read(db, code)
    first = out or Path(f"{stem_of(found, language)}.pdf")
    with working("Making the PDF."):
        day = papers.maker.day_of(dt.datetime.now(dt.UTC))
        files = await papers.files(found, language, day, stem=first.name.removesuffix(".pdf"))
    _put(first, files)
    _say_what(found)


def _maker(db: Database, settings: Settings) -> "Maker":
    from app.exports.municipality.making import Maker
    from app.templating import Templates

    home = settings.countries[0]
    return Maker(settings, db, Templates(settings.public_url, timezone=settings.timezone, home=home))


async def _read(db: Database, code: str) -> "Municipality":
    from app.exports.municipality.reading import read_municipality
    from app.layers.registry import LAYERS

    return await read_municipality(db, code, list(LAYERS))


def _put(first: Path, files: "Sequence[File]") -> None:
    """Write the files; the others lie beside the first one, under the names by which it knows them."""
    first.parent.mkdir(parents=True, exist_ok=True)
    for file in files:
        path = first.with_name(file.name) if file.part else first
        path.write_bytes(file.content)
        say(f"{path}: {len(file.content):,} bytes.")


def _say_what(found: "Municipality") -> None:
    say(f"{found.name} ({found.code}): {len(found.sources)} places and organisations.")
