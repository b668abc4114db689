"""`pomapa demo`: invented places to look at, loaded and removed by one command each."""

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from app.cli.console import say
from app.cli.engines import counting, on_database, with_engines
from app.config import Settings
from app.db import Database, session

demo_commands = typer.Typer(
    help="Example data: places and organisations that are made up.", no_args_is_help=True
)

DataDir = Annotated[Path | None, typer.Option("--data", help="Data directory; default: $DATA_DIR or var.")]


@demo_commands.command()
def load(
    force: Annotated[bool, typer.Option("--force", help="Also where real places are published.")] = False,
    data: DataDir = None,
) -> None:
    """Add about 300 made-up places, 40 organisations and a few submissions, all marked as examples."""

    async def work(db: Database, settings: Settings) -> None:
        from app.areas.gazetteer_loading import load_gazetteer
        from app.taxonomy.loading import load_terms

        # A database that was never served has neither yet.
        async with session(db) as s:
            await load_terms(s)
            await load_gazetteer(s, settings.countries)
        await _load(db, settings, force=force)

    on_database(work, data)


@demo_commands.command()
def remove(data: DataDir = None) -> None:
    """Remove all examples with their history. Nothing else is touched."""

    async def work(db: Database, _settings: Settings) -> None:
        from app.demonstration.loading import remove_demonstration
        from app.taxonomy.vocabulary import load_vocabulary

        async with session(db) as s:
            removed = await remove_demonstration(s, load_vocabulary())
        say(f"Removed {removed.features} examples and {removed.submissions} submissions.")

    on_database(work, data)


def load_examples_at_first_start(settings: Settings) -> None:
    """Load them into a database that was never used; for a start of the server with the reference data loaded."""

    async def work(db: Database, settings: Settings) -> None:
        from app.demonstration.loading import never_used

        async with session(db) as s:
            first = await never_used(s)
        # Somewhere else in the world the towns are missing, and the map begins empty.
        if first and "PL" in settings.countries:
            await _load(db, settings, force=False)

    with_engines(work, settings)


async def _load(db: Database, settings: Settings, *, force: bool) -> None:
    from app.demonstration.loading import load_demonstration
    from app.features.setting import Setting
    from app.taxonomy.vocabulary import load_vocabulary

    setting = Setting(load_vocabulary(), settings.timezone, settings.countries[0], dt.datetime.now(dt.UTC))
    with counting("examples") as progress:
        async with session(db) as s:
            loaded = await load_demonstration(s, setting, force=force, progress=progress)
    if loaded.already:
        say("The examples are there already.")
        return
    say(
        f"Loaded {loaded.points} example places, {loaded.organisations} organisations and "
        f"{loaded.submissions} submissions. All are made up; `./run demo remove` removes them."
    )
