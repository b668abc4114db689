"""Figures of the queue: they agree with counting by hand, whoever asks sees what is theirs, and nothing is lost that was deleted."""

import datetime as dt
import math
import random
import re
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

import httpx2
import psycopg
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from app.accounts.models import Grant, User
from app.accounts.roles import Role
from app.db import Database, session
from app.desk.days import midnight
from app.desk.statistics import filled, start_of, unit_of
from app.localdb.cluster import ClusterUrls
from app.moderation import statistics as figures
from app.moderation.retention import forget
from app.moderation.statistics import Decided, Wanted
from tests.functional.country import import_country
from tests.functional.desk.conftest import Waiting, decision, signed_in

WARSAW: Final = "Europe/Warsaw"
KIELCE, GORNO, REGION = "PL-2661", "PL-2604042", "PL-26"
#: Where, with the units of it that the tests ask for.
PINS: Final = {(20.63, 50.87): (KIELCE, REGION), (20.9, 50.9): (GORNO, REGION), None: ()}
ANNA, JAN = uuid.UUID(int=1), uuid.UUID(int=2)
#: Midnights in Warsaw in the summer and in the winter, and the two nights that have another length.
EDGES: Final = [
    dt.datetime.combine(dt.date.fromisoformat(day), dt.time(), ZoneInfo(WARSAW)).astimezone(dt.UTC)
    for day in ("2025-03-30", "2025-03-31", "2025-07-01", "2025-10-27", "2026-01-01")
]
PUT: Final = text(
    """
    INSERT INTO core.submission (layer, kind, base_revision, channel, content, state, language, created_at,
      confirmed_at, decided_at, decided_by, decision_reason)
    VALUES (:layer, :kind, CASE WHEN :kind = 'change' THEN 1 END, 'form',
      CASE WHEN CAST(:lng AS float8) IS NULL THEN '{"name": {"texts": {"pl": "x"}, "source": "pl"}}'::jsonb
        ELSE jsonb_build_object('place', jsonb_build_object('position',
          jsonb_build_object('lng', CAST(:lng AS float8), 'lat', CAST(:lat AS float8)))) END,
      :state, 'pl', :came, :came, CAST(:decided AS timestamptz), CAST(:by AS uuid), CAST(:reason AS text))
    RETURNING id
    """
)


@dataclass(frozen=True, slots=True)
class Made:
    """A submission as the test counts it."""

    layer: str
    kind: str
    pin: tuple[float, float] | None
    state: str
    came: dt.datetime
    decided: dt.datetime | None
    by: uuid.UUID | None
    reason: str | None


def made(chance: random.Random) -> Made:
    state = chance.choice(
        ["pending", "needs_changes", "withdrawn", "approved", "approved", "rejected", "spam"]
    )
    edge = chance.choice(EDGES)
    came = edge + dt.timedelta(seconds=chance.choice([-1, 0, 1, chance.randint(-90_000, 90_000)]))
    is_decided = state in ("approved", "rejected", "spam")
    took = dt.timedelta(seconds=chance.choice([0, 1, 60, 3600, chance.randint(0, 3_000_000)]))
    return Made(
        chance.choice(["aid_points", "organisations"]),
        chance.choice(["new", "change"]),
        chance.choice(list(PINS)),
        state,
        came,
        came + took if is_decided else None,
        chance.choice([ANNA, JAN, None]) if is_decided else None,
        chance.choice(["closed", "duplicate", None]) if state == "rejected" else None,
    )


async def put(database: Database, seed: int, count: int) -> list[Made]:
    """Write so many submissions, and give them as they are counted."""
    chance = random.Random(seed)
    everything = [made(chance) for _ in range(count)]
    async with session(database) as s:
        await s.execute(
            text(
                "INSERT INTO core.user (id, email, name) VALUES (:a, 'a@x.example', 'Anna'), (:b, 'b@x.example', '')"
            ),
            {"a": ANNA, "b": JAN},
        )
        for one in everything:
            lng, lat = one.pin or (None, None)
            values = {"layer": one.layer, "kind": one.kind, "state": one.state, "came": one.came}
            values |= {"decided": one.decided, "by": one.by, "reason": one.reason, "lng": lng, "lat": lat}
            await s.execute(PUT, values)
    return everything


