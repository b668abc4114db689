"""The file of an organisation's table: its columns, an empty one with an example, and one that somebody sends, as cells."""

import asyncio
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

from app.errors import FieldProblem, InvalidInput
from app.i18n import LANGUAGES, N_, Translator, translator
from app.imports.notes import Note, UnreadableFile
from app.imports.readers.geojson_rows import declared_crs, read_geojson
from app.imports.rows import GEOMETRY, Row
from app.imports.staging.columns import AID_POINTS, BETWEEN, columns_of, guessed, required_of
from app.imports.staging.reading import headers_of, read_file
from app.taxonomy.vocabulary import load_vocabulary
from app.web.csv_file import as_meant
from geo.names import fold_name

#: As many as somebody corrects on one page.
MOST_ROWS: Final = 50
MOST_BYTES: Final = 1_000_000
#: What stands as the number of the example, so that nobody puts it on the map.
EXAMPLE: Final = "example"
_WORDS: Final = {"id": N_("Number on the map"), "services": N_("Kinds of help")}
#: Who runs it is known.
COLUMNS: Final = tuple(
    replace(column, words=_WORDS.get(column.key, column.words))
    for column in columns_of(AID_POINTS)
    if column.key != "organisation"
)
KEYS: Final = tuple(column.key for column in COLUMNS)
REQUIRED: Final = required_of(AID_POINTS)
_SAMPLE: Final = {
    "id": EXAMPLE,
    "name": N_("Soup kitchen (example)"),
    "description": N_("A warm meal for everybody."),
    "hours": "Mo-Fr 12:00-15:00",
    "street": "ul. Przykładowa",
    "house_number": "1",
    "postcode": "25-001",
    "city": "Kielce",
    "lat": "50.8703",
    "lng": "20.6275",
    "phone": "+48 41 368 00 00",
    "email": "info@example.org",
    "website": "https://example.org",
}
_SAMPLE_SERVICE: Final = "hot_meals"


@dataclass(frozen=True, slots=True)
class TableFile:
    """What stands in a file: its headers, the cells of each row by its number, and rows that could not be read."""

    headers: list[str]
    rows: dict[int, dict[str, str]]
    broken: dict[int, tuple[Note, ...]]


def empty_table(texts: Translator) -> tuple[list[str], list[str]]:
    """Give the header and one line as an example, in somebody's language."""
    sample = _SAMPLE | {"services": load_vocabulary().name("service", _SAMPLE_SERVICE, texts.language)}
    translated = {key: texts.gettext(sample[key]) for key in ("name", "description")}
    return [texts.gettext(column.words) for column in COLUMNS], [
        (sample | translated).get(key, "") for key in KEYS
    ]


async def read_table(data: bytes) -> TableFile:
    """Read a file as the import desk does, and GeoJSON; `UnreadableFile`."""
    if len(data) > MOST_BYTES:
        raise UnreadableFile("file_too_large", limit=f"{MOST_BYTES // 1_000_000} MB")
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        rows = await asyncio.to_thread(_geojson, data)
    else:
        rows = await read_file(data)
    if len(rows) > MOST_ROWS:
        raise UnreadableFile("too_many_rows", limit=MOST_ROWS)
    headers = headers_of(rows)
    return TableFile(
        headers,
        {
            row.number: {header: as_meant(str(row.values.get(header, ""))).strip() for header in headers}
            for row in rows
        },
        {row.number: row.problems for row in rows if row.problems},
    )


def columns_in(headers: Sequence[str]) -> dict[str, str]:
    """Give for our columns the headers that mean them: by our names, and by those that we have given them in any language."""
    found = {key: header for key, header in guessed(AID_POINTS, headers).items() if key in KEYS}
    for header in headers:
        key = _words_of_columns().get(fold_name(header))
        if key is not None and key not in found and header not in found.values():
            found[key] = header
    return found


def checked_columns(chosen: Mapping[str, str], headers: Sequence[str]) -> dict[str, str]:
    """Give what somebody has chosen; `InvalidInput` where one is missing or named twice."""
    columns = {key: header for key, header in chosen.items() if key in KEYS and header in headers}
    problems = [
        FieldProblem(f"column-{key}", "missing", N_("Choose the column that says this."))
        for key in sorted(REQUIRED - columns.keys())
    ]
    problems += [
        FieldProblem(f"column-{key}", "twice", N_("This column is chosen for something else, too."))
        for key, header in columns.items()
        if [*columns.values()].count(header) > 1
    ]
    if problems:
        raise InvalidInput(*problems)
    return columns


def in_our_columns(
    rows: Mapping[int, Mapping[str, str]], columns: Mapping[str, str]
) -> dict[int, dict[str, str]]:
    """Give the cells by our keys."""
    return {
        number: {key: cells.get(columns.get(key, ""), "") for key in KEYS} for number, cells in rows.items()
    }


def codes_in(cell: str, codes: Mapping[str, str]) -> str:
    """Give kinds of help as codes, where they are named in words; `codes` are those of `codes_by_words`."""
    parts = [part.strip() for part in cell.replace("|", ";").split(";") if part.strip()]
    return BETWEEN.join(codes.get(fold_name(part), part) for part in parts)


def codes_by_words() -> dict[str, str]:
    """Give the codes of all kinds of help by their names in any of our languages, folded."""
    vocabulary = load_vocabulary()
    return {
        fold_name(vocabulary.name("service", code, language)): code
        for language in LANGUAGES
        for code in vocabulary.services
    }


@cache
def _words_of_columns() -> dict[str, str]:
    return {
        fold_name(texts.gettext(column.words)): column.key
        for texts in map(translator, LANGUAGES)
        for column in COLUMNS
    }


def _geojson(data: bytes) -> list[Row]:
    with tempfile.NamedTemporaryFile(suffix=".geojson") as file:
        file.write(data)
        file.flush()
        path = Path(file.name)
        if declared_crs(path) not in (None, 4326):
            raise UnreadableFile("crs_unknown")
        rows: list[Row] = []
        for row in read_geojson(path):
            if len(rows) >= MOST_ROWS:
                raise UnreadableFile("too_many_rows", limit=MOST_ROWS)
            rows.append(_flat(row))
    if not rows:
        raise UnreadableFile("no_rows")
    headers = list(dict.fromkeys(header for row in rows for header in row.values))
    return [replace(row, values={header: row.values.get(header, "") for header in headers}) for row in rows]


def _flat(row: Row) -> Row:
    """The properties as cells, and the point as latitude and longitude; another geometry is left for its owner to say."""
    values: dict[str, Any] = {
        key: "" if value is None else str(value) for key, value in row.values.items() if key != GEOMETRY
    }
    geometry = row.values.get(GEOMETRY)
    point = geometry.get("coordinates") if isinstance(geometry, Mapping) else None
    is_point = isinstance(geometry, Mapping) and geometry.get("type") == "Point"
    if is_point and isinstance(point, list) and len(point) in (2, 3):
        values |= {"lng": str(point[0]), "lat": str(point[1])}
    return replace(row, values=values)
