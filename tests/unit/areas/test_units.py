from dataclasses import replace

from shapely import MultiPolygon, Polygon, box

from app.areas.units import Origin, Unit

UNIT = Unit(
    code="PL-2661011",
    stable_code="PL-266101",
    country="PL",
    level="gmina",
    name="Kielce",
    origin=Origin("test", "CC0", 2021),
    ancestors=("PL-2661", "PL-26"),
    geometry=MultiPolygon([box(20, 50, 21, 51), box(22, 50, 23, 51)]),
)


def test_the_fingerprint_does_not_depend_on_the_order_of_the_file() -> None:
    turned = MultiPolygon(
        [box(22, 50, 23, 51).reverse(), Polygon([(21, 51), (20, 51), (20, 50), (21, 50), (21, 51)])]
    )
    assert replace(UNIT, geometry=turned).fingerprint() == UNIT.fingerprint()


def test_the_fingerprint_tells_every_change() -> None:
    changes = [
        replace(UNIT, name="Kielce "),
        replace(UNIT, population=1),
        replace(UNIT, ancestors=()),
        replace(UNIT, names={"uk": "Кельце"}),
        replace(UNIT, origin=Origin("test", "CC0", 2026)),
        replace(UNIT, geometry=None),
        replace(UNIT, geometry=MultiPolygon([box(20, 50, 21, 51)])),
    ]
    assert len({unit.fingerprint() for unit in (UNIT, *changes)}) == len(changes) + 1


def test_the_parent_is_the_nearest_ancestor() -> None:
    assert UNIT.parent_code == "PL-2661"
    assert replace(UNIT, ancestors=()).parent_code is None
