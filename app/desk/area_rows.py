"""Areas as the desk lists them: a branch of the tree, or what was looked for, each with its places and who is responsible."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.areas.units import OVERLAPPING
from app.db import Executor
from geo.names import fold_name

PAGE: Final = 50
MOST_PAGES: Final = 1000
#: Places of an area are counted up to here, in a list and on its page: a whole country would take its time.
MOST_COUNTED: Final = 1_000
MOST_COUNTED_OF_ONE: Final = 10_000
#: So many pixels are the longer side of a small outline's drawing.
DRAWING: Final = 320


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to list: units right `under` a code, those of a `level`, what has the words of `q`, those made here (`own`); the top of the tree."""

    q: str = ""
    level: str = ""
    under: str = ""
    page: int = 1

    @property
    def is_top(self) -> bool:
        """Whether nothing was asked for."""
        return not (self.q or self.level or self.under)


@dataclass(frozen=True, slots=True)
class Listed:
    """Rows of one page, and how many there are in all."""

    rows: Sequence[Any]
    total: int


async def listed(session: AsyncSession, wanted: Wanted) -> Listed:
    """Give one page."""
    conditions, values = _conditions(wanted)
    where = " AND ".join(conditions)
    given = values | {"limit": PAGE, "offset": (wanted.page - 1) * PAGE, "most": MOST_COUNTED + 1}
    total = await session.scalar(text(f"SELECT count(*) FROM published.area a WHERE {where}"), values)  # noqa: S608 - our own conditions
    rows = (await session.execute(text(_ROWS.format(where=where)), given)).all()
    return Listed(rows, total or 0)


def _conditions(wanted: Wanted) -> tuple[list[str], dict[str, Any]]:
    if wanted.is_top:
        # The uppermost units that are loaded; what was made of units has its own list.
        return [
            "a.level <> ALL (:overlapping) AND NOT EXISTS (SELECT FROM published.area b WHERE b.code = a.parent_code)"
        ], {"overlapping": list(OVERLAPPING)}
    conditions: list[str] = []
    values: dict[str, Any] = {}
    if wanted.under:
        conditions.append("a.parent_code = :under")
        values["under"] = wanted.under
    if wanted.level == "own":
        conditions.append("a.level = ANY(:overlapping)")
        values["overlapping"] = list(OVERLAPPING)
    elif wanted.level:
        conditions.append("a.level = :level")
        values["level"] = wanted.level
    if wanted.q:
        folded = fold_name(wanted.q)
        conditions.append(
            "(strpos(a.folded, :folded) > 0 OR upper(a.code) = upper(:typed)"
            " OR EXISTS (SELECT FROM unnest(a.folded_others) AS o(name) WHERE strpos(o.name, :folded) > 0))"
        )
        # A text without a letter finds nothing, not everything.
        values |= {"folded": folded or "\u0001", "typed": wanted.q.strip()}
    return conditions, values


async def making(session: AsyncSession) -> Sequence[Any]:
    """Areas made here that are being counted or are retired, which no list of areas has."""
    return (await session.execute(_NOT_OFFERED)).all()


async def one(session: AsyncSession, code: str) -> Any:
    """Everything that the page of one area says; None where there is none."""
    return (
        await session.execute(_ONE, {"code": code, "drawing": DRAWING, "most": MOST_COUNTED_OF_ONE + 1})
    ).one_or_none()


async def members_of(
    reader: Executor, stable_codes: Sequence[str], *, codes: Sequence[str] = ()
) -> Sequence[Any]:
    """Codes and names of units, in the order of their names; those that are not loaded are left out."""
    return (await reader.execute(_MEMBERS, {"stable": list(stable_codes), "codes": list(codes)})).all()


async def responsible_for(session: AsyncSession, codes: Sequence[str]) -> Sequence[Any]:
    """Who has a role that is limited to one of some areas, with that area."""
    return (await session.execute(_RESPONSIBLE, {"codes": list(codes)})).all()


