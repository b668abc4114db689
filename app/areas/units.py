"""One administrative unit as a boundary file gives it, before it is in the database."""

import hashlib
import json
from dataclasses import asdict, dataclass, field

import shapely
from shapely import MultiPolygon

#: Smallest first. A point lies in one unit of each of these levels at most.
HIERARCHY = ("gmina", "uat", "powiat", "county", "voivodeship")
#: Levels that overlap others and each other: a point lies in any number of them.
OVERLAPPING = ("metropolis", "custom")
#: Levels whose units fit into a file to take along; an area that the desk keeps does with no more places than a city has.
IN_A_FILE = ("gmina", "uat")
MOST_IN_A_FILE = 1000


@dataclass(frozen=True, slots=True)
class Origin:
    """Where boundaries come from: publisher, terms, and the year whose state they show."""

    source: str
    licence: str
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of administration, ready to be written.

    `stable_code` is the code without the part that changes when a village becomes a town.
    `ancestors` are the codes from the parent upwards. `population` is None when the source does not
    say. `geometry` (EPSG:4326, lng/lat, valid) is None when the source has none. `members` are the stable codes of
    the units that it is the union of.
    """

    code: str
    stable_code: str
    country: str
    level: str
    name: str
    origin: Origin
    kind: str | None = None
    names: dict[str, str] = field(default_factory=dict)
    ancestors: tuple[str, ...] = ()
    population: int | None = None
    geometry: MultiPolygon | None = None
    members: tuple[str, ...] = ()

    @property
    def parent_code(self) -> str | None:
        """The code of the unit that this one belongs to; None at the top."""
        return self.ancestors[0] if self.ancestors else None

    def fingerprint(self) -> str:
        """SHA-256 of everything in it, the same however the file orders rings and members."""
        words = asdict(self)
        del words["geometry"]
        if not self.members:
            # Of units that were written before there were any it stays what it was.
            del words["members"]
        digest = hashlib.sha256(json.dumps(words, sort_keys=True, ensure_ascii=False).encode())
        if self.geometry is not None:
            digest.update(shapely.to_wkb(shapely.normalize(self.geometry), byte_order=1))
        return digest.hexdigest()
