"""What screening says of a submission: signals, each with its points and detail, and the score that they make."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

#: A score is the sum of the points of its signals, and never more than this.
HIGHEST: Final = 100


@dataclass(frozen=True, slots=True)
class Signal:
    """One reason to look twice. `detail` is JSON and holds no personal data of anybody else."""

    code: str
    points: int
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Screening:
    """How suspicious a submission is, from 0 to 100, and why: the strongest reason first."""

    score: int
    reasons: tuple[Signal, ...]


def screening_of(signals: Iterable[Signal]) -> Screening:
    """Sum signals up. The same signals in another order are the same screening."""
    ordered = tuple(sorted(signals, key=lambda signal: (-signal.points, signal.code, str(signal.detail))))
    return Screening(min(HIGHEST, sum(signal.points for signal in ordered)), ordered)
