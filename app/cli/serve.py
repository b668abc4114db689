"""`pomapa serve`: everything in one process tree, started in order and stopped in order."""

import contextlib
import os
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from app.accounts.roles import Role
from app.cli.console import say, working
from app.cli.demo import load_examples_at_first_start
from app.cli.engines import with_engines
from app.cli.installation import database, prepare_database
from app.cli.process_tree import ProcessTree
from app.cli.reference_data import load_reference_data
from app.cli.running import only_one
from app.cli.signals import stopping_by_signal
from app.cli.users import one_time_link
from app.cli.web import listen, start_workers
from app.config import Settings
from app.db import Database
from app.errors import PomapaError

#: Of the person at the terminal. The domain is reserved for such use: no mail to it reaches anybody.
_OWN_ADDRESS = "administrator@pomapa.test"
#: From the start of the web processes to their first answer, on a slow and busy machine.
_ANSWER_PATIENCE_S = 60.0


class NoAnswer(PomapaError):  # noqa: N818 - named by what is wrong
    """The web server started but does not answer. What it said is above."""


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=0, max=65535)] = 8000,
    data: Annotated[Path | None, typer.Option(help="Data directory; default: $DATA_DIR or var.")] = None,
    workers: Annotated[int, typer.Option(help="Processes that answer requests.", min=1, max=64)] = 1,
    demo: Annotated[
        bool | None,
        typer.Option(
            "--demo/--empty",
            help="Made-up places on a database that was never used; in production only when asked for.",
            show_default="--demo, in production --empty",
        ),
    ] = None,
) -> None:
    """Start the database, the web server and the worker, and stop them all together."""
    data_dir = data or Settings().data_dir
    try:
        with (
            stopping_by_signal() as stopping,
            only_one(data_dir, f"port {port}") as note_address,
            contextlib.closing(listen(host, port)) as listening,
            _reached_at(f"http://{_in_url(host)}:{listening.getsockname()[1]}") as address,
            database(data_dir) as settings,
        ):
            note_address(settings.public_url)
            prepare_database(settings)
            load_reference_data(settings)
            if demo if demo is not None else settings.environment == "development":
                load_examples_at_first_start(settings)
            with ProcessTree(say) as tree:
                start_workers(tree, listening, workers)
                with working("Starting the web server."):
                    _wait_for_answer(tree, address)
                tree.start("worker", ["worker"])
                say(f"Pomapa is at {address}/ (Ctrl-C stops it).")
                if settings.environment == "development":
                    say(f"The desk opens once, within the hour, by {_desk_link(settings)}")
                try:
                    tree.watch(until=stopping.check)
                finally:
                    say("Stopping.")
    except KeyboardInterrupt:
        return


@contextlib.contextmanager
def _reached_at(address: str) -> Iterator[str]:
    """Let links in pages and mails lead to where we listen, unless the operator says where people reach us."""
    if not os.environ.get("PUBLIC_URL"):
        os.environ["PUBLIC_URL"] = address
    yield address


def _desk_link(settings: Settings) -> str:
    """Give a link for whoever reads this terminal; in production `pomapa users link` makes one for a person."""

    async def make(db: Database, settings: Settings) -> str:
        return await one_time_link(db, settings.public_url, _OWN_ADDRESS, Role.ADMINISTRATOR)

    return with_engines(make, settings)


def _wait_for_answer(tree: ProcessTree, address: str) -> None:
    deadline = time.monotonic() + _ANSWER_PATIENCE_S

    def answers() -> bool:
        if time.monotonic() > deadline:
            raise NoAnswer
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=2):  # noqa: S310 - our own address
                return True
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            return False

    tree.watch(until=answers)


def _in_url(host: str) -> str:
    """Give a host as it stands in an address that a browser on this machine can open."""
    if host in {"0.0.0.0", "::", ""}:  # noqa: S104 - compared, not listened on
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host
