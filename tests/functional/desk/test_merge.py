"""Two entries made one: both ids lead to it everywhere, nothing is lost, and one press takes it back."""

import asyncio
import uuid

import httpx2
import orjson
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from app.accounts.audit import verify_chain
from app.accounts.roles import Role
from app.db import Database, session
from app.features.setting import Setting
from app.i18n import LANGUAGES
from app.moderation.actions.merge_features import Choice, merge_features, undo_merge
from tests.functional.conftest import Publish, aid_point
from tests.functional.desk.conftest import Waiting, decision, signed_in
from tests.functional.desk.merging import API, LAYER, MAIL, PHONE, PROTECTED, STAFF, merge, two

pytestmark = pytest.mark.by_two


async def _everything(database: Database) -> dict[str, list[str]]:
    """Every public row that says something of a feature, without what a revision counts and when it was made."""
    asked = {
        "features": "SELECT (to_jsonb(f) - 'revision' - 'updated_at' - 'whole')::text || (whole::jsonb #- '{properties,revision}' #- '{properties,updated}')::text FROM published.feature f ORDER BY id",
        "services": "SELECT feature_id || code || ST_AsText(geom) FROM published.service_position ORDER BY 1",
        "cells": "SELECT to_jsonb(c)::text FROM published.cell c WHERE n > 0 ORDER BY 1",
        "merged": "SELECT id::text FROM published.merged",
        "contents": "SELECT id || content::text || state || coalesce(merged_into::text, '') FROM core.feature ORDER BY id",
        "reports": "SELECT id::text || feature_id FROM core.report ORDER BY id",
        "submissions": "SELECT id::text || feature_id || base_revision || content::text FROM core.submission ORDER BY id",
    }
    async with session(database) as s:
        return {name: list((await s.scalars(text(sql))).all()) for name, sql in asked.items()}


async def test_the_old_address_leads_to_the_one_that_stays_everywhere(
    client: httpx2.AsyncClient, moderator: httpx2.AsyncClient, publish: Publish, database: Database
) -> None:
    keep, drop = await two(publish)
    answer = await merge(moderator, keep, drop, contacts="both")
    assert answer.status_code == 303, answer.text

    for language in LANGUAGES:
        for path in (f"/{language}/aid_points/{drop}/kuchnia-karitas", f"/{language}/aid_points/{drop}"):
            led = await client.get(path)
            assert (led.status_code, led.headers["location"]) == (
                301,
                f"/{language}/aid_points/{keep}/kuchnia-caritas",
            )
            assert (await client.get(led.headers["location"])).status_code == 200
    for page in ("row.html", "slip.html", "qr.svg"):
        led = await client.get(f"/uk/aid_points/{drop}/{page}")
        assert (led.status_code, led.headers["location"]) == (301, f"/uk/aid_points/{keep}/{page}")
    for page in ("report/{}", "report/{}/still-true", "suggest/{}"):
        led = await client.get("/pl/" + page.format(drop))
        assert (led.status_code, led.headers["location"]) == (301, "/pl/" + page.format(keep))
    for path in (f"{API}/{drop}", f"{API}/{drop}/history"):
        led = await client.get(path)
        assert led.status_code == 301
        assert led.headers["location"] == path.replace(str(drop), str(keep))
        assert led.json() == {"id": str(drop), "layer": "aid_points", "merged_into": str(keep)}
    compared = await client.get(f"/pl/compare?ids={drop},{keep}")
    assert compared.status_code == 200
    assert str(drop) not in compared.text.split("<main")[1]
    listed = (await client.get(f"{API}.geojson")).json()["features"]
    assert [feature["id"] for feature in listed] == [str(keep)]
    one = (await client.get(f"{API}/{keep}")).json()["properties"]
    assert [contact["value"] for contact in one["contacts"]] == [PHONE["value"], MAIL["value"]]

    async with session(database) as s:
        change = (
            await s.execute(
                text("SELECT kind FROM published.change WHERE feature_id = :id ORDER BY cursor DESC"),
                {"id": drop},
            )
        ).first()
        assert change is not None
        assert tuple(change) == ("removed",)
        assert await verify_chain(s) is None


async def test_what_happened_to_both_is_told_on_the_one_that_stays(
    client: httpx2.AsyncClient, moderator: httpx2.AsyncClient, publish: Publish
) -> None:
    keep, drop = await two(publish)
    before = {event["kind"] for event in (await client.get(f"{API}/{keep}/history")).json()["events"]}
    assert "merged" not in before
    made = await merge(moderator, keep, drop)
    events = (await client.get(f"{API}/{keep}/history")).json()["events"]
    assert {event["kind"] for event in events} == before | {"merged"}
    page = await client.get(f"/en/aid_points/{keep}/kuchnia-caritas")
    assert "Joined with another entry of the same place" in page.text
    told = await moderator.get(made.headers["location"])
    assert f'href="/desk/published/{keep}"' in told.text
    assert f'href="/desk/published/{drop}"' in told.text


