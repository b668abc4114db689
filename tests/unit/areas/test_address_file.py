"""Files of addresses, as registers and OpenAddresses publish them."""

import csv
import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.areas.address_file import AddressRow, NoAddressColumns, Refused, UnreadableAddresses, read_addresses

REGISTER = """postcode,place,simc,street,sym_ul,housenumber,teryt,lat,lon,source
25-507,KIELCE,,ul. Henryka Sienkiewicza,,19,2661,50.87062,20.62934,x
98-200,Sieradz,,,,7A,1014,51.59,18.73,x
25-507,Kielce,,Długa,,bez numeru,2661,50.87,20.62,x
25-507,Kielce,,Długa,,5,2661,20.62,50.87,x
25-507,,,Długa,,5,2661,50.87,20.62,x
25-507,Kielce,,Długa,,5,2661,north,20.62,x
25-507,Kielce
"""


def read(path: Path) -> tuple[list[AddressRow], Refused]:
    refused = Refused()
    return list(read_addresses(path, "PL", refused)), refused


def test_a_register_is_read_and_what_cannot_be_used_is_told(tmp_path: Path) -> None:
    path = tmp_path / "register.csv"
    path.write_text(REGISTER)
    rows, refused = read(path)
    assert rows == [
        AddressRow("Kielce", "Henryka Sienkiewicza", "19", "25-507", "2661", 20.62934, 50.87062),
        AddressRow("Sieradz", "", "7a", "98-200", "1014", 18.73, 51.59),
    ]
    assert refused.rows == {
        "no house number": [4, 8],
        "abroad": [5],
        "no town": [6],
        "no position": [7],
    }


def test_openaddresses_semicolons_gzip_and_decimal_commas(tmp_path: Path) -> None:
    plain = "LON;LAT;NUMBER;STREET;UNIT;CITY;DISTRICT;REGION;POSTCODE;ID;HASH\n20,62934;50,87062;19;Plac Wolności;;Kielce;;;25-507;;\n"
    path = tmp_path / "kielce.csv.gz"
    path.write_bytes(gzip.compress(("\ufeff" + plain).encode()))
    rows, refused = read(path)
    assert rows == [AddressRow("Kielce", "Plac Wolności", "19", "25-507", "25", 20.62934, 50.87062)]
    assert not refused.count


def test_a_file_without_the_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("name,age\nA,5\n")
    with pytest.raises(NoAddressColumns):
        read(path)


HEADER = "city,street,number,lon,lat\n"
ROW = "Kielce,Długa,5,20.62,50.87\n"


@pytest.fixture(params=[131_072, 10_000_000])
def limit(request: pytest.FixtureRequest) -> Iterator[None]:
    """How long a cell may be is the whole process's: that of Python, and one that another part has set."""
    before = csv.field_size_limit(request.param)
    yield
    csv.field_size_limit(before)


@pytest.mark.parametrize(
    "content",
    [
        (HEADER + ROW).encode("utf-16"),
        (HEADER + ROW).encode("cp1250"),
        gzip.compress((HEADER + ROW * 99).encode())[:-9],
        gzip.compress((HEADER + ROW).encode())[:12] + b"\xff" * 40,
        (HEADER + ROW + '"' + "x" * 200_000).encode(),
    ],
)
@pytest.mark.usefixtures("limit")
def test_a_file_that_cannot_be_read_to_its_end_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.csv"
    path.write_bytes(content)
    with pytest.raises(UnreadableAddresses):
        read(path)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableAddresses):
        read(tmp_path / "none.csv")


def test_signs_that_are_no_names_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "signs.csv"
    path.write_text(HEADER + "Kiel\0ce\0,-,5,20.62,50.87\n")
    [row], _ = read(path)
    assert (row.town, row.street) == ("Kiel ce", "")
