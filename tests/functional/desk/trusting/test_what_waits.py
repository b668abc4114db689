"""What a trusted organisation publishes by itself, and what waits all the same (SECURITY A5, E8, E9)."""

from typing import Any

import pytest

from app.accounts.audit import verify_chain
from app.accounts.memberships import NoSuchOrganisation
from app.db import session
from app.features.revisions import StaleRevision
from app.layers.registry import LAYERS
from app.moderation.actions.submit import Proposal
from app.moderation.own_publication import Why
from app.moderation.trusts import MOST_A_DAY
from tests.functional.conftest import Publish, aid_point
from tests.functional.desk.trusted import (
    CONTENT,
    ELSEWHERE,
    HERE,
    KIELCE,
    second_step,
)
from tests.functional.desk.trusting.world import (
    ANNA,
    HOUSING,
    JAN,
    LAYER,
    OLA,
    PHONE,
    PHOTO,
    SITE,
    Prepare,
    World,
    content_of,
)


async def test_what_a_trusted_organisation_may_publish_by_itself_and_what_waits(
    world: World, publish: Publish
) -> None:
    """Every row: what is on the map, what is sent, by whom, what was done before, and what comes of it."""
    taken = {"kind": "phone", "value": "+48222222222"}
    await publish(aid_point("Cudza kuchnia", place=HERE, contacts=[taken], organisation=world.theirs))

    def sql(statement: str) -> Prepare:
        return lambda feature: world.run(statement, id=feature, other=world.other)

    claim = (
        "INSERT INTO core.place_claim (feature_id, organisation_id, claimed_by, state)"
        " SELECT :id, :other, u.id, 'asked' FROM core.user u LIMIT 1"
    )
    report = (
        "INSERT INTO core.report (feature_id, reason, language, number)"
        " VALUES (:id, '{}', 'pl', uuid_send(gen_random_uuid()))"
    )
    waits = (
        "INSERT INTO core.submission (layer, kind, channel, feature_id, base_revision, content, state, language, second_asked_by)"
        " SELECT layer, 'change', 'form', id, 1, content, 'pending', 'pl', {} FROM core.feature WHERE id = :id"
    )
    leased = (
        f"WITH s AS ({waits.format('NULL')} RETURNING id) INSERT INTO core.lease (submission_id, user_id, taken_at, ends_at)"
        " SELECT s.id, u.id, now(), now() + interval '10 minutes' FROM s, core.user u LIMIT 1"
    )
    await world.run(
        "INSERT INTO published.area (code, stable_code, country, level, name, folded, ancestors, source, licence, fingerprint)"
        " SELECT 'PL-local_centrum', 'PL-local_centrum', country, 'custom', 'Centrum', 'centrum', array[code, 'PL-26'],"
        " source, licence, 'x' FROM published.area WHERE code = :code",
        code=KIELCE,
    )

    def by_phone(code: str) -> dict[str, Any]:
        return {
            "channel": "phone",
            "place": None,
            "contacts": [PHONE],
            "area_served": [{"code": code, "name": "Tam"}],
        }

    def here_for(*codes: str) -> dict[str, Any]:
        return {"area_served": [{"code": code, "name": "Tam"} for code in codes]}

    rows: list[tuple[str, dict[str, Any], dict[str, Any], str, Prepare | None, set[Why]]] = [
        ("a phone", {}, {"contacts": [PHONE]}, ANNA, None, set()),
        ("a pin beside", {}, {"place": {"position": {"lng": 20.66, "lat": 50.88}}}, ANNA, None, set()),
        ("closed", {}, {"status": {"state": "closed", "since": "2026-01-01"}}, ANNA, None, set()),
        ("by a member", {}, SITE, JAN, None, {Why.NOT_ADMIN}),
        ("without a second step", {}, SITE, OLA, None, {Why.NO_SECOND_STEP}),
        ("it lies outside", {"place": ELSEWHERE}, SITE, ANNA, None, {Why.OUTSIDE, Why.MOVED_OUT}),
        ("it moves outside", {}, {"place": ELSEWHERE}, ANNA, None, {Why.MOVED_OUT}),
        ("it moves in", {"place": ELSEWHERE}, {"place": HERE}, ANNA, None, {Why.OUTSIDE}),
        ("by phone there", {}, by_phone(KIELCE), ANNA, None, set()),
        ("it is for more than there", {}, by_phone("PL-26"), ANNA, None, {Why.MOVED_OUT}),
        ("it is for an area of one's own", {}, by_phone("PL-local_centrum"), ANNA, None, {Why.MOVED_OUT}),
        ("its pin is there, for there", {}, here_for("PL-266101"), ANNA, None, set()),
        ("its pin is there, for elsewhere too", {}, here_for(KIELCE, "PL-2604042"), ANNA, None, {Why.MOVED_OUT}),
        ("it changes hands", {}, {"organisation": world.theirs}, ANNA, None, {Why.CHANGES_HANDS}),
        ("it is nobody's then", {}, {"organisation": None}, ANNA, None, {Why.CHANGES_HANDS}),
        ("protected", HOUSING, SITE, ANNA, None, {Why.PROTECTED, Why.RISK}),
        ("protected then", {}, HOUSING, ANNA, None, {Why.PROTECTED}),
        ("discreet then", {}, {"services": [{"type": "violence_support"}]}, ANNA, None, {Why.PROTECTED}),
        ("a photo", {}, {"photos": [PHOTO]}, ANNA, None, {Why.PHOTO}),
        ("a phone of another", {}, {"contacts": [taken]}, ANNA, None, {Why.RISK}),
        ("a shortener", {}, {"website": "https://bit.ly/abc"}, ANNA, None, {Why.RISK}),
        ("a look-alike (E9)", {}, {"name": {"texts": {"pl": "Innа fundacja"}, "source": "pl"}}, ANNA, None, {Why.RISK}),
        ("reported", {}, SITE, ANNA, sql(report.format("closed_for_good")), {Why.REPORTED}),
        ("reported in confidence", {}, SITE, ANNA, sql(report.format("exploitation")), {Why.RISK}),
        ("claimed by another", {}, SITE, ANNA, sql(claim), {Why.CLAIMED}),
        ("a colleague is asked for", {}, SITE, ANNA, sql(waits.format("gen_random_uuid()")), {Why.LOOKED_AT}),
        ("a moderator has another one", {}, SITE, ANNA, sql(leased), {Why.LOOKED_AT}),
        ("another one waits", {}, SITE, ANNA, sql(waits.format("NULL")), set()),
    ]  # fmt: skip
    sent = 0
    for number, (title, is_, becomes, email, prepare, expected) in enumerate(rows):
        plain = aid_point(f"Kuchnia numer {number}", place=HERE, organisation=world.mine) | is_
        (place,) = await publish(plain)
        if prepare is not None:
            await prepare(place.feature_id)
        proposal = Proposal(LAYER, content_of(plain | becomes), place.feature_id, 1)
        assert await world.waits(proposal, email) == expected, title
        live = await world.run("SELECT revision FROM core.feature WHERE id = :id", id=place.feature_id)
        assert live == (1 if expected else 2), title
        # What would wait and was not said to leaves nothing behind.
        mine_waiting = "SELECT count(*) FROM core.submission WHERE sent_by IS NOT NULL"
        sent += not expected
        assert await world.run(mine_waiting) == sent, title


