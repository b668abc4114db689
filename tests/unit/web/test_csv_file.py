"""The file for spreadsheets: right letters, right cells, nothing that runs whichever sign the computer splits it at."""

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.web.csv_file import csv_bytes, harmless

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
#: Cells of what splits a row, what begins a formula, and what may stand between.
CELLS = st.text(alphabet=" ,;\t\r\n\"'=+-@＝1aŻ|\x0b\x1e\u00a0\u200b\u2028", max_size=12)


def read(data: bytes, sign: str) -> list[list[str]]:
    return [*csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=sign)]


@pytest.mark.parametrize(
    "cell", ["=1+1", "+48 41 555", "-2", "@SUM(A1)", " =1", "\u00a0=1", '"=1', "\u200b=1", "＝1", "＠a"]
)
def test_what_would_be_a_formula_is_text(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("Pomoc;=1+1", "Pomoc;'=1+1"),
        ("Pomoc,@A1", "Pomoc,'@A1"),
        ("Pomoc\t=1", "Pomoc =1"),
        ("Pomoc\r\n=1", "Pomoc =1"),
        ("\t=1", "' =1"),
        ('a; "=1"', 'a;\' "=1"'),
    ],
)
def test_a_formula_behind_another_separator_is_text(cell: str, text: str) -> None:
    assert harmless(cell) == text


@pytest.mark.parametrize(
    "cell",
    [
        "",
        "41 555 01 23",
        "Kuchnia = dom",
        "10:00–18:00",
        "“=”",
        "ул. Мира",
        "tel. +48 17 555 01 23",
        "a; b, c",
    ],
)
def test_everything_else_stays(cell: str) -> None:
    assert harmless(cell) == cell


@given(
    rows=st.lists(st.lists(CELLS, min_size=1, max_size=4), max_size=4), language=st.sampled_from(["pl", "en"])
)
@example(rows=[["Pomoc;=1+1"]], language="en")
@example(rows=[["Pomoc,=1+1"]], language="pl")
@example(rows=[["x", 'a;"=1"']], language="en")
@example(rows=[["x", "a,b\n=1"]], language="pl")
@example(rows=[["", '";']], language="en")
@example(rows=[["x", "a;b,"]], language="pl")
def test_no_reading_gives_a_cell_that_runs(rows: list[list[str]], language: str) -> None:
    data = csv_bytes(["Nazwa"], rows, language)
    for sign in ",;\t":
        for cell in (cell for row in read(data, sign) for cell in row):
            assert not cell.lstrip(" \u00a0\u200b").startswith(FORMULA), (sign, cell)


@pytest.mark.parametrize(("language", "sign"), [("pl", ";"), ("uk", ";"), ("en", ",")])
def test_a_spreadsheet_reads_what_was_written(language: str, sign: str) -> None:
    rows = [['Żółw; „Zupa”, "x"', "a\nb", "=1"], ["Їдальня", "", "z"]]
    data = csv_bytes(["Nazwa", "b", "c"], rows, language)
    assert data.startswith(b"\xef\xbb\xbf")
    assert read(data, sign) == [["Nazwa", "b", "c"], [rows[0][0], "a b", "'=1"], rows[1]]
