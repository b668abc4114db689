"""Every change of a banner: its rows, its history, the audit log and the board that the public reads, in one transaction."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import Actor, record
from app.banners.content import Kind, Notice, check_time
from app.banners.models import Banner, BannerVersion
from app.errors import Conflict, InvalidInput, NotFound

#: More of them would push the page itself off a small screen.
MOST_AT_ONCE: Final = 3
_ORDER: Final = {Kind.EMERGENCY: 0, Kind.WARNING: 1, Kind.INFORMATION: 1}


class NoSuchBanner(NotFound):
    """There is no such notice."""


class NoSuchBannerVersion(NotFound):
    """This notice has no such version."""


class BannerChanged(Conflict):
    """Somebody has changed this notice meanwhile. Look at it as it is now."""


class TooManyAtOnce(Conflict):
    """Three notices are shown at this time already. Take one down, or choose another time."""


class EmergencyUnconfirmed(Conflict):
    """Confirm that this is an emergency: it is shown on every page, and nobody can put it away."""


class AlreadyDown(Conflict):
    """This notice is taken down already."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A banner as the desk lists it; `state` is shown, coming, ended or down. `may_rise`: one stands above it that could be below."""

    banner: Banner
    state: str
    may_rise: bool = False


async def listed(session: AsyncSession, now: dt.datetime, *, most: int = 100) -> list[Listed]:
    """Give the banners: those that are shown or will be in their order, then what has been, the newest first."""
    rows = await session.scalars(select(Banner).order_by(Banner.until_at.desc()).limit(most))
    found = [Listed(banner, state_of(banner, now)) for banner in rows]
    live = sorted(
        (one for one in found if one.state in {"shown", "coming"}), key=lambda one: order_of(one.banner)
    )
    live = [
        Listed(one.banner, one.state, at > 0 and order_of(live[at - 1].banner)[0] == order_of(one.banner)[0])
        for at, one in enumerate(live)
    ]
    return live + [one for one in found if one.state not in {"shown", "coming"}]


def state_of(banner: Banner, now: dt.datetime) -> str:
    """Say whether a banner is shown."""
    if banner.taken_down:
        return "down"
    if banner.until_at <= now:
        return "ended"
    return "shown" if banner.from_at <= now else "coming"


def order_of(banner: Banner) -> tuple[int, int]:
    """Emergencies first, then as administrators have put them."""
    return _ORDER[Kind(banner.content["kind"])], banner.place


async def read_banner(session: AsyncSession, banner_id: uuid.UUID | None) -> Banner:
    """Give a banner; `NoSuchBanner`."""
    found = await session.get(Banner, banner_id) if banner_id else None
    if found is None:
        raise NoSuchBanner
    return found


async def history_of(session: AsyncSession, banner_id: uuid.UUID) -> Sequence[BannerVersion]:
    """Give what a banner has been, the newest first."""
    query = select(BannerVersion).where(BannerVersion.banner_id == banner_id)
    return (await session.scalars(query.order_by(BannerVersion.number.desc()))).all()


async def make(
    session: AsyncSession, notice: Notice, *, actor: Actor, confirmed: bool, now: dt.datetime
) -> Banner:
    """Keep a new banner, below the others."""
    await _in_turn(session)
    await _check(session, notice, confirmed=confirmed, now=now)
    last = await session.scalar(select(func.max(Banner.place)))
    banner = Banner(
        id=uuid.uuid4(), version=0, content={}, from_at=notice.from_at, until_at=notice.until_at,
        place=(last or 0) + 1, taken_down=False,
    )  # fmt: skip
    session.add(banner)
    await _write(session, banner, notice, actor=actor, action="banner.made", now=now)
    return banner


async def change(
    session: AsyncSession,
    banner_id: uuid.UUID | None,
    notice: Notice,
    *,
    base: int,
    actor: Actor,
    confirmed: bool,
    now: dt.datetime,
) -> Banner:
    """Let a banner say something else; `base` is the version that was looked at. One that was taken down is shown again."""
    await _in_turn(session)
    banner = await _held(session, banner_id, base)
    await _check(session, notice, confirmed=confirmed, now=now, but=banner.id)
    await _write(session, banner, notice, actor=actor, action="banner.changed", now=now)
    return banner


async def take_down(
    session: AsyncSession, banner_id: uuid.UUID | None, *, base: int, actor: Actor, now: dt.datetime
) -> None:
    """Show a banner no longer, at once."""
    await _in_turn(session)
    banner = await _held(session, banner_id, base)
    if banner.taken_down:
        raise AlreadyDown
    banner.taken_down = True
    banner.version += 1
    await _remember(session, banner, actor)
    record(session, actor, "banner.taken_down", "banner", banner.id, version=banner.version)
    await _post(session, now)


