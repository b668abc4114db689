"""What the command line says while it works: on stderr, so that stdout is left to results."""

import contextlib
from collections.abc import Iterator

from rich.console import Console

console = Console(stderr=True, highlight=False, soft_wrap=True)


@contextlib.contextmanager
def working(what: str) -> Iterator[None]:
    """Show that something goes on: a spinner at a terminal, a line elsewhere."""
    if console.is_terminal:
        with console.status(what):
            yield
    else:
        say(what)
        yield


def say(sentence: str) -> None:
    """Print one sentence, as it is: nothing in it is markup."""
    console.print(sentence, markup=False)
