"""What the people of an organisation see, and what they may do for its entries (SECURITY A2, A4)."""

import datetime as dt
import re
import uuid

from fastapi import FastAPI
from sqlalchemy import select, text

from app.accounts.memberships import Seat
from app.accounts.roles import Role
from app.db import Database, session
from app.features.models import Feature
from app.features.publishing import Provenance
from app.moderation.models import Submission
from tests.functional.conftest import Mailbox, Publish, links_in
from tests.functional.desk.conftest import decision, signed_in
from tests.functional.desk.organisations import (
    PAGE,
    actions,
    browser_of_member,
    change,
    own_point,
    people_of,
    publish_organisation,
    said,
)

ANNA, JAN = "anna@stol.example", "jan@stol.example"
TODAY = dt.datetime.now(dt.UTC)


async def test_the_first_screen_says_what_is_left_to_do_and_shows_every_point_as_the_public_sees_it(
    site: FastAPI, database: Database, publish: Publish
) -> None:
    organisation = await publish_organisation(publish)
    other = await publish_organisation(publish, "Inna fundacja")
    whole = {"hours": "Mo-Fr 08:00-16:00", "website": "https://stol.example/"}
    for name, days in (("Świeży", 1), ("Starszy", 100), ("Stary", 300)):
        checked = Provenance(verified_at=TODAY - dt.timedelta(days=days))
        await publish(own_point(organisation, name, **whole), provenance=checked)
    (bare,) = await publish(own_point(organisation, "Goły"))
    await publish(own_point(other, "Cudzy"))
    async with session(database) as s:
        await s.execute(
            text("UPDATE core.feature SET state = 'unpublished' WHERE id = :id"), {"id": bare.feature_id}
        )
    async with browser_of_member(site, organisation, ANNA, Seat.ADMIN) as anna:
        front = await anna.get("/desk", follow_redirects=True)
        assert front.url.path == f"{PAGE}/{organisation}"
        words = said(front)
        assert "3 entries on the map, 1 taken off" in words
        assert words.count("To do:") + words.count("Done:") == 5
        assert "Nobody has checked 2 entries for three months" in words
        assert "All entries say when they are open" in words
        assert "says nothing yet about: " in words
        assert "You are alone" in words
        names = ["Stary", "Starszy", "Świeży", "Goły"]
        assert sorted(names, key=words.index) == names
        assert "Cudzy" not in words
        for name, state in zip(
            names, ("Not checked for long", "Check it soon", "Checked lately", "Off the map"), strict=True
        ):
            row = words[words.index(name) :]
            assert row.index(state) < 120, (name, row[:160])
        # The next page goes on behind the last one of this, in the same order.
        ids = re.findall(r'id="entry-([0-9a-f-]{36})"', front.text)
        behind = await anna.get(f"{PAGE}/{organisation}?behind={ids[1]}")
        assert [name in said(behind) for name in names] == [False, False, True, True]
        old = said(await anna.get(f"{PAGE}/{organisation}?show=confirm"))
        assert [name in old for name in names] == [True, True, False, False]
        # The rest of the desk is not for them.
        assert (await anna.get("/desk/published")).status_code == 403
        assert (await anna.get("/desk/account")).status_code == 200
        # Of the other one they learn nothing.
        assert (await anna.get(f"{PAGE}/{other}")).status_code == 404


async def test_one_press_says_that_a_point_is_still_true_unless_somebody_says_otherwise(
    site: FastAPI, database: Database, publish: Publish
) -> None:
    organisation = await publish_organisation(publish)
    old = Provenance(verified_at=TODAY - dt.timedelta(days=200))
    (point,) = await publish(own_point(organisation), provenance=old)
    (other,) = await publish(own_point(await publish_organisation(publish, "Inna"), "Cudzy"), provenance=old)
    entries = f"{PAGE}/{organisation}/entries"
    async with browser_of_member(site, organisation, ANNA) as anna:
        answer = await anna.post(f"{entries}/{point.feature_id}/confirm", data={"revision": "1"})
        assert answer.status_code == 303, answer.text
        page = said(await anna.get(answer.headers["location"]))
        assert "checked it today" in page
        assert "Checked today" in page
        stale = await anna.post(f"{entries}/{point.feature_id}/confirm", data={"revision": "7"})
        assert stale.status_code == 409
        assert (
            await anna.post(f"{entries}/{other.feature_id}/confirm", data={"revision": "1"})
        ).status_code == 404
        statement = text(
            "INSERT INTO core.report (feature_id, reason, language, number)"
            " VALUES (:id, :reason, 'pl', uuid_send(gen_random_uuid()))"
        )
        # What somebody has said of them in confidence neither a page nor a refusal tells them.
        for reason in ("exploitation", "refused", "other"):
            async with session(database) as s:
                await s.execute(statement, {"id": point.feature_id, "reason": reason})
        assert "Reported by a visitor" not in said(await anna.get(f"{PAGE}/{organisation}"))
        again = await anna.post(f"{entries}/{point.feature_id}/confirm", data={"revision": "1"})
        assert again.status_code == 303
        async with session(database) as s:
            await s.execute(statement, {"id": point.feature_id, "reason": "closed_for_good"})
        assert "Reported by a visitor" in said(await anna.get(f"{PAGE}/{organisation}"))
        disputed = await anna.post(f"{entries}/{point.feature_id}/confirm", data={"revision": "1"})
        assert disputed.status_code == 409
        assert "Somebody has reported" in disputed.text
    async with session(database) as s:
        mine = await s.get_one(Feature, point.feature_id)
        theirs = await s.get_one(Feature, other.feature_id)
    assert (mine.verified_how, mine.revision) == ("owner_confirmed", 1)
    assert theirs.verified_at == old.verified_at


