"""Administrative units for tests, made of a register code and an outline."""

from shapely import MultiPolygon, Polygon

from app.areas.polish_units import ancestors_of, level_of, stable_code_of
from app.areas.units import Origin, Unit

ORIGIN = Origin("test", "CC0", 2021)


def polish_unit(
    code: str,
    *polygons: Polygon,
    name: str = "",
    population: int | None = None,
    kind: str | None = None,
    origin: Origin = ORIGIN,
) -> Unit:
    """A Polish unit of a TERYT code; without polygons one of which no outline is known."""
    return Unit(
        code=f"PL-{code}",
        stable_code=stable_code_of(code),
        country="PL",
        level=level_of(code),
        kind=kind,
        name=name or f"unit {code}",
        origin=origin,
        ancestors=ancestors_of(code),
        population=population,
        geometry=MultiPolygon(list(polygons)) if polygons else None,
    )
