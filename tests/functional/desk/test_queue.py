"""The queue: its filters, pages, views, leases and what came in meanwhile."""

import asyncio
import re
import uuid
from collections.abc import Sequence

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import Actor, verify_chain
from app.accounts.granting import grant_role
from app.accounts.roles import Role
from app.cli.units import UnknownUnit, known_units
from app.db import Database, session
from app.moderation.leases import claim, held
from app.moderation.waiting import Asked, Place
from app.moderation.waiting import Waiting as Line
from app.moderation.waiting import waiting as queued
from tests.functional.conftest import Publish, aid_point
from tests.functional.desk.conftest import Waiting, decision, signed_in
from tests.functional.desk.flood import flood

NOBODY = uuid.UUID(int=0)


def _names(page: str) -> list[str]:
    return re.findall(r'<a id="s-[^"]*" href="[^"]*"[^>]*>([^<]*)</a>', page)


async def _sql(database: Database, statement: str, **values: object) -> None:
    async with session(database) as s:
        await s.execute(text(statement), values)


async def test_filters_are_in_the_address_and_each_finds_its_own(
    moderator: httpx2.AsyncClient, waiting: Waiting, publish: Publish, database: Database
) -> None:
    (live,) = await publish(aid_point("Na mapie"))
    new, change = await waiting(name="Nowe"), await waiting(name="Zmiana", feature_id=live.feature_id)
    await _sql(database, "UPDATE core.screening SET score = 45 WHERE submission_id = :id", id=new.id)
    await _sql(database, "DELETE FROM core.screening WHERE submission_id = :id", id=change.id)
    await _sql(
        database,
        "UPDATE core.submission SET confirmed_at = now() - interval '50 hours', source = 'caritas',"
        " source_id = '1', channel = 'import', language = 'pl' WHERE id = :id",
        id=change.id,
    )
    for query, names in {
        "": ["Zmiana", "Nowe"],
        "kind=new": ["Nowe"],
        "kind=change": ["Zmiana"],
        "layer=aid_points": ["Zmiana", "Nowe"],
        "layer=organisations": [],
        "risk=some": ["Nowe"],
        "risk=high": [],
        "risk=none": ["Zmiana"],
        "age=48": ["Zmiana"],
        "age=168": [],
        "channel=import": ["Zmiana"],
        "language=uk": ["Nowe"],
        "source=caritas": ["Zmiana"],
        "assigned=free&kind=new": ["Nowe"],
        "area=PL-99": [],
        "kind=bogus": ["Zmiana", "Nowe"],
    }.items():
        answer = await moderator.get(f"/desk?{query}")
        assert answer.status_code == 200, query
        assert _names(answer.text) == names, query
    page = (await moderator.get("/desk")).text
    assert "czeka 2 dni" in page
    # Late is a word with a sign, not a colour.
    assert re.search(r'class="label warn"><svg.*?</svg>po terminie</span>', page)
    assert '<option value="caritas">' in page


async def test_an_area_is_where_the_pin_is_or_the_unit_that_is_named(
    moderator: httpx2.AsyncClient, waiting: Waiting, database: Database
) -> None:
    await waiting(name="W środku")
    await waiting(name="Daleko", place={"position": {"lng": 14.5, "lat": 53.4}})
    await _sql(
        database,
        "INSERT INTO published.area (code, stable_code, country, level, name, folded, source, licence, fingerprint)"
        " VALUES ('PL-26', 'PL-26', 'PL', 'voivodeship', 'świętokrzyskie', 'swietokrzyskie', 'x', 'x', 'x')",
    )
    await _sql(
        database,
        "INSERT INTO published.area_part VALUES ('PL-26', 1, ST_MakeEnvelope(20, 50, 21, 51, 4326))",
    )
    await waiting(
        name="Bez miejsca", place={"disclosure": "contact_only", "area": {"code": "PL-26", "name": "x"}}
    )
    answer = await moderator.get("/desk?area=PL-26")
    assert sorted(_names(answer.text)) == ["Bez miejsca", "W środku"]
    assert '<option value="PL-26" selected>świętokrzyskie</option>' in answer.text


async def test_whose_unit_has_no_boundary_is_not_told_that_nothing_waits(
    site: FastAPI, waiting: Waiting, database: Database
) -> None:
    await waiting(name="Czeka")
    async with session(database) as s:
        await grant_role(s, "kasia@example.org", Role.MODERATOR, areas=["PL-2661"])
    async with signed_in(site, Role.MODERATOR, "kasia@example.org") as official:
        page = (await official.get("/desk", headers={"Accept-Language": "en"})).text
    assert "Nothing waits. Thank you!" not in page
    assert "You decide for PL-2661, but its boundary is not loaded" in page


