"""Packages in a folder: whole or not there, the same bytes for the same files, asked for or forgotten."""

import os
import resource
import time
import zipfile
from pathlib import Path

import pytest

from app.exports.municipality.files import File
from app.exports.municipality.snapshots import LEFT_AFTER_S, Marks, Package, Snapshots, packed
from app.exports.nightly import WANTED_DAYS, wanted
from app.i18n import LANGUAGES

FILES = [File("", "kielce.html", b"<p>Kielce"), File("food", "kielce-food.html", "<p>Żur".encode())]
MARKS = Marks("layers", "unit")


def keep(kept: Snapshots, code: str, language: str, package: Package, *, asked: bool) -> None:
    kept.prepare(code, language, package, asked=asked).put()


def test_a_package_gives_back_its_files(tmp_path: Path) -> None:
    kept = Snapshots(tmp_path)
    keep(kept, "PL-2661011", "pl", packed(FILES, MARKS), asked=True)
    read = kept.read("PL-2661011", "pl")
    assert read
    assert read.marks == MARKS
    assert list(read.files()) == FILES
    assert read.file("food") == FILES[1]
    assert read.file("health") is None


def test_it_is_a_usual_zip_file_and_always_the_same(tmp_path: Path) -> None:
    package = packed(FILES, MARKS)
    assert package == packed(FILES, MARKS)
    (tmp_path / "a.zip").write_bytes(package.bytes)
    with zipfile.ZipFile(tmp_path / "a.zip") as opened:
        assert opened.testzip() is None
        assert opened.namelist() == ["kielce.html", "kielce-food.html"]


def test_other_marks_leave_the_files_as_they_are() -> None:
    package, other = packed(FILES, MARKS), Marks("other layers, and of more letters", "unit")
    assert package.marked(other) == packed(FILES, other)
    assert package.marked(other).marked(MARKS) == package


def test_a_full_disk_keeps_what_was_there_and_nothing_of_the_new_one(tmp_path: Path) -> None:
    kept = Snapshots(tmp_path)
    keep(kept, "PL-1", "pl", packed(FILES, MARKS), asked=True)
    large = packed([File("", "x.html", os.urandom(100_000))], MARKS)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, before[1]))
    try:
        with pytest.raises(OSError, match="too large"):
            keep(kept, "PL-1", "pl", large, asked=True)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert [path.name for path in (tmp_path / "PL-1").iterdir()] == ["pl.zip"]
    assert kept.read("PL-1", "pl") == packed(FILES, MARKS)


@pytest.mark.parametrize("content", [b"", b"PK", b"not a zip file", packed(FILES, MARKS).bytes[:-40]])
def test_a_broken_package_counts_as_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "PL-1").mkdir()
    (tmp_path / "PL-1" / "pl.zip").write_bytes(content)
    assert Snapshots(tmp_path).read("PL-1", "pl") is None


@pytest.mark.parametrize("code", ["../x", "..", ".hidden", "a/b"])
def test_no_code_leads_out_of_the_folder(tmp_path: Path, code: str) -> None:
    with pytest.raises(ValueError, match="code"):
        Snapshots(tmp_path / "in").prepare(code, "pl", packed(FILES, MARKS), asked=True)


def test_what_is_emptied_holds_nothing_and_is_still_wanted(tmp_path: Path) -> None:
    kept = Snapshots(tmp_path)
    keep(kept, "PL-1", "pl", packed(FILES, MARKS), asked=True)
    long_ago = time.time() - 20 * 86400
    os.utime(tmp_path / "PL-1" / "pl.zip", (long_ago, long_ago))
    kept.empty("PL-1", "pl")
    kept.empty("PL-1", "uk")
    ((code, language, ago_s),) = kept.known()
    assert (code, language) == ("PL-1", "pl")
    assert ago_s > 19 * 86400
    assert [path.read_bytes() for path in tmp_path.rglob("*.zip")] == [b""]
    assert kept.read("PL-1", "pl") is None


def test_who_writes_at_night_does_not_count_as_asking(tmp_path: Path) -> None:
    kept = Snapshots(tmp_path)
    keep(kept, "PL-1", "pl", packed(FILES, MARKS), asked=True)
    long_ago = time.time() - 20 * 86400
    os.utime(tmp_path / "PL-1" / "pl.zip", (long_ago, long_ago))
    assert kept.read("PL-1", "pl")
    keep(kept, "PL-1", "pl", packed(FILES, Marks("new", "unit")), asked=False)
    ((_, _, ago_s),) = kept.known()
    assert ago_s > 19 * 86400
    kept.asked("PL-1", "pl")
    ((_, _, ago_s),) = kept.known()
    assert ago_s < 60