async def test_taken_back_everything_is_as_it_was(
    client: httpx2.AsyncClient,
    moderator: httpx2.AsyncClient,
    waiting: Waiting,
    publish: Publish,
    database: Database,
) -> None:
    keep, drop = await two(publish)
    await waiting(feature_id=drop, name="Кухня Карітас, Кельце", contacts=[PHONE, MAIL])
    async with session(database) as s:
        await s.execute(
            text(
                "INSERT INTO core.report (feature_id, reason, language, number) VALUES (:id, 'wrong_information', 'pl', '\\x01')"
            ),
            {"id": drop},
        )
    before = await _everything(database)
    made = await merge(moderator, keep, drop, name="loser", contacts="both", place="loser")
    assert made.status_code == 303, made.text
    during = await _everything(database)
    assert during["reports"][0].endswith(str(keep))
    assert str(keep) in during["submissions"][0]
    assert len(during["features"]) == 1

    back = await moderator.post(f"{made.headers['location']}/undo", data={"merge": "1"})
    assert back.status_code == 303
    assert await _everything(database) == before
    assert (await client.get(f"{API}/{drop}")).status_code == 200
    again = await moderator.post(f"{made.headers['location']}/undo", data={"merge": "1"})
    assert again.status_code == 409
    async with session(database) as s:
        actions = (
            await s.scalars(
                text("SELECT action FROM core.revision WHERE feature_id = :id ORDER BY number"), {"id": drop}
            )
        ).all()
        assert actions == ["publish", "merge", "unmerge"]
        assert await verify_chain(s) is None


async def test_a_suggestion_for_the_one_that_went_is_approved_on_the_one_that_stays(
    client: httpx2.AsyncClient,
    moderator: httpx2.AsyncClient,
    waiting: Waiting,
    publish: Publish,
    database: Database,
) -> None:
    keep, drop = await two(publish)
    await waiting(
        feature_id=drop,
        name="Кухня Карітас у Кельцях",
        place={"position": {"lng": 20.6289, "lat": 50.8662}},
        contacts=[PHONE, MAIL],
        website="https://kuchnia.example.org/",
    )
    assert (await merge(moderator, keep, drop, contacts="both")).status_code == 303
    async with session(database) as s:
        row = (await s.execute(text("SELECT id, version FROM core.submission"))).one()

    class Seen:
        id, version = row.id, row.version

    approved = await moderator.post(f"/desk/submissions/{row.id}/approve", data=decision(Seen()))  # type: ignore[arg-type]
    assert approved.status_code == 303, approved.text
    one = (await client.get(f"{API}/{keep}")).json()["properties"]
    assert one["website"] == "https://kuchnia.example.org/"
    assert one["name"]["texts"] == {"pl": "Kuchnia Caritas"}


async def test_of_two_merges_at_once_one_wins(publish: Publish, database: Database, setting: Setting) -> None:
    first, second = await two(publish)

    async def outcome(keep: uuid.UUID, drop: uuid.UUID) -> str:
        try:
            async with session(database) as s:
                await merge_features(s, setting, LAYER, Choice(keep, drop, 1, 1, {}), actor=STAFF)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is compared
            return type(error).__name__
        return "made"

    outcomes = await asyncio.gather(outcome(first, second), outcome(second, first))
    assert sorted(outcomes) in (["NotOnTheMap", "made"], ["StaleRevision", "made"])
    async with session(database) as s:
        assert (await s.execute(text("SELECT count(*) FROM core.merge"))).scalar_one() == 1
        assert (await s.execute(text("SELECT count(*) FROM published.feature"))).scalar_one() == 1


async def test_merges_one_after_the_other_lead_to_the_last_and_back(
    client: httpx2.AsyncClient, publish: Publish, database: Database, setting: Setting
) -> None:
    a, b = await two(publish)
    (made,) = await publish(aid_point("Kuchnia Caritas Kielce"))
    c = made.feature_id
    async with session(database) as s:
        await merge_features(s, setting, LAYER, Choice(b, a, 1, 1, {}), actor=STAFF)
    async with session(database) as s:
        last = await merge_features(s, setting, LAYER, Choice(c, b, 1, 2, {}), actor=STAFF)
    assert (await client.get(f"{API}/{a}")).json()["merged_into"] == str(c)
    async with session(database) as s:
        await undo_merge(s, setting, LAYER, last.id, actor=STAFF)
    assert (await client.get(f"{API}/{a}")).json()["merged_into"] == str(b)
    assert (await client.get(f"{API}/{c}")).status_code == 200


