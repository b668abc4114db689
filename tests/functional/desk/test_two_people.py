"""SECURITY A7: what concerns protected help is public when two different people have said yes to the same, and nobody publishes what they have sent."""

import asyncio
import re
import uuid
from typing import Any

import httpx2
from fastapi import FastAPI
from sqlalchemy import text

from app.accounts.audit import verify_chain
from app.accounts.roles import Role
from app.db import Database, session
from app.features.models import Feature
from app.layers.registry import LAYERS
from app.moderation.actions.submit import Proposal, submit
from app.moderation.links import make_token
from app.moderation.models import Screened, Submission
from tests.functional.conftest import SECRET, Publish, aid_point
from tests.functional.desk.conftest import Waiting, decision, signed_in, somebody
from tests.functional.desk.merging import merge, two
from tests.functional.desk.test_editing import opened, publishes
from tests.functional.pages.conftest import Person
from tests.postgis import AT_ONCE

LAYER = LAYERS["aid_points"]
KNOWN, STRANGERS = "+48413445566", "+48600700800"
SHELTER: dict[str, Any] = {
    "name": "Dom dla kobiet",
    "services": [{"type": "violence_shelter"}],
    "place": {"disclosure": "contact_only", "area": {"code": "PL-26", "name": "Świętokrzyskie"}},
    "contacts": [{"kind": "phone", "value": KNOWN}],
}
ANOTHER_PHONE = {"contacts": [{"kind": "phone", "value": STRANGERS}]}
WAITS_NOTE, ALONE, OWN = 'id="by-two"', "Nikt inny nie może tu jeszcze o tym decydować.", 'id="own"'


second = somebody(Role.MODERATOR, "second@example.org")


async def _press(
    who: httpx2.AsyncClient, database: Database, submission: Submission, act: str = "approve", **typed: str
) -> httpx2.Response:
    """Press on the page as it is now, with what the page carries."""
    page = (await who.get(f"/desk/submissions/{submission.id}")).text
    carried = dict(re.findall(r'name="(agreed)" value="([^"]+)"', page))
    async with session(database) as s:
        now = await s.get_one(Submission, submission.id)
    form = decision(now) | carried | typed
    return await who.post(f"/desk/submissions/{submission.id}/{act}", data=form)


async def _public(client: httpx2.AsyncClient, feature_id: uuid.UUID | None = None) -> str:
    await asyncio.sleep(0.3)  # what was known of the layer's version may be a quarter of a second old
    if feature_id is not None:
        return (await client.get(f"/api/v1/layers/aid_points/features/{feature_id}")).text
    return (await client.get("/api/v1/layers/aid_points/features.geojson?limit=100")).text


async def _state(database: Database, submission: Submission) -> str:
    async with session(database) as s:
        return (await s.get_one(Submission, submission.id)).state


async def test_a7_two_different_people_publish_a_shelter_and_one_of_them_never(
    site: FastAPI,
    client: httpx2.AsyncClient,
    moderator: httpx2.AsyncClient,
    waiting: Waiting,
    database: Database,
) -> None:
    made = await waiting(**SHELTER)
    page = (await moderator.get(f"/desk/submissions/{made.id}")).text
    # Said at the button, and that there is nobody else yet.
    assert WAITS_NOTE in page
    assert ALONE in page
    assert "Zgadzam się" in page
    answers = await asyncio.gather(
        *(
            moderator.post(f"/desk/submissions/{made.id}/approve", data=decision(made))
            for _ in range(max(6, AT_ONCE))
        )
    )
    assert sorted({answer.status_code for answer in answers}) == [303, 409]
    assert (await _press(moderator, database, made)).status_code == 303
    assert await _state(database, made) == "pending"
    assert "Dom dla kobiet" not in await _public(client)
    after = (await moderator.get(f"/desk?after={made.id}")).text
    assert "czeka na zgodę drugiej osoby" in after
    async with signed_in(site, Role.MODERATOR, "second@example.org") as second:
        page = (await second.get(f"/desk/submissions/{made.id}")).text
        assert "moderator mówi: tak" in page
        assert ALONE not in page
        assert (await _press(second, database, made)).status_code == 303
    assert await _state(database, made) == "approved"
    assert KNOWN in await _public(client)
    async with session(database) as s:
        assert await verify_chain(s) is None
        kept = await s.scalar(text("SELECT count(*) FROM core.agreement"))
        said = await s.execute(
            text(
                "SELECT actor_id FROM core.audit WHERE action IN ('submission.agreed', 'submission.approved')"
            )
        )
    assert kept == 0
    assert len({row.actor_id for row in said}) == 2


