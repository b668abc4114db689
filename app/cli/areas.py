"""Commands for boundaries, the gazetteer and addresses: `pomapa areas import`, `… metropolises`, `… gazetteer`, `… addresses`."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from sqlalchemy.ext.asyncio import AsyncSession

from app.cli.console import console, say, working
from app.cli.installation import database, prepare_database
from app.db import Database, session
from app.db.urls import role_urls
from app.errors import InvalidInput
from geo.position_checks import COUNTRY_BOXES

if TYPE_CHECKING:
    # Read by the commands that need them alone: their libraries take long to load.
    from app.areas.boundary_file import Boundaries
    from app.areas.importing import AreaImport
    from app.areas.unions import Followed

area_commands = typer.Typer(
    help="Boundaries of administrative units, the gazetteer, and addresses.", no_args_is_help=True
)

DataDir = Annotated[Path | None, typer.Option("--data", help="Data directory; default: $DATA_DIR or var.")]

REINDEX = "Features that are published already get their units anew with `pomapa reindex`."
#: So many of a list are named one by one; the rest is counted.
SHOWN = 20


class UnusableFeatures(InvalidInput):
    """Nothing was imported, because the file has features that cannot be used. Mend them, or add --skip-bad."""


class MissingMembers(InvalidInput):
    """Nothing was made, because units that belong to an area are not imported. Import the boundaries of the gminas first."""


class UnknownCountry(InvalidInput):
    """The country is not known. Write its two letters, such as PL."""


class NoAddresses(InvalidInput):
    """Nothing was imported: the file holds no usable address."""


class NoUnits(InvalidInput):
    """Nothing was imported: the file holds no usable unit."""


@area_commands.command("import")
def import_areas(
    file: Annotated[Path, typer.Argument(help="GeoJSON in longitude and latitude.")],
    *,
    country: Annotated[
        str | None, typer.Option(help="Two letters, such as PL. Needed for areas of your own.")
    ] = None,
    level: Annotated[
        str | None,
        typer.Option(help="Only this level is expected; metropolis or custom for areas of your own."),
    ] = None,
    source: Annotated[str, typer.Option(help="Who publishes the boundaries.")] = "",
    licence: Annotated[str, typer.Option(help="Their terms.")] = "",
    year: Annotated[
        int | None, typer.Option(help="Year of the state that they show.", min=1800, max=2200)
    ] = None,
    skip_bad: Annotated[
        bool, typer.Option("--skip-bad", help="Import the rest when features are bad.")
    ] = False,
    remove_gone: Annotated[
        bool,
        typer.Option("--remove-gone", help="Remove units of the same level that the file does not have."),
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = False,
    data: DataDir = None,
) -> None:
    """Import boundaries of administrative units. A second run of the same file changes nothing."""
    from app.areas.boundary_file import read_boundaries
    from app.areas.units import HIERARCHY, Origin

    with working(f"Reading {file.name}."):
        found = read_boundaries(
            file,
            Origin(source or file.name, licence or "not stated", year),
            country=country.upper() if country else None,
            level=level,
        )
    _tell_found(found)
    if found.problems and not skip_bad:
        raise UnusableFeatures
    if not found.units:
        raise NoUnits

    async def work(db: Database) -> None:
        from app.areas.gazetteer_loading import recode_places
        from app.areas.importing import import_units
        from app.areas.unions import KNOWN, follow, read_unions

        # Areas of one's own change no union.
        changes_unions = any(unit.level in HIERARCHY for unit in found.units)
        with _progress("units") as progress:
            async with AsyncSession(db.write) as s:
                report = await import_units(s, found.units, remove_gone=remove_gone, progress=progress)
                countries = {unit.country for unit in found.units}
                followed = await follow(s, read_unions(KNOWN), countries) if changes_unions else None
                if report.touched or (followed and followed.report.touched):
                    await recode_places(s, countries)
                if not dry_run:
                    await s.commit()
        _tell_done(report, followed, dry_run=dry_run)

    _run(work, data)


@area_commands.command()
def metropolises(
    file: Annotated[
        Path | None,
        typer.Argument(help="TOML with areas of your own. Those that exist by law when left out."),
    ] = None,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = False,
    data: DataDir = None,
) -> None:
    """Make areas that are unions of imported units: a metropolis of its gminas. They follow each import."""
    from app.areas.unions import KNOWN, compose, read_unions

    unions = read_unions(file or KNOWN)

    async def work(db: Database) -> None:
        from app.areas.gazetteer_loading import recode_places
        from app.areas.importing import import_units

        async with AsyncSession(db.write) as s:
            composed = await compose(s, unions)
            _tell_missing(composed.missing)
            if composed.missing:
                raise MissingMembers
            report = await import_units(s, composed.units)
            if report.touched:
                await recode_places(s, {unit.country for unit in composed.units})
            if not dry_run:
                await s.commit()
        say(
            f"{'Would be ' if dry_run else ''}new: {len(report.new)}, changed: {len(report.changed)}, "
            f"same: {len(report.same)}."
        )
        if report.touched and not dry_run:
            say(REINDEX)

    _run(work, data)


@area_commands.command()
def gazetteer(
    *,
    country: Annotated[
        list[str] | None, typer.Option(help="Two letters; repeat it. The configured countries when left out.")
    ] = None,
    refresh: Annotated[
        bool, typer.Option("--refresh", help="Bring places up to date that are there already.")
    ] = False,
    data: DataDir = None,
) -> None:
    """Load the places of the gazetteer (GeoNames, CC BY 4.0) that an address search needs."""

    async def work(db: Database) -> None:
        from app.areas.gazetteer_loading import load_gazetteer
        from app.config import get_settings

        countries = tuple(code.upper() for code in country or get_settings().countries)
        with _progress("places") as progress:
            async with session(db) as s:
                load = await load_gazetteer(
                    s, countries, lambda places: progress(places, None), refresh=refresh
                )
        there = f" Already there: {', '.join(load.already_there)}." if load.already_there else ""
        say(f"Places loaded: {load.places}.{there}")

    _run(work, data)


@area_commands.command()
def addresses(
    file: Annotated[
        Path, typer.Argument(help="CSV of addresses with a header, in longitude and latitude; plain or gzip.")
    ],
    *,
    country: Annotated[str, typer.Option(help="Two letters.")] = "PL",
    source: Annotated[
        str,
        typer.Option(
            help="Whose addresses; those of the same source are replaced. Default: the file's name."
        ),
    ] = "",
    licence: Annotated[str, typer.Option(help="Their terms.")] = "",
    data: DataDir = None,
) -> None:
    """Load streets and house numbers, so that a typed address serves as well as a position."""
    from app.areas.address_file import Refused, read_addresses
    from app.areas.address_loading import load_addresses

    country = country.upper()
    if country not in COUNTRY_BOXES:
        raise UnknownCountry
    refused = Refused()

    async def work(db: Database) -> None:
        with _progress("addresses") as progress:
            async with session(db) as s:
                load = await load_addresses(
                    s,
                    read_addresses(file, country, refused),
                    country=country,
                    source=source or file.name,
                    licence=licence or "not stated",
                    report=lambda rows: progress(rows, None),
                )
                if not load.addresses:
                    raise NoAddresses
        say(f"Streets: {load.streets}, addresses: {load.addresses}.")
        _tell(
            "reasons why rows cannot be used",
            [
                f"{reason}: {count}, line {', '.join(map(str, refused.rows[reason]))}"
                + (" and others" if count > len(refused.rows[reason]) else "")
                for reason, count in refused.count.items()
            ],
        )

    _run(work, data)


def _run(work: Callable[[Database], Awaitable[None]], data: Path | None) -> None:
    with database(data) as settings:
        prepare_database(settings)
        urls = role_urls(settings)

        async def with_engines() -> None:
            db = Database(urls.app, urls.read)
            try:
                await work(db)
            finally:
                await db.dispose()

        asyncio.run(with_engines())


@contextlib.contextmanager
def _progress(what: str) -> Iterator[Callable[[int, int | None], None]]:
    """Give a function that shows how many are done, and of how many where that is known."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task(what, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


