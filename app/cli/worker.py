"""`pomapa worker`: mails, notifications and what happens by the clock, for a database that is there and migrated."""

import asyncio
import signal

from app.cli.installation import use_own_secret
from app.cli.process_tree import end_with_parent
from app.config import get_settings
from app.log import configure


def worker() -> None:
    """Do the background work until told to stop; any number of workers may run."""
    end_with_parent()
    use_own_secret()
    configure(production=get_settings().environment == "production")
    asyncio.run(_work())


async def _work() -> None:
    from app.worker import work_until

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await work_until(stop)
