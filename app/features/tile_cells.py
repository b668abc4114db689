"""What a cell of a tile is drawn as, and how it is told: the SQL that all tiles of clusters share."""

from typing import Final

from app.features.pyramid import CELL_DEPTH, FAMILIES
from geo.quadkey import MAX_ZOOM
from geo.tile import Tile

IN_RANGE: Final = "f.layer = :layer AND f.qk >= :lo AND f.qk < :hi"
IN_RANGES: Final = "f.layer = :layer AND f.qk >= r.lo AND f.qk < r.hi"
#: The cell of a key, by the parameters of `scale`.
CELL: Final = "f.qk >> CAST(:shift AS integer)"
#: How many features `f` there are, how many of each family, and the sums of their positions.
COUNTED: Final = (
    f"count(*) AS n, ARRAY[{', '.join(f'count(*) FILTER (WHERE f.family = {i})' for i in range(FAMILIES))}] AS families,"
    " sum(f.lng) AS lng, sum(f.lat) AS lat"
)


def scale(at: Tile) -> dict[str, int]:
    """By how many bits a key is longer than its cell of a tile, and the zoom at which that cell is a tile."""
    return {"shift": 2 * (MAX_ZOOM - at.z - CELL_DEPTH), "cell_zoom": at.z + CELL_DEPTH}


def drawn_cell(lone: str, *, lng: str, lat: str) -> str:
    """SQL of a cell `c` as a Feature text: its one feature, which `lone` finds, as it is; else a cluster.

    A cluster's id names the cell, so that a client can tell it again.
    """
    cluster = (
        """'{"type":"Feature","id":"' || CAST(:cell_zoom AS integer) || '/' || c.cell ||"""
        f"""'","geometry":{{"type":"Point","coordinates":[' || round(CAST({lng} AS numeric), 6) || ',' ||"""
        f"""round(CAST({lat} AS numeric), 6) || ']}},"properties":{{"count":' || c.n ||"""
        """',"families":[' || array_to_string(c.families, ',') || ']}}'"""
    )
    return (
        f"CASE WHEN c.n = 1 THEN (SELECT f.slim FROM published.feature f WHERE {lone} LIMIT 1)"  # noqa: S608 - program text
        f" ELSE {cluster} END"
    )
