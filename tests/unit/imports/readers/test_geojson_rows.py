import json
from pathlib import Path
from typing import Any

import pytest

from app.imports.notes import UnreadableFile
from app.imports.readers.geojson_rows import declared_crs, read_geojson
from app.imports.rows import GEOMETRY

POINT = {"type": "Point", "coordinates": [20.63, 50.87]}


def feature(**members: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": {"name": "Punkt"}, "geometry": POINT} | members


def written(folder: Path, document: Any) -> Path:
    file = folder / "a.geojson"
    file.write_text(document if isinstance(document, str) else json.dumps(document))
    return file


def collection(*features: Any, **members: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features), **members}


def test_properties_are_columns_with_the_geometry_beside(tmp_path: Path) -> None:
    (row,) = read_geojson(written(tmp_path, collection(feature(id=7))))

    assert row.values == {"name": "Punkt", GEOMETRY: POINT}
    assert row.source_id == "7"


@pytest.mark.parametrize("identity", [None, True, 1.5, {"a": 1}])
def test_an_id_that_is_no_text_or_whole_number_is_none(tmp_path: Path, identity: Any) -> None:
    (row,) = read_geojson(written(tmp_path, collection(feature(id=identity))))

    assert row.source_id == ""


def test_null_geometry_and_null_properties_are_allowed(tmp_path: Path) -> None:
    (row,) = read_geojson(written(tmp_path, collection(feature(geometry=None, properties=None))))

    assert row.values == {GEOMETRY: None}


@pytest.mark.parametrize("bad", [{"type": "Point"}, collection(), feature(properties=[1]), 7])
def test_what_is_no_feature_has_a_problem(tmp_path: Path, bad: Any) -> None:
    row, good = read_geojson(written(tmp_path, collection(bad, feature())))

    assert [problem.code for problem in row.problems] == ["not_an_object"]
    assert not good.problems


@pytest.mark.parametrize("separator", ["\n", "\n\x1e"])
def test_one_feature_a_line_is_read(tmp_path: Path, separator: str) -> None:
    file = written(tmp_path, separator.join(json.dumps(feature(id=n)) for n in range(3)))

    assert [row.source_id for row in read_geojson(file)] == ["0", "1", "2"]


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ({"type": "Topology", "objects": {}}, "topojson"),
        (feature(), "geojson_type"),
        ([feature()], "geojson_type"),
        ({"type": "FeatureCollection", "features": {}}, "geojson_type"),
    ],
)
def test_other_documents_are_refused(tmp_path: Path, document: Any, code: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        list(read_geojson(written(tmp_path, document)))
    assert refused.value.note.code == code


@pytest.mark.parametrize(
    ("name", "epsg"),
    [
        ("urn:ogc:def:crs:OGC:1.3:CRS84", 4326),
        ("urn:ogc:def:crs:EPSG::2180", 2180),
        ("EPSG:2177", 2177),
        ("urn:ogc:def:crs:EPSG:9.1:2180", 2180),
    ],
)
@pytest.mark.parametrize("last", [False, True])
def test_the_declared_reference_system_is_read_wherever_it_stands(
    tmp_path: Path, name: str, epsg: int, *, last: bool
) -> None:
    crs = {"type": "name", "properties": {"name": name}}
    document = collection(feature(), crs=crs) if last else {"crs": crs} | collection(feature())

    assert declared_crs(written(tmp_path, document)) == epsg


def test_a_file_without_a_reference_system_declares_none(tmp_path: Path) -> None:
    assert declared_crs(written(tmp_path, collection(feature()))) is None


def test_a_reference_system_that_cannot_be_understood_is_refused(tmp_path: Path) -> None:
    crs = {"type": "link", "properties": {"href": "http://example.com/crs"}}

    with pytest.raises(UnreadableFile):
        declared_crs(written(tmp_path, collection(feature(), crs=crs)))
