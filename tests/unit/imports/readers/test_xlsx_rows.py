import datetime as dt
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from app.imports.notes import UnreadableFile
from app.imports.readers.headers import HeaderRow
from app.imports.readers.xlsx_rows import read_xlsx
from app.imports.rows import Row

DAY = dt.datetime.fromisoformat("2026-03-01")


def workbook(folder: Path, *lines: list[Any]) -> Path:
    book = openpyxl.Workbook()
    assert book.active is not None
    for line in lines:
        book.active.append(line)
    file = folder / "a.xlsx"
    book.save(file)
    return file


def rows(folder: Path, *lines: list[Any], header: tuple[str, ...] = ()) -> list[Row]:
    return list(read_xlsx(workbook(folder, *lines), header=HeaderRow(header)))


def test_values_are_the_texts_that_a_person_would_type(tmp_path: Path) -> None:
    values = [
        "Żłobek",
        41.5,
        412345678.0,
        True,
        DAY,
        DAY.replace(hour=8, minute=30),
        None,
    ]

    (row,) = rows(tmp_path, list("abcdefg"), values)

    assert list(row.values.values()) == [
        "Żłobek", "41.5", "412345678", "1", "2026-03-01", "2026-03-01T08:30:00", "",
    ]  # fmt: skip


def test_the_header_is_found_below_titles_and_blank_rows(tmp_path: Path) -> None:
    (row,) = rows(tmp_path, ["Wykaz"], [], ["Lp.", "Nazwa"], [1, "Klub"], header=("Nazwa",))

    assert (row.values, row.line) == ({"Lp.": "1", "Nazwa": "Klub"}, 4)


def test_an_error_of_the_spreadsheet_is_a_problem_of_its_row(tmp_path: Path) -> None:
    bad, good = rows(tmp_path, ["a", "b"], ["#REF!", "x"], ["1", "2"])

    assert [(problem.code, problem.path) for problem in bad.problems] == [("cell_error", "a")]
    assert not good.problems


def test_a_date_of_the_year_that_excel_counts_wrongly_is_a_problem(tmp_path: Path) -> None:
    (row,) = rows(tmp_path, ["day"], [DAY.replace(year=1900, month=2)])

    assert [problem.code for problem in row.problems] == ["excel_date"]


def test_a_formula_gives_no_text_of_its_own(tmp_path: Path) -> None:
    (row,) = rows(tmp_path, ["a", "b"], ["x", "=cmd|' /C calc'!A0"])

    assert row.values == {"a": "x", "b": ""}


def test_a_sheet_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile) as refused:
        list(read_xlsx(workbook(tmp_path, ["a"], ["1"]), sheet="Dane"))
    assert refused.value.note.code == "xlsx_sheet"


def changed(file: Path, name: str, content: bytes) -> Path:
    """Give the workbook with one of its parts replaced."""
    other = file.with_name("b.xlsx")
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(other, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, content if entry.filename == name else old.read(entry))
        if name not in old.namelist():
            new.writestr(name, content)
    return other


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    file = changed(workbook(tmp_path, ["a"], ["1"]), "xl/worksheets/sheet1.xml", b"<a>" + b" " * 50_000_000)

    with pytest.raises(UnreadableFile) as refused:
        list(read_xlsx(file))
    assert refused.value.note.code == "xlsx_bomb"


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (b'<row r="1"><c r="A1" t="str"><v>a</v></c></row><row', "xlsx_damaged"),
        (b'<row r="1"><c r="A1"><v>abc</v></c></row>', "xlsx_damaged"),
        (
            b'<row r="1"><c r="A1" t="str"><v>a</v></c></row><row r="2000000000"><c><v>1</v></c></row>',
            "too_many_rows",
        ),
    ],
)
def test_a_sheet_that_is_meant_to_hurt_is_refused_while_it_is_read(
    tmp_path: Path, lines: bytes, code: str
) -> None:
    main = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = b'<worksheet xmlns="' + main + b'"><sheetData>' + lines + b"</sheetData></worksheet>"
    file = changed(workbook(tmp_path, ["a"], ["1"]), "xl/worksheets/sheet1.xml", sheet)

    with pytest.raises(UnreadableFile) as refused:
        list(read_xlsx(file, most_lines=20_000))
    assert refused.value.note.code == code


def test_a_workbook_that_unpacks_to_more_than_is_allowed_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile) as refused:
        list(read_xlsx(workbook(tmp_path, ["a"], ["1"]), most_unpacked=1_000))
    assert refused.value.note.code == "xlsx_bomb"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_billion_laughs_are_refused(tmp_path: Path, encoding: str) -> None:
    laughs = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><x>&b;</x>'
    file = changed(workbook(tmp_path, ["a"], ["1"]), "xl/sharedStrings.xml", laughs.encode(encoding))

    with pytest.raises(UnreadableFile) as refused:
        list(read_xlsx(file))
    assert refused.value.note.code == "xlsx_doctype"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "xlsx_legacy"),
        (b"PK\x03\x04 damaged", "xlsx_damaged"),
        (b"a;b\n1;2\n", "xlsx_damaged"),
    ],
)
def test_what_is_no_workbook_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    file = tmp_path / "a.xlsx"
    file.write_bytes(content)

    with pytest.raises(UnreadableFile) as refused:
        list(read_xlsx(file))
    assert refused.value.note.code == code


def test_a_zip_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("readme.txt", "x")

    with pytest.raises(UnreadableFile) as refused:
        list(read_xlsx(file))
    assert refused.value.note.code == "xlsx_damaged"


def test_links_to_other_files_are_not_followed(tmp_path: Path) -> None:
    link = b'<?xml version="1.0"?><externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    file = changed(workbook(tmp_path, ["a"], ["1"]), "xl/externalLinks/externalLink1.xml", link)

    assert [row.values for row in read_xlsx(file)] == [{"a": "1"}]
