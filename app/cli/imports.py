"""`pomapa import FILE --mapping NAME`: real data from elsewhere, looked at first, then queued or published."""

import asyncio
import contextlib
import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from app.cli.collector import spare_the_collector
from app.cli.console import console, say
from app.cli.installation import database, prepare_database
from app.config import Settings

if TYPE_CHECKING:
    from app.imports.applying import ImportRequest, Mode
    from app.imports.applying import Progress as OnProgress
    from app.imports.report import Report

#: So many rows of a kind are named one by one; the rest is counted, and is in the report file.
SHOWN = 20


def import_data(
    file: Annotated[Path | None, typer.Argument(help="The file; for HSDS tables their folder.")] = None,
    *,
    mapping: Annotated[
        str, typer.Option("--mapping", "-m", help="Name of a mapping, or a TOML file of your own.")
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only report what would be done.")] = False,
    publish: Annotated[bool, typer.Option("--publish", help="Publish at once instead of queueing.")] = False,
    skip_bad: Annotated[
        bool, typer.Option("--skip-bad", help="Import the rest when rows cannot be taken.")
    ] = False,
    as_email: Annotated[
        str, typer.Option("--as", help="E-mail of the member of staff who imports; the audit log names them.")
    ] = "",
    report: Annotated[Path | None, typer.Option(help="Write the whole report there, as JSON.")] = None,
    show_mappings: Annotated[bool, typer.Option("--list", help="List the mappings.")] = False,
    data: Annotated[
        Path | None, typer.Option("--data", help="Data directory; default: $DATA_DIR or var.")
    ] = None,
) -> None:
    """Import aid points or organisations. A second run of the same file changes nothing."""
    if show_mappings:
        _list_mappings()
        return
    if file is None or not mapping:
        raise typer.BadParameter("Give a file and --mapping, or --list to see the mappings.")
    from app.imports.applying import RowsRefused
    from app.imports.mapping import load_mapping

    declared = load_mapping(mapping)
    mode: Mode = "dry_run" if dry_run else "publish" if publish else "queue"
    with database(data) as settings:
        from app.imports.applying import ImportRequest

        prepare_database(settings)
        request = ImportRequest(file, declared, mode, settings.countries, skip_bad)
        try:
            found = asyncio.run(_run(settings, request, as_email))
        except RowsRefused as refused:
            _write(refused.report, report)
            raise
        _write(found, report)


async def _run(settings: Settings, request: "ImportRequest", as_email: str) -> "Report":
    from sqlalchemy.ext.asyncio import AsyncSession

    from app.accounts.audit import Actor
    from app.accounts.users import staff_with
    from app.db import Database
    from app.db.urls import role_urls
    from app.features.setting import Setting
    from app.imports.applying import run_import
    from app.layers.registry import layer
    from app.taxonomy.vocabulary import load_vocabulary

    setting = Setting(load_vocabulary(), settings.timezone, settings.countries[0], dt.datetime.now(dt.UTC))
    urls = role_urls(settings)
    spare_the_collector()
    # A batch may take longer than a request may.
    db = Database(urls.app, urls.read, write_timeout_ms=120_000)
    try:
        async with AsyncSession(db.write, expire_on_commit=False) as session, session.begin():
            if as_email:
                user = await staff_with(session, as_email, request.permission)
                request = replace(request, actor=Actor("staff", user.id), by=user.known_as)
            with _progress() as progress:
                declared = layer(request.mapping.layer)
                return await run_import(session, setting, declared, request, progress)
    finally:
        await db.dispose()


@contextlib.contextmanager
def _progress() -> "Iterator[OnProgress]":
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task("rows", total=None)

        def show(done: int, total: int) -> None:
            progress.update(
                task, completed=done, total=total or None, description="rows" if total else "reading"
            )

        yield show


def _list_mappings() -> None:
    from app.imports.mapping import load_mapping, mapping_names

    names = mapping_names()
    width = max(map(len, names))
    for name in names:
        found = load_mapping(name)
        countries = " ".join(found.countries)
        print(f"{name:{width}}  {found.layer:13}  {countries:14}  {found.licence:13}  {found.title}")


def _write(found: "Report", file: Path | None) -> None:
    """Show the report as tables, and write all of it to a file where one is wanted."""
    from app.imports.report import MEANINGS, Status

    outcome = {
        "dry_run": "nothing was imported (--dry-run)",
        "queue": "put into the queue",
        "publish": "published",
    }[found.mode]
    if found.mode != "dry_run" and not found.applied:
        outcome = "nothing was imported"
    say(f"{found.title} ({found.layer}, licence: {found.licence}): {found.total} rows, {outcome}.")
    if found.applied:
        said = "" if found.by != "system" else " (--as EMAIL names a person)"
        say(f"The audit log names {found.by}{said}.")
    table = Table("rows", "status", "", box=None)
    for status in Status:
        if found.counts[status]:
            table.add_row(str(found.counts[status]), status.value, MEANINGS[status])
    console.print(table)
    _say_counts("Refused because", found.refusals)
    _say_counts("Left out because", found.left_out)
    _say_counts("Noticed", found.warnings)
    _say_refused(found)
    if found.duplicates:
        say(f"{found.duplicates} new rows are perhaps already here under another source:")
        for row in [row for row in found.rows if row.duplicates][:SHOWN]:
            nearest = row.duplicates[0]
            say(
                f"  row {row.number}: {nearest.metres} m, alike in {', '.join(nearest.reasons)}: {nearest.feature_id}"
            )
    if file is not None:
        import orjson

        file.write_bytes(orjson.dumps(found.to_data(), option=orjson.OPT_INDENT_2) + b"\n")
        say(f"The whole report is in {file}.")


def _say_counts(what: str, counts: dict[str, int]) -> None:
    if counts:
        listed = ", ".join(
            f"{reason}: {count}" for reason, count in sorted(counts.items(), key=lambda c: -c[1])
        )
        say(f"{what}: {listed}.")


def _say_refused(found: "Report") -> None:
    refused = list(found.refused_rows())
    for row in refused[:SHOWN]:
        say(f"  row {row.number} (line {row.line}): {' '.join(note.message for note in row.notes)}")
    if len(refused) > SHOWN:
        say(f"  … and {found.refused - SHOWN} more; --report FILE lists them")
