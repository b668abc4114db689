"""How likely two entries are one place, and why: points that a moderator can read."""

import math
from dataclasses import dataclass
from typing import Any, Final

from app.moderation.duplicates.traits import Traits, alike
from geo.distance import METRES_PER_DEGREE, distance_m

#: Two data sets put one house this far apart.
NEAR_M: Final = 150.0
#: So many points of a hundred make a pair worth a look.
WORTH_A_LOOK: Final = 60
_SAME_SPOT_M: Final = 20.0
_FAR_M: Final = 1000.0
_FAR_DEGREES: Final = 1.01 * _FAR_M / METRES_PER_DEGREE
_NAMES_ALIKE: Final = 0.4
#: Below this, names say that they are two; only one door, one telephone and the same help speak against it.
_NAMES_DIFFER: Final = 0.3
_POINTS: Final = {
    "identifier": 45, "name": 50, "phone": 30, "near": 20, "email": 15, "address": 15, "site": 12, "organisation": 5,
    "city": 10, "service": 5,
}  # fmt: skip
_LEAST_NEAR: Final = 5
_FAR: Final = -25
_NOT_NEAR: Final = -10
_OTHER_IDENTIFIER: Final = -60
_OTHER_HELP: Final = -15


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: `code` is a key of the points; `amount` is metres of "near", percent of "name"."""

    code: str
    points: int
    amount: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        said = {"code": self.code, "points": self.points, "amount": self.amount}
        return {key: value for key, value in said.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Likeness:
    """The score of a pair, 0 to 100, and its reasons, the strongest first."""

    score: int
    reasons: tuple[Reason, ...]


def likeness(a: Traits, b: Traits) -> Likeness | None:
    """Compare two features of one layer, whichever comes first; None when they are not worth a look."""
    metres = _metres(a, b)
    score = _points_without_names(a, b, metres)
    # Nearly all pairs go no further than this: names take the longest to compare, and a pair is told about last.
    if score + _POINTS["name"] < WORTH_A_LOOK:
        return None
    share = max((alike(one, other) for one in a.names for other in b.names), default=0.0)
    named = 0
    if share > _NAMES_ALIKE:
        named = round(_POINTS["name"] * (share - _NAMES_ALIKE) / (1.0 - _NAMES_ALIKE))
        score += named
    if share < _NAMES_DIFFER:
        score = min(score, WORTH_A_LOOK if _is_one_door(a, b, metres) else WORTH_A_LOOK - 5)
    if score < WORTH_A_LOOK:
        return None
    reasons = _reasons(a, b, metres)
    if named > 0:
        reasons.append(Reason("name", named, round(share * 100)))
    return Likeness(min(score, 100), tuple(sorted(reasons, key=lambda one: (-one.points, one.code))))


def _metres(a: Traits, b: Traits) -> float | None:
    """How far apart they are; infinite where that is far, and None where the register has no place of one of them."""
    if a.position is None or b.position is None:
        return None
    (lng_a, lat_a), (lng_b, lat_b) = a.position, b.position
    if abs(lat_a - lat_b) > _FAR_DEGREES:
        return math.inf
    # Nowhere between them is a degree of longitude shorter than nearest to a pole.
    shortest = math.cos(math.radians(max(abs(lat_a), abs(lat_b))))
    if abs(lng_a - lng_b) * shortest > _FAR_DEGREES and abs(lng_a - lng_b) < 180.0:
        return math.inf
    return distance_m(lng_a, lat_a, lng_b, lat_b)


def _points_without_names(a: Traits, b: Traits, metres: float | None) -> int:
    """The sum of `_reasons`, and of what speaks against it: far apart, other help, another number in one register."""
    points = 0 if metres is None else _by_distance(metres)
    # Spelt out, since this is asked millions of times: most of these are empty, and a property test adds up the reasons.
    if a.phones and not a.phones.isdisjoint(b.phones):
        points += _POINTS["phone"]
    if a.emails and not a.emails.isdisjoint(b.emails):
        points += _POINTS["email"]
    if a.site and a.site == b.site:
        points += _POINTS["site"]
    if a.address and a.address == b.address:
        points += _POINTS["address"]
    if a.organisation and a.organisation == b.organisation:
        points += _POINTS["organisation"]
    if metres is None and a.city and a.city == b.city:
        points += _POINTS["city"]
    if a.services and b.services:
        points += _OTHER_HELP if a.services.isdisjoint(b.services) else _POINTS["service"]
    if a.identifiers and b.identifiers:
        points += _identified(a, b)
    return points


def _by_distance(metres: float) -> int:
    if metres <= NEAR_M:
        return _near(metres)
    return _FAR if metres > _FAR_M else _NOT_NEAR


def _identified(a: Traits, b: Traits) -> int:
    if not a.identifiers.isdisjoint(b.identifiers):
        return _POINTS["identifier"]
    ours = {kind for kind, _ in a.identifiers}
    return _OTHER_IDENTIFIER if any(kind in ours for kind, _ in b.identifiers) else 0


def _reasons(a: Traits, b: Traits, metres: float | None) -> list[Reason]:
    """What speaks for it, but for the names."""
    same = {
        "identifier": a.identifiers & b.identifiers,
        "phone": a.phones & b.phones,
        "email": a.emails & b.emails,
        "site": a.site and a.site == b.site,
        "address": a.address and a.address == b.address,
        "organisation": a.organisation and a.organisation == b.organisation,
        "service": a.services & b.services,
        # Of two pins the distance says more than the town.
        "city": metres is None and a.city and a.city == b.city,
    }
    found = [Reason(code, _POINTS[code]) for code, is_so in same.items() if is_so]
    if metres is not None and metres <= NEAR_M:
        found.append(Reason("near", _near(metres), round(metres)))
    return found


def _near(metres: float) -> int:
    beyond = max(metres - _SAME_SPOT_M, 0.0) / (NEAR_M - _SAME_SPOT_M)
    return round(_POINTS["near"] - beyond * (_POINTS["near"] - _LEAST_NEAR))


def _is_one_door(a: Traits, b: Traits, metres: float | None) -> bool:
    """Whether they are one in spite of their names: a number in a register, or one door, one telephone and the same help."""
    if not a.identifiers.isdisjoint(b.identifiers):
        return True
    near = (metres is not None and metres <= NEAR_M) or (bool(a.address) and a.address == b.address)
    return near and not a.phones.isdisjoint(b.phones) and not a.services.isdisjoint(b.services)