async def test_a7_the_second_says_yes_to_what_the_first_has_seen_or_it_begins_anew(
    client: httpx2.AsyncClient,
    moderator: httpx2.AsyncClient,
    second: httpx2.AsyncClient,
    waiting: Waiting,
    publish: Publish,
    database: Database,
) -> None:
    (live,) = await publish(aid_point(**SHELTER))
    made = await waiting(**SHELTER | ANOTHER_PHONE, feature_id=live.feature_id)
    assert (await _press(moderator, database, made)).status_code == 303
    # By whichever way the content changes, nobody has said yes to it any more.
    async with session(database) as s:
        row = await s.get_one(Submission, made.id)
        row.content = row.content | {"contacts": [{"kind": "phone", "value": "+48600111222"}]}
        row.version += 1
    assert (await _press(second, database, made)).status_code == 303
    assert KNOWN in await _public(client, live.feature_id)
    # What is on the map changes: the yes was to another content, and is not shown any more.
    async with session(database) as s:
        entry = await s.get_one(Feature, live.feature_id)
        entry.content = entry.content | {"hours": "Mo-Fr 08:00-12:00"}
    page = (await moderator.get(f"/desk/submissions/{made.id}")).text
    assert "mówi: tak" not in page
    assert (await _press(moderator, database, made)).status_code == 303
    assert KNOWN in await _public(client, live.feature_id)
    # Whoever may decide no more has said nothing.
    async with session(database) as s:
        await s.execute(text("UPDATE core.\"user\" SET suspended_at = now() WHERE email LIKE 'moderator@%'"))
    assert (await _press(second, database, made)).status_code == 303
    assert KNOWN in await _public(client, live.feature_id)
    async with session(database) as s:
        await s.execute(text('UPDATE core."user" SET suspended_at = NULL'))
    # To turn down, to ask and to take off the map one is enough.
    assert (await _press(second, database, made, "reject", reason="not_help")).status_code == 303
    assert await _state(database, made) == "rejected"


async def test_a7_nobody_publishes_what_they_have_sent_themselves(
    site: FastAPI, client: httpx2.AsyncClient, second: httpx2.AsyncClient, database: Database
) -> None:
    content = LAYER.content.read(aid_point("Zwykła kuchnia"))
    async with session(database) as s:
        made = await submit(s, Proposal(LAYER, content), language="pl", contact_email="admin@example.org")
    token = make_token(SECRET, "confirm", made.id)
    assert (await client.post(f"/pl/confirm/{token}")).status_code == 303
    async with signed_in(site, Role.ADMINISTRATOR, "Admin@Example.org") as sender:
        page = (await sender.get(f"/desk/submissions/{made.id}")).text
        assert OWN in page
        assert 'id="approve"' not in page
        refused = await sender.post(
            f"/desk/submissions/{made.id}/approve", data=decision(made, version=made.version + 1)
        )
        assert refused.status_code == 409
        assert "o publikacji decyduje ktoś inny" in refused.text
        of = await sender.post(
            "/desk/bulk", data={"act": "approve", "id": f"{made.id}.{made.version + 1}", "scope": "ticked"}
        )
        assert "to Twoje własne zgłoszenie" in (await sender.get(of.headers["location"])).text
    assert await _state(database, made) == "pending"
    assert (await _press(second, database, made)).status_code == 303
    assert await _state(database, made) == "approved"


