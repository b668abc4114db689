"""Whoever has taken over the domain of a mailbox publishes nothing before all admins have read of it (SECURITY B11)."""

import datetime as dt
import uuid
from collections.abc import Awaitable, Callable
from typing import Final

import httpx2
import structlog
from fastapi import FastAPI
from structlog.typing import EventDict

from app.accounts.memberships import Seat
from app.config import Settings
from app.db import Database
from app.jobs import Work
from app.notifications.mail_servers import look_at_mail_servers
from tests.functional.conftest import ORIGIN, Mailbox, Publish, links_in
from tests.functional.desk.organisations import PAGE, change, own_point, said, seated
from tests.functional.desk.trusted import HERE, browser_of_admin, trust
from tests.functional.desk.trusting.world import ANNA, JAN, actions, run
from tests.name_server import BROKEN, GONE, name_server

#: An admin whose mailbox is elsewhere.
UKRAINIAN: Final = "olha@poczta.example"
CHANGED: Final = "membership.mail_servers_changed"
WEBSITE: Final = "https://stol.example/"
Night = Callable[[], Awaitable[list[EventDict]]]


async def test_b11_whose_mail_goes_elsewhere_publishes_nothing_for_three_days_and_all_admins_read_of_it(  # noqa: PLR0915 - one story
    site: FastAPI,
    client: httpx2.AsyncClient,
    first: httpx2.AsyncClient,
    organisation: uuid.UUID,
    database: Database,
    publish: Publish,
    settings: Settings,
    mailbox: Mailbox,
) -> None:
    await trust(database, organisation)
    (place,) = await publish(own_point(organisation, place=HERE))
    address = f"{PAGE}/{organisation}/entries/{place.feature_id}/change"
    await seated(database, organisation, JAN, Seat.MEMBER)
    async with (
        name_server() as server,
        browser_of_admin(site, organisation, ANNA) as anna,
        browser_of_admin(site, organisation, UKRAINIAN) as olha,
    ):
        await run(database, "UPDATE core.user SET language = 'uk' WHERE email = :email", email=UKRAINIAN)
        night = _nights(settings, database, server.port)

        # Seen for the first time, nothing is held against it.
        server.mx("stol.example", ["mx1.stol.example.", "mx2.stol.example."])
        server.mx("poczta.example", ["mx.poczta.example."])
        assert await night() == []
        assert {name for name, _ in server.asked} == {"stol.example", "poczta.example"}

        # Another order is no change. Nor is silence, of which the log says so once.
        server.mx("stol.example", ["MX2.stol.example.", "mx1.Stol.example."])
        server.zone["poczta.example"] = BROKEN
        assert [(one["log_level"], one["count"]) for one in await night()] == [("warning", 1)]
        assert await night() == []
        server.mx("poczta.example", ["mx.poczta.example."])
        assert await night() == []
        assert await mailbox.collect() == []
        for browser in (anna, olha):
            assert "This is public at once" in said(await browser.get(address))

        # Mail for the domain is handed in elsewhere: all admins read of it, each in their language, and nobody else.
        server.mx("stol.example", ["mx1.stol.example.", "mx.taken.example."])
        await night()
        told = {mail["To"]: mail for mail in await mailbox.collect()}
        assert set(told) == {ANNA, UKRAINIAN}
        assert told[UKRAINIAN]["Subject"] == "Fundacja Ciepły Stół: пошта для stol.example іде в інше місце"
        assert links_in(told[UKRAINIAN]) == [f"{ORIGIN}{PAGE}/{organisation}/people"]
        await night()
        assert await mailbox.collect() == []
        assert await actions(database, CHANGED) == [CHANGED]
        detail = await run(database, "SELECT detail FROM core.audit WHERE action = :action", action=CHANGED)
        assert detail["found"] == "servers"
        assert "stol.example" not in str(detail), "a domain may be somebody's name"

        # Who has that mailbox publishes nothing alone, and reads why; whose is elsewhere does.
        why = "the servers that take mail for stol.example, where your mailbox is, have changed"
        assert why in said(await anna.get(address))
        asked = await change(anna, address, website=WEBSITE, told="")
        assert (asked.status_code, why in said(asked)) == (409, True)
        sent = await change(anna, address, website=WEBSITE, told="mail_servers")
        assert sent.headers["location"].endswith("done=sent")
        assert await run(database, "SELECT max(revision) FROM core.feature") == 1
        assert "This is public at once" in said(await olha.get(address))
        for page in (f"{PAGE}/{organisation}", f"/desk/published/{organisation}/trust"):
            seen = said(await first.get(page))
            assert "Mail for stol.example goes elsewhere" in seen, page
            assert "Servers now: mx.taken.example, mx1.stol.example" in seen
        await mailbox.collect()

        # It is the power to publish alone that waits: a link to sign in comes as before.
        await client.post("/desk/sign-in", data={"email": ANNA})
        assert [mail["To"] for mail in await mailbox.collect()] == [ANNA]

        await run(database, "UPDATE core.mail_domain SET seen_since = seen_since - interval '72 hours'")
        assert why not in said(await anna.get(address))
        assert "goes elsewhere" not in said(await first.get(f"{PAGE}/{organisation}"))

        # A domain that is gone is one that somebody may register tomorrow.
        server.zone["stol.example"] = GONE
        await night()
        assert {mail["To"] for mail in await mailbox.collect()} == {ANNA, UKRAINIAN}
        assert why in said(await anna.get(address))
        assert "Servers now: no servers" in said(await anna.get(f"{PAGE}/{organisation}"))


async def test_b11_nobody_is_asked_where_the_operator_wants_it_so_nor_for_whom_nobody_has_made_sure_of(
    organisation: uuid.UUID, database: Database, settings: Settings
) -> None:
    await seated(database, organisation, ANNA, Seat.ADMIN)
    await seated(database, organisation, "jan@member.example", Seat.MEMBER)
    async with name_server() as server:
        off = settings.model_copy(update={"name_servers": ("off",)})
        await look_at_mail_servers(Work(settings=off, database=database))
        assert await run(database, "SELECT count(*) FROM core.mail_domain") == 0
        night = _nights(settings, database, server.port)
        await night()
        assert {name for name, _ in server.asked} == {"stol.example"}
        # What it was is known for a while after, and forgotten then.
        await run(database, "UPDATE core.verification SET ended_at = now()")
        server.asked.clear()
        await night()
        assert (server.asked, await run(database, "SELECT count(*) FROM core.mail_domain")) == ([], 1)
        long_ago = dt.timedelta(days=91)
        await run(database, "UPDATE core.mail_domain SET looked_at = looked_at - :ago", ago=long_ago)
        await night()
        assert await run(database, "SELECT count(*) FROM core.mail_domain") == 0


def _nights(settings: Settings, database: Database, port: int) -> Night:
    """What happens every night, with a name server of this machine; gives what was logged."""
    asks = settings.model_copy(update={"name_servers": (f"127.0.0.1:{port}",)})

    async def night() -> list[EventDict]:
        with structlog.testing.capture_logs() as logged:
            await look_at_mail_servers(Work(settings=asks, database=database))
        return [dict(one) for one in logged]

    return night