async def test_e8_own_entries_and_new_ones_go_by_the_same_rules(world: World, publish: Publish) -> None:
    # Whose entry it is not, and what it is known by itself.
    (foreign,) = await publish(aid_point("Bar", place=HERE, organisation=world.theirs))
    proposal = Proposal(
        LAYER, content_of(aid_point("Bar 2", place=HERE, organisation=world.mine)), foreign.feature_id, 1
    )
    assert Why.NOT_YOURS in await world.waits(proposal)
    organisations = LAYERS["organisations"]
    own = Proposal(
        organisations,
        organisations.content.read(CONTENT | {"also_known_as": ["Stół"]}),
        world.organisation,
        1,
    )
    assert await world.waits(own) == {Why.OWN_ENTRY}

    # New ones: inside, outside, what is there already.
    def new(name: str, **more: Any) -> Proposal:
        return Proposal(LAYER, content_of(aid_point(name, organisation=world.mine) | more))

    far = {"position": {"lng": 20.55, "lat": 50.95}}
    for title, made, expected in (
        ("inside", new("Świetlica na Zalesiu", place=far), set()),
        ("the same again", new("Świetlica na Zalesiu", place=far), {Why.ALIKE}),
        ("outside", new("Świetlica w Górnie", place=ELSEWHERE), {Why.OUTSIDE}),
        ("protected", new("Mieszkanie", **HOUSING), {Why.PROTECTED}),
    ):
        assert await world.waits(made) == expected, title

    # What lies beyond a border, near the last unit before it, does not lie in that unit.
    await world.run("UPDATE core.trust SET areas = '{PL-26}'")
    for lng, expected in ((21.49, set()), (21.52, {Why.OUTSIDE})):
        there = {"position": {"lng": lng, "lat": 50.87}}
        assert await world.waits(new(f"Schronisko {lng}", place=there)) == expected, lng


