"""Two municipalities with what lies around them, for tests of their files."""

from typing import Any

from shapely import box

from app.areas.importing import import_units
from app.areas.units import Origin, Unit
from app.db import Database, session
from tests.areas import polish_unit
from tests.functional.conftest import aid_point


def unit(code: str, area: Any, name: str) -> Unit:
    return polish_unit(code, area, name=name, origin=Origin("Granice", "CC0"))


def protected_places() -> list[dict[str, Any]]:
    """Two shelters in Kielce: the area of the first is public, of the second nothing is that leads there."""
    area = {"code": "PL-2661", "name": "Kielce"}
    return [
        aid_point(
            "Schronienie",
            services=[{"type": "supported_housing"}],
            place={"disclosure": "area", "area": area},
        ),
        aid_point(
            "Tajne schronienie",
            services=[{"type": "violence_shelter"}],
            place={"disclosure": "contact_only", "area": area},
        ),
    ]


async def import_country(database: Database) -> None:
    """Load Kielce (PL-2661011, also a county), Górno beside it (PL-2604042) and their region."""
    town, around = box(20.5, 50.8, 20.8, 51.0), box(20, 50, 21.5, 51.5)
    async with session(database) as s:
        await import_units(
            s,
            [
                unit("2661011", town, "Kielce"),
                unit("2604042", box(20.8, 50.8, 21.0, 51.0), "Górno"),
                unit("2661", town, "Kielce"),
                unit("26", around, "świętokrzyskie"),
            ],
        )
