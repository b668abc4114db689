"""`pomapa reindex`: what the public reads, derived again from the published revisions."""

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from app.cli.collector import spare_the_collector
from app.cli.console import say
from app.cli.engines import counting, on_database
from app.config import Settings
from app.db import Database, session


def reindex(
    data: Annotated[
        Path | None, typer.Option("--data", help="Data directory; default: $DATA_DIR or var.")
    ] = None,
) -> None:
    """Make the public rows of every published feature anew, after a change of code, words or boundaries."""
    on_database(_reindex, data)


async def _reindex(db: Database, settings: Settings) -> None:
    from app.features.reindexing import reindex as reindex_layer
    from app.features.setting import Setting
    from app.layers.registry import LAYERS
    from app.taxonomy.vocabulary import load_vocabulary

    setting = Setting(load_vocabulary(), settings.timezone, settings.countries[0], dt.datetime.now(dt.UTC))
    spare_the_collector()
    for layer in LAYERS.values():
        with counting(layer.key) as progress:
            async with session(db) as s:
                features = await reindex_layer(s, setting, layer, progress)
        say(f"{layer.key}: {features} features.")