def counted(some: Sequence[Made]) -> tuple[int, int, int, int, dt.timedelta, dt.timedelta]:
    """What a group of decisions is to say, counted without a database."""
    took = sorted(one.decided - one.came for one in some if one.decided)
    states = [one.state for one in some]
    return (
        len(took),
        *(states.count(state) for state in ("approved", "rejected", "spam")),
        took[math.ceil(0.5 * len(took)) - 1],
        took[math.ceil(0.9 * len(took)) - 1],
    )  # type: ignore[return-value]


def said(one: Decided) -> tuple[object, ...]:
    return one.count, one.approved, one.rejected, one.spam, one.median, one.ninetieth


def grouped(some: Sequence[Made], key: Callable[[Made], str | None]) -> dict[str | None, tuple[object, ...]]:
    return {
        value: counted([one for one in some if key(one) == value]) for value in {key(one) for one in some}
    }


def person(role: Role = Role.ADMINISTRATOR, *areas: str, layers: tuple[str, ...] = ()) -> User:
    """Somebody who is in no database."""
    now = dt.datetime.now(dt.UTC)
    grant = Grant(role=role, areas=list(areas) or None, layers=list(layers) or None, confirmed_at=now)
    return User(grants=[grant])


def region_of(pin: tuple[float, float] | None) -> str | None:
    return REGION if pin else None


def within(one: Made, first: dt.datetime, after: dt.datetime) -> bool:
    return one.decided is not None and first <= one.decided < after


@pytest.mark.parametrize("seed", [1, 2])
async def test_sums_agree_with_counting_one_by_one(database: Database, seed: int) -> None:
    await import_country(database)
    everything = await put(database, seed, 300)
    async with session(database) as s:
        # What is deleted after its time is counted all the same.
        gone = await s.execute(
            text("DELETE FROM core.submission WHERE state IN ('rejected', 'spam', 'withdrawn')")
        )
        assert gone.rowcount > 50  # type: ignore[attr-defined]
    for first, last, user, area in (
        (dt.date(2025, 1, 1), dt.date(2026, 2, 28), person(), ""),
        (dt.date(2025, 3, 30), dt.date(2025, 3, 30), person(), ""),
        (dt.date(2025, 6, 30), dt.date(2025, 7, 1), person(), ""),
        (dt.date(2025, 12, 31), dt.date(2026, 1, 1), person(), ""),
        (dt.date(2025, 1, 1), dt.date(2026, 2, 28), person(), REGION),
        (dt.date(2025, 1, 1), dt.date(2026, 2, 28), person(Role.MODERATOR, KIELCE), ""),
        (dt.date(2025, 1, 1), dt.date(2026, 2, 28), person(Role.MODERATOR, layers=("organisations",)), ""),
    ):
        since, until = midnight(first, WARSAW), midnight(last + dt.timedelta(days=1), WARSAW)
        wanted = Wanted(since, until, WARSAW, user, area=area)
        (grant,) = user.grants
        theirs = [
            one
            for one in everything
            if (not grant.areas or set(grant.areas) & set(PINS[one.pin]))
            and (not grant.layers or one.layer in grant.layers)
            and (not area or area in PINS[one.pin])
        ]
        decided = [one for one in theirs if within(one, since, until)]
        async with session(database) as s:
            whole, layers = await figures.by_layer(s, wanted)
            areas = await figures.by_area(s, wanted)
            people = await figures.by_person(s, wanted)
            own = await figures.by_person(s, wanted, ANNA)
            reasons = await figures.by_reason(s, wanted)
            spans = {unit: await figures.by_day(s, wanted, unit) for unit in ("day", "week", "month")}
            ages, for_sender = await figures.waiting_now(s, wanted)
        assert said(whole) == (counted(decided) if decided else (0, 0, 0, 0, None, None))
        assert {one.key: said(one) for one in layers} == grouped(decided, lambda one: one.layer)
        if not area:
            assert {one.key: said(one) for one in areas} == grouped(decided, lambda one: region_of(one.pin))
        assert sum(one.count for one in areas) == whole.count
        assert {one.key: said(one) for one in people} == grouped(
            decided, lambda one: str(one.by) if one.by else None
        )
        assert [said(one) for one in own] == [said(one) for one in people if one.key == str(ANNA)]
        assert dict(reasons) == {
            code: sum(one.reason == code for one in decided)
            for code in {one.reason for one in decided} - {None}
        }
        for name, found in spans.items():
            came: dict[dt.date, list[int]] = {}
            for one in theirs:
                for place, moment in enumerate((one.came, one.decided)):
                    if moment and since <= moment < until:
                        day = start_of(moment.astimezone(ZoneInfo(WARSAW)).date(), name)
                        came.setdefault(day, [0, 0])[place] += 1
            assert {one.day: [one.came, one.decided] for one in found} == came
            whole_row = filled(found, first, last, name)
            assert sum(one.decided for one in whole_row) == whole.count
        waiting = [one for one in theirs if one.state == "pending"]
        assert sum(one.new for one in ages) == sum(one.kind == "new" for one in waiting)
        assert sum(one.changes for one in ages) == sum(one.kind == "change" for one in waiting)
        assert for_sender == sum(one.state == "needs_changes" for one in theirs)


