"""`pomapa unpublish` and `pomapa republish`: off the map and back on it, when there is no time for the desk."""

import datetime as dt
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli.console import say
from app.cli.engines import on_database
from app.config import Settings
from app.db import Database, session

Which = Annotated[str, typer.Argument(metavar="ID", help="Its id, or the address of its page.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; whoever sent it reads this.")]
As = Annotated[str, typer.Option("--as", help="E-mail of the person of staff who does it; else the system.")]
DataDir = Annotated[Path | None, typer.Option("--data", help="Data directory; default: $DATA_DIR or var.")]


def unpublish(which: Which, reason: Reason, by: As = "", data: DataDir = None) -> None:
    """Take a place or an organisation off the map at once; its history stays."""
    from app.moderation.actions.take_down import take_down

    name = on_database(_moving(take_down, "feature.unpublish", which, reason, by), data)
    say(f"Off the map: {name}")


def republish(which: Which, reason: Reason, by: As = "", data: DataDir = None) -> None:
    """Put what was taken down back on the map, as it was."""
    from app.moderation.actions.take_down import put_back

    name = on_database(_moving(put_back, "feature.publish", which, reason, by), data)
    say(f"On the map again: {name}")


def _moving(
    action: Any, permission: str, which: str, reason: str, by: str
) -> Callable[[Database, Settings], Awaitable[str]]:
    if not reason.strip():
        raise typer.BadParameter("Write the reason in a sentence or two.", param_hint="--reason")

    async def work(db: Database, settings: Settings) -> str:
        from app.accounts.audit import SYSTEM, Actor
        from app.accounts.users import staff_with
        from app.features.setting import Setting
        from app.layers.registry import layer
        from app.moderation.actions.take_down import Move
        from app.moderation.live import id_in, read_feature
        from app.taxonomy.vocabulary import load_vocabulary

        now = dt.datetime.now(dt.UTC)
        setting = Setting(load_vocabulary(), settings.timezone, settings.countries[0], now)
        async with session(db) as s:
            actor = Actor("staff", (await staff_with(s, by, permission)).id) if by else SYSTEM
            feature = await read_feature(s, id_in(which))
            await action(s, setting, layer(feature.layer), Move(feature.id, actor, reason))
            name = feature.content.get("name") or {}
            return str(name.get("texts", {}).get(name.get("source"), feature.id))

    return work
