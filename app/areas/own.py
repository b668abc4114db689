"""Areas of one's own: made of units, or with an outline that was uploaded; changed, retired, offered again, put back.

Each change is one transaction and has a job that finds the places in the area. Until that is done nobody can choose it, for its
counts would be wrong. An area is never deleted, nor its code used again: links and roles name it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import shapely
from geoalchemy2.shape import from_shape, to_shape
from shapely import MultiPolygon
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import Actor, record
from app.accounts.people import one_at_a_time
from app.areas.boundary_file import PREFIX
from app.areas.importing import TIMEOUT_S, write_units
from app.areas.kept_models import KeptArea
from app.areas.told import (
    AreaChanged,
    NoSuchArea,
    Told,
    count_change,
    in_turn,
    remember,
    told_problems,
    version_of,
)
from app.areas.unions import Union, compose, settle
from app.areas.units import HIERARCHY, OVERLAPPING, Origin, Unit
from app.db import may_take
from app.errors import Conflict, FieldProblem, InvalidInput
from app.i18n import N_
from app.jobs import defer

#: The task that finds the places in an area after it has changed (app/notifications/counted_areas.py).
COUNT: Final = "notifications.count_area"
MOST_MEMBERS: Final = 500
#: Some centimetre, in degrees: as far may the same outline reach beyond itself, joined anew.
JOINED_ANEW: Final = 1e-7

_LETTERS = re.compile(r"[a-z](?:[a-z0-9]|_(?=[a-z0-9])){1,30}")
BAD_CODE: Final = N_("Use small Latin letters, digits and single underscores, and begin with a letter.")
TAKEN_CODE: Final = N_("There is an area with this code already. A code is never used again.")
NO_NAME: Final = N_("Write the name as people here write it.")
TAKEN_NAME: Final = N_("Another area has this name already.")
NO_MEMBERS: Final = N_("Choose the units that it is made of.")
TOO_MANY_MEMBERS: Final = N_("That is too many units. Choose larger ones.")
UNKNOWN_MEMBER: Final = N_("One of these units is not known, or has no outline.")
NO_OUTLINE: Final = N_("Choose a file with the outline, or paste it.")
NO_SOURCE: Final = N_("Write who has drawn the outline.")
NO_TERMS: Final = N_("Write on what terms it may be used, for example CC0.")


class AreaInUse(Conflict):
    """A role or the trust in an organisation is limited to this area. Give it another area first."""


class GivenByTwo(Conflict):
    """Two people have given a role or trust that is limited to this area: it can become smaller, not larger. Take that back first, or make another area."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What is said of an area of one's own. It has `members` (stable codes) or an `outline`, never both."""

    name: str
    told: Told
    level: str = "custom"
    members: tuple[str, ...] = ()
    outline: MultiPolygon | None = None
    source: str = ""
    licence: str = ""

    def to_json(self) -> dict[str, Any]:
        """As the table has it; the outline has a column of its own."""
        return self.told.to_json() | {
            "name": self.name,
            "level": self.level,
            "members": list(self.members),
            "source": self.source,
            "licence": self.licence,
        }

    @classmethod
    def of_kept(cls, content: Mapping[str, Any], stored: Any) -> "Said":
        """Out of what the table has."""
        return cls(
            name=content["name"],
            told=Told.of_json(content),
            level=content["level"],
            members=tuple(content["members"]),
            outline=None if stored is None else _multi(to_shape(stored)),
            source=content["source"],
            licence=content["licence"],
        )


async def create(
    session: AsyncSession, country: str, letters: str, said: Said, *, by: Actor, today: Any
) -> str:
    """Make an area; give its code. `InvalidInput` names every field that is wrong."""
    await _in_turn(session)
    code = f"{country}-{PREFIX}{letters}"
    problems = [*_code_problems(letters), *await _problems(session, code, said, today)]
    if not problems and await _is_taken(session, code):
        problems = [FieldProblem("code", "taken", TAKEN_CODE)]
    if problems:
        raise InvalidInput(*problems)
    kept = KeptArea(code=code, own=True, version=0, content={}, retired=False, looked_at=0, counting=False)
    session.add(kept)
    await _keep(session, kept, said, "added", by)
    return code


