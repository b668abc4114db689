"""What somebody does while another takes the ground from under it: it waits for them, looks once more, and finds what is left.

None of it is a race: whoever was first is held until the other waits for them.
"""

import uuid
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import SYSTEM
from app.accounts.joining import leave
from app.accounts.memberships import NoSuchOrganisation, Seat
from app.accounts.models import User
from app.accounts.users import suspend
from app.db import Database, session
from app.features.protecting import protect_now
from app.features.publishing import Provenance
from app.features.setting import Setting
from app.layers.registry import LAYERS
from app.moderation.actions.answer import answer
from app.moderation.actions.report import Complaint, report
from app.moderation.actions.request_changes import request_changes
from app.moderation.actions.still_true import confirm_own
from app.moderation.actions.submit import Proposal, submit, submit_as_member, submit_imports
from app.moderation.actions.turn_into_change import turn_into_change
from tests.functional.conftest import Publish, aid_point
from tests.functional.desk.conftest import Waiting
from tests.functional.desk.locks import begin_and_wait, database
from tests.functional.desk.organisations import own_point, publish_organisation, seated

__all__ = ["database"]

LAYER = LAYERS["aid_points"]
STREET: dict[str, Any] = {"address": {"street": "Zaułkowska", "house_number": "7", "city": "Kielce"}}


async def suggest(s: AsyncSession, feature_id: uuid.UUID) -> None:
    content = LAYER.content.read(aid_point("Inna nazwa", **STREET))
    await submit(s, Proposal(LAYER, content, feature_id), language="pl", contact_email="ola@example.org")


async def everything(s: AsyncSession) -> str:
    tables = ("core.feature", "core.revision", "core.submission", "core.report", "core.submission_note")
    return "\n".join(
        [
            str(await s.scalar(text(f"SELECT coalesce(jsonb_agg(to_jsonb(t)), '[]')::text FROM {table} t")))
            for table in tables
        ]
    )


@pytest.mark.parametrize("first", ["suggestion", "report", "turning", "protection"])
async def test_f7_what_is_sent_while_a_place_is_being_protected_never_stays_in_the_register(
    database: Database, setting: Setting, publish: Publish, waiting: Waiting, first: str
) -> None:
    """No second pass has to forget it: either it is seen, or who sends it reads what is left."""
    (place,) = await publish(aid_point(**STREET))
    phone = {"kind": "phone", "value": "+48413680000"}
    new = await waiting(contacts=[phone], **STREET) if first == "turning" else None

    async def send(s: AsyncSession) -> None:
        if first == "report":
            said = "Jest przy ul. Zaułkowskiej 7, 25-001 Kielce"
            about = Complaint(place.feature_id, "moved", said, "", "pl", b"12345678")
            await report(s, about)
        elif new is not None:
            feature_id, version = place.feature_id, new.version
            await turn_into_change(s, setting, LAYER, new.id, feature_id, version=version, actor=SYSTEM)
        else:
            await suggest(s, place.feature_id)

    async def protect(s: AsyncSession) -> None:
        await protect_now(s, setting, LAYER, place.feature_id, actor=SYSTEM, reason="Schronienie")

    one, other = (protect, send) if first == "protection" else (send, protect)
    async with session(database) as s:
        await one(s)
        await s.flush()
        task = await begin_and_wait(s, database, other)
    await task
    async with session(database) as s:
        told = await everything(s)
    assert "Zaułkowsk" not in told
    # A clock may write the digits alone.
    assert '"lng": 20.6286' not in told


async def test_f7_an_import_that_has_read_a_place_before_it_was_protected_does_not_bring_it_back(
    database: Database, setting: Setting, publish: Publish
) -> None:
    """Nor does any job have to come after it: who protects a place looks once more, and may be done long before."""
    (place,) = await publish(aid_point(**STREET))
    content = LAYER.content.read(aid_point("Inna nazwa", **STREET))
    source = Provenance(source="osm", source_id="node/7", source_url="https://osm.example/node/7")

    async def bring(s: AsyncSession) -> None:
        proposal = Proposal(LAYER, content, place.feature_id, provenance=source)
        await submit_imports(s, [proposal], language="pl", actor=SYSTEM)

    async with session(database) as s:
        await protect_now(s, setting, LAYER, place.feature_id, actor=SYSTEM, reason="Schronienie")
        await s.flush()
        task = await begin_and_wait(s, database, bring)
    await task
    async with session(database) as s:
        told = await everything(s)
    assert "Inna nazwa" in told
    for secret in ("Zaułkowsk", '"lng": 20.6286', "osm.example"):
        assert secret not in told, secret


async def test_f7_an_answer_written_before_the_place_was_protected_does_not_bring_it_back(
    database: Database, setting: Setting, publish: Publish, waiting: Waiting
) -> None:
    (place,) = await publish(aid_point(**STREET))
    change = await waiting(feature_id=place.feature_id, name="Inna nazwa", **STREET)
    written = LAYER.content.read(aid_point("Inna nazwa", **STREET))
    async with session(database) as s:
        await request_changes(s, change.id, version=change.version, actor=SYSTEM, question="Która brama?")
    async with session(database) as s:
        await protect_now(s, setting, LAYER, place.feature_id, actor=SYSTEM, reason="Schronienie")
    async with session(database) as s:
        await answer(s, change.id, content=written)
    async with session(database) as s:
        assert "Zaułkowska" not in await everything(s)


@pytest.mark.parametrize("act", ["confirm", "change"])
@pytest.mark.parametrize("way", ["left", "suspended"])
async def test_a5_who_loses_their_right_while_they_act_has_not_acted(
    database: Database, setting: Setting, publish: Publish, act: str, way: str
) -> None:
    """The guard has let them in; what they do looks once more, and waits for whoever is taking the right away."""
    organisation = await publish_organisation(publish)
    (point,) = await publish(own_point(organisation))
    anna = await seated(database, organisation, "anna@stol.example", Seat.MEMBER)

    async def do(s: AsyncSession) -> None:
        user = await s.get_one(User, anna)
        if act == "confirm":
            await confirm_own(
                s,
                setting,
                LAYER,
                point.feature_id,
                revision=1,
                organisation_id=organisation,
                user=user,
            )
        else:
            content = LAYER.content.read(own_point(organisation, "Inna nazwa"))
            proposal = Proposal(LAYER, content, point.feature_id)
            await submit_as_member(s, proposal, organisation_id=organisation, user=user, now=setting.now)

    async with session(database) as s:
        if way == "left":
            await leave(s, organisation, await s.get_one(User, anna))
        else:
            await suspend(s, "anna@stol.example")
            await s.flush()
        task = await begin_and_wait(s, database, do)
    with pytest.raises(NoSuchOrganisation):
        await task
    async with session(database) as s:
        assert await s.scalar(text("SELECT count(*) FROM core.submission")) == 0
        how = text("SELECT verified_how FROM core.feature WHERE id = :id")
        assert await s.scalar(how, {"id": point.feature_id}) != "owner_confirmed"
