"""Files of addresses, as registers and OpenAddresses publish them."""

import csv
import gzip
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.areas.address_file import (
    NOT_CLOSED,
    AddressRow,
    NoAddressColumns,
    Refused,
    UnreadableAddresses,
    read_addresses,
)

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
    # Compressed bytes have the second in them: as names of tests they would be others in each process that collects them.
    ids=["utf-16", "cp1250", "cut off", "damaged", "endless cell"],
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


def test_a_quotation_mark_that_is_not_closed_takes_no_other_row_with_it(tmp_path: Path) -> None:
    """Not the rows up to the end of the file, nor those up to the next quotation mark, open or not."""
    path = tmp_path / "quotes.csv"
    path.write_text(
        HEADER
        + 'Kielce,"Długa,1,20.62,50.87\n'
        + "Kielce,Długa,2,20.62,50.87\n" * 3
        + 'Kielce,"Nowa",3,20.62,50.87\n'
        + 'Kielce,"""Sierpnia \'80""",4,20.62,50.87\n'
        + '"Kielce,Długa,5,20.62,50.87\n'
        + "Kielce,Długa,6,20.62,50.87\n" * 300
    )
    rows, refused = read(path)
    assert refused.rows == {NOT_CLOSED: [2, 8]}
    assert [row.number for row in rows] == ["2", "2", "2", "3", "4", *["6"] * 300]
    assert [row.street for row in rows][3:5] == ["Nowa", "Sierpnia '80"]


def test_two_open_quotation_marks_hide_no_row_between_them(tmp_path: Path) -> None:
    path = tmp_path / "remarks.csv"
    path.write_text("remark,city,street,number,lon,lat\n" + '"a,Kielce,Długa,1,20.62,50.87\n' * 2)
    rows, refused = read(path)
    assert (rows, refused.rows) == ([], {NOT_CLOSED: [2, 3]})


def test_a_cell_of_several_lines_is_one_cell(tmp_path: Path) -> None:
    path = tmp_path / "remarks.csv"
    path.write_text(
        "remark,city,street,number,lon,lat\n"
        '"first\n\nthird",Kielce,Długa,1,20.62,50.87\n'
        "\n"
        '"a\r\nb",Kielce,Długa,none,20.62,50.87\n'
        "x,Kielce,Długa,2,20.62,50.87\n"
        '"' + "line\n" * 30 + '",Kielce,Długa,3,20.62,50.87\n',
        newline="",
    )
    rows, refused = read(path)
    assert [row.number for row in rows] == ["1", "2"]
    assert refused.rows["no house number"] == [6]
    assert refused.rows[NOT_CLOSED][0] == 9
    assert sum(refused.count.values()) == 33


@given(
    st.lists(
        st.sampled_from(
            [
                ROW,
                ROW.replace("Długa", '"Długa"'),
                ROW.replace("Długa", '"Dł""uga"'),
                ROW.replace("Długa", '"Długa'),
            ]
        ),
        max_size=60,
    )
)
def test_every_line_is_an_address_or_is_told(lines: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "any.csv"
        path.write_text(HEADER + "".join(lines))
        rows, refused = read(path)
    broken = [line for line in lines if line.count('"') == 1]
    assert len(rows) == len(lines) - len(broken)
    assert sum(refused.count.values()) == len(broken)
    assert set(refused.count) <= {NOT_CLOSED}
