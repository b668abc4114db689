from shapely import MultiPolygon, Polygon, box

from app.areas.romanian_units import counties, is_county, is_siruta, kind_of, romanian_name
from app.areas.units import Origin, Unit

ORIGIN = Origin("test", "test")


def uat(code: str, county: str, polygon: Polygon | None, population: int | None = 10) -> Unit:
    return Unit(
        code=f"RO-{code}",
        stable_code=f"RO-{code}",
        country="RO",
        level="uat",
        name=code,
        origin=ORIGIN,
        ancestors=(f"RO-{county}",),
        population=population,
        geometry=None if polygon is None else MultiPolygon([polygon]),
    )


def ring(hole: Polygon) -> Polygon:
    return Polygon(box(0, 0, 3, 3).exterior, [hole.exterior])


def test_a_county_is_the_union_of_its_units_and_has_their_people() -> None:
    found = counties([uat("1", "CJ", box(0, 0, 1, 1)), uat("2", "CJ", box(1, 0, 2, 1))], {"RO-CJ": "Cluj"})
    assert [(c.code, c.name, c.level, c.population, c.parent_code) for c in found] == [
        ("RO-CJ", "Cluj", "county", 20, None)
    ]
    assert found[0].geometry is not None
    assert found[0].geometry.equals(box(0, 0, 2, 1))


def test_the_hole_of_a_unit_without_an_outline_belongs_to_the_county() -> None:
    hole = box(1, 1, 2, 2)
    [county] = counties([uat("1", "HR", ring(hole)), uat("2", "HR", None)], {"RO-HR": "Harghita"})
    assert county.geometry is not None
    assert county.geometry.equals(box(0, 0, 3, 3))


def test_another_county_inside_stays_a_hole() -> None:
    hole = box(1, 1, 2, 2)
    found = counties(
        [uat("1", "IF", ring(hole)), uat("2", "B", hole)], {"RO-IF": "Ilfov", "RO-B": "București"}
    )
    outlines = {county.code: county.geometry for county in found}
    assert outlines["RO-IF"] is not None
    assert outlines["RO-IF"].area == 8
    assert outlines["RO-B"] is not None
    assert outlines["RO-B"].area == 1


def test_a_county_of_units_without_outlines_or_people_has_none() -> None:
    [county] = counties([uat("1", "BV", None, None), uat("2", "BV", None, 5)], {"RO-BV": "Brașov"})
    assert (county.geometry, county.population) == (None, None)


def test_codes_kinds_and_letters() -> None:
    assert is_siruta("54975")
    assert not is_siruta("054975")
    assert not is_siruta("RO")
    assert is_county("CJ")
    assert is_county("B")
    assert not is_county("Cluj")
    assert kind_of("Municipiu, altul decat resedinta de judet") == "municipality"
    assert kind_of("Sectoarele municipiului Bucuresti") == "sector"
    assert kind_of("") is None
    assert romanian_name("Ştei  Ţara") == "Ștei Țara"
