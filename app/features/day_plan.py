"""A day of errands on foot: which places, in which order, so that all is done soonest and within opening hours."""

from collections.abc import Sequence
from dataclasses import dataclass

from geo.bbox import Position
from geo.distance import distance_m, walking_minutes

#: More needs than this are no day on foot any more.
MOST_NEEDS = 5
#: So many of the nearest places are weighed for each need.
MOST_CANDIDATES = 8


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place that meets a need, by the need's number from 0.

    `position` is (lng, lat) in EPSG:4326. `openings` are the times when it is certain to be open, first and
    last minute since the day's midnight, in their order and without overlaps. The same `place` may meet
    several needs.
    """

    need: int
    place: str
    position: Position
    openings: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Visit:
    """One errand; minutes since the day's midnight. From `arrives` to `begins` somebody waits at the door."""

    candidate: Candidate
    walk: int
    arrives: int
    begins: int
    ends: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The visits in their order, and the needs that no order meets."""

    visits: tuple[Visit, ...]
    unmet: tuple[int, ...]

    @property
    def walk(self) -> int:
        """Minutes on foot in all."""
        return sum(visit.walk for visit in self.visits)


@dataclass(slots=True)
class _Label:
    """A way to have met some needs: when it ends, how long was walked, the last place and the label before."""

    ends: int
    walk: int
    at: int
    before: "_Label | None"


def plan(origin: Position, needs: int, candidates: Sequence[Candidate], *, start: int, stay: int) -> Plan:
    """Give the best day: most needs met, then done soonest, then least on foot.

    The way begins at `origin` at minute `start`; each errand takes `stay` minutes, which have to fit into
    one opening. Exact for the candidates given: a way that ends no sooner and walks no less than another
    to the same place with the same needs met is dropped, since waiting can only make up time, not lose it.
    """
    first = [_minutes(origin, candidate.position) for candidate in candidates]
    walks = [[_walk(a, b) for b in candidates] for a in candidates]
    fronts: dict[int, list[list[_Label]]] = {0: []}
    best: tuple[int, int, int] | None = None
    chosen: _Label | None = None
    for met in range(1, 1 << needs):
        front: list[list[_Label]] = [[] for _ in candidates]
        for to, candidate in enumerate(candidates):
            bit = 1 << candidate.need
            if not met & bit:
                continue
            if met == bit:
                _reach(front[to], candidate, None, start, first[to], to, stay)
                continue
            for at, labels in enumerate(fronts[met ^ bit]):
                for label in labels:
                    _reach(front[to], candidate, label, label.ends, walks[at][to], to, stay)
        fronts[met] = front
        for labels in front:
            for label in labels:
                rank = (-met.bit_count(), label.ends, label.walk)
                if best is None or rank < best:
                    best, chosen = rank, label
    return _traced(chosen, candidates, first, walks, needs, start, stay)


def _reach(
    front: list[_Label],
    candidate: Candidate,
    before: _Label | None,
    leaves: int,
    walk: int,
    to: int,
    stay: int,
) -> None:
    """Add the way to a candidate unless another is as good; drop those that it beats."""
    begins = _begins(candidate, leaves + walk, stay)
    if begins is None:
        return
    ends, walked = begins + stay, walk + (0 if before is None else before.walk)
    if any(other.ends <= ends and other.walk <= walked for other in front):
        return
    front[:] = [other for other in front if other.ends < ends or other.walk < walked]
    front.append(_Label(ends, walked, to, before))


def _begins(candidate: Candidate, arrives: int, stay: int) -> int | None:
    """The first minute from which a stay fits into an opening; None when there is none that day."""
    for since, until in candidate.openings:
        begins = max(arrives, since)
        if begins + stay <= until:
            return begins
    return None


def _walk(a: Candidate, b: Candidate) -> int:
    return 0 if a.place == b.place else _minutes(a.position, b.position)


def _minutes(a: Position, b: Position) -> int:
    return walking_minutes(distance_m(a.lng, a.lat, b.lng, b.lat))


def _traced(
    label: _Label | None,
    candidates: Sequence[Candidate],
    first: Sequence[int],
    walks: Sequence[Sequence[int]],
    needs: int,
    start: int,
    stay: int,
) -> Plan:
    """The visits that lead to a label."""
    order: list[int] = []
    while label is not None:
        order.append(label.at)
        label = label.before
    visits: list[Visit] = []
    previous: int | None = None
    leaves = start
    for at in reversed(order):
        walk = first[at] if previous is None else walks[previous][at]
        begins = _begins(candidates[at], leaves + walk, stay)
        assert begins is not None
        visits.append(Visit(candidates[at], walk, leaves + walk, begins, begins + stay))
        previous, leaves = at, begins + stay
    met = {visit.candidate.need for visit in visits}
    return Plan(tuple(visits), tuple(need for need in range(needs) if need not in met))