async def test_a_unit_that_nobody_knows_is_refused_with_the_nearest(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    await _sql(
        database,
        "INSERT INTO published.area (code, stable_code, country, level, name, folded, source, licence, fingerprint)"
        " VALUES ('PL-2661', 'PL-2661', 'PL', 'powiat', 'Kielce', 'kielce', 'x', 'x', 'x')",
    )
    async with session(database) as s:
        assert await known_units(s, ["PL-2661"], ["PL"]) == ("PL-2661",)
        with pytest.raises(UnknownUnit):
            await known_units(s, ["PL-2661", "Kielcee", "PL-9999"], ["PL"])
    said = capsys.readouterr().err
    assert "No unit has the code PL-9999." in said
    assert "Kielce (PL-2661)" in said


async def test_e4_genuine_ones_come_before_a_flood_and_pages_lose_none(
    moderator: httpx2.AsyncClient, database: Database
) -> None:
    async with session(database) as s:
        await flood(s, 10_000, ago_s=100_000)
        await flood(s, 50, word="Kuchnia", score=-1, ago_s=0)
    page = (await moderator.get("/desk")).text
    assert len(_names(page)) == 50
    assert all(name.startswith("Kuchnia") for name in _names(page))
    seen: set[uuid.UUID] = set()
    place = None
    async with session(database) as s:
        while found := await _page(s, place):
            seen |= {one.id for one in found}
            # What is decided meanwhile on a page before shifts nothing.
            await s.execute(
                text("UPDATE core.submission SET state = 'withdrawn' WHERE id = :id"), {"id": found[0].id}
            )
            place = found[-1].place
    assert len(seen) == 10_050


async def _page(s: AsyncSession, place: Place | None) -> Sequence[Line]:
    return await queued(s, Asked(NOBODY), limit=1000, after=place)


async def test_next_leads_on_behind_the_last_one(moderator: httpx2.AsyncClient, database: Database) -> None:
    async with session(database) as s:
        await flood(s, 60, score=-1)
    first = (await moderator.get("/desk?kind=new")).text
    following = re.search(r'rel="next" href="([^"]*)"', first)
    assert following
    second = (await moderator.get(following[1].replace("&amp;", "&"))).text
    assert len(set(_names(first)) | set(_names(second))) == 60
    assert 'rel="next"' not in second
    assert (await moderator.get("/desk?behind=bogus")).status_code == 200


async def test_views_are_kept_for_whoever_saved_them(moderator: httpx2.AsyncClient, site: FastAPI) -> None:
    saved = await moderator.post("/desk/views", data={"name": " Nowe  miejsca ", "query": "kind=new&x=1"})
    assert saved.headers["location"] == "/desk?kind=new"
    assert 'href="/desk?kind=new">Nowe miejsca</a>' in (await moderator.get("/desk")).text
    async with signed_in(site, Role.MODERATOR, "other@example.org") as other:
        assert "Nowe miejsca" not in (await other.get("/desk")).text
    wrong = await moderator.post("/desk/views", data={"name": " ", "query": "kind=new"})
    assert wrong.status_code == 422
    await moderator.post("/desk/views/forget", data={"name": "Nowe miejsca", "query": "kind=new"})
    assert "Nowe miejsca" not in (await moderator.get("/desk")).text


async def test_of_two_who_take_the_same_one_is_first_and_the_other_sees_who(
    moderator: httpx2.AsyncClient, site: FastAPI, waiting: Waiting, database: Database
) -> None:
    submission = await waiting(name="Jedno")
    path = f"/desk/submissions/{submission.id}"
    async with signed_in(site, Role.MODERATOR, "other@example.org") as other:
        both = (moderator, other) * 3
        answers = await asyncio.gather(*(one.post(f"{path}/claim", data={"by": "script"}) for one in both))
        mine = [answer.json()["mine"] for answer in answers]
        assert mine in ([True, False] * 3, [False, True] * 3)
        first, second = (moderator, other) if mine[0] else (other, moderator)
        page = (await second.get(path)).text
        assert "Możesz mimo to zdecydować." in page
        assert _names((await second.get("/desk?assigned=others")).text) == ["Jedno"]
        assert _names((await first.get("/desk?assigned=mine")).text) == ["Jedno"]
        assert _names((await second.get("/desk?assigned=free")).text) == []
        # Nobody gives back what is a colleague's.
        await second.post(f"{path}/release", data={"by": ""})
        assert _names((await first.get("/desk?assigned=mine")).text) == ["Jedno"]
        assert (await first.post(f"{path}/release", data={"by": ""})).status_code == 303
        assert (await second.post(f"{path}/claim", data={"by": "script"})).json()["mine"]
    async with session(database) as s:
        actions = (
            await s.scalars(text("SELECT action FROM core.audit WHERE action LIKE '%ed' ORDER BY id"))
        ).all()
        # Taken, given back, taken: that it was kept for longer is no news.
        assert [a for a in actions if a in ("submission.claimed", "submission.released")] == [
            "submission.claimed", "submission.released", "submission.claimed",
        ]  # fmt: skip
        assert await verify_chain(s) is None


async def test_a_lease_that_ran_out_is_anybodys(
    moderator: httpx2.AsyncClient, site: FastAPI, waiting: Waiting, database: Database
) -> None:
    submission = await waiting(name="Zostawione")
    await moderator.post(f"/desk/submissions/{submission.id}/claim", data={"by": ""})
    await _sql(database, "UPDATE core.lease SET ends_at = now() - interval '1 second'")
    async with session(database) as s:
        assert await held(s, submission.id) is None
    async with signed_in(site, Role.MODERATOR, "other@example.org") as other:
        answer = await other.post(f"/desk/submissions/{submission.id}/claim", data={"by": "script"})
        assert answer.json()["mine"]
    await _sql(database, "UPDATE core.submission SET state = 'withdrawn'")
    await _sql(database, "DELETE FROM core.lease")
    async with session(database) as s:
        someone = await s.scalar(text("SELECT id FROM core.user LIMIT 1"))
        assert await claim(s, submission.id, Actor("staff", someone)) is None
    # Whoever comes back to the tab is told.
    told = await moderator.post(f"/desk/submissions/{submission.id}/claim", data={"by": "script"})
    assert "To już nie czeka na decyzję." in told.json()["words"]


async def test_what_came_in_is_counted_and_the_same_answer_is_not_sent_twice(
    moderator: httpx2.AsyncClient, waiting: Waiting
) -> None:
    await waiting(name="Stare")
    page = (await moderator.get("/desk?kind=new")).text
    address = re.search(r'data-fresh="([^"]*)"', page)
    assert address
    ask = address[1].replace("&amp;", "&")
    first = await moderator.get(ask)
    assert first.json() == {"new": 0}
    assert first.headers["cache-control"] == "no-store"
    same = await moderator.get(ask, headers={"If-None-Match": first.headers["etag"]})
    assert same.status_code == 304
    await waiting(name="Nowe")
    later = await moderator.get(ask, headers={"If-None-Match": first.headers["etag"]})
    assert later.json() == {"new": 1}
    assert (await moderator.get("/desk/new?kind=change&since=1")).json() == {"new": 0}


async def test_the_next_one_stands_behind_in_the_order_of_the_queue_and_nobody_looks_at_it(
    moderator: httpx2.AsyncClient, site: FastAPI, waiting: Waiting, publish: Publish, database: Database
) -> None:
    (live,) = await publish(aid_point("Na mapie"))
    names = ("Spam", "Pierwsze", "Drugie", "Trzecie")
    spam, first, second, third = [await waiting(name=name) for name in names]
    change = await waiting(name="Zmiana", feature_id=live.feature_id)
    await _sql(database, "UPDATE core.screening SET score = 0")
    await _sql(database, "UPDATE core.screening SET score = 90 WHERE submission_id = :id", id=spam.id)
    assert _names((await moderator.get("/desk")).text) == ["Zmiana", "Pierwsze", "Drugie", "Trzecie", "Spam"]
    async with signed_in(site, Role.MODERATOR, "other@example.org") as other:
        await other.post(f"/desk/submissions/{second.id}/claim", data={"by": ""})
        for one, following in ((change, first), (first, third), (third, spam)):
            answer = await moderator.post(
                f"/desk/submissions/{one.id}/reject", data=decision(one) | {"reason": "closed"}
            )
            assert answer.headers["location"] == f"/desk/submissions/{following.id}?after={one.id}"
        answer = await moderator.post(f"/desk/submissions/{spam.id}/spam", data=decision(spam))
        assert answer.headers["location"] == f"/desk?after={spam.id}"
