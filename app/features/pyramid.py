"""The cluster pyramid: counts per cell for the zooms up to ten, kept in step with each publication.

A tile at zoom z shows cells of zoom z + CELL_DEPTH, which are contiguous in Morton order, so that a tile
is one range of the primary key whatever the number of features. Not every zoom is counted: what a publication writes is
dear, and four cells are soon summed to one. Deeper zooms, and filters of several facets, are grouped from the covering
index instead.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.features.welcome import welcome_facets
from app.taxonomy.vocabulary import Vocabulary
from geo.quadkey import MAX_ZOOM

#: 8 x 8 cells in a tile. Our map draws tiles at 512 px, so a cell is 64 px wide there and clusters of 56 px keep apart.
CELL_DEPTH = 3
#: Zooms of the tiles whose cells are counted, ascending. The wide ones above the first have few cells in all.
COUNTED_ZOOMS = (6, 8, 10)
DEEPEST_ZOOM = COUNTED_ZOOMS[-1]
MILLIONTHS = 1_000_000
FAMILIES = 6


@dataclass(frozen=True, slots=True)
class Counted:
    """What the pyramid needs of one feature that has a position."""

    layer: str
    qk: int
    lng: float
    lat: float
    family: int
    services: tuple[str, ...]
    audiences: tuple[str, ...]
    languages: tuple[str, ...]
    audiences_preferred: tuple[str, ...] = ()
    audiences_only: tuple[str, ...] = ()
    for_everyone: bool = False

    @property
    def codes(self) -> tuple[object, ...]:
        """What decides its facets: most features share it with many others."""
        return (
            self.services,
            self.audiences,
            self.languages,
            self.audiences_preferred,
            self.audiences_only,
            self.for_everyone,
        )


Key = tuple[str, str, int, int]


def counted_zoom(z: int) -> int:
    """The zoom from whose cells a tile at `z`, `DEEPEST_ZOOM` at most, is read: its own, or the next that is counted."""
    return next(counted for counted in COUNTED_ZOOMS if counted >= z)


def facets_of(feature: Counted, vocabulary: Vocabulary) -> list[str]:
    """Give the facets under which a feature is counted: '' for all, then its codes, each once."""
    groups = dict.fromkeys(vocabulary.services[code].group for code in feature.services)
    families = dict.fromkeys(vocabulary.family_of(code).code for code in feature.services)
    return [
        "",
        *(f"f:{code}" for code in families),
        *(f"g:{code}" for code in groups),
        *(f"s:{code}" for code in dict.fromkeys(feature.services)),
        *welcome_facets(
            feature.audiences,
            feature.audiences_preferred,
            feature.audiences_only,
            for_everyone=feature.for_everyone,
        ),
        *(f"l:{code}" for code in dict.fromkeys(feature.languages)),
    ]


class Delta:
    """Changes of the pyramid, added up per cell before they are written."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Begin with no change."""
        self._vocabulary = vocabulary
        self._facets: dict[tuple[object, ...], list[str]] = {}
        #: By layer, facet and cell of the deepest zoom: number, longitudes, latitudes, number of each family.
        self._deepest: dict[tuple[str, str, int], list[int]] = defaultdict(_nothing)

    def go_by(self, vocabulary: Vocabulary) -> None:
        """Know services that were added since this was begun."""
        self._vocabulary = vocabulary

    def add(self, feature: Counted, sign: int) -> None:
        """Count a feature in (`sign` 1) or out (-1)."""
        lng = round(feature.lng * MILLIONTHS) * sign
        lat = round(feature.lat * MILLIONTHS) * sign
        cell = feature.qk >> (2 * (MAX_ZOOM - DEEPEST_ZOOM - CELL_DEPTH))
        facets = self._facets.get(feature.codes)
        if facets is None:
            facets = self._facets[feature.codes] = facets_of(feature, self._vocabulary)
        for facet in facets:
            sums = self._deepest[feature.layer, facet, cell]
            sums[0] += sign
            sums[1] += lng
            sums[2] += lat
            sums[3 + feature.family] += sign

    async def apply(self, session: AsyncSession) -> None:
        """Write the changes, in the order of the key so that two publications never wait for each other in turn."""
        rows = sorted((key, sums) for key, sums in self._cells().items() if any(sums))
        # A growing cell may be new; a shrinking one is there, and its row alone can say that it is empty now.
        growing = [row for row in rows if row[1][0] > 0]
        shrinking = [row for row in rows if row[1][0] <= 0]
        if growing:
            await session.execute(_GROW, _columns(growing))
        if shrinking:
            await session.execute(_SHRINK, _columns(shrinking))
        self._deepest.clear()

    def _cells(self) -> dict[Key, list[int]]:
        """The changes at each counted zoom: each cell of the deepest is added to those around it."""
        cells: dict[Key, list[int]] = defaultdict(_nothing)
        for (layer, facet, cell), changes in self._deepest.items():
            for z in COUNTED_ZOOMS:
                sums = cells[layer, facet, z, cell >> (2 * (DEEPEST_ZOOM - z))]
                for i, change in enumerate(changes):
                    sums[i] += change
        return cells


