"""What was written about a claim is forgotten: with a place that is protected, and when the claim is over (SECURITY F7)."""

import httpx2
import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.accounts.audit import SYSTEM
from app.db import Database, session
from app.features.protecting import protect_now
from app.features.setting import Setting
from app.layers.registry import LAYERS
from app.localdb import ClusterUrls
from app.moderation.old_claims import end_old_claims
from tests.functional.conftest import Mailbox, Publish, aid_point, links_in
from tests.functional.desk.claims.claiming import ANNA, There, actions, claim_of, decide, plain, say_so
from tests.functional.desk.organisations import said


async def test_f7_what_was_written_about_a_claim_names_no_place_once_it_is_protected(
    anna: httpx2.AsyncClient,
    moderator: httpx2.AsyncClient,
    there: There,
    database: Database,
    publish: Publish,
    setting: Setting,
) -> None:
    leads = "To przy ul. Zaułkowskiej 7 w Kielcach."
    house = {"street": "Zaułkowska", "house_number": "7", "city": "Kielce"}
    (open_,) = await publish(aid_point("Dom", address=house))
    form = {"place": str(open_.feature_id), "reason": leads}
    for what in ("refuse", "approve", "undo"):
        if what != "undo":
            assert (await anna.post(there.claims, data=form)).status_code == 303
        done = await decide(moderator, database, what, said=leads, note=leads)
        assert done.status_code == 303, said(done)
    assert await written(database) == {"reason": 2, "said": 1, "note": 2}
    async with session(database) as s:
        layer, place = LAYERS["aid_points"], open_.feature_id
        await protect_now(s, setting, layer, place, actor=SYSTEM, reason="Schronienie")
    assert await written(database) == {}
    # Nor does a word of later bring it back.
    assert (await anna.post(there.claims, data=form)).status_code == 303
    assert (await decide(moderator, database, "refuse", note=leads)).status_code == 303
    assert await written(database) == {}


async def test_a_claim_is_taken_back_refused_or_expires_and_what_was_written_is_erased(
    anna: httpx2.AsyncClient,
    moderator: httpx2.AsyncClient,
    there: There,
    database: Database,
    mailbox: Mailbox,
) -> None:
    await say_so(anna, there)
    form = {"claim": str((await claim_of(database)).id), "act": "cancel"}
    assert (await anna.post(f"{there.claims}/act", data=form)).status_code == 303
    assert (await claim_of(database)).state == "cancelled"
    assert (await decide(moderator, database)).status_code == 409
    assert (await say_so(anna, there)).status_code == 303
    assert (await decide(moderator, database, "refuse", note="")).status_code == 422
    await mailbox.collect()
    assert (await decide(moderator, database, "refuse", note="Nikt o tym nie wie.")).status_code == 303
    (mail,) = await mailbox.collect()
    assert mail["To"] == ANNA
    assert "Nikt o tym nie wie." in plain(mail)
    assert [link for link in links_in(mail) if link.endswith(there.claims)]
    assert "Nikt o tym nie wie." in said(await anna.get(there.claims))
    assert (await say_so(anna, there)).status_code == 303
    async with session(database) as s:
        await s.execute(
            text("UPDATE core.place_claim SET asked_at = now() - interval '61 days' WHERE state = 'asked'")
        )
        await s.execute(
            text("UPDATE core.place_claim SET ended_at = now() - interval '91 days' WHERE state = 'refused'")
        )
    for _ in range(2):
        await end_old_claims(database)
    async with session(database) as s:
        rows = (
            await s.execute(text("SELECT state, reason, note FROM core.place_claim ORDER BY state"))
        ).all()
    assert [tuple(row) for row in rows] == [
        ("cancelled", "Gotujemy tam od 2019 roku.", None),
        ("expired", "Gotujemy tam od 2019 roku.", None),
        ("refused", None, None),
    ]
    assert (await actions(database)).count("claim.expired") == 1


async def test_one_claim_that_cannot_end_does_not_hold_up_the_others(
    anna: httpx2.AsyncClient,
    there: There,
    database: Database,
    database_urls: ClusterUrls,
    publish: Publish,
) -> None:
    made = await publish(*(aid_point(f"Kuchnia {n}", hours="24/7") for n in range(5)))
    for one in made:
        assert (await say_so(anna, there, one.feature_id)).status_code == 303
    with psycopg.connect(database_urls.owner.replace("+psycopg", ""), autocommit=True) as owner:
        owner.execute("UPDATE core.place_claim SET asked_at = now() - interval '61 days'")
        owner.execute(FAULT)
        with pytest.raises(DBAPIError, match="fault"):
            await end_old_claims(database, batch=2)
        waits = "SELECT count(*) FROM core.place_claim WHERE state = 'asked'"
        assert owner.execute(waits).fetchone() == (1,)
        owner.execute("DROP TRIGGER fault ON core.place_claim")
        await end_old_claims(database, batch=2)
        assert owner.execute(waits).fetchone() == (0,)
    assert (await actions(database)).count("claim.expired") == 5


#: The first of them by its id never ends.
FAULT = """
    CREATE FUNCTION core.fault() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NEW.id = (SELECT id FROM core.place_claim ORDER BY id LIMIT 1) THEN RAISE EXCEPTION 'fault'; END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER fault BEFORE UPDATE ON core.place_claim FOR EACH ROW EXECUTE FUNCTION core.fault()
"""


async def written(database: Database) -> dict[str, int]:
    """In how many claims each text still leads there."""
    found = {}
    async with session(database) as s:
        for column in ("reason", "first_said", "said", "note"):
            query = f"SELECT count(*) FROM core.place_claim WHERE {column} ~ 'Zaułk'"
            if count := await s.scalar(text(query)):
                found[column] = count
    return found
