"""`pomapa export …`: what is published as files."""

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from app.cli.console import say
from app.cli.engines import on_database
from app.config import Settings
from app.db import Database

export_commands = typer.Typer(help="Write what is published into files.", no_args_is_help=True)


@export_commands.callback()
def export() -> None:
    """Write what is published into files."""


@export_commands.command("municipality")
def municipality(
    code: Annotated[str, typer.Argument(help="Its code, such as PL-2661011.")],
    *,
    language: Annotated[str, typer.Option("--language", "-l", help="pl, uk, en, de, ro or ru.")] = "pl",
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="The file; default: a readable name in the current folder."),
    ] = None,
    data: Annotated[
        Path | None, typer.Option("--data", help="Data directory; default: $DATA_DIR or var.")
    ] = None,
) -> None:
    """Write all that is published for one municipality as a file for a USB stick; too much for one: as several."""
    from app.i18n import LANGUAGES

    if language not in LANGUAGES:
        raise typer.BadParameter(f"Languages are {', '.join(LANGUAGES)}.")

    async def write(db: Database, settings: Settings) -> None:
        await _write(db, settings, code, language, out)

    on_database(write, data)


async def _write(db: Database, settings: Settings, code: str, language: str, out: Path | None) -> None:
    from app.exports.municipality.entries import Reader
    from app.exports.municipality.files import files_of, stem_of
    from app.exports.municipality.making import Maker
    from app.exports.municipality.reading import read_municipality
    from app.i18n import translator
    from app.layers.registry import LAYERS
    from app.taxonomy.vocabulary import load_vocabulary
    from app.templating import Templates

    templates = Templates(settings.public_url, timezone=settings.timezone, home=settings.countries[0])
    day = Maker(settings, db, templates).day_of(dt.datetime.now(dt.UTC))
    found = await read_municipality(db, code, list(LAYERS))
    reader = Reader(translator(language, settings.timezone), load_vocabulary(), day)
    first = out or Path(f"{stem_of(found, language)}.html")
    first.parent.mkdir(parents=True, exist_ok=True)
    for file in files_of(found, reader, templates, stem=first.name.removesuffix(".html")):
        # The others lie beside the first one, under the names by which it knows them.
        path = first.with_name(file.name) if file.part else first
        path.write_bytes(file.content)
        say(f"{path}: {len(file.content):,} bytes.")
    say(f"{found.name} ({code}): {len(found.sources)} places and organisations.")