async def put_back(
    session: AsyncSession,
    banner_id: uuid.UUID | None,
    number: int,
    *,
    base: int,
    actor: Actor,
    confirmed: bool,
    now: dt.datetime,
) -> None:
    """Let a banner say again what it said in a version: a new version, which has to fit as any other."""
    await _in_turn(session)
    banner = await _held(session, banner_id, base)
    earlier = await session.get(BannerVersion, (banner.id, number))
    if earlier is None:
        raise NoSuchBannerVersion
    said = earlier.content
    notice = Notice(Kind(said["kind"]), said["texts"], said["link"], earlier.from_at, earlier.until_at)
    if problems := check_time(notice.from_at, notice.until_at, now):
        raise InvalidInput(*problems)
    await _check(session, notice, confirmed=confirmed, now=now, but=banner.id)
    await _write(session, banner, notice, actor=actor, action="banner.put_back", now=now, of=number)


async def move_up(
    session: AsyncSession, banner_id: uuid.UUID | None, *, base: int, actor: Actor, now: dt.datetime
) -> None:
    """Show a banner before the one that is above it; nothing changes for the first of its kind."""
    await _in_turn(session)
    banner = await _held(session, banner_id, base)
    live = [one.banner for one in await listed(session, now) if one.state in {"shown", "coming"}]
    at = live.index(banner) if banner in live else 0
    if at == 0 or order_of(live[at - 1])[0] != order_of(banner)[0]:
        return
    above = live[at - 1]
    banner.place, above.place = above.place, banner.place
    record(session, actor, "banner.moved", "banner", banner.id, above=str(above.id))
    await _post(session, now)


async def _in_turn(session: AsyncSession) -> None:
    """One change of the board after the other: how many are shown at once is counted over all of them."""
    await session.execute(text("SELECT pg_advisory_xact_lock(hashtext('pomapa banners'))"))


async def _held(session: AsyncSession, banner_id: uuid.UUID | None, base: int) -> Banner:
    banner = await read_banner(session, banner_id)
    await session.refresh(banner)
    if banner.version != base:
        raise BannerChanged
    return banner


async def _check(
    session: AsyncSession, notice: Notice, *, confirmed: bool, now: dt.datetime, but: uuid.UUID | None = None
) -> None:
    if notice.kind == Kind.EMERGENCY and not confirmed:
        raise EmergencyUnconfirmed
    query = select(Banner.from_at, Banner.until_at).where(
        ~Banner.taken_down,
        Banner.until_at > now,
        Banner.from_at < notice.until_at,
        Banner.until_at > notice.from_at,
    )
    if but is not None:
        query = query.where(Banner.id != but)
    others = [(row.from_at, row.until_at) for row in await session.execute(query)]
    # The most are shown at a moment at which one of them begins.
    for begin in (notice.from_at, *(start for start, _ in others if start >= notice.from_at)):
        if sum(start <= begin < end for start, end in others) >= MOST_AT_ONCE:
            raise TooManyAtOnce


async def _write(
    session: AsyncSession,
    banner: Banner,
    notice: Notice,
    *,
    actor: Actor,
    action: str,
    now: dt.datetime,
    **detail: Any,
) -> None:
    banner.content, banner.from_at, banner.until_at = notice.content, notice.from_at, notice.until_at
    banner.taken_down = False
    banner.version += 1
    await _remember(session, banner, actor)
    record(
        session, actor, action, "banner", banner.id, version=banner.version, kind=str(notice.kind),
        **{"from": notice.from_at.isoformat(), "until": notice.until_at.isoformat()}, **detail,
    )  # fmt: skip
    await _post(session, now)


async def _remember(session: AsyncSession, banner: Banner, actor: Actor) -> None:
    await session.flush()
    session.add(
        BannerVersion(
            banner_id=banner.id, number=banner.version, content=banner.content, from_at=banner.from_at,
            until_at=banner.until_at, taken_down=banner.taken_down, by_id=actor.user_id,
        )
    )  # fmt: skip


async def _post(session: AsyncSession, now: dt.datetime) -> None:
    """Write the board anew: a function of the rows, whatever it said before."""
    await session.flush()
    rows = await session.scalars(select(Banner).where(~Banner.taken_down, Banner.until_at > now))
    board = [
        {
            "id": str(one.id),
            "version": one.version,
            **one.content,
            "from": one.from_at.astimezone(dt.UTC).isoformat(),
            "until": one.until_at.astimezone(dt.UTC).isoformat(),
        }
        for one in sorted(rows, key=order_of)
    ]
    await session.execute(_POST, {"banners": orjson.dumps(board).decode()})


_POST = text(
    """
    INSERT INTO published.banner_board AS board (singleton, version, banners)
    VALUES (true, 1, CAST(:banners AS jsonb))
    ON CONFLICT (singleton) DO UPDATE
    SET version = board.version + 1, banners = EXCLUDED.banners, changed_at = now()
    """
)
