import json
from pathlib import Path
from typing import Any

import pytest

from app.areas.boundary_file import Boundaries, UnreadableBoundaries, read_boundaries
from app.areas.units import Origin

ORIGIN = Origin("test", "CC0", 2021)


def square(lng: float = 20, lat: float = 52) -> dict[str, Any]:
    ring = [[lng, lat], [lng + 1, lat], [lng + 1, lat + 1], [lng, lat + 1], [lng, lat]]
    return {"type": "Polygon", "coordinates": [ring]}


def feature(geometry: object, **properties: object) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def read(folder: Path, *features: object, crs: object = None, **options: str) -> Boundaries:
    document: dict[str, Any] = {"type": "FeatureCollection", "features": list(features)}
    if crs:
        document["crs"] = crs
    path = folder / "boundaries.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return read_boundaries(path, ORIGIN, **options)


def test_polish_units_of_every_level_are_known_by_their_code(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        feature(square(), terc="2661011", name="Kielce"),
        feature(square(), terc="2661", name="KIELCE"),
        feature(square(), JPT_KOD_JE="26", JPT_NAZWA_="ŚWIĘTOKRZYSKIE", population=1_200_000),
    )
    assert found.problems == []
    assert [(u.code, u.stable_code, u.level, u.name, u.parent_code, u.population) for u in found.units] == [
        ("PL-2661011", "PL-266101", "gmina", "Kielce", "PL-2661", None),
        ("PL-2661", "PL-2661", "powiat", "Kielce", "PL-26", None),
        ("PL-26", "PL-26", "voivodeship", "świętokrzyskie", None, 1_200_000),
    ]


def test_a_unit_without_an_outline_is_reported_and_not_lost(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        feature(square(25, 45), natcode="42682", name="Brăila", county="Brăila", countyMn="BR", pop2015=7),
        feature(None, natcode="83464", name="Bălan", county="Harghita", countyMn="HR", pop2015=8050),
    )
    assert [unit.name for unit in found.without_geometry] == ["Bălan"]
    assert {u.code: (u.level, u.geometry is None, u.population) for u in found.units} == {
        "RO-42682": ("uat", False, 7),
        "RO-83464": ("uat", True, 8050),
        "RO-BR": ("county", False, 7),
        "RO-HR": ("county", True, 8050),
    }


def test_every_bad_feature_is_named_with_its_row_and_its_reason(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        feature(square(), terc="2661011", name="Kielce"),
        feature(square(), terc="2661012", name="Kielce once more"),
        feature(square(), terc="1465108", name="Śródmieście"),
        feature(square(), terc="2662011", name=" "),
        feature(square(52, 20), terc="2663011", name="Swapped"),
        feature({"type": "Point", "coordinates": [20, 52]}, terc="2664011", name="Point"),
        feature("nonsense", terc="2665011", name="Nonsense"),
        feature(square(), name="Nobody"),
        {"type": "Feature", "geometry": square(), "properties": None},
        7,
    )
    assert [unit.name for unit in found.units] == ["Kielce"]
    assert [(p.row, p.unit, p.code) for p in found.problems] == [
        (2, "2661012", "code_twice"),
        (3, "1465108", "bad_teryt"),
        (4, "2662011", "no_name"),
        (5, "2663011", "outside_country"),
        (6, "2664011", "not_a_polygon"),
        (7, "2665011", "unreadable_geometry"),
        (8, "Nobody", "unknown_unit"),
        (9, "", "not_a_feature"),
        (10, "", "not_a_feature"),
    ]


def test_a_repaired_outline_is_reported(tmp_path: Path) -> None:
    bow_tie = {"type": "Polygon", "coordinates": [[[20, 52], [21, 53], [21, 52], [20, 53], [20, 52]]]}
    found = read(tmp_path, feature(bow_tie, terc="26", name="x"))
    assert [(p.unit, p.message) for p in found.repaired] == [("PL-26", "Self-intersection")]
    assert len(found.units) == 1


def test_areas_of_ones_own_need_country_level_and_code(tmp_path: Path) -> None:
    gzm = feature(
        square(18.5, 50), code="GZM", name="Metropolia", names={"en": "Metropolis"}, population=2_200_000
    )
    found = read(tmp_path, gzm, country="PL", level="metropolis")
    assert [(u.code, u.level, u.names, u.parent_code) for u in found.units] == [
        ("PL-GZM", "metropolis", {"en": "Metropolis"}, None)
    ]
    assert [p.code for p in read(tmp_path, gzm).problems] == ["unknown_unit"]
    refused = read(tmp_path, feature(square(), code="CJ", name="x"), country="PL", level="custom")
    assert [p.code for p in refused.problems] == ["bad_code"]


def test_a_file_of_another_level_or_country_is_noticed(tmp_path: Path) -> None:
    kielce = feature(square(), terc="2661", name="Kielce")
    assert [p.code for p in read(tmp_path, kielce, level="gmina").problems] == ["other_level"]
    assert [p.code for p in read(tmp_path, kielce, country="RO").problems] == ["other_country"]


@pytest.mark.parametrize(
    "content", ["", "[1]", '{"type":"Feature"}', '{"type":"FeatureCollection"}', "<xml/>", "\x00"]
)
def test_what_is_no_geojson_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "file.json"
    path.write_text(content)
    with pytest.raises(UnreadableBoundaries):
        read_boundaries(path, ORIGIN)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableBoundaries, match="path"):
        read_boundaries(tmp_path / "none.json", ORIGIN)


def test_a_declared_projection_is_refused_and_wgs84_is_not(tmp_path: Path) -> None:
    with pytest.raises(UnreadableBoundaries, match="EPSG:4326"):
        read(tmp_path, crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::2180"}})
    read(tmp_path, crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}})


def test_the_real_sets_have_all_their_units(shared_data: Path) -> None:
    counts: dict[str, int] = {}
    for name in ("municipalities", "counties", "voivodeships"):
        found = read_boundaries(shared_data / "boundaries-pl" / f"poland.{name}.json", ORIGIN)
        assert (found.problems, found.repaired, found.without_geometry) == ([], [], [])
        counts |= {unit.level: len(found.units) for unit in found.units[:1]}
        assert not any(unit.name.isupper() for unit in found.units)
    assert counts == {"gmina": 2477, "powiat": 380, "voivodeship": 16}
    romania = read_boundaries(shared_data / "boundaries-ro" / "romania_uat.geojson", ORIGIN)
    levels = [unit.level for unit in romania.units]
    assert (levels.count("uat"), levels.count("county"), romania.problems) == (3186, 42, [])
    assert [unit.name for unit in romania.without_geometry] == ["Victoria", "Băile Tușnad", "Bălan"]
