"""Readers: each gives the records of one format, one at a time."""

from collections.abc import Iterator
from pathlib import Path

from app.imports.mapping import SourceMapping
from app.imports.notes import UnreadableFile
from app.imports.readers.csv_rows import read_csv
from app.imports.readers.geojson_rows import declared_crs, read_geojson
from app.imports.readers.headers import HeaderRow
from app.imports.readers.hsds_rows import read_hsds
from app.imports.readers.json_rows import read_json, read_json_lines
from app.imports.readers.xlsx_rows import read_xlsx
from app.imports.rows import Row

__all__ = ["crs_of", "read_rows"]

MAX_FILE_BYTES = 2_000_000_000


def read_rows(path: Path, mapping: SourceMapping) -> Iterator[Row]:
    """Give the records of a file as its mapping says. Raises UnreadableFile, also while reading."""
    reader = mapping.reader
    if not path.exists():
        raise UnreadableFile("file_missing")
    if path.is_file() and path.stat().st_size > MAX_FILE_BYTES:
        raise UnreadableFile("file_too_large", limit="2 GB")
    header = HeaderRow(reader.header_contains)
    match reader.format:
        case "csv":
            return read_csv(path, header=header, encoding=reader.encoding, delimiter=reader.delimiter)
        case "json":
            return read_json(path, keys=[key for key in (reader.list_at or "").split("/") if key])
        case "json_lines":
            return read_json_lines(path)
        case "geojson":
            return read_geojson(path)
        case "xlsx":
            return read_xlsx(path, sheet=reader.sheet, header=header)
        case "hsds":
            return read_hsds(path, organisations=mapping.layer == "organisations")


def crs_of(path: Path, mapping: SourceMapping) -> int | None:
    """Give the EPSG code that the file declares for itself, None where its format or the file says none."""
    return declared_crs(path) if mapping.reader.format == "geojson" and path.is_file() else None
