"""What is not kept of a form, since it is longer than any person's answers or was one press too many, goes with its page."""

import secrets

from sqlalchemy import text

from app.db import Database, session
from app.forms.drafts import LARGEST, MOST_TOGETHER, forget_old_drafts, makes_room
from app.forms.sealing import Seal, new_address
from tests.functional.conftest import SECRET
from tests.functional.pages.conftest import Page, Person
from tests.functional.pages.test_adding import first_steps, send

#: A step's answers that nothing packs, nearly as large as a request may be.
HUGE = secrets.token_urlsafe(45_000)


async def kept_bytes(database: Database) -> list[int]:
    async with session(database) as s:
        return list(await s.scalars(text("SELECT octet_length(sealed) FROM core.form_draft")))


async def test_more_than_is_kept_is_answered_by_its_page(person: Person, database: Database) -> None:
    page = await person.opens("/pl/add/aid_points")
    draft = page.url.rpartition("/")[0]
    for at, name in ((1, "name"), (2, "address.street"), (3, "audience_note"), (4, "phones.0.value")):
        page = await person.sends(f"{draft}/{at}", [("at", str(at)), (name, HUGE), ("action", "next")])
        assert page.status in (200, 422), (at, page.status)
        assert all(size <= LARGEST for size in await kept_bytes(database))


async def test_from_the_press_on_that_is_not_kept_the_page_carries_every_step(
    person: Person, database: Database
) -> None:
    page = await first_steps(person)
    assert len(await kept_bytes(database)) == 1
    async with session(database) as s:
        await s.execute(text("UPDATE core.rate_limit SET whole_at = now() + interval '2 hours'"))
    page = await person.presses(
        page, "next", address__street="Leonarda", address__city="Kielce", hours__kind="always"
    )
    assert page.status == 200
    page = await person.presses(page, "next", languages=["pl"], cost="free")
    page = await person.presses(page, "next", phones__0__value="41 555 01 23")
    assert "Leonarda" in page.text
    assert await kept_bytes(database) == []
    async with session(database) as s:
        await s.execute(text("DELETE FROM core.rate_limit"))
    assert (await send(person, page)).url.startswith("/pl/sent/")


async def flood(database: Database) -> None:
    """Somebody with many connections has more kept than there is room for, a second before now and earlier."""
    statement = """
        INSERT INTO core.form_draft (id, sealed, touched_at)
        SELECT substr(sha256(n::text::bytea), 1, 16), CAST(repeat('x', :largest) AS bytea), now() - n * interval '1 second'
        FROM generate_series(1, :n) AS n
    """
    async with session(database) as s:
        await s.execute(text(statement), {"largest": LARGEST, "n": MOST_TOGETHER // LARGEST + 100})


async def opened_where(person: Person, *, room: bool) -> Page:
    """The first page of a form under an address whose draft makes room, or does not."""
    while makes_room(Seal(address := new_address(), SECRET)) is not room:
        pass
    return await person.opens(f"/pl/add/aid_points/{address}/1")


async def test_all_drafts_together_are_bounded_and_nobody_loses_an_answer(
    person: Person, database: Database
) -> None:
    slow = await opened_where(person, room=False)
    slow = await person.presses(slow, "next", name="Stołówka „Pod Lipą”", services=["hot_meals"])
    assert slow.url.endswith("/2")
    async with session(database) as s:
        await s.execute(text("UPDATE core.form_draft SET touched_at = now() - interval '5 hours'"))
    await flood(database)
    newest = await opened_where(person, room=True)
    newest = await person.presses(newest, "next", name="Bar", services=["hot_meals"])
    assert newest.url.endswith("/2")
    sizes = await kept_bytes(database)
    assert MOST_TOGETHER - LARGEST < sum(sizes) <= MOST_TOGETHER
    assert (await person.opens(newest.url)).status == 200
    assert (await person.opens(slow.url)).status == 410
    slow = await person.presses(
        slow, "next", address__street="Leonarda", address__city="Kielce", hours__kind="always"
    )
    assert slow.url.endswith("/3")
    slow = await person.presses(slow, "next", languages=["pl"], cost="free")
    slow = await person.presses(slow, "next", phones__0__value="41 555 01 23")
    assert "Pod Lipą" in slow.text
    assert "Leonarda" in slow.text
    assert (await send(person, slow)).url.startswith("/pl/sent/")


async def test_one_draft_in_many_makes_room_and_the_worker_does(database: Database) -> None:
    turns = sum(makes_room(Seal(new_address(), SECRET)) for _ in range(6400))
    assert 30 < turns < 250
    await flood(database)
    async with session(database) as s:
        await forget_old_drafts(s)
    assert sum(await kept_bytes(database)) <= MOST_TOGETHER
