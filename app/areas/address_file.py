"""Reads files of addresses: CSV with a header, as registers of addresses and OpenAddresses publish them."""

import csv
import gzip
import zlib
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import TextIOWrapper
from pathlib import Path

from app.areas.address_words import house_number
from app.errors import InvalidInput
from geo.names import fold_name
from geo.position_checks import in_countries

#: How columns are called, folded, whatever language the register speaks.
COLUMNS: Mapping[str, frozenset[str]] = {
    "town": frozenset(
        ("place", "city", "town", "miejscowosc", "miejscowo", "miasto", "localitate", "locality")
    ),
    "street": frozenset(("street", "ulica", "ulica nazwa", "nazwa ulicy", "strada")),
    "number": frozenset(
        ("housenumber", "house number", "number", "numer", "numer porzadkowy", "nr", "nr domu", "numar")
    ),
    "postcode": frozenset(("postcode", "kod pocztowy", "kod", "pna", "cod postal", "zip")),
    "region": frozenset(("teryt", "terc", "district", "siruta")),
    "lng": frozenset(("lon", "lng", "longitude", "dlugosc", "dlugosc geograficzna", "x")),
    "lat": frozenset(("lat", "latitude", "szerokosc", "szerokosc geograficzna", "y")),
}
#: Why a line cannot be used in which a cell begins and does not end.
NOT_CLOSED = "a quotation mark is not closed"
_NEEDED = ("town", "number", "lng", "lat")
_LONGEST_NAME = 100
#: A longer one is no address. A row with a cell of several lines, as a remark may have, has not more of them than that.
_LONGEST_ROW, _MOST_LINES = 20_000, 20
#: Beside a whole row another one begins in the next line, beside one that is open it does not.
_NEXT_ROW = "\x1e"
#: "ul. Długa" is the street "Długa"; a square stays a square, for there may be a street of its name, too.
_STREET_KINDS = frozenset(("ul", "ulica", "str", "strada"))


class NoAddressColumns(InvalidInput):
    """The file needs a header with columns for the town, the house number, the longitude and the latitude."""


class UnreadableAddresses(InvalidInput):
    """The file cannot be read to its end: it is no text in UTF-8, or it is broken."""


@dataclass(frozen=True, slots=True)
class AddressRow:
    """One address; `region` tells settlements of one name apart, `street` is "" where there are no streets."""

    town: str
    street: str
    number: str
    postcode: str
    region: str
    lng: float
    lat: float


@dataclass(slots=True)
class Refused:
    """How many rows could not be used, by the reason; the numbers of the lines in which the first ones begin."""

    count: dict[str, int] = field(default_factory=dict)
    rows: dict[str, list[int]] = field(default_factory=dict)

    def add(self, reason: str, row: int) -> None:
        """Note one."""
        self.count[reason] = self.count.get(reason, 0) + 1
        if len(known := self.rows.setdefault(reason, [])) < 5:
            known.append(row)


def read_addresses(path: Path, country: str, refused: Refused) -> Iterator[AddressRow]:
    """Read the addresses of a country (ISO code), one by one, in WGS 84; what cannot be used goes to `refused`, and takes
    no other row with it.

    The file is UTF-8, plain or packed with gzip, its columns parted by commas or semicolons. `NoAddressColumns` when
    the header does not name what an address needs, `UnreadableAddresses` where it cannot be read.
    """
    with _opened(path) as lines:
        header = next(lines, "")
        delimiter = ";" if header.count(";") > header.count(",") else ","
        columns = _columns(_cells(header, delimiter))

        def read(line: str) -> AddressRow | str:
            return _read(_cells(line, delimiter), columns, country)

        def is_one_row(lines_of_it: Sequence[str]) -> bool:
            cells = _cells("".join(lines_of_it), delimiter)
            names = (cells[column] for column in columns.values() if column < len(cells))
            alone = (read(line.replace('"', "")) for line in lines_of_it)
            return (
                not any("\n" in name or "\r" in name for name in names)
                and sum(isinstance(row, AddressRow) for row in alone) <= 1
            )

        for at, line in _rows(lines, delimiter, is_one_row):
            row = NOT_CLOSED if line is None else read(line)
            if isinstance(row, str):
                refused.add(row, at)
            else:
                yield row


