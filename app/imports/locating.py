"""Positions by the database: an address found in the gazetteer, a position checked by the boundaries."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.areas.address_geocoding import GeocodeResult, geocode_address
from app.areas.points import areas_of_points
from app.areas.unit_names import unit_name
from app.imports.contents import set_position
from app.imports.notes import Note
from app.imports.transform import Draft

_UPPER_UNITS: Final = text(
    """
    SELECT code, name FROM published.area
    WHERE level IN ('voivodeship', 'county') AND country = ANY(:countries) AND geom IS NOT NULL
    """
)


class Locator:
    """Finds and checks positions for the drafts of one run; equal addresses are asked for once."""

    def __init__(self, session: AsyncSession, countries: tuple[str, ...]) -> None:
        """`countries` (ISO codes) are those in which addresses are looked for."""
        self._session = session
        self._countries = countries
        self._found: dict[tuple[tuple[str, str], ...], GeocodeResult | None] = {}
        self._units: dict[str, str] | None = None

    async def geocode(self, draft: Draft) -> None:
        """Give a draft without a position that of its address; without one it is still listed, by its address."""
        address = draft.data.get("address", {})
        asked = {"city": address.get("city"), "postcode": address.get("postcode"), **draft.units}
        key = tuple(sorted((name, said) for name, said in asked.items() if said))
        if key not in self._found:
            self._found[key] = await geocode_address(
                self._session,
                countries=self._countries,
                **{name: said for name, said in asked.items() if said},
            )
        result = self._found[key]
        if result is None:
            draft.notes.append(Note("geocode_failed"))
            return
        set_position(
            draft.data,
            {"lng": result.lng, "lat": result.lat},
            {"level": result.level, "confidence": result.confidence, "source": result.source},
        )
        draft.notes.append(Note("geocoded", detail={"level": result.level}))

    async def in_other_units(self, drafts: Sequence[Draft]) -> set[int]:
        """The numbers of the rows that lie in another voivodeship or county than they say.

        Only where both are certain: the boundaries are loaded, and the unit is known by its name.
        """
        units = await self._upper_units()
        claims = []
        for draft in drafts:
            code = units.get(unit_name(draft.units.get("voivodeship", "")))
            position = draft.data.get("place", {}).get("position")
            if code is not None and position is not None:
                claims.append((draft.row.number, code, (position["lng"], position["lat"])))
        found = (
            await areas_of_points(self._session, [position for _, _, position in claims]) if claims else []
        )
        return {
            number
            for (number, code, _), codes in zip(claims, found, strict=True)
            if codes and code not in codes
        }

    async def _upper_units(self) -> dict[str, str]:
        """Codes by folded name and by the letters of the code: "cluj" and "cj" → RO-CJ."""
        if self._units is None:
            rows: Any = await self._session.execute(_UPPER_UNITS, {"countries": list(self._countries)})
            self._units = {}
            for row in rows:
                self._units[unit_name(row.name)] = row.code
                self._units[row.code.partition("-")[2].lower()] = row.code
            # Bucharest's sectors are no counties of their own.
            if "RO-B" in self._units.values():
                self._units |= dict.fromkeys((f"sector {n}" for n in range(1, 7)), "RO-B")
        return self._units