async def test_a5_whether_it_is_trusted_is_asked_at_the_moment_of_publishing(
    world: World, publish: Publish
) -> None:
    """A version that somebody has changed since, another kind of entries, too many, and every way to lose the right."""
    (place,) = await publish(aid_point("Bar mleczny", place=HERE, organisation=world.mine))
    content = content_of(aid_point("Bar mleczny", place=HERE, organisation=world.mine, **SITE))
    proposal = Proposal(LAYER, content, place.feature_id, 1)
    with pytest.raises(StaleRevision):
        await world.waits(Proposal(LAYER, content, place.feature_id, 3))
    await world.run("UPDATE core.trust SET layers = '{needs}'")
    assert await world.waits(proposal) == {Why.OTHER_LAYER}
    await world.run("UPDATE core.trust SET layers = '{aid_points}'")
    many = (
        "INSERT INTO core.own_approval (submission_id, trust_id, user_id, look_again)"
        " SELECT gen_random_uuid(), t.id, gen_random_uuid(), false FROM core.trust t, generate_series(1, :n)"
    )
    await world.run(many, n=MOST_A_DAY)
    assert await world.waits(proposal) == {Why.MANY}
    await world.run("UPDATE core.own_approval SET at = now() - interval '2 days'")
    await world.run("UPDATE core.trust SET second_by = NULL, second_at = NULL")
    assert await world.waits(proposal) == {Why.NO_TRUST}
    await world.run("UPDATE core.trust SET second_by = gen_random_uuid(), second_at = now()")
    await world.run("UPDATE core.membership SET role = 'member'")
    assert await world.waits(proposal) == {Why.NOT_ADMIN}
    await world.run("UPDATE core.membership SET role = 'admin'")
    await world.run("DELETE FROM core.second_step")
    assert await world.waits(proposal) == {Why.NO_SECOND_STEP}
    await world.run("UPDATE core.trust SET layers = '{needs}'")
    for table, columns, step in (
        ("second_step", "user_id, confirmed_at", ""),
        ("passkey", "user_id, created_at, credential_id, public_key, name", r", '\x01', '\x01', 'a'"),
        ("identity", "user_id, created_at, issuer, subject, counts", ", 'a', 'a', true"),
    ):
        at = columns.split(", ")[1]
        made = f"INSERT INTO core.{table} ({columns}) SELECT id, now() - interval '71 hours'{step} FROM core.user WHERE id = :id"
        await world.run(made, id=world.users[ANNA])
        assert await world.waits(proposal) == {Why.NEW_SECOND_STEP, Why.OTHER_LAYER}, table
        await world.run(f"UPDATE core.{table} SET {at} = {at} - interval '2 hours'")
        assert await world.waits(proposal) == {Why.OTHER_LAYER}, table
        await world.run(f"DELETE FROM core.{table}")
    await world.run("UPDATE core.trust SET layers = '{aid_points}'")
    await second_step(world.database, ANNA)
    await world.run("UPDATE core.verification SET ended_at = now()")
    assert await world.waits(proposal) == {Why.NO_TRUST}
    await world.run("UPDATE core.feature SET state = 'unpublished' WHERE id = :id", id=world.organisation)
    with pytest.raises(NoSuchOrganisation):
        await world.waits(proposal)
    async with session(world.database) as s:
        assert await verify_chain(s) is None