_ROWS = """
    SELECT a.code, a.level, a.kind, a.name, a.names, a.population, a.population_source, a.source, a.year, a.imported_at, a.kept, a.offered,
      (SELECT count(*) FROM (SELECT FROM published.feature f WHERE f.area_codes @> ARRAY[a.code] LIMIT :most) AS few) AS places,
      (SELECT count(*) FROM published.area b WHERE b.parent_code = a.code) AS below,
      ARRAY(SELECT b.name FROM published.area b WHERE b.code = ANY(a.ancestors)
            ORDER BY array_position(a.ancestors, b.code)) AS regions
    FROM published.area a WHERE {where}
    ORDER BY a.country, a.folded, a.code LIMIT :limit OFFSET :offset
"""
_NOT_OFFERED = text(
    """
    SELECT k.code, k.content ->> 'name' AS name, k.retired, k.counting, k.to_count, k.looked_at
    FROM core.kept_area k WHERE k.own AND (k.retired OR k.counting)
    ORDER BY k.retired, k.content ->> 'name', k.code LIMIT 200
    """
)
# The unit around it is drawn with it, so that one sees where it lies. Mercator, as maps are.
_ONE = text(
    """
    WITH a AS (
      SELECT area.*, ST_Transform(geom, 3857) AS flat FROM published.area WHERE code = :code
    ), around AS (
      SELECT ST_Transform(b.geom, 3857) AS flat FROM published.area b, a
      WHERE b.code = a.ancestors[1] AND b.geom IS NOT NULL AND a.flat IS NOT NULL
    ), whole AS (
      SELECT flat, greatest(ST_XMax(flat) - ST_XMin(flat), ST_YMax(flat) - ST_YMin(flat), 1) AS reach
      FROM (SELECT coalesce((SELECT flat FROM around), a.flat) AS flat FROM a) AS widest
    )
    SELECT a.code, a.stable_code, a.country, a.level, a.kind, a.name, a.names, a.other_names, a.ancestors, a.members, a.population,
      a.population_source, a.population_on, a.imported, a.imported_at, a.area_km2, a.year, a.source, a.licence, a.kept, a.offered,
      (SELECT count(*) FROM (SELECT FROM published.feature f WHERE f.area_codes @> ARRAY[a.code] LIMIT :most) AS few) AS places,
      (SELECT count(*) FROM published.area b WHERE b.parent_code = a.code) AS below,
      ARRAY(SELECT ARRAY[b.code, b.name] FROM published.area b WHERE b.code = ANY(a.ancestors)
            ORDER BY array_position(a.ancestors, b.code) DESC) AS above,
      ST_AsSVG(ST_Scale(ST_Translate(ST_Simplify(a.flat, w.reach / 1000, true), -ST_XMin(w.flat), -ST_YMax(w.flat)),
               :drawing / w.reach, :drawing / w.reach), 0, 1) AS drawn,
      ST_AsSVG(ST_Scale(ST_Translate((SELECT ST_Simplify(r.flat, w.reach / 1000, true) FROM around r), -ST_XMin(w.flat), -ST_YMax(w.flat)),
               :drawing / w.reach, :drawing / w.reach), 0, 1) AS drawn_around,
      ceil((ST_XMax(w.flat) - ST_XMin(w.flat)) * :drawing / w.reach) AS wide,
      ceil((ST_YMax(w.flat) - ST_YMin(w.flat)) * :drawing / w.reach) AS high
    FROM a, whole w
    """
)
_MEMBERS = text(
    "SELECT code, stable_code, name, level, kind, names FROM published.area"
    " WHERE stable_code = ANY(:stable) OR code = ANY(:codes) ORDER BY folded, code"
)
_RESPONSIBLE = text(
    """
    SELECT u.id, coalesce(nullif(u.name, ''), u.email) AS name, g.role, one.code
    FROM core.grant g JOIN core.user u ON u.id = g.user_id, unnest(g.areas) AS one(code)
    WHERE g.areas && CAST(:codes AS text[]) AND one.code = ANY(CAST(:codes AS text[]))
      AND g.confirmed_at IS NOT NULL AND u.suspended_at IS NULL
    ORDER BY name, u.id LIMIT 500
    """
)
