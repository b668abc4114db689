"""What its admins read before they send, what the desk sees of it, and how that is undone (SECURITY A6)."""

import uuid

import httpx2
from fastapi import FastAPI
from sqlalchemy import select, text

from app.accounts.roles import Role
from app.db import Database, session
from app.features.history import BY_ITSELF
from app.features.models import Feature
from app.moderation.models import Submission
from tests.functional.conftest import Mailbox, Publish
from tests.functional.desk.conftest import decision, signed_in
from tests.functional.desk.organisations import PAGE, browser_of_member, change, own_point, said
from tests.functional.desk.trusted import (
    HERE,
    browser_of_admin,
    trust,
)
from tests.functional.desk.trusting.world import ANNA, JAN, PHONE, SITE, run

AN_HOUR = "interval '1 hour'"


async def test_an_admin_reads_before_sending_whether_it_is_public_at_once_and_it_is(
    site: FastAPI,
    client: httpx2.AsyncClient,
    organisation: uuid.UUID,
    database: Database,
    publish: Publish,
    mailbox: Mailbox,
) -> None:
    await trust(database, organisation)
    before = [{"kind": "email", "value": "dawna@kuchnia.example"}, PHONE]
    (place,) = await publish(own_point(organisation, "Kuchnia", place=HERE, contacts=before))
    here = f"{PAGE}/{organisation}"
    address = f"{here}/entries/{place.feature_id}/change"
    public = f"/api/v1/layers/aid_points/features/{place.feature_id}"
    async with (
        browser_of_admin(site, organisation, ANNA) as anna,
        browser_of_member(site, organisation, JAN) as jan,
        signed_in(site, Role.ADMINISTRATOR, "desk@example.org") as desk,
    ):
        desk.headers["Accept-Language"] = "en"
        assert "You publish by yourselves" in said(await anna.get(here))
        form = said(await anna.get(address))
        assert "This is public at once" in form
        assert "Kielce" in form
        assert "only admins of your organisation publish by themselves" in said(await jan.get(address))

        # What was said would be public, and now would wait, is not sent before they have read why.
        outside = {"position": "50.87, 20.9", "website": "https://bit.ly/abc"}
        asked = await change(anna, address, **outside)
        assert asked.status_code == 409, said(asked)
        assert "it would move to where your organisation does not publish" in said(asked)
        assert "a link or a text in it has to be looked at" in said(asked)
        assert "https://bit.ly/abc" in asked.text
        assert await run(database, "SELECT count(*) FROM core.submission") == 0
        sent = await change(anna, address, website="https://bit.ly/abc", told="risk")
        assert "Your change is sent" in said(await anna.get(sent.headers["location"]))
        assert (await client.get(public)).json()["properties"].get("website") is None

        # Sent, it is public: theirs in history and log, and whoever was behind it is told.
        await mailbox.collect()
        done = await change(anna, address, **SITE, **{"emails.0.value": "nowa@kuchnia.example"})
        assert "It is on the map now" in said(await anna.get(done.headers["location"]))
        assert (await client.get(public)).json()["properties"]["website"] == SITE["website"]
        events = (await client.get(f"{public}/history")).json()["events"]
        assert [one["by"] for one in events if one["kind"] == "changed"] == ["organisation"]
        assert ["by" in one for one in events if one["kind"] == "published"] == [False]
        page = said(await client.get(f"/en/aid_points/{place.feature_id}/-", follow_redirects=True))
        assert "approved by the organisation itself, which is trusted" in page
        (mail,) = await mailbox.collect()
        body = mail.get_body(("plain",))
        assert mail["To"] == "dawna@kuchnia.example"
        assert body is not None
        assert "Fundacja Ciepły Stół" in body.get_content()
        async with session(database) as s:
            query = "SELECT DISTINCT actor_kind, detail ->> 'by' AS by FROM core.audit WHERE action = 'submission.approved'"
            (logged,) = (await s.execute(text(query))).all()
            made = (
                await s.execute(text("SELECT action, actor_id FROM core.revision WHERE number = 2"))
            ).one()
            submission = await s.get_one(
                Submission, await s.scalar(text("SELECT submission_id FROM core.own_approval"))
            )
        assert (logged.actor_kind, logged.by) == ("staff", BY_ITSELF)
        assert (made.action, made.actor_id) == (BY_ITSELF, submission.sent_by)

        await looked_at_counted_and_undone(client, desk, database, submission, public)

        # Ended between reading and sending: nothing is published that would have been.
        await run(database, "UPDATE core.trust SET ended_at = now()")
        late = await change(anna, address, website="https://stol.example/", told="")
        assert (late.status_code, "nobody has given your organisation" in said(late)) == (409, True)