async def change(
    session: AsyncSession, code: str, said: Said, *, version: int, by: Actor, today: Any, act: str = "changed"
) -> bool:
    """Say it otherwise; whether anything is another now. `version` is the one that was shown.

    Without members and outline it keeps those that it has. `NoSuchArea`, `InvalidInput`, `AreaChanged`.
    """
    await _in_turn(session)
    kept = await _held(session, code, version)
    if problems := [*await _problems(session, code, said, today)]:
        raise InvalidInput(*problems)
    before = Said.of_kept(kept.content, kept.outline)
    same_shape = before.members == said.members and _same(before.outline, said.outline)
    if same_shape and before.to_json() == said.to_json():
        return False
    counts = not same_shape or before.name != said.name
    await _keep(session, kept, said, act, by, counts=counts, hidden=not same_shape)
    return True


async def put_back(
    session: AsyncSession, code: str, number: int, *, version: int, by: Actor, today: Any
) -> bool:
    """Make it what it was once; a new version."""
    found = await version_of(session, code, number)
    said = Said.of_kept(found.content, found.outline)
    return await change(session, code, said, version=version, by=by, today=today, act="put_back")


async def retire(session: AsyncSession, code: str, *, version: int, by: Actor) -> None:
    """Offer it no longer: from now on nobody can choose or find it. `AreaInUse` while a role or trust is limited to it."""
    await _in_turn(session)
    kept = await _held(session, code, version)
    if kept.retired:
        raise AreaChanged
    if await session.scalar(_IN_USE, {"code": code}):
        raise AreaInUse
    kept.retired = True
    await session.execute(text("DELETE FROM published.area WHERE code = :code AND kept"), {"code": code})
    await remember(session, kept, "retired", by)
    await _count_later(session, kept)
    await count_change(session)
    record(session, by, "area.retired", "area", code, version=kept.version)


async def offer(session: AsyncSession, code: str, *, version: int, by: Actor) -> None:
    """Put back what was retired, as it was, with the units as they are now."""
    await _in_turn(session)
    kept = await _held(session, code, version)
    if not kept.retired:
        raise AreaChanged
    await _keep(session, kept, Said.of_kept(kept.content, kept.outline), "offered", by)


async def count_again(session: AsyncSession, code: str, *, version: int, by: Actor) -> None:
    """Have its places found once more, where that was cut off."""
    kept = await _held(session, code, version)
    await _count_later(session, kept)
    record(session, by, "area.counted_again", "area", code, version=kept.version)


async def read_kept(session: AsyncSession, stable_code: str) -> KeptArea | None:
    """What the desk says of an area; None where that is nothing."""
    return await session.get(KeptArea, stable_code, populate_existing=True)


async def _in_turn(session: AsyncSession) -> None:
    """Hold areas, and then who has which role: nobody is given one for an area that becomes another one, or goes, meanwhile."""
    await in_turn(session)
    await one_at_a_time(session)


async def _held(session: AsyncSession, code: str, version: int) -> KeptArea:
    query = select(KeptArea).where(KeptArea.code == code, KeptArea.own).with_for_update()
    kept = await session.scalar(query.execution_options(populate_existing=True))
    if kept is None:
        raise NoSuchArea
    if kept.version != version:
        raise AreaChanged
    return kept


async def _keep(
    session: AsyncSession,
    kept: KeptArea,
    said: Said,
    act: str,
    by: Actor,
    *,
    counts: bool = True,
    hidden: bool = True,
) -> None:
    """Write what is said into both tables; `counts`: the places in it are found anew, `hidden`: and it is not offered till then."""
    await may_take(session, TIMEOUT_S)
    unit = await _unit(session, kept.code, said)
    await _check_reach(session, kept.code, unit)
    kept.content, kept.retired = said.to_json(), False
    kept.outline = None if said.outline is None else from_shape(said.outline, srid=4326)
    await remember(session, kept, act, by)
    await write_units(session, [unit])
    offered = {"code": kept.code, "hidden": hidden}
    await session.execute(_OFFERED, offered)
    await settle(session)
    if counts or kept.counting:
        await _count_later(session, kept)
    await count_change(session)
    shape = {"members": list(said.members)[:50]} if said.members else {"corners": _corners(said.outline)}
    record(session, by, f"area.{act}", "area", kept.code, name=said.name, version=kept.version, **shape)


async def _check_reach(session: AsyncSession, code: str, unit: Unit) -> None:
    """Nobody alone lets a role reach further that two people have given: `GivenByTwo`."""
    if not await session.scalar(_BY_TWO, {"code": code}):
        return
    # A retired area reaches nowhere: whatever it is from now on is more.
    given = {"code": code, "wkb": shapely.to_wkb(unit.geometry), "slack": JOINED_ANEW}
    if not await session.scalar(_WITHIN, given):
        raise GivenByTwo


