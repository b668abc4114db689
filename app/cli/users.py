"""`pomapa users`: who belongs to staff, for whoever runs the installation."""

import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.roles import Role
from app.cli.console import say
from app.cli.engines import on_database
from app.cli.running import running_address
from app.config import Settings
from app.db import Database, session

user_commands = typer.Typer(help="Staff: editors, moderators, administrators.", no_args_is_help=True)

DataDir = Annotated[Path | None, typer.Option("--data", help="Data directory; default: $DATA_DIR or var.")]
RoleArgument = Annotated[Role, typer.Argument(help="What the person may do from now on.")]
Email = Annotated[str, typer.Argument(help="The person's e-mail address.")]


@user_commands.command()
def grant(
    role: RoleArgument,
    email: Email,
    name: Annotated[str, typer.Option(help="The name that colleagues see.")] = "",
    area: Annotated[
        list[str] | None, typer.Option(help="Only within the unit of this code (PL-2661); may be repeated.")
    ] = None,
    layer: Annotated[
        list[str] | None, typer.Option(help="Only for this layer (aid_points); may be repeated.")
    ] = None,
    data: DataDir = None,
) -> None:
    """Make somebody a member of staff with this role and no other."""
    from app.accounts.granting import grant_role
    from app.cli.units import known_units

    async def work(db: Database, settings: Settings) -> None:
        async with session(db) as s:
            areas = await known_units(s, area or (), settings.countries)
            await grant_role(s, email, role, name=name, areas=areas, layers=layer or ())

    on_database(work, data)
    say(f"{email} is {role.value} now.")


@user_commands.command()
def suspend(email: Email, data: DataDir = None) -> None:
    """Take all rights from somebody at once, until `reinstate`."""
    from app.accounts.users import suspend as suspend_user

    _change(lambda s: suspend_user(s, email), data)
    say(f"{email} is suspended.")


@user_commands.command()
def reinstate(email: Email, data: DataDir = None) -> None:
    """Give a suspended person their rights back."""
    from app.accounts.users import reinstate as reinstate_user

    _change(lambda s: reinstate_user(s, email), data)
    say(f"{email} has their rights back.")


@user_commands.command()
def reset_second_step(email: Email, data: DataDir = None) -> None:
    """Take the second step of somebody who has lost it away, and sign them out everywhere."""
    from app.accounts.users import reset_second_step as reset

    _change(lambda s: reset(s, email), data)
    say(f"{email} signs in by link alone until they set up a second step again.")


@user_commands.command()
def link(
    email: Email,
    role: Annotated[Role, typer.Option(help="For a person who is not there yet.")] = Role.ADMINISTRATOR,
    data: DataDir = None,
) -> None:
    """Print a link that signs somebody in once, within the hour, at the server that runs on this data."""

    async def work(db: Database, settings: Settings) -> str:
        return await one_time_link(db, _reached_at(settings), email, role)

    print(on_database(work, data))


def _change(change: Callable[[AsyncSession], Awaitable[object]], data: Path | None) -> None:
    """Carry a change of staff out, whole or not at all."""

    async def work(db: Database, _settings: Settings) -> None:
        async with session(db) as s:
            await change(s)

    on_database(work, data)


def _reached_at(settings: Settings) -> str:
    """Give the address that people reach us by: as configured, else that of the running server, else a guess."""
    if os.environ.get("PUBLIC_URL"):
        return settings.public_url
    found = running_address(settings.data_dir)
    if found is None:
        say(
            f"No server runs on {settings.data_dir}, so the link is for {settings.public_url}, the usual address. "
            "If yours will have another one, set PUBLIC_URL, or ask again when it runs."
        )
    return found or settings.public_url


async def one_time_link(db: Database, public_url: str, email: str, role: Role) -> str:
    """Give a link to the desk that works once."""
    from app.accounts.sign_in import link_address, make_one_time_link

    async with session(db) as s:
        return link_address(public_url, await make_one_time_link(s, email, role))
