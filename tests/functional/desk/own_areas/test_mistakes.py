"""What is wrong with an area is said at its field."""

import json
import threading
from typing import Any

import httpx2
import pytest
from shapely import box
from shapely.geometry import mapping
from sqlalchemy import text

from app.areas.drawn import read_outline
from app.db import Database, session
from app.desk import area_form
from tests.functional.desk.own_areas.areas import DISTRICT, TOWN, of_units, with_outline

BOWTIE = {
    "type": "Polygon",
    "coordinates": [[[20.6, 50.8], [20.7, 50.9], [20.7, 50.8], [20.6, 50.9], [20.6, 50.8]]],
}
WRONG_OUTLINES = [
    ("{", "This is not GeoJSON."),
    ('["a"]', "This is not GeoJSON."),
    ('{"type": "FeatureCollection", "features": []}', "There has to be an area in it"),
    ('{"type": "Point", "coordinates": [20.6, 50.8]}', "There has to be an area in it"),
    ('{"type": "Polygon", "coordinates": [[["a", "b"]]]}', "Its coordinates cannot be read"),
    ('{"type": ["Polygon"]}', "There has to be an area in it"),
    (
        '{"type": "Polygon", "coordinates": ' + "[" * 900 + "]" * 900 + "}",
        "Its coordinates cannot be read",
    ),
    (
        '{"type": "Polygon", "coordinates": [[[20.6, 50.8], [20.7, 50.8], [20.7, 50.8], [20.6, 50.8]]]}',
        "hardly any area",
    ),
    (json.dumps(BOWTIE), "crosses or touches itself. Look at it near 50.85000, 20.65000."),
    (json.dumps(mapping(box(5_620_000, 7_500_000, 5_630_000, 7_510_000))), "are not longitude and latitude"),
    (
        json.dumps({"crs": {"properties": {"name": "EPSG:2180"}}} | mapping(TOWN)),
        "are not longitude and latitude",
    ),
    (json.dumps(mapping(box(50.8, 20.5, 51.0, 20.8))), "It lies outside the country."),
    (json.dumps(mapping(box(20.6, 50.8, 20.60001, 50.80001))), "It has hardly any area."),
    (json.dumps(mapping(TOWN.buffer(0.01, quad_segs=6000))), "more than 20,000 corners"),
    (" " * 2_000_001 + "{}", "The file is too large."),
    ("", "Choose a file with the outline"),
]
#: What is sent with an outline in Paris: the country of an area is one of ours.
ABROAD = [{}, {"country": "RO"}, {"country": "XX"}]
WRONG_ADDRESSES = [
    ("/pl/", "Its coordinates cannot be read"),
    ("/pl/?within=20.6,50.8;20.7,50.9;20.7,50.8;20.6,50.9", "crosses or touches"),
]
WRONG_FIELDS = [
    ("code", "Old", "Use small Latin letters"),
    ("name", "", "Write the name as people here write it."),
    ("name", "Stare <b>", "Use letters, digits and ordinary punctuation only."),
    ("name_uk", "Stare", "Write it in Cyrillic letters."),
    ("source", "", "Write who has drawn the outline."),
    ("licence", "", "Write on what terms it may be used"),
    ("population", "viele", "Write the number of people"),
    ("population", "1000", "Write who says so"),
    ("population_on", "31.12.2025", "Write the day of this number."),
]


async def test_what_is_wrong_with_an_area_is_said_at_its_field_and_nothing_is_written(
    administrator: httpx2.AsyncClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    # An outline is read beside what answers everybody else.
    readers: set[int] = set()

    def read(data: bytes, country: str) -> Any:
        readers.add(threading.get_ident())
        return read_outline(data, country)

    monkeypatch.setattr(area_form, "read_outline", read)
    for typed, said in WRONG_OUTLINES:
        answer = await administrator.post(
            "/desk/areas/new", data=with_outline(""), files={"outline": ("area.geojson", typed)}
        )
        assert answer.status_code == 422, (typed[:80], answer.status_code)
        assert said in answer.text, (typed[:80], said)
        assert 'id="outline-error"' in answer.text
    assert readers
    assert threading.get_ident() not in readers
    for typed, said in WRONG_ADDRESSES:
        answer = await administrator.post("/desk/areas/new", data=with_outline(typed))
        assert (answer.status_code, said in answer.text) == (422, True), typed
    for sent in ABROAD:
        answer = await administrator.post(
            "/desk/areas/new", data=with_outline(box(2.0, 48.0, 2.1, 48.1), **sent)
        )
        assert (answer.status_code, "It lies outside the country." in answer.text) == (422, True), sent
    for field, typed, said in WRONG_FIELDS:
        answer = await administrator.post("/desk/areas/new", data=with_outline(DISTRICT, **{field: typed}))
        assert answer.status_code == 422, field
        assert said in answer.text, (field, typed)
        # Of a number without its source the source is what is missing.
        at = "population_source" if (field, typed) == ("population", "1000") else field
        assert f'id="{at}-error"' in answer.text, field
        assert "[20.55, 50.82]" in answer.text.replace("&#34;", '"'), "the outline is kept"
    for units, said in (
        ("", "Choose the units"),
        ("PL-26\nAtlantyda", "not known"),
        ("PL-local_x", "not known"),
    ):
        answer = await administrator.post("/desk/areas/new", data=of_units(units))
        assert (answer.status_code, said in answer.text) == (422, True), units
    answer = await administrator.post("/desk/areas/new", data=of_units("Górno", level="gmina"))
    assert (answer.status_code, 'id="level-error"' in answer.text) == (422, True)
    async with session(database) as s:
        assert await s.scalar(text("SELECT count(*) FROM core.kept_area")) == 0
        assert await s.scalar(text("SELECT count(*) FROM core.audit WHERE object_type = 'area'")) == 0