async def _unit(session: AsyncSession, code: str, said: Said) -> Unit:
    if said.outline is not None:
        return Unit(
            code=code,
            stable_code=code,
            country=code[:2],
            level=said.level,
            name=said.name,
            origin=Origin(said.source, said.licence),
            geometry=said.outline,
        )
    composed = await compose(session, [Union(code, code[:2], said.level, said.name, said.members)])
    if not composed.units:
        raise InvalidInput(FieldProblem("members", "unknown", UNKNOWN_MEMBER))
    return composed.units[0]


async def _count_later(session: AsyncSession, kept: KeptArea) -> None:
    kept.counting, kept.to_count, kept.looked_at = True, None, 0
    await session.flush()
    await defer(session, COUNT, code=kept.code, version=kept.version)


async def _is_taken(session: AsyncSession, code: str) -> bool:
    return await session.get(KeptArea, code) is not None or bool(
        await session.scalar(text("SELECT true FROM published.area WHERE code = :code"), {"code": code})
    )


def _code_problems(letters: str) -> list[FieldProblem]:
    return [] if _LETTERS.fullmatch(letters) else [FieldProblem("code", "code", BAD_CODE)]


async def _problems(session: AsyncSession, code: str, said: Said, today: Any) -> Sequence[FieldProblem]:
    found = [*told_problems(said.told, around=None, today=today)]
    if not said.name:
        found.append(FieldProblem("name", "name", NO_NAME))
    elif await session.scalar(_NAMED, {"name": said.name, "code": code, "country": code[:2]}):
        found.append(FieldProblem("name", "taken", TAKEN_NAME))
    if said.level not in OVERLAPPING or (said.outline is not None and said.level != "custom"):
        found.append(FieldProblem("level", "level", N_("Choose from the list.")))
    if said.outline is not None:
        if not said.source:
            found.append(FieldProblem("source", "source", NO_SOURCE))
        if not said.licence:
            found.append(FieldProblem("licence", "licence", NO_TERMS))
    elif not said.members:
        found.append(FieldProblem("members", "members", NO_MEMBERS))
    elif len(said.members) > MOST_MEMBERS:
        found.append(FieldProblem("members", "many", TOO_MANY_MEMBERS))
    elif await session.scalar(_KNOWN, {"codes": list(said.members), "levels": list(HIERARCHY)}) != len(
        set(said.members)
    ):
        found.append(FieldProblem("members", "unknown", UNKNOWN_MEMBER))
    return found


def _same(one: MultiPolygon | None, other: MultiPolygon | None) -> bool:
    if one is None or other is None:
        return one is other
    return bool(shapely.equals(shapely.normalize(one), shapely.normalize(other)))


def _corners(outline: MultiPolygon | None) -> int:
    return int(shapely.get_num_coordinates(outline))


def _multi(shape: Any) -> MultiPolygon:
    return shape if isinstance(shape, MultiPolygon) else MultiPolygon([shape])


_OFFERED = text(
    "UPDATE published.area SET kept = true, offered = offered AND kept AND NOT :hidden WHERE code = :code"
)
_IN_USE = text(
    """
    SELECT EXISTS (SELECT FROM core.grant WHERE areas @> ARRAY[CAST(:code AS text)])
        OR EXISTS (SELECT FROM core.trust WHERE areas @> ARRAY[CAST(:code AS text)] AND ended_at IS NULL)
    """
)
_BY_TWO = text(
    """
    SELECT EXISTS (SELECT FROM core.grant WHERE areas @> ARRAY[CAST(:code AS text)] AND role <> 'editor')
        OR EXISTS (SELECT FROM core.trust WHERE areas @> ARRAY[CAST(:code AS text)] AND ended_at IS NULL)
    """
)
# No area is too small to count: a role is about the places in it, and a place is a point.
_WITHIN = text(
    """
    SELECT ST_CoveredBy(new.geom, a.geom) OR ST_CoveredBy(new.geom, ST_Buffer(a.geom, :slack))
    FROM published.area a, (SELECT ST_GeomFromWKB(CAST(:wkb AS bytea), 4326) AS geom) AS new
    WHERE a.code = :code
    """
)
_NAMED = text(
    """
    SELECT EXISTS (
      SELECT FROM published.area WHERE country = :country AND level IN ('metropolis', 'custom') AND code <> :code
        AND lower(name) = lower(:name)
    )
    """
)
_KNOWN = text(
    """
    SELECT count(DISTINCT stable_code) FROM published.area
    WHERE stable_code = ANY(:codes) AND level = ANY(:levels) AND geom IS NOT NULL
    """
)
