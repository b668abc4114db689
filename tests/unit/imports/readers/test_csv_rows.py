import itertools
import resource
from pathlib import Path

import pytest

from app.imports.notes import UnreadableFile
from app.imports.readers.csv_rows import MAX_CELL, read_csv
from app.imports.readers.headers import HeaderRow
from app.imports.rows import Row


def rows(folder: Path, text: str, *, header: tuple[str, ...] = ()) -> list[Row]:
    file = folder / "a.csv"
    file.write_text(text, newline="")
    return list(read_csv(file, header=HeaderRow(header)))


@pytest.mark.parametrize("sign", [";", ",", "\t", "|"])
def test_the_delimiter_is_detected(tmp_path: Path, sign: str) -> None:
    (row,) = rows(tmp_path, f"nazwa{sign}miasto\nPunkt{sign}Kielce\n")

    assert row.values == {"nazwa": "Punkt", "miasto": "Kielce"}


def test_a_comma_within_quotes_and_a_line_break_belong_to_the_cell(tmp_path: Path) -> None:
    first, second = rows(tmp_path, 'a,b\n"x, y","1\n2"\nlast,3\n')

    assert first.values == {"a": "x, y", "b": "1\n2"}
    assert (second.number, second.line) == (2, 4)


def test_the_header_is_found_below_titles_and_not_taken_for_a_record_again(tmp_path: Path) -> None:
    found = rows(
        tmp_path,
        "Wykaz placówek;;\n;;\nLp.;Nazwa;Miasto\n1;A;B\nLp.;Nazwa;Miasto\n2;C;D\n",
        header=("Nazwa",),
    )

    assert [row.values["Nazwa"] for row in found] == ["A", "C"]


def test_a_file_without_the_wanted_columns_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="Nazwa"):
        rows(tmp_path, "a;b\n1;2\n", header=("Nazwa",))


def test_two_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="same name: a"):
        rows(tmp_path, "a;b;a\n1;2;3\n")


def test_columns_that_differ_in_case_are_two(tmp_path: Path) -> None:
    (row,) = rows(tmp_path, "Latitude,latitude\n1,2\n")

    assert row.values == {"Latitude": "1", "latitude": "2"}


def test_a_row_with_another_number_of_cells_has_a_problem_and_the_next_is_read(tmp_path: Path) -> None:
    short, long, good = rows(tmp_path, "a;b\n1\n1;2;3\n1;2\n")

    assert [problem.code for problem in (*short.problems, *long.problems)] == ["cells", "cells"]
    assert short.line == 2
    assert good.values == {"a": "1", "b": "2"}


@pytest.mark.parametrize("text", ['a;b\n"1;2\n', 'a;b\n"x"y;2\n'])
def test_unbalanced_quotes_are_refused_by_the_line_where_they_begin(tmp_path: Path, text: str) -> None:
    with pytest.raises(UnreadableFile, match="line 2"):
        rows(tmp_path, text)


def test_a_cell_above_the_limit_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile) as refused:
        rows(tmp_path, f"a;b\n{'x' * (MAX_CELL + 1)};2\n")
    assert refused.value.note.code == "cell_too_large"


def test_too_many_columns_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile) as refused:
        rows(tmp_path, ";".join(f"c{i}" for i in range(16_384)) + "\n")
    assert refused.value.note.code == "too_many_columns"


def test_utf_16_with_a_nul_inside_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes("a;b\n1;\0\n".encode("utf-16"))

    with pytest.raises(UnreadableFile, match="Line 2"):
        list(read_csv(file))


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    with file.open("w") as out:
        out.write("a;b\n")
        for number in range(300_000):
            out.write(f"{number};{'x' * 100}\n")
    records = read_csv(file)
    next(records)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    assert sum(1 for _ in itertools.islice(records, 300_000)) == 299_999

    grown_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown_kb < 10_000