def _rows(
    lines: Iterator[str], delimiter: str, is_one_row: Callable[[Sequence[str]], bool]
) -> Iterator[tuple[int, str | None]]:
    """The rows below the header, each with the number of its first line.

    A quotation mark that is not closed would swallow the rows behind it. A line with one is None, and the rows go on in
    the next line, unless it and those that follow are one row: the rest of a remark, and one address at most.
    """
    waiting: deque[str] = deque()
    at = 1

    def following() -> str | None:
        return waiting.popleft() if waiting else next(lines, None)

    while (line := following()) is not None:
        at += 1
        # csv has a limit of its own, which is the whole process's to change.
        if len(line) > _LONGEST_ROW:
            raise UnreadableAddresses
        if not _is_open(line, delimiter):
            yield at, line
            continue
        more: list[str] = []
        while _is_open(whole := line + "".join(more), delimiter) and len(more) < _MOST_LINES:
            if (another := following()) is None:
                break
            more.append(another)
        if len(whole) > _LONGEST_ROW or _is_open(whole, delimiter) or not is_one_row([line, *more]):
            yield at, None
            waiting.extendleft(reversed(more))
        else:
            yield at, whole
            at += len(more)


def _is_open(text: str, delimiter: str) -> bool:
    """Whether a quotation mark is not closed at the end of a text."""
    return '"' in text and len(list(csv.reader([text, _NEXT_ROW], delimiter=delimiter))) == 1


def _cells(line: str, delimiter: str) -> list[str]:
    return next(csv.reader([line], delimiter=delimiter), [])


@contextmanager
def _opened(path: Path) -> Iterator[Iterator[str]]:
    try:
        with path.open("rb") as raw:
            packed = raw.read(2) == b"\x1f\x8b"
            raw.seek(0)
            with TextIOWrapper(gzip.open(raw) if packed else raw, encoding="utf-8-sig", newline="") as lines:
                yield lines
    except (OSError, EOFError, zlib.error, UnicodeDecodeError, csv.Error) as error:
        raise UnreadableAddresses from error


def _columns(header: Sequence[str]) -> dict[str, int]:
    names = [fold_name(name) for name in header]
    found = {
        key: next(at for at, name in enumerate(names) if name in known)
        for key, known in COLUMNS.items()
        if known.intersection(names)
    }
    if any(key not in found for key in _NEEDED):
        raise NoAddressColumns
    return found


def _read(cells: Sequence[str], columns: Mapping[str, int], country: str) -> AddressRow | str:
    """The address, or why it is none."""

    def cell(key: str) -> str:
        at = columns.get(key)
        # The database keeps no text with a zero byte.
        return " ".join(cells[at].replace("\0", " ").split()) if at is not None and at < len(cells) else ""

    town, street, number = _name(cell("town")), _street(cell("street")), house_number(cell("number"))
    if not fold_name(town) or max(len(town), len(street)) > _LONGEST_NAME:
        return "no town"
    if not number:
        return "no house number"
    try:
        lng, lat = float(cell("lng").replace(",", ".")), float(cell("lat").replace(",", "."))
    except ValueError:
        return "no position"
    if not in_countries(lng, lat, (country,)):
        return "abroad"
    postcode = cell("postcode")[:10]
    return AddressRow(town, street, number, postcode, cell("region")[:20] or postcode[:2], lng, lat)


def _name(name: str) -> str:
    """As people write it: registers shout."""
    return name.title() if name.isupper() else name


def _street(name: str) -> str:
    name = _name(name.strip('"').strip())
    if not fold_name(name):
        return ""  # "-"
    first, _, rest = name.partition(" ")
    return rest if rest and fold_name(first) in _STREET_KINDS else name
