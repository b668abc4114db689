"""Which unit is published in place of a position that must not be found."""

from sqlalchemy import text

from app.areas.points import AreaRef
from app.db import Executor
from app.errors import Conflict
from geo.generalise import AdministrativeUnit, NoUnitLargeEnoughError, UnitLevel, publishable_unit

#: The levels of every country on the three that the rule knows.
LEVELS = {
    "gmina": UnitLevel.GMINA,
    "uat": UnitLevel.GMINA,
    "powiat": UnitLevel.POWIAT,
    "county": UnitLevel.VOIVODESHIP,
    "voivodeship": UnitLevel.VOIVODESHIP,
}


class NoPublishableUnit(Conflict):
    """No area that is large enough to protect this place is loaded. Import the boundaries of larger units first."""


async def published_unit(session: Executor, area_code: str) -> AreaRef:
    """The unit to publish for a protected place in a unit: that one or the next above of ≥ 20,000 people.

    A pure function of the unit: every place of it has the same answer. A unit of unknown population
    is only published from the powiat upwards. Raises NoPublishableUnit.
    """
    rows = (
        await session.execute(
            text(
                """
                SELECT b.code, b.level, b.name, b.population
                FROM published.area a
                JOIN published.area b ON b.code = a.code OR b.code = ANY(a.ancestors)
                WHERE a.code = :code
                """
            ),
            {"code": area_code},
        )
    ).all()
    chain = sorted((row for row in rows if row.level in LEVELS), key=lambda row: LEVELS[row.level])
    try:
        unit = publishable_unit(
            [AdministrativeUnit(row.code, LEVELS[row.level], row.population) for row in chain]
        )
    except NoUnitLargeEnoughError as error:
        raise NoPublishableUnit from error
    return next(AreaRef(row.code, row.level, row.name) for row in chain if row.code == unit.code)