@pytest.mark.parametrize("protected_stays", [True, False])
async def test_f4_merging_a_protected_place_never_tells_where_it_is(
    client: httpx2.AsyncClient,
    moderator: httpx2.AsyncClient,
    publish: Publish,
    database: Database,
    protected_stays: bool,
) -> None:
    """Whoever knew the open entry is not led to the protected one, and no choice gives it a pin or a street."""
    street = {"street": "Sienkiewicza", "house_number": "1", "city": "Kielce", "postcode": "25-007"}
    kitchen = aid_point("Kuchnia Caritas", contacts=[PHONE], address=street)
    (shown,) = await publish(kitchen)
    (hidden,) = await publish(aid_point("Schronienie", **PROTECTED))
    keep, drop = (hidden, shown) if protected_stays else (shown, hidden)
    page = await moderator.get(f"/desk/merge/{keep.feature_id}/{drop.feature_id}")
    assert "Jedno z tych miejsc jest chronione" in page.text
    made = await merge(
        moderator,
        keep.feature_id,
        drop.feature_id,
        place="winner" if keep is shown else "loser",
        services="both",
    )
    assert made.status_code == 303, made.text
    one = (await client.get(f"{API}/{keep.feature_id}")).json()
    assert one["geometry"] is None
    assert "address" not in one["properties"]
    assert "Sienkiewicza" not in str(one)
    # Nothing that the public can read leads from one to the other.
    assert (await client.get(f"{API}/{drop.feature_id}")).status_code == 404
    assert (await client.get(f"/pl/aid_points/{drop.feature_id}")).status_code == 404
    history = (await client.get(f"{API}/{keep.feature_id}/history")).json()
    assert "merged" not in {event["kind"] for event in history["events"]}
    async with session(database) as s:
        assert (await s.execute(text("SELECT count(*) FROM published.merged"))).scalar_one() == 0


async def test_who_may_only_look_cannot_merge(site: FastAPI, publish: Publish) -> None:
    keep, drop = await two(publish)
    async with signed_in(site, Role.EDITOR, "editor@example.org") as editor:
        assert (await editor.get("/desk/duplicates")).status_code == 200
        assert (await editor.get(f"/desk/merge/{keep}/{drop}")).status_code == 403
        assert (await merge(editor, keep, drop)).status_code == 403


async def test_what_was_changed_meanwhile_is_not_merged_unseen(
    moderator: httpx2.AsyncClient, publish: Publish, database: Database
) -> None:
    keep, drop = await two(publish)
    answer = await moderator.post(f"/desk/merge/{keep}/{drop}", data={"revision": "1", "other": "7"})
    assert answer.status_code == 409
    assert orjson.dumps(str(drop)).decode().strip('"') in answer.text
    async with session(database) as s:
        assert (await s.execute(text("SELECT count(*) FROM published.feature"))).scalar_one() == 2


async def test_two_organisations_that_both_run_places_are_one_and_two_again(
    client: httpx2.AsyncClient, moderator: httpx2.AsyncClient, publish: Publish, database: Database
) -> None:
    def named(name: str) -> dict[str, object]:
        return {"name": {"texts": {"pl": name}, "source": "pl"}}

    keep, drop = await publish(named("Caritas Kielce"), named("Caritas w Kielcach"), layer="organisations")
    one, other, protected = await publish(
        aid_point("Kuchnia", organisation={"id": str(keep.feature_id)}),
        aid_point("Łaźnia", organisation={"id": str(drop.feature_id), "name": "Caritas"}),
        aid_point("Dom", **PROTECTED, organisation={"id": str(drop.feature_id)}),
    )
    before = await _everything(database)
    made = await merge(moderator, keep.feature_id, drop.feature_id)
    assert made.status_code == 303, made.text

    async def run_by() -> dict[uuid.UUID, uuid.UUID]:
        async with session(database) as s:
            rows = await s.execute(text("SELECT id, organisation_id FROM published.feature WHERE layer = 'aid_points'"))  # fmt: skip
            return {row.id: row.organisation_id for row in rows}

    places = (one.feature_id, other.feature_id, protected.feature_id)
    assert await run_by() == dict.fromkeys(places, keep.feature_id)
    told = await moderator.get(f"/desk/published/{other.feature_id}", headers={"Accept-Language": "en"})
    assert "Run by another entry of its organisation" in told.text
    page = await client.get(f"/pl/organisations/{keep.feature_id}", follow_redirects=True)
    assert "Łaźnia" in page.text
    back = await moderator.post(f"{made.headers['location']}/undo", data={"merge": "1"})
    assert back.status_code == 303, back.text
    assert await _everything(database) == before
    async with session(database) as s:
        assert await verify_chain(s) is None