def test_wanted_is_what_was_asked_for_lately_or_is_configured(tmp_path: Path) -> None:
    kept = Snapshots(tmp_path)
    for code, language, days in (
        ("PL-1", "pl", 1),
        ("PL-1", "uk", WANTED_DAYS + 1),
        ("PL-2", "pl", 90),
        ("PL-3", "de", 90),
        ("PL-4", "pl", 0),
        ("PL-0", "pl", 2),
    ):
        keep(kept, code, language, packed(FILES, MARKS), asked=True)
        then = time.time() - days * 86400
        os.utime(tmp_path / code / f"{language}.zip", (then, then))
    assert wanted(kept, ["PL-3", "PL-1", "PL-3"]) == [
        # Of what the operator wants everything comes first, then the latest wish.
        *(("PL-1", language) for language in LANGUAGES),
        *(("PL-3", language) for language in LANGUAGES),
        ("PL-4", "pl"),
        ("PL-0", "pl"),
    ]
    # What nobody wants is gone, with its folder.
    assert sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.zip")) == [
        "PL-0/pl.zip",
        "PL-1/pl.zip",
        "PL-1/uk.zip",
        "PL-3/de.zip",
        "PL-4/pl.zip",
    ]
    assert not (tmp_path / "PL-2").exists()


def test_a_wish_is_a_package_without_anything_in_it(tmp_path: Path) -> None:
    kept = Snapshots(tmp_path)
    kept.wish("PL-1", "pl")
    assert kept.read("PL-1", "pl") is None
    assert wanted(kept, []) == [("PL-1", "pl")]
    keep(kept, "PL-1", "pl", packed(FILES, MARKS), asked=False)
    ((_, _, ago_s),) = kept.known()
    assert ago_s < 60
    # Who asks for what is there changes nothing of it.
    kept.wish("PL-1", "pl")
    assert kept.read("PL-1", "pl") == packed(FILES, MARKS)


def test_what_is_prepared_is_not_read_before_it_is_put_in_its_place(tmp_path: Path) -> None:
    kept = Snapshots(tmp_path)
    keep(kept, "PL-1", "pl", packed(FILES, MARKS), asked=True)
    newer = packed(FILES[:1], MARKS)
    prepared = kept.prepare("PL-1", "pl", newer, asked=True)
    assert kept.read("PL-1", "pl") == packed(FILES, MARKS)
    prepared.put()
    assert kept.read("PL-1", "pl") == newer
    prepared.discard()
    assert kept.read("PL-1", "pl") == newer


@pytest.mark.parametrize("asked", [True, False])
def test_what_is_prepared_is_dropped_with_what_is_in_its_place(tmp_path: Path, *, asked: bool) -> None:
    kept = Snapshots(tmp_path)
    prepared = kept.prepare("PL-1", "pl", packed(FILES, MARKS), asked=asked)
    other = kept.prepare("PL-1", "uk", packed(FILES, MARKS), asked=asked)
    # Whoever drops goes through all that is known.
    assert [(code, language) for code, language, _ in kept.known()] == [("PL-1", "pl"), ("PL-1", "uk")]
    kept.empty("PL-1", "pl")
    prepared.put()
    assert kept.read("PL-1", "pl") is None
    other.put()
    assert kept.read("PL-1", "uk") == packed(FILES, MARKS)


def test_what_was_prepared_by_a_process_that_was_stopped_goes_after_a_while(tmp_path: Path) -> None:
    kept = Snapshots(tmp_path)
    left = kept.prepare("PL-1", "pl", packed(FILES, MARKS), asked=True)
    then = time.time() - LEFT_AFTER_S - 1
    os.utime(left.new, (then, then))
    at_work = kept.prepare("PL-2", "pl", packed(FILES, MARKS), asked=True)
    assert wanted(kept, []) == [("PL-2", "pl"), ("PL-1", "pl")]
    assert not left.new.exists()
    assert at_work.new.exists()


def test_a_package_that_nobody_wants_goes_with_what_was_prepared(tmp_path: Path) -> None:
    kept = Snapshots(tmp_path)
    kept.prepare("PL-1", "pl", packed(FILES, MARKS), asked=False)
    assert wanted(kept, []) == []
    assert list(tmp_path.iterdir()) == []
