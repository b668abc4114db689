"""What a load met: the answers to it, how long they took, and who was told when to come again."""

import statistics
from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Seen:
    """Statuses of answers (0 where there was none), seconds of each, refusals that say when to come again."""

    statuses: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    told_when: int = 0
    took_s: float = 0.0

    @property
    def wrong(self) -> int:
        """How many were not answered with what was asked for."""
        return sum(count for status, count in self.statuses.items() if status != 200)

    def within_s(self, of_hundred: int) -> float:
        """So many seconds waited at most so many of a hundred."""
        return within_s(self.seconds, of_hundred)


def within_s(seconds: list[float], of_hundred: int) -> float:
    """So many seconds took at most so many of a hundred; of few, that is the slowest of them."""
    if len(seconds) < 2:
        return seconds[0] if seconds else 0.0
    return statistics.quantiles(seconds, n=100, method="inclusive")[of_hundred - 1]
