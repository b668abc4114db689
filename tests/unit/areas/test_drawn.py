"""An outline that somebody uploads is counted and looked at, and never mended: a few kB of it must not keep a process busy."""

import json
from collections.abc import Sequence
from typing import Any

import pytest
import shapely
from shapely import Polygon, box
from shapely.geometry import mapping

from app.areas import outlines
from app.areas.drawn import MOST_JOINED, BadOutline, read_outline


@pytest.fixture(autouse=True)
def little_is_worked_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes the square of its length is asked of little, and mending, which takes its fourth power, of nothing."""
    joined = shapely.union_all

    def union_all(polygons: Sequence[Polygon]) -> shapely.Geometry:
        assert sum(map(int, shapely.get_num_coordinates(polygons))) <= MOST_JOINED
        return joined(polygons)

    def make_valid(*_: object, **__: object) -> None:
        raise AssertionError("an upload was mended")

    monkeypatch.setattr(shapely, "union_all", union_all)
    monkeypatch.setattr(shapely, "make_valid", make_valid)


def to_and_fro(lines: int) -> dict[str, Any]:
    """A ring that crosses itself as often as `lines` has in its square."""
    ring = [[20 + i / lines, lat] for i in range(lines) for lat in (50, 51)]
    ring += [[lng, 50 + i / lines] for i in range(lines) for lng in (20, 21)]
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


def comb(teeth: int, *, upright: bool = True) -> dict[str, Any]:
    """A comb in a square degree; one that lies crosses each tooth of one that stands."""
    corners = [(0.0, 0.0)]
    for i in range(teeth):
        a, b = i / teeth, (i + 0.5) / teeth
        corners += [(a, 0.02), (a, 1.0), (b, 1.0), (b, 0.02)]
    corners += [(1.0, 0.0), (0.0, 0.0)]
    return {
        "type": "Polygon",
        "coordinates": [[[20 + x, 50 + y] if upright else [20 + y, 50 + x] for x, y in corners]],
    }


def several(*geometries: Any) -> bytes:
    features = [{"type": "Feature", "geometry": one} for one in geometries]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def refused(data: bytes) -> BadOutline:
    with pytest.raises(BadOutline) as found:
        read_outline(data, "PL")
    return found.value


@pytest.mark.parametrize("lines", [3, 50, 4900])
def test_what_crosses_itself_again_and_again_is_refused_with_the_place(lines: int) -> None:
    found = refused(several(to_and_fro(lines)))
    assert (found.problems[0].code, found.place != "") == ("crosses", True)


def test_what_has_too_many_corners_or_parts_is_refused_before_it_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def shape(*_: object) -> None:
        raise AssertionError("it was read")

    monkeypatch.setattr(outlines, "shape", shape)
    assert refused(several(to_and_fro(5001))).problems[0].code == "corners"
    half = to_and_fro(2501)
    assert refused(several(half, half)).problems[0].code == "corners"
    halves = {"type": "MultiPolygon", "coordinates": [half["coordinates"], half["coordinates"]]}
    assert refused(several(halves)).problems[0].code == "corners"
    monkeypatch.undo()
    tiles = [mapping(box(20 + i / 100, 50, 20 + (i + 0.5) / 100, 50.1)) for i in range(251)]
    one = {"type": "MultiPolygon", "coordinates": [tile["coordinates"] for tile in tiles]}
    assert refused(several(one, *tiles[:250])).problems[0].code == "parts"


def test_few_corners_that_lie_over_each_other_are_joined_and_many_are_refused() -> None:
    joined = read_outline(several(comb(50), comb(50, upright=False)), "PL")
    assert joined.is_valid
    assert refused(several(comb(200), comb(200, upright=False))).problems[0].code == "overlaps"


def test_neighbours_with_one_border_become_one_outline_however_many_corners_it_has() -> None:
    winding = [(20.5 + (0.01 if i % 2 else 0), 50 + i / 3000) for i in range(3001)]
    west = Polygon([(20, 50), *winding, (20, 51)])
    east = Polygon([(21, 50), *winding, (21, 51)])
    found = read_outline(several(mapping(west), mapping(east)), "PL")
    assert len(found.geoms) == 1
    assert found.equals(box(20, 50, 21, 51))


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ('{"type": ["Polygon"]}', "not_a_polygon"),
        ('{"type": {"a": 1}, "coordinates": []}', "not_a_polygon"),
        ('{"type": ' + "[" * 900 + "]" * 900 + "}", "not_a_polygon"),
        ('{"type": "Polygon", "coordinates": ' + "[" * 900 + "]" * 900 + "}", "unreadable_geometry"),
        ('{"type": "MultiPolygon", "coordinates": ' + "[" * 900 + "]" * 900 + "}", "unreadable_geometry"),
        ('{"type": "Polygon", "crs": ' + "[" * 900 + "]" * 900 + "}", "not_wgs84"),
        ('{"type": "Polygon", "coordinates": [5, "a", null]}', "unreadable_geometry"),
        # There and back the same way: it crosses itself, but what is wrong is that nothing is in it.
        ('{"type": "Polygon", "coordinates": [[[20, 52], [21, 53], [20.5, 52.5], [20, 52]]]}', "no_area"),
    ],
)
def test_what_is_no_outline_is_refused_whatever_it_is_made_of(document: str, code: str) -> None:
    assert refused(document.encode()).problems[0].code == code
