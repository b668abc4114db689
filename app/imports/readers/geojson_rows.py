"""Features of a GeoJSON file: their properties as columns, their geometry beside."""

import itertools
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from app.imports.notes import Note, UnreadableFile
from app.imports.readers.json_rows import stream_lines
from app.imports.readers.json_stream import Element, members_beside, stream_list
from app.imports.rows import GEOMETRY, Row

#: The names under which the old `crs` member says WGS 84, longitude first.
_WGS84: Final = frozenset(
    {"urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:OGC::CRS84", "EPSG:4326", "urn:ogc:def:crs:EPSG::4326"}
)
_EPSG: Final = ("urn:ogc:def:crs:EPSG::", "urn:ogc:def:crs:EPSG:", "EPSG:")


def read_geojson(path: Path, *, lines: bool = False) -> Iterator[Row]:
    """Give the features of a FeatureCollection, or of a file with one Feature a line.

    `values` are the properties, with the geometry under `@geometry`; `source_id` is the feature's id,
    as text, "" without one. Raises UnreadableFile for anything else.
    """
    elements = stream_lines(path) if lines or _is_sequence(path) else _collection(path)
    for number, element in enumerate(elements, start=1):
        yield _row(number, element)


def declared_crs(path: Path) -> int | None:
    """Give the EPSG code of the file's `crs` member (GeoJSON 2008), None without one.

    4326 stands for longitude and latitude in degrees. Raises UnreadableFile for one that cannot be understood.
    """
    if _is_sequence(path) or not _mentions_crs(path):
        return None
    return _epsg(members_beside(path, "features").get("crs"))


def _epsg(crs: Any) -> int | None:
    if crs is None:
        return None
    properties = crs.get("properties") if isinstance(crs, Mapping) else None
    name = properties.get("name") if isinstance(properties, Mapping) else None
    if name in _WGS84:
        return 4326
    for beginning in _EPSG:
        code = str(name).removeprefix(beginning)
        if code != str(name) and code.rpartition(":")[2].isdecimal():
            return int(code.rpartition(":")[2])
    raise UnreadableFile("crs_unknown")


def _mentions_crs(path: Path) -> bool:
    """Whether the word occurs at all: reading a file twice is saved for those with the member."""
    with path.open("rb") as file:
        tail = b""
        while block := file.read(1 << 20):
            if b'"crs"' in tail + block:
                return True
            tail = block[-4:]
    return False


def _is_sequence(path: Path) -> bool:
    """Whether the first line is a whole Feature and another line follows."""
    try:
        first = list(itertools.islice(stream_lines(path), 2))
    except UnreadableFile:
        return False
    return len(first) == 2 and all(
        isinstance(e.value, dict) and e.value.get("type") == "Feature" for e in first
    )


def _collection(path: Path) -> Iterator[Element]:
    try:
        yield from stream_list(path, ["features"])
    except UnreadableFile as error:
        if error.note.code != "json_path":
            raise
        kind = members_beside(path, "features").get("type")
        raise UnreadableFile("topojson" if kind == "Topology" else "geojson_type") from None


def _row(number: int, element: Element) -> Row:
    if element.problem:
        return Row(number, element.line, "", {}, (Note(element.problem),))
    feature = element.value
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        return Row(number, element.line, "", {}, (Note("not_an_object"),))
    properties = feature.get("properties") or {}
    if not isinstance(properties, dict):
        return Row(number, element.line, "", {}, (Note("not_an_object"),))
    # 1 and "1" are one id to everybody who reads the file as a table.
    identity = feature.get("id")
    source_id = str(identity) if isinstance(identity, str | int) and not isinstance(identity, bool) else ""
    return Row(number, element.line, source_id, properties | {GEOMETRY: feature.get("geometry")})