def _nothing() -> list[int]:
    return [0] * (3 + FAMILIES)


def _columns(rows: list[tuple[Key, list[int]]]) -> dict[str, str]:
    columns = {
        "layers": _array(key[0] for key, _ in rows),
        "facets": _array(key[1] for key, _ in rows),
        "zooms": _array(key[2] for key, _ in rows),
        "cells": _array(key[3] for key, _ in rows),
        "ns": _array(sums[0] for _, sums in rows),
        "lngs": _array(sums[1] for _, sums in rows),
        "lats": _array(sums[2] for _, sums in rows),
    }
    return columns | {f"family_{i}": _array(sums[3 + i] for _, sums in rows) for i in range(FAMILIES)}


def _array(values: Iterable[int | str]) -> str:
    """Write numbers and codes as an array of PostgreSQL; the driver would ask each of them what it is."""
    return '{"' + '","'.join(map(str, values)) + '"}'


async def clear(session: AsyncSession, layer: str) -> None:
    """Empty the pyramid of a layer, before it is counted anew."""
    await session.execute(text("DELETE FROM published.cell WHERE layer = :layer"), {"layer": layer})


_FAMILIES = ", ".join(f"family_{i}" for i in range(FAMILIES))
_DELTAS = f"""
unnest(CAST(:layers AS text[]), CAST(:facets AS text[]), CAST(:zooms AS smallint[]),
       CAST(:cells AS bigint[]), CAST(:ns AS integer[]), CAST(:lngs AS bigint[]), CAST(:lats AS bigint[]),
       {", ".join(f"CAST(:family_{i} AS integer[])" for i in range(FAMILIES))})
AS d (layer, facet, z, cell, n, lng, lat, {_FAMILIES})
"""
_ADDED = ", ".join(f"cell.families[{i + 1}] + excluded.families[{i + 1}]" for i in range(FAMILIES))
_SUMMED = ", ".join(f"cell.families[{i + 1}] + d.family_{i}" for i in range(FAMILIES))
_ITS_CELL = "cell.layer = d.layer AND cell.facet = d.facet AND cell.z = d.z AND cell.cell = d.cell"
# Only constants of this module are joined into the texts.
_GROW = text(
    f"""
    INSERT INTO published.cell AS cell (layer, facet, z, cell, n, families, sum_lng, sum_lat)
    SELECT layer, facet, z, cell, n, ARRAY[{_FAMILIES}], lng, lat FROM {_DELTAS}
    ON CONFLICT (layer, facet, z, cell) DO UPDATE SET
      n = cell.n + excluded.n,
      families = ARRAY[{_ADDED}],
      sum_lng = cell.sum_lng + excluded.sum_lng,
      sum_lat = cell.sum_lat + excluded.sum_lat
    """  # noqa: S608 - our own constants; values are parameters
)
# What is emptied is deleted by its key: an index of the empty ones would have every count that changes written to every
# index. Nobody else writes to the layer meanwhile, so that what is emptied is not what is changed.
_SHRINK = text(
    f"""
    WITH d AS MATERIALIZED (SELECT * FROM {_DELTAS}),
    emptied AS (DELETE FROM published.cell AS cell USING d WHERE {_ITS_CELL} AND cell.n + d.n = 0)
    UPDATE published.cell AS cell SET
      n = cell.n + d.n,
      families = ARRAY[{_SUMMED}],
      sum_lng = cell.sum_lng + d.lng,
      sum_lat = cell.sum_lat + d.lat
    FROM d WHERE {_ITS_CELL} AND cell.n + d.n <> 0
    """  # noqa: S608 - our own constants; values are parameters
)
