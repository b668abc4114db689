"""The file for spreadsheets: right letters, right cells, nothing that runs."""

import csv
import io

import pytest

from app.pages.csv_file import csv_bytes, harmless


@pytest.mark.parametrize(
    "cell", ["=1+1", "+48 41 555", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u00a0=1", "＝1", "＠a"]
)
def test_what_would_be_a_formula_is_text(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "41 555 01 23", "Kuchnia = dom", "10:00–18:00", "“=”", "ул. Мира"])
def test_everything_else_stays(cell: str) -> None:
    assert harmless(cell) == cell


@pytest.mark.parametrize(("language", "sign"), [("pl", ";"), ("uk", ";"), ("en", ",")])
def test_a_spreadsheet_reads_what_was_written(language: str, sign: str) -> None:
    rows = [['Żółw; „Zupa”, "x"', "a\nb", "=1"], ["Їдальня", "", "z"]]
    data = csv_bytes(["Nazwa", "b", "c"], rows, language)
    assert data.startswith(b"\xef\xbb\xbf")
    read = [*csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=sign)]
    assert read == [["Nazwa", "b", "c"], [*rows[0][:2], "'=1"], rows[1]]