async def test_a7_a_bulk_leaves_protected_help_out_by_name_and_shows_what_the_others_change(
    client: httpx2.AsyncClient,
    moderator: httpx2.AsyncClient,
    waiting: Waiting,
    publish: Publish,
    database: Database,
) -> None:
    shelter, kitchen = await publish(
        aid_point(**SHELTER), aid_point("Kuchnia", contacts=[{"kind": "phone", "value": KNOWN}])
    )
    hidden = await waiting(**SHELTER | ANOTHER_PHONE, feature_id=shelter.feature_id)
    plain = await waiting(name="Kuchnia", **ANOTHER_PHONE, feature_id=kitchen.feature_id)
    form = {"act": "approve", "scope": "ticked", "id": [f"{one.id}.{one.version}" for one in (hidden, plain)]}
    at = (await moderator.post("/desk/bulk", data=form)).headers["location"]
    page = (await moderator.get(at)).text
    asks, _, left = page.partition('id="left-out"')
    assert "Dom dla kobiet" not in asks
    assert "Dom dla kobiet" in left
    assert "zgadzają się dwie osoby" in left
    assert "<del>" in asks
    assert "600 700 800" in asks
    assert "na 100" in asks
    done = await moderator.post("/desk/bulk/do", data={"of": at.split("of=")[1]})
    assert "Dom dla kobiet" in (await moderator.get(done.headers["location"])).text
    assert await _state(database, plain) == "approved"
    assert await _state(database, hidden) == "pending"
    assert KNOWN in await _public(client, shelter.feature_id)


async def test_a7_two_people_restore_put_back_and_merge_protected_help(
    client: httpx2.AsyncClient,
    moderator: httpx2.AsyncClient,
    second: httpx2.AsyncClient,
    waiting: Waiting,
    publish: Publish,
    database: Database,
) -> None:
    (live,) = await publish(aid_point(**SHELTER))
    made = await waiting(**SHELTER | ANOTHER_PHONE, feature_id=live.feature_id)
    for who in (moderator, second):
        await _press(who, database, made)
    assert STRANGERS in await _public(client, live.feature_id)
    at = f"/desk/published/{live.feature_id}"
    form = {"revision": "2", "number": "1", "field": "contacts", "reason": "Cudzy numer."}
    for _ in range(2):
        assert (await moderator.post(f"{at}/restore", data=form)).status_code == 303
    assert STRANGERS in await _public(client, live.feature_id)
    page = (await second.get(at)).text
    assert "moderator mówi: tak" in page
    assert f"{at}/version?number=1" in page
    assert (await second.post(f"{at}/restore", data=form)).status_code == 303
    assert KNOWN in await _public(client, live.feature_id)
    # Off the map by one, back by two.
    assert (
        await moderator.post(f"{at}/take-down", data={"revision": "3", "reason": "Sprawdzamy."})
    ).status_code == 303
    for who, is_there in ((moderator, False), (moderator, False), (second, True)):
        await who.post(f"{at}/put-back", data={"revision": "4", "reason": "W porządku."})
        assert (KNOWN in await _public(client, live.feature_id)) is is_there
    # Another choice is another act: the second one says yes to what the first one has chosen.
    keep, drop = await two(publish, services=SHELTER["services"], place=SHELTER["place"])
    chosen = {"place": "loser", "services": "loser", "name": "winner", "contacts": "both"}
    await merge(moderator, keep, drop, **chosen)
    await merge(second, keep, drop, **chosen | {"name": "loser"})
    async with session(database) as s:
        assert (await s.get_one(Feature, drop)).merged_into is None
    assert (await merge(moderator, keep, drop, **chosen | {"name": "loser"})).status_code == 303
    async with session(database) as s:
        assert (await s.get_one(Feature, drop)).merged_into == keep


async def test_a7_what_the_first_has_corrected_the_second_sees_and_publishes(
    client: httpx2.AsyncClient,
    moderator: httpx2.AsyncClient,
    second: httpx2.AsyncClient,
    waiting: Waiting,
    database: Database,
) -> None:
    made = await waiting(**SHELTER)
    first = Person(moderator)
    await publishes(first, await opened(first, made), name="Dom dla matek")
    page = (await second.get(f"/desk/submissions/{made.id}")).text
    assert 'id="as-agreed"' in page
    assert "Dom dla matek" in page
    assert "Dom dla" not in await _public(client)
    assert (await _press(second, database, made)).status_code == 303
    assert "Dom dla matek" in await _public(client)