async def looked_at_counted_and_undone(
    client: httpx2.AsyncClient,
    desk: httpx2.AsyncClient,
    database: Database,
    submission: Submission,
    public: str,
) -> None:
    """A moderator looks at it afterwards, it is counted apart, and undone it waits as any other."""
    review = f"/desk/submissions/{submission.id}"
    assert "Published by organisations" in said(await desk.get("/desk"))
    assert "Look at them again" in said(await desk.get("/desk/by-themselves"))
    assert (await desk.post("/desk/by-themselves/seen", data={"id": str(submission.id)})).status_code == 303
    assert "Look at them again" not in said(await desk.get("/desk/by-themselves"))
    figures = said(await desk.get("/desk/statistics"))
    assert "have published 1 submission by themselves" in figures
    assert "0 decisions in this period" in figures
    assert "Approved by the organisation itself" in said(
        await desk.get(f"/desk/published/{submission.feature_id}")
    )
    assert "The organisation has published this by itself" in said(await desk.get(review))
    # As long as any decision, and then the page says what there is instead.
    await run(database, f"UPDATE core.submission SET decided_at = decided_at - {AN_HOUR}")
    over = await desk.get(review)
    assert "The time to undo it is over" in said(over)
    assert f"/desk/published/{submission.feature_id}/versions" in over.text
    assert f"{review}/undo" not in over.text
    late = await desk.post(f"{review}/undo", data={"version": str(submission.version)})
    assert (late.status_code, "Too much time has passed to undo this" in said(late)) == (409, True)
    assert (await client.get(public)).json()["properties"]["website"] == SITE["website"]
    await run(database, f"UPDATE core.submission SET decided_at = decided_at + {AN_HOUR}")
    undone = await desk.post(f"{review}/undo", data={"version": str(submission.version)})
    assert undone.status_code == 303, said(undone)
    assert (await client.get(public)).json()["properties"].get("website") is None
    assert "by themselves" not in said(await desk.get("/desk/statistics"))
    assert (
        await run(database, "SELECT state FROM core.submission WHERE id = :id", id=submission.id) == "pending"
    )
    again = decision(submission, version=submission.version + 1)
    assert (await desk.post(f"{review}/approve", data=again)).status_code == 303
    assert "1 decision in this period" in said(await desk.get("/desk/statistics"))


async def test_a_new_place_is_public_once_and_where_nobody_is_trusted_it_waits(
    site: FastAPI, client: httpx2.AsyncClient, organisation: uuid.UUID, database: Database
) -> None:
    address = f"{PAGE}/{organisation}/add"
    typed = {
        "name": "Świetlica",
        "services": "hot_meals",
        "address.city": "Kielce",
        "position": "50.87, 20.63",
        "hours.kind": "always",
        "organisation": "Ktoś inny",
        "number": "7" * 32,
    }
    async with (
        browser_of_admin(site, organisation, ANNA) as anna,
        signed_in(site, Role.MODERATOR, "moderator@example.org") as moderator,
    ):
        moderator.headers["Accept-Language"] = "en"
        sent = await change(anna, address, **typed)
        assert sent.status_code == 303, said(sent)
        assert sent.headers["location"].endswith("done=sent")
        waiting = await run(database, "SELECT id FROM core.submission")
        assert "From the organisation itself" in said(await moderator.get(f"/desk/submissions/{waiting}"))
        await run(database, "UPDATE core.submission SET state = 'withdrawn'")

        await trust(database, organisation)
        typed |= {"number": "8" * 32}
        for _ in range(2):
            done = await change(anna, address, **typed)
            assert done.headers["location"].endswith("done=published"), said(done)
        async with session(database) as s:
            (place,) = (await s.scalars(select(Feature).where(Feature.layer == "aid_points"))).all()
        assert place.content["organisation"] == {"id": str(organisation)}
        assert place.verified_how == "owner_confirmed"
        other = await change(anna, address, **typed | {"number": "9" * 32})
        assert other.status_code == 409
        assert "the map may have this place already" in said(other)
        page = said(await client.get(f"/en/aid_points/{place.id}/-", follow_redirects=True))
        assert "Put on the map (approved by the organisation itself, which is trusted)" in page