async def test_what_waits_is_in_the_band_of_its_age(database: Database) -> None:
    async with session(database) as s:
        for hours in (1, 23, 25, 47, 49, 167, 169, 1000):
            came = dt.datetime.now(dt.UTC) - dt.timedelta(hours=hours)
            values = {"layer": "aid_points", "kind": "new", "state": "pending", "came": came}
            await s.execute(PUT, values | dict.fromkeys(("decided", "by", "reason", "lng", "lat")))
        now = dt.datetime.now(dt.UTC)
        ages, _ = await figures.waiting_now(s, Wanted(now, now, WARSAW, person()))
    assert [(one.hours, one.new) for one in ages] == [(0, 2), (24, 2), (48, 2), (168, 2)]


async def test_a_decision_counts_until_it_is_undone_and_outlives_what_it_was_about(
    moderator: httpx2.AsyncClient, waiting: Waiting, database: Database
) -> None:
    one, other, never = (
        await waiting(name="Jedno"),
        await waiting(name="Drugie"),
        await waiting(confirmed=False),
    )
    for submission in (one, other):
        answer = await moderator.post(
            f"/desk/submissions/{submission.id}/reject", data=decision(submission, reason="closed")
        )
        assert answer.status_code == 303, answer.text
    tallied = text("SELECT submission_id, outcome, reason FROM core.tally ORDER BY came_at")
    async with session(database) as s:
        rows = {row.submission_id: (row.outcome, row.reason) for row in await s.execute(tallied)}
        assert rows == {one.id: ("rejected", "closed"), other.id: ("rejected", "closed")}
        assert never.id not in rows
        undone = text(
            "UPDATE core.submission SET state = 'pending', decided_at = NULL, decided_by = NULL,"
            " decision_reason = NULL WHERE id = :id"
        )
        await s.execute(undone, {"id": other.id})
        await s.execute(
            text("UPDATE core.submission SET decided_at = now() - interval '40 days' WHERE id = :id"),
            {"id": one.id},
        )
    await forget(database)
    async with session(database) as s:
        left = await s.scalar(text("SELECT count(*) FROM core.submission WHERE id = :id"), {"id": one.id})
        rows = {row.submission_id: (row.outcome, row.reason) for row in await s.execute(tallied)}
    assert left == 0
    assert rows == {one.id: ("rejected", "closed"), other.id: (None, None)}


