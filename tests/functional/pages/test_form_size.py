"""What is not kept of a form, since it is longer than any person's answers or was one press too many, goes with its page."""

import secrets

from sqlalchemy import text

from app.db import Database, session
from app.forms.drafts import LARGEST
from tests.functional.pages.conftest import Person
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