def _tell_found(found: "Boundaries") -> None:
    """Say what is wrong with a file of boundaries, and what was mended."""
    _tell("features cannot be used", [f"row {p.row} {p.unit}: {p.message}" for p in found.problems])
    _tell("outlines were invalid and have been repaired", [f"{p.unit}: {p.message}" for p in found.repaired])
    _tell("units have no outline", [f"{unit.code} {unit.name}" for unit in found.without_geometry])


def _tell_done(report: "AreaImport", followed: "Followed | None", *, dry_run: bool) -> None:
    """Say what an import has changed, or would change."""
    _tell("units have a new code", [f"{old} is now {new}" for old, new in report.renamed])
    _tell("units of these levels are not in the file", report.gone)
    say(
        f"{'Would be ' if dry_run else ''}new: {len(report.new)}, changed: {len(report.changed)}, "
        f"renamed: {len(report.renamed)}, same: {len(report.same)}, removed: {len(report.removed)}."
    )
    if followed:
        _tell("unions follow their members", followed.report.changed)
        _tell_missing(followed.missing)
        _tell("areas with an outline of their own stay as they are", followed.others)
    if (report.touched or (followed and followed.report.touched)) and not dry_run:
        say(REINDEX)


def _tell_missing(missing: Mapping[str, Sequence[str]]) -> None:
    for code, members in missing.items():
        _tell(f"members of {code} have no imported outline", members)


def _tell(what: str, lines: Sequence[str]) -> None:
    if not lines:
        return
    say(f"{len(lines)} {what}:")
    for line in lines[:SHOWN]:
        say(f"  {line}")
    if len(lines) > SHOWN:
        say(f"  … and {len(lines) - SHOWN} more")
