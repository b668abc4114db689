"""What administrators say of an area over what a file says: names, other names by which it is found, and its population.

A file that is imported later does not undo it. Of two populations, the file's and what was typed, the smaller one decides what may be
published of a protected place, and where no file knows one, what was typed can only protect it better (`app.areas.protection`):
nothing that is typed opens a place up.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import orjson
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import Actor
from app.areas.kept_models import KeptArea, KeptAreaVersion
from app.errors import Conflict, FieldProblem, InvalidInput, NotFound
from app.i18n import N_
from geo.names import fold_name

#: More people live in no country of whose places this could be a map.
MOST_PEOPLE: Final = 100_000_000
MOST_OTHER_NAMES: Final = 20

NEEDS_SOURCE: Final = N_("Write who says so, for example the statistical office.")
NEEDS_DAY: Final = N_("Write the day of this number. It is not after today.")
BAD_NUMBER: Final = N_("Write the number of people, in digits only.")
MORE_THAN_AROUND: Final = N_("More people live here than in the unit around it. Look at the number again.")
TOO_MANY_NAMES: Final = N_("That is too many. Keep those that people use most.")


class NoSuchArea(NotFound):
    """We know no area of this code."""


class NoSuchAreaVersion(NotFound):
    """This area has no such version."""


class AreaChanged(Conflict):
    """Somebody has changed this area meanwhile. Look at it as it is now."""


class BoundariesComing(Conflict):
    """Somebody else changes areas at this moment, or boundaries are being imported. Try again in a few minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is said of an area. `names` by language, without those that are not told; `population` None: not told."""

    names: Mapping[str, str] = field(default_factory=dict)
    other_names: tuple[str, ...] = ()
    population: int | None = None
    population_source: str = ""
    population_on: dt.date | None = None

    def to_json(self) -> dict[str, Any]:
        """As the table has it."""
        return {
            "names": dict(self.names),
            "other_names": list(self.other_names),
            "population": self.population,
            "population_source": self.population_source,
            "population_on": self.population_on.isoformat() if self.population_on else None,
        }

    @classmethod
    def of_json(cls, content: Mapping[str, Any]) -> "Told":
        """Out of what the table has; nothing for an area of which nothing was told."""
        day = content.get("population_on")
        return cls(
            names=dict(content.get("names", {})),
            other_names=tuple(content.get("other_names", ())),
            population=content.get("population"),
            population_source=content.get("population_source", ""),
            population_on=dt.date.fromisoformat(day) if day else None,
        )


async def in_turn(session: AsyncSession) -> None:
    """Hold areas as they are to the end of the transaction; `BoundariesComing` while an import does, which takes minutes."""
    lock = text("SELECT pg_try_advisory_xact_lock(hashtext('app.areas.import'))")
    if not await session.scalar(lock):
        raise BoundariesComing


async def tell(
    session: AsyncSession, code: str, told: Told, *, version: int, by: Actor, today: dt.date
) -> list[str]:
    """Say something else of a unit of a file; give the names of what is another now, and let the caller write it into the audit log.

    `version` is the one that was shown, 0 where nothing was told before. `NoSuchArea`, `InvalidInput`, `AreaChanged`.
    """
    await in_turn(session)
    row = (await session.execute(_AREA, {"code": code})).one_or_none()
    if row is None or row.kept:
        raise NoSuchArea
    if problems := [*told_problems(told, around=row.around, today=today)]:
        raise InvalidInput(*problems)
    kept = await session.get(KeptArea, row.stable_code, with_for_update=True)
    if (kept.version if kept else 0) != version:
        raise AreaChanged
    before = Told.of_json(kept.content) if kept else Told()
    changed = sorted(name for name, value in told.to_json().items() if before.to_json()[name] != value)
    if not changed:
        return []
    if kept is None:
        kept = KeptArea(
            code=row.stable_code, own=False, version=0, content={}, retired=False, looked_at=0, counting=False
        )
        session.add(kept)
    kept.content = told.to_json()
    await remember(session, kept, "changed", by)
    await tell_again(session, [row.stable_code])
    await count_change(session)
    return changed


def told_problems(told: Told, *, around: int | None, today: dt.date) -> Iterable[FieldProblem]:
    """What is wrong with it; `around` are the people of the unit around it, None where they are not known."""
    if len(told.other_names) > MOST_OTHER_NAMES:
        yield FieldProblem("other_names", "many", TOO_MANY_NAMES)
    if told.population is None:
        return
    if not 0 <= told.population <= MOST_PEOPLE:
        yield FieldProblem("population", "number", BAD_NUMBER)
    elif around is not None and told.population > around:
        yield FieldProblem("population", "around", MORE_THAN_AROUND)
    if not told.population_source:
        yield FieldProblem("population_source", "source", NEEDS_SOURCE)
    if told.population_on is None or told.population_on > today:
        yield FieldProblem("population_on", "day", NEEDS_DAY)


async def remember(session: AsyncSession, kept: KeptArea, act: str, by: Actor) -> None:
    """Count one version more of an area and keep it as it is now."""
    kept.version += 1
    await session.flush()
    made = KeptAreaVersion(
        code=kept.code,
        number=kept.version,
        act=act,
        content=kept.content,
        outline=kept.outline,
        by_id=by.user_id,
    )
    session.add(made)
    await session.flush()


async def versions_of(session: AsyncSession, stable_code: str) -> list[KeptAreaVersion]:
    """What an area was said to be, the newest first."""
    query = select(KeptAreaVersion).where(KeptAreaVersion.code == stable_code)
    return list((await session.scalars(query.order_by(KeptAreaVersion.number.desc()))).all())


async def version_of(session: AsyncSession, stable_code: str, number: int) -> KeptAreaVersion:
    """One of them; `NoSuchAreaVersion`."""
    found = await session.get(KeptAreaVersion, (stable_code, number))
    if found is None:
        raise NoSuchAreaVersion
    return found


async def tell_again(session: AsyncSession, stable_codes: Collection[str]) -> None:
    """Lay what the desk says over what the files say, after either has changed."""
    query = select(KeptArea).where(KeptArea.code.in_(stable_codes), KeptArea.retired.is_(False))
    for kept in (await session.scalars(query.execution_options(populate_existing=True))).all():
        told = Told.of_json(kept.content)
        row = (await session.execute(_IMPORTED, {"code": kept.code})).one_or_none()
        if row is None:
            continue
        names = {**row.imported["names"], **told.names}
        people = row.imported["population"] if told.population is None else told.population
        values = {
            "code": kept.code,
            "names": orjson.dumps(names).decode(),
            "other_names": list(told.other_names),
            "folded_others": folded_names(names, told.other_names),
            "population": people,
            "source": told.population_source or None if told.population is not None else None,
            "day": told.population_on if told.population is not None else None,
        }
        await session.execute(_LAY_OVER, values)


def folded_names(names: Mapping[str, str], others: Iterable[str]) -> list[str]:
    """Every name but its own by which an area is found, folded, each once."""
    return list(dict.fromkeys(filter(None, (fold_name(name) for name in (*names.values(), *others)))))


#: Where the versions of the layers are, areas have one too: whoever keeps a page with a name of one asks again.
AREAS: Final = "areas"


async def count_change(session: AsyncSession) -> None:
    """Say that an area is another now, for every answer that names areas."""
    await session.execute(_CHANGED, {"key": AREAS})


_AREA = text(
    """
    SELECT a.code, a.stable_code, a.kept, (
      SELECT min(b.population) FROM published.area b WHERE b.code = ANY(a.ancestors)
    ) AS around
    FROM published.area a WHERE a.code = :code
    """
)
# What was there before a file is said to have said it: until now nobody else could.
_IMPORTED = text(
    """
    UPDATE published.area
    SET imported = coalesce(imported, jsonb_build_object('population', population, 'names', names))
    WHERE stable_code = :code RETURNING imported
    """
)
_LAY_OVER = text(
    """
    UPDATE published.area SET names = CAST(:names AS jsonb), other_names = :other_names, folded_others = :folded_others,
      population = :population, population_source = :source, population_on = :day
    WHERE stable_code = :code
    """
)
_CHANGED = text(
    """
    INSERT INTO published.layer_version AS v (layer, version, changed_at) VALUES (:key, 1, clock_timestamp())
    ON CONFLICT (layer) DO UPDATE SET version = v.version + 1, changed_at = clock_timestamp()
    """
)
