from pathlib import Path

import pytest

from app.imports.notes import UnreadableFile
from app.imports.readers.encodings import detect_encoding

POLISH = "nazwa;miasto\nŻłobek „Źrebię”;Świętochłowice\nąśźĄŚŹ;Łódź\n"


@pytest.mark.parametrize(
    ("written", "detected"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("cp1250", "cp1250"),
    ],
)
def test_an_encoding_is_detected_and_gives_the_text_back(tmp_path: Path, written: str, detected: str) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(POLISH.encode(written))

    assert detect_encoding(file) == detected
    assert file.read_text(detected) == POLISH


def test_iso_8859_2_is_told_from_windows_1250_by_its_own_letters(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes("Świętochłowice;ąśź\n".encode("iso-8859-2"))

    assert detect_encoding(file) == "iso-8859-2"


def test_letters_that_both_have_at_one_place_read_the_same(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes("Łódź bez ź: łóęćńż\n".replace("ź", "").encode("iso-8859-2"))

    assert file.read_text(detect_encoding(file)) == "Łód bez : łóęćńż\n"


@pytest.mark.parametrize("legacy", ["cp1250", "iso-8859-2"])
def test_mixed_encodings_are_refused_by_the_line(tmp_path: Path, legacy: str) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes("Łódź\n".encode() * 3 + "Świętochłowice\n".encode(legacy))

    with pytest.raises(UnreadableFile) as refused:
        detect_encoding(file)

    assert refused.value.note.code == "encoding_mixed"
    assert refused.value.note.detail["line"] == 4


def test_windows_1250_among_iso_8859_2_is_refused_by_the_line(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes("ąś\n".encode("iso-8859-2") + "ąś\n".encode("cp1250"))

    with pytest.raises(UnreadableFile, match="Line 2"):
        detect_encoding(file)


def test_a_nul_is_refused_by_the_line(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(b"a;b\nc;d\0\n")

    with pytest.raises(UnreadableFile, match="Line 2 holds a NUL"):
        detect_encoding(file)


@pytest.mark.parametrize("content", [b"", b" \n\n"])
def test_an_empty_file_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(content)

    with pytest.raises(UnreadableFile) as refused:
        detect_encoding(file)
    assert refused.value.note.code == "file_empty"