async def test_a_change_by_a_member_waits_as_theirs_and_says_so_as_long_as_they_belong(
    site: FastAPI, database: Database, publish: Publish, mailbox: Mailbox
) -> None:
    organisation = await publish_organisation(publish)
    (point,) = await publish(own_point(organisation, contacts=[{"kind": "phone", "value": "+48413680000"}]))
    await mailbox.collect()
    async with browser_of_member(site, organisation, ANNA) as anna:
        address = f"{PAGE}/{organisation}/entries/{point.feature_id}/change"
        unchanged = await change(anna, address)
        assert unchanged.status_code == 422, unchanged.text
        sent = await change(anna, address, website="https://stol.example/")
        assert sent.status_code == 303, said(sent)
        again = await change(anna, address, website="https://stol.example/")
        assert again.status_code == 303
        stale = await change(anna, address, website="https://stol.example/2", base="9")
        assert stale.status_code == 409
        assert "https://stol.example/2" in stale.text
        page = said(await anna.get(sent.headers["location"]))
        assert "Your change is sent" in page
        assert "1 change waits" in page
        assert (await anna.get(f"/api/v1/layers/aid_points/features/{point.feature_id}")).json()[
            "properties"
        ].get("website") is None
        async with session(database) as s:
            (submission,) = (await s.scalars(select(Submission))).all()
        assert (submission.state, submission.organisation_id, submission.contact_email) == (
            "pending",
            organisation,
            ANNA,
        )
        # Nothing is to be confirmed by mail.
        assert all("/confirm/" not in link for mail in await mailbox.collect() for link in links_in(mail))
        async with signed_in(site, Role.MODERATOR, "moderator@example.org") as moderator:
            moderator.headers["Accept-Language"] = "en"
            assert "Sent for Fundacja Ciepły Stół" in said(await moderator.get("/desk"))
            review = f"/desk/submissions/{submission.id}"
            assert "From the organisation itself" in said(await moderator.get(review))
            assert (
                (await anna.post(f"{PAGE}/{organisation}/leave", data={"sure": ""}))
                .headers["location"]
                .endswith("#leave")
            )
            assert (await anna.post(f"{PAGE}/{organisation}/leave", data={"sure": "1"})).status_code == 303
            left = said(await moderator.get(review))
            assert "From the organisation itself" not in left
            assert "no longer of the organisation" in left
            answer = await moderator.post(f"{review}/approve", data=decision(submission))
            assert answer.status_code == 303, answer.text
        (mail,) = [mail for mail in await mailbox.collect() if mail["To"] == ANNA]
        assert "Stołówka" in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert (await actions(database))[-1] == "membership.left"
    assert "submission.submitted" in await actions(database, "submission")


async def test_a4_no_field_of_a_form_gives_more_than_the_form_asks_for(
    site: FastAPI, database: Database, publish: Publish
) -> None:
    organisation = await publish_organisation(publish)
    other = await publish_organisation(publish, "Inna")
    (point,) = await publish(own_point(organisation))
    forbidden = {
        "organisation_id": str(other),
        "sent_by": str(uuid.uuid4()),
        "state": "approved",
        "status": "approved",
        "verified_how": "visit",
        "how": "visit",
        "role": "administrator",
        "staff": "1",
        "user_id": str(uuid.uuid4()),
        "owner_id": str(uuid.uuid4()),
        "exact": "1",
        "channel": "import",
        "version": "9",
    }
    here = f"{PAGE}/{organisation}"
    async with browser_of_member(site, organisation, ANNA, Seat.ADMIN) as anna:
        # Of a place the form itself asks by which channel it helps, and whether it works.
        unasked = {name: value for name, value in forbidden.items() if name not in ("channel", "status")}
        address = f"{here}/entries/{point.feature_id}/change"
        sent = await change(anna, address, **unasked, website="https://stol.example/")
        assert sent.status_code == 303, said(sent)
        await anna.post(f"{here}/entries/{point.feature_id}/confirm", data={"revision": "1", **forbidden})
        form = {"email": JAN, "name": "Jan", "language": "pl", "seat": "member"}
        await anna.post(f"{here}/people", data=forbidden | form)
    async with session(database) as s:
        (submission,) = (await s.scalars(select(Submission))).all()
        assert (submission.state, submission.channel) == ("pending", "form")
        assert submission.organisation_id == organisation
        assert submission.content["organisation"]["id"] == str(organisation)
        feature = await s.get_one(Feature, point.feature_id)
        assert feature.verified_how in ("email", "owner_confirmed")
        assert (await s.execute(text('SELECT count(*) FROM core."grant"'))).scalar_one() == 0
    assert await people_of(database, organisation) == {ANNA: "admin", JAN: "member"}
    assert await people_of(database, other) == {}
