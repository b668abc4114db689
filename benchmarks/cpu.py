"""CPU time of processes, from /proc: user and system time together, in seconds."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

_TICKS: Final = os.sysconf("SC_CLK_TCK")


def cpu_s(pid: int) -> float:
    """What a process has used so far; 0 when it is gone."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return 0.0
    # The second field is the name in brackets, which may hold anything.
    fields = stat.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def used(pids: Iterable[int]) -> dict[int, float]:
    """What several processes have used so far, by their id."""
    return {pid: cpu_s(pid) for pid in pids}


def spent(before: Mapping[int, float], after: Mapping[int, float]) -> float:
    """What was used in between, also by processes that were not there before."""
    return sum(seconds - before.get(pid, 0.0) for pid, seconds in after.items())
