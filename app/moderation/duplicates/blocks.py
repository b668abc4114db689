"""Which features are compared at all: neighbours, and those with a telephone, page, address or name in common."""

import math
import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain, combinations, islice, product
from typing import Final

from app.moderation.duplicates.scoring import NEAR_M, Likeness, likeness
from app.moderation.duplicates.traits import Traits, heard
from geo.crs import WEB_MERCATOR_HALF_M, web_mercator_of
from geo.distance import METRES_PER_DEGREE

#: What more than so many have in common is of none of them: the number of a network, the page of a whole city.
MOST_IN_COMMON: Final = 40
#: In a cell with more than so many each is compared with those next to it by name alone.
MOST_IN_CELL: Final = 80
BESIDE: Final = 20
#: Zoom of the cells: 306 m at the equator, so that neighbours are in the same or in the next one up to 60° north.
_CELL_ZOOM: Final = 17
_CELL_M: Final = 2.0 * WEB_MERCATOR_HALF_M / (1 << _CELL_ZOOM)
#: Half of the eight neighbours: from the other half the pair is found, too.
_ONWARD: Final = ((1, -1), (1, 0), (1, 1), (0, 1))

Pair = tuple[uuid.UUID, uuid.UUID]


def likely_pairs(features: Sequence[Traits]) -> dict[Pair, Likeness]:
    """Give the pairs that are worth a look, the lower id first. The work grows with the neighbours, not with their square."""
    known = [one for one in features if one.id is not None]
    found: dict[Pair, Likeness] = {}
    for a, b in chain(_neighbours(known), _in_common(known)):
        # Who has two names that sound alike is beside itself.
        if a is not b and (like := likeness(a, b)) is not None and a.id and b.id:
            found[min(a.id, b.id), max(a.id, b.id)] = like
    return found


def _neighbours(features: Sequence[Traits]) -> Iterator[tuple[Traits, Traits]]:
    cells: dict[tuple[str, int, int], list[Traits]] = defaultdict(list)
    for one in features:
        if one.position is not None:
            x, y = web_mercator_of(*one.position)
            cells[one.layer, math.floor(x / _CELL_M), math.floor(y / _CELL_M)].append(one)
    # In the order of the cells, so that the names that are taken apart are those of the last ones.
    for layer, x, y in sorted(cells):
        here = cells[layer, x, y]
        yield from filter(_are_near, _within(here))
        for dx, dy in _ONWARD:
            there = cells.get((layer, x + dx, y + dy))
            if there is None:
                continue
            if len(here) + len(there) > 2 * MOST_IN_CELL:
                yield from filter(_are_near, _by_name([*here, *there]))
            else:
                yield from filter(_are_near, product(here, there))


def _within(cell: list[Traits]) -> Iterator[tuple[Traits, Traits]]:
    return combinations(cell, 2) if len(cell) <= MOST_IN_CELL else _by_name(cell)


def _by_name(cell: list[Traits]) -> Iterator[tuple[Traits, Traits]]:
    ordered = sorted(cell, key=lambda one: heard(one.names[0]).sound if one.names else "")
    for i, one in enumerate(ordered):
        for other in islice(ordered, i + 1, i + 1 + BESIDE):
            yield one, other


def _are_near(pair: tuple[Traits, Traits]) -> bool:
    """Whether they can be within `NEAR_M`, in degrees and cheaply: nearly all pairs are not."""
    (lng_a, lat_a), (lng_b, lat_b) = pair[0].position or (0, 0), pair[1].position or (0, 0)
    dy = (lat_a - lat_b) * METRES_PER_DEGREE
    dx = (lng_a - lng_b) * METRES_PER_DEGREE * math.cos(math.radians(lat_a))
    return dx * dx + dy * dy <= (NEAR_M * 1.02) ** 2


def _in_common(features: Sequence[Traits]) -> Iterator[tuple[Traits, Traits]]:
    blocks: dict[tuple[str, str, str], list[Traits]] = defaultdict(list)
    for one in features:
        for kind, value in one.marks():
            blocks[one.layer, kind, value].append(one)
    for block in blocks.values():
        if 1 < len(block) <= MOST_IN_COMMON:
            yield from combinations(block, 2)