async def test_e8_a_strangers_number_for_a_shelter_is_looked_at_first_and_asked_about_on_the_known_one(
    moderator: httpx2.AsyncClient, waiting: Waiting, publish: Publish, database: Database
) -> None:
    (live,) = await publish(aid_point(**SHELTER))
    made = await waiting(**SHELTER | ANOTHER_PHONE, feature_id=live.feature_id)
    async with session(database) as s:
        screened = await s.get_one(Screened, made.id)
        assert "protected_contact" in [reason["code"] for reason in screened.reasons]
        assert screened.score >= 40
        # However much else speaks against it: harm is no reason to wait behind everything.
        screened.score = 95
        screened.reasons = [*screened.reasons, {"code": "phone_costly", "points": 15, "detail": {}}]
    async with session(database) as s:
        band = "SELECT band FROM core.submission WHERE id = :id"
        assert await s.scalar(text(band), {"id": made.id}) == 0
    # Nor is it called what it is not.
    listed = (await moderator.get("/desk")).text
    # Each once in the filters.
    assert (listed.count("wątpliwe"), listed.count("prawdopodobnie spam")) == (2, 1)
    async with session(database) as s:
        (await s.get_one(Screened, made.id)).score = 100
        await s.flush()
        assert await s.scalar(text(band), {"id": made.id}) == 2
    page = (await moderator.get(f"/desk/submissions/{made.id}")).text
    asks, proposed = page.index(f"tel:{KNOWN}"), page.index(f"tel:{STRANGERS}")
    assert page.index("tu pytaj") < asks < page.index("niczego nie dowodzi") < proposed


async def test_a7_one_closes_a_shelter_at_once_and_two_say_what_everybody_reads_of_it(
    client: httpx2.AsyncClient,
    moderator: httpx2.AsyncClient,
    second: httpx2.AsyncClient,
    publish: Publish,
    database: Database,
) -> None:
    (live,) = await publish(aid_point(**SHELTER))
    at = f"/desk/published/{live.feature_id}"
    assert "Na słowa o pomocy chronionej zgadzają się dwie osoby" in (await moderator.get(f"{at}/close")).text
    form = {"state": "closed", "since": "2026-11-20", "reason": "moved", "language": "pl"}
    # No address, whoever agrees to it (F6).
    said = {"note": "Teraz przy ul. Ogrodowej 7.", "revision": "1"}
    assert (await moderator.post(f"{at}/close", data=form | said)).status_code == 422
    said = {"note": "Teraz pod numerem 600 700 800.", "revision": "1"}
    assert (await moderator.post(f"{at}/close", data=form | said)).status_code == 303
    public = await _public(client, live.feature_id)
    assert '"reason":"moved"' in public
    assert "600 700 800" not in public
    # Pressed again it changes nothing, and does not make two of one.
    assert (await moderator.post(f"{at}/close", data=form | said | {"revision": "2"})).status_code == 303
    assert "600 700 800" not in await _public(client, live.feature_id)
    assert f"{at}/close" in (await second.get(at)).text
    # The second one reads the words, and says yes to these or to nothing.
    assert "Teraz pod numerem 600 700 800." in (await second.get(f"{at}/close")).text
    other = {"note": "Teraz pod numerem 600 700 801.", "revision": "2"}
    assert (await second.post(f"{at}/close", data=form | other)).status_code == 303
    assert "600 700" not in await _public(client, live.feature_id)
    assert (await moderator.post(f"{at}/close", data=form | other)).status_code == 303
    assert "600 700 801" in await _public(client, live.feature_id)
    # What two have said stays when one says an earlier day of it.
    earlier = form | other | {"since": "2026-11-19", "revision": "3"}
    assert (await moderator.post(f"{at}/close", data=earlier)).status_code == 303
    assert "600 700 801" in await _public(client, live.feature_id)
    # Closed for good it comes back by two, as what was taken off the map: also with a last day that is over.
    over = {"state": "temporarily_closed", "reason": "renovation", "note": "", "until": "2026-11-20"}
    again = form | over | {"revision": "4"}
    for path, typed in (("close", again), ("reopen", {"revision": "4", "reason": "Wróciły."})):
        for _ in range(2):
            assert (await moderator.post(f"{at}/{path}", data=typed)).status_code == 303
        assert '"state":"closed"' in await _public(client, live.feature_id)
    assert 'href="#again">' in (await second.get(at)).text
    assert (await second.post(f"{at}/reopen", data=typed)).status_code == 303
    assert '"status"' not in await _public(client, live.feature_id)
    async with session(database) as s:
        assert await s.scalar(text("SELECT count(*) FROM core.agreement")) == 0
        assert await verify_chain(s) is None


