"""`pomapa web`: the web server alone, for a database that is there and migrated."""

import os
import socket
from typing import Annotated

import typer

from app.cli.console import say
from app.cli.installation import use_own_secret
from app.cli.process_tree import ProcessTree, end_with_parent
from app.cli.signals import stopping_by_signal
from app.config import get_settings
from app.errors import PomapaError
from app.log import configure

#: The number of the open socket that a parent process listens on and its workers share.
_LISTENING = "POMAPA_LISTENING"
_BACKLOG = 2048
_GRACE_S = 10


class AddressTaken(PomapaError):  # noqa: N818 - families are named by meaning
    """This address and port cannot be listened on. Choose others with --host and --port."""


def web(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=0, max=65535)] = 8000,
    workers: Annotated[int, typer.Option(help="Processes that answer.", min=1, max=64)] = 1,
) -> None:
    """Serve the pages and the API."""
    use_own_secret()
    inherited = os.environ.pop(_LISTENING, None)
    if inherited is not None:
        end_with_parent()
        _answer(socket.socket(fileno=int(inherited)))
        return
    listening = listen(host, port)
    if workers == 1:
        end_with_parent()
        _answer(listening)
        return
    with ProcessTree(say) as tree:
        try:
            with stopping_by_signal() as stopping:
                start_workers(tree, listening, workers)
                tree.watch(until=stopping.check)
        except KeyboardInterrupt:
            say("Stopping.")


def listen(host: str, port: int) -> socket.socket:
    """Give a listening TCP socket; port 0 takes any free one. `AddressTaken` when that is impossible."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        made = socket.socket(family, kind, protocol)
        try:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            made.bind(address)
            made.listen(_BACKLOG)
        except OSError:
            made.close()
            raise
    except OSError as error:
        msg = f"Cannot listen on {host}, port {port}: {error.strerror}. Choose others with --host and --port."
        raise AddressTaken(msg) from error
    return made


def start_workers(tree: ProcessTree, listening: socket.socket, workers: int) -> None:
    """Start processes that take requests from one listening socket in turn."""
    descriptor = listening.fileno()
    for _ in range(workers):
        tree.start("web", ["web"], environment={_LISTENING: str(descriptor)}, descriptors=(descriptor,))


def _answer(listening: socket.socket) -> None:
    import uvicorn

    configure(production=get_settings().environment == "production")
    config = uvicorn.Config(
        "app.main:create_app",
        factory=True,
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        # Whose X-Forwarded-For is believed is ours to decide (TRUSTED_PROXIES).
        proxy_headers=False,
        timeout_graceful_shutdown=_GRACE_S,
    )
    try:
        uvicorn.Server(config).run(sockets=[listening])
    except KeyboardInterrupt:
        # Raised again by uvicorn after it has shut down in order.
        return
