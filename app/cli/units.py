"""Units named at the command line: by code or name, and refused with the nearest ones where nobody knows them."""

from collections.abc import Collection, Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from app.areas.unit_search import find_unit, find_units, nearest_units
from app.cli.console import say
from app.errors import PomapaError

#: So many are named instead of one that is not known.
OFFERED = 5


class UnknownUnit(PomapaError):  # noqa: N818 - named by what is wrong
    """A unit is not known, so nothing was changed. Take a code that is listed above, or load its boundaries first: areas import."""


async def known_units(
    session: AsyncSession, typed: Sequence[str], countries: Collection[str]
) -> tuple[str, ...]:
    """Give the codes of units that were typed as codes; `UnknownUnit`, after saying which ones may be meant.

    Whoever may act only in a unit that does not exist would see an empty desk and never learn why.
    """
    found: list[str] = []
    unknown = False
    for code in typed:
        unit = await find_unit(session, code.strip())
        if unit is not None:
            found.append(unit.code)
            continue
        unknown = True
        hits = await find_units(session, code, limit=OFFERED, countries=countries)
        hits = hits or await nearest_units(session, code, limit=OFFERED, countries=countries)
        near = ", ".join(f"{hit.name} ({hit.code})" for hit in hits)
        say(f"No unit has the code {code}." + (f" Perhaps: {near}." if near else ""))
    if unknown:
        raise UnknownUnit
    return tuple(found)