async def test_a7_two_change_join_and_put_back_an_organisation_that_runs_a_shelter(
    client: httpx2.AsyncClient,
    moderator: httpx2.AsyncClient,
    second: httpx2.AsyncClient,
    publish: Publish,
    database: Database,
) -> None:
    def named(name: str, phone: str) -> dict[str, Any]:
        phones = [{"kind": "phone", "value": phone}]
        return {"name": {"texts": {"pl": name}, "source": "pl"}, "contacts": phones}

    runs, another = await publish(
        named("Fundacja Dom", KNOWN), named("Fundacja", STRANGERS), layer="organisations"
    )
    (shelter,) = await publish(aid_point(**SHELTER, organisation={"id": str(runs.feature_id)}))

    async def told(feature_id: uuid.UUID = runs.feature_id) -> str:
        await asyncio.sleep(0.3)  # as above
        return (await client.get(f"/api/v1/layers/organisations/features/{feature_id}")).text

    organisations = LAYERS["organisations"]
    async with session(database) as s:
        content = organisations.content.read(named("Fundacja Dom", STRANGERS))
        change = Proposal(organisations, content, runs.feature_id)
        made = await submit(s, change, language="pl", contact_email="ola@example.org")
    assert (await client.post(f"/pl/confirm/{make_token(SECRET, 'confirm', made.id)}")).status_code == 303
    page = (await moderator.get(f"/desk/submissions/{made.id}")).text
    assert "To organizacja, która prowadzi chronioną pomoc" in page
    ticked = {"act": "approve", "id": f"{made.id}.{made.version + 1}", "scope": "ticked"}
    of = (await moderator.post("/desk/bulk", data=ticked)).headers["location"]
    assert "zgadzają się dwie osoby" in (await moderator.get(of)).text
    for _ in range(2):
        assert (await _press(moderator, database, made)).status_code == 303
    assert STRANGERS not in await told()
    assert (await _press(second, database, made)).status_code == 303
    assert STRANGERS in await told()
    at = f"/desk/published/{runs.feature_id}"
    form = {"revision": "2", "number": "1", "field": "contacts", "reason": "Cudzy numer."}
    for who, number in ((moderator, STRANGERS), (second, KNOWN)):
        assert (await who.post(f"{at}/restore", data=form)).status_code == 303
        assert number in await told()
    # Nor does the shelter get another one's name and number with one yes, whichever of the two stays.
    revisions = {"revision": "1", "other": "3"}
    for who in (moderator, moderator):
        join = await who.post(f"/desk/merge/{another.feature_id}/{runs.feature_id}", data=revisions)
        assert join.status_code == 303
    assert str(runs.feature_id) in await _public(client, shelter.feature_id)
    joined = await second.post(f"/desk/merge/{another.feature_id}/{runs.feature_id}", data=revisions)
    assert str(another.feature_id) in await _public(client, shelter.feature_id)
    for who, is_run_by in ((second, another), (moderator, runs)):
        await who.post(f"{joined.headers['location']}/undo", data={"merge": "1"})
        assert str(is_run_by.feature_id) in await _public(client, shelter.feature_id)
    # Nor while the shelter is taken off for a moment.
    for one, revision in ((shelter, "3"), (runs, "5")):
        down = {"revision": revision, "reason": "Sprawdzamy."}
        done = await moderator.post(f"/desk/published/{one.feature_id}/take-down", data=down)
        assert done.status_code == 303
    for who, status in ((moderator, 404), (second, 200)):
        await who.post(f"{at}/put-back", data={"revision": "6", "reason": "W porządku."})
        await told()
        found = await client.get(f"/api/v1/layers/organisations/features/{runs.feature_id}")
        assert found.status_code == status
