"""How alike two texts are, and hashes by which the like of a text is found without reading all others.

A text is the set of its runs of five letters. The least hash of a third part of them all is the same for two texts as
often as they are alike; runs of such hashes ("bands") are kept, and whoever shares one is compared in full.
"""

import hashlib
from collections.abc import Iterable
from typing import Final

from geo.names import fold_name

#: Letters in a row.
_RUN: Final = 5
#: Shorter texts are alike by accident.
SHORTEST: Final = 60
#: What is compared of a text at most.
_LONGEST: Final = 2000
_BANDS: Final = 12
_ROWS: Final = 3
_MASK: Final = (1 << 61) - 1
#: Texts less alike than this are two texts.
ALIKE: Final = 0.7


def comparable(texts: Iterable[str]) -> str:
    """Texts as one, folded; "" where that is too short to say anything."""
    folded = fold_name(" ".join(texts)[: 2 * _LONGEST])[:_LONGEST]
    return folded if len(folded) >= SHORTEST else ""


def likeness(one: str, other: str) -> float:
    """The share of runs of letters that two comparable texts have in common, 0 to 1."""
    runs, others = _runs(one), _runs(other)
    union = len(runs | others)
    return len(runs & others) / union if union else 0.0


def bands(text: str) -> tuple[str, ...]:
    """What texts like a comparable one share at least one of: of two that are 70 % alike, in 99 of 100 cases."""
    hashes = [_hash(run) for run in _runs(text)]
    if not hashes:
        return ()
    least = [min((a * value + b) & _MASK for value in hashes) for a, b in _FUNCTIONS]
    return tuple(
        f"{band}:{'.'.join(map(str, least[band * _ROWS : (band + 1) * _ROWS]))}" for band in range(_BANDS)
    )


def _runs(text: str) -> frozenset[str]:
    return frozenset(text[start : start + _RUN] for start in range(len(text) - _RUN + 1))


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")


def _functions() -> tuple[tuple[int, int], ...]:
    numbers = [_hash(f"{name}{place}") for place in range(_BANDS * _ROWS) for name in "ab"]
    return tuple((a | 1, b) for a, b in zip(numbers[::2], numbers[1::2], strict=True))


_FUNCTIONS: Final = _functions()
