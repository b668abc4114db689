"""`pomapa duplicates`: which entries may be the same place, for the desk to look at."""

import time
from pathlib import Path
from typing import Annotated

import typer

from app.cli.collector import spare_the_collector
from app.cli.console import say
from app.cli.engines import on_database
from app.config import Settings
from app.db import Database


def duplicates(
    data: Annotated[
        Path | None, typer.Option("--data", help="Data directory; default: $DATA_DIR or var.")
    ] = None,
) -> None:
    """Compare everything on the map, and list the pairs that may be the same place at /desk/duplicates."""
    on_database(_duplicates, data)


async def _duplicates(db: Database, settings: Settings) -> None:
    from app.moderation.duplicates.search import find_everywhere

    del settings
    spare_the_collector()
    began = time.perf_counter()
    features, pairs = await find_everywhere(db)
    say(
        f"{features} features compared in {time.perf_counter() - began:.1f} s, {pairs} pairs may be the same."
    )
