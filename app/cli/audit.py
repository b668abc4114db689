"""`pomapa audit`: the log of every change of state, checked."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.console import say
from app.cli.engines import on_database
from app.config import Settings
from app.db import Database, session
from app.errors import PomapaError

audit_commands = typer.Typer(help="The log of every change of state.", no_args_is_help=True)

DataDir = Annotated[Path | None, typer.Option("--data", help="Data directory; default: $DATA_DIR or var.")]


class ChainBroken(PomapaError):  # noqa: N818 - families are named by meaning
    """The audit log is not as it was written."""


@audit_commands.callback()
def _group() -> None:
    """Make `verify` a word of its own, although it is the only one."""


@audit_commands.command()
def verify(data: DataDir = None) -> None:
    """Check that no entry of the audit log was changed, added or removed; exit 1 where one was."""

    async def work(db: Database, _settings: Settings) -> int:
        from app.accounts.audit import check_chain, count_entries

        async with session(db) as s:
            broken = await check_chain(s)
            if broken is not None:
                when = f" of {broken.at:%Y-%m-%d %H:%M:%S} UTC" if broken.at else ""
                msg = f"The audit log is not as it was written, from entry {broken.id}{when} on."
                raise ChainBroken(msg)
            return await count_entries(s)

    say(f"The audit log holds: {on_database(work, data)} entries.")
