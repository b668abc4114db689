import json
import resource
from pathlib import Path
from typing import Any

import pytest

from app.imports.notes import UnreadableFile
from app.imports.readers import json_stream
from app.imports.readers.json_rows import read_json, read_json_lines
from app.imports.rows import Row


def rows(folder: Path, text: str, keys: tuple[str, ...] = ()) -> list[Row]:
    file = folder / "a.json"
    file.write_text(text)
    return list(read_json(file, keys=keys))


def test_the_elements_of_a_list_are_the_records_with_their_lines(tmp_path: Path) -> None:
    first, second = rows(tmp_path, '[\n {"a": 1},\n {"a": {"b": [2]}}\n]\n')

    assert (first.values, first.line) == ({"a": 1}, 2)
    assert (second.values, second.line) == ({"a": {"b": [2]}}, 3)


def test_a_list_deep_in_the_document_is_found_and_the_rest_read_over(tmp_path: Path) -> None:
    text = '{"x": [1, {"y": 2}], "data": {"other": null, "spots": [{"id": 7}]}, "z": "]"}'

    (row,) = rows(tmp_path, text, ("data", "spots"))

    assert row.values == {"id": 7}


@pytest.mark.parametrize("chunk", [1, 7, 64])
def test_chunks_may_end_anywhere(tmp_path: Path, chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    records = [{"id": n, "name": 'Żółć "x" \\ ]}', "f": -1.5e3, "t": True, "n": None} for n in range(30)]
    monkeypatch.setattr(json_stream, "CHUNK", chunk)

    assert [row.values for row in rows(tmp_path, json.dumps({"a": records}, indent=1), ("a",))] == records


def test_a_list_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="spots"):
        rows(tmp_path, '{"places": []}', ("spots",))


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ('[{"a": 1},\n{"a": ', "json_truncated", 2),
        ('[{"a": 1},\n', "json_truncated", 2),
        ('[{"a": "x', "json_truncated", 1),
        ('[\n{"a": 1}\n{"a": 2}]', "json_malformed", 3),
        ("[\n{a: 1}]", "json_malformed", 2),
        ("[\n// comment\n{}]", "json_malformed", 2),
        ("[{'a': 1}]", "json_malformed", 1),
        ('[{"a": 1,}]', "json_malformed", 1),
        ("[1] x", "json_trailing", 1),
        ("[" * 100_000, "json_malformed", 1),
    ],
)
def test_what_is_no_json_is_refused_by_its_line(tmp_path: Path, text: str, code: str, line: int) -> None:
    with pytest.raises(UnreadableFile) as refused:
        rows(tmp_path, text)
    assert (refused.value.note.code, refused.value.note.detail["line"]) == (code, line)


@pytest.mark.parametrize(
    ("record", "code"),
    [
        ('{"a": 1, "a": 2}', "repeated_key"),
        ('{"a": NaN}', "number_not_finite"),
        ('{"a": -Infinity}', "number_not_finite"),
        ("7", "not_an_object"),
        ("null", "not_an_object"),
    ],
)
def test_one_bad_record_has_a_problem_and_the_others_are_read(tmp_path: Path, record: str, code: str) -> None:
    before, bad, after = rows(tmp_path, f'[{{"a": 1}}, {record}, {{"a": 3}}]')

    assert (before.values, after.values) == ({"a": 1}, {"a": 3})
    assert [problem.code for problem in bad.problems] == [code]


def test_one_object_a_line_is_read(tmp_path: Path) -> None:
    file = tmp_path / "a.ndjson"
    file.write_text('{"a": 1}\n\n{"a": 2}\n[3]\n')

    first, second, third = read_json_lines(file)

    assert (first.values, second.values, second.line) == ({"a": 1}, {"a": 2}, 3)
    assert [problem.code for problem in third.problems] == ["not_an_object"]


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    record: dict[str, Any] = {"name": "x" * 200, "tags": ["a", "b"]}
    with file.open("w") as out:
        out.write("[" + ",".join(json.dumps(record) for _ in range(100_000)) + "]")
    records = read_json(file)
    next(records)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    assert sum(1 for _ in records) == 99_999

    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 10_000


def test_another_encoding_than_utf_8_is_refused_by_its_line(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_bytes(b'[{"a": 1},\n' + '{"a": "Łódź"}]'.encode("cp1250"))

    with pytest.raises(UnreadableFile, match="Line 2 is not valid utf-8"):
        list(read_json(file))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_marks_and_utf_16_are_read(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "a.json"
    file.write_text('[{"a": "Łódź"}]', encoding=encoding)

    assert [row.values for row in read_json(file)] == [{"a": "Łódź"}]
