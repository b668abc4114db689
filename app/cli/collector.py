"""Python's collector of circles, for commands that make and drop many records."""

import gc
from typing import Final

#: Objects made beyond those dropped before the youngest are looked through: some three batches of an import. The
#: usual 700 come together with every dozen of records, which are all still in use.
_OBJECTS: Final = 100_000


def spare_the_collector() -> None:
    """Let the collector look only at what is new, and seldom. What is loaded by now stays for the whole command."""
    gc.freeze()
    gc.set_threshold(_OBJECTS, 10, 10)