async def test_a_moderator_reads_totals_and_their_own_and_an_administrator_everybodys(
    site: FastAPI, moderator: httpx2.AsyncClient, waiting: Waiting
) -> None:
    submission = await waiting(name="Jedno")
    async with signed_in(site, Role.MODERATOR, "second@example.org") as second:
        await second.post(f"/desk/submissions/{submission.id}/spam", data=decision(submission))
        own = await second.get("/desk/statistics")
    assert own.status_code == 200
    assert ">second<" in own.text
    # A table with rows is no second landmark of its section's name.
    assert 'class="table-box"' in own.text
    assert 'role="region"' not in own.text
    other = (await moderator.get("/desk/statistics")).text
    assert ">second<" not in other
    assert re.search(r"<h2 id=\"in-and-out\">.*?<p>1 ", other, re.DOTALL), "the total counts everybody's"
    async with signed_in(site, Role.ADMINISTRATOR, "anna@example.org") as administrator:
        assert ">second<" in (await administrator.get("/desk/statistics")).text
    async with signed_in(site, Role.EDITOR, "editor@example.org") as editor:
        assert (await editor.get("/desk/statistics")).status_code == 403


@pytest.mark.parametrize(
    "wrong",
    [
        "since=2025-02-30",
        "until=soon",
        "since=2025-02-02&until=2025-02-01",
        "since=2001-01-01",
        "since=2999-01-01",
    ],
)
async def test_what_is_no_period_is_said_and_kept(moderator: httpx2.AsyncClient, wrong: str) -> None:
    answer = await moderator.get(f"/desk/statistics?{wrong}")
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    name, value = wrong.partition("&")[0].split("=")
    assert f'name="{name}" type="date" value="{value}"' in answer.text


def test_a_period_has_all_its_days_weeks_and_months() -> None:
    first, last = dt.date(2024, 12, 30), dt.date(2025, 1, 6)
    assert len(filled([], first, last, "day")) == 8
    assert [one.day for one in filled([], dt.date(2025, 1, 1), last, "week")] == [first, last]
    months = [one.day for one in filled([], dt.date(2024, 12, 31), dt.date(2025, 3, 1), "month")]
    assert months == [dt.date(2024, 12, 1), *(dt.date(2025, month, 1) for month in (1, 2, 3))]
    assert [unit_of(first, first + dt.timedelta(days=n - 1)) for n in (31, 32, 190, 191)] == [
        "day",
        "week",
        "week",
        "month",
    ]


async def test_figures_of_a_month_are_read_from_the_index(
    database: Database, database_urls: ClusterUrls
) -> None:
    """Of years of decisions a month is read: of 60,000 of them 5,000, of which some 40 stand in a block."""
    with psycopg.connect(database_urls.owner.replace("+psycopg", ""), autocommit=True) as owner:
        owner.execute("ALTER TABLE core.tally SET (autovacuum_enabled = false)")
        owner.execute(
            "INSERT INTO core.tally SELECT gen_random_uuid(), 'aid_points', 'new', '{PL-26,PL-2661}',"
            " timestamptz '2025-01-01Z' + n * interval '9 minutes',"
            " timestamptz '2025-01-02Z' + n * interval '9 minutes', NULL, 'rejected', 'closed'"
            " FROM generate_series(1, 60000) AS n"
        )
        owner.execute("VACUUM ANALYZE core.tally")
    whole = text(
        "SELECT heap_blks_hit + heap_blks_read + idx_blks_hit + idx_blks_read"
        " FROM pg_statio_all_tables WHERE relid = CAST('core.tally' AS regclass)"
    )
    wanted = Wanted(
        midnight(dt.date(2025, 6, 1), WARSAW), midnight(dt.date(2025, 7, 1), WARSAW), WARSAW, person()
    )
    for block in (figures.by_day, figures.by_layer, figures.by_area, figures.by_person, figures.by_reason):
        async with session(database) as s:
            before = int(await s.scalar(whole) or 0)
        async with session(database) as s:
            await block(s, wanted)
            await s.execute(text("SELECT pg_stat_force_next_flush()"))
        async with session(database) as s:
            touched = int(await s.scalar(whole) or 0) - before
        assert 0 < touched < 400, (block.__name__, touched)
