"""Photos that are kept: shown while a place on the map names them, and away again (SECURITY E6, F7)."""

import httpx2
import pytest
from sqlalchemy import text

from app.accounts.audit import SYSTEM
from app.config import Settings
from app.db import Database, session
from app.features.photos import photo_path
from app.features.publishing import Item, publish, unpublish
from app.features.setting import Setting
from app.jobs import Work
from app.layers.registry import LAYERS
from app.photos.keeping import take_in
from app.photos.upkeep import forget_unnamed
from tests.functional.conftest import Mailbox, aid_point
from tests.functional.desk.conftest import Waiting, decision
from tests.functional.desk.kept_photos import TABLES, kept, published, rows, the_submission, with_photo
from tests.photos import jpeg, png

LAYER = LAYERS["aid_points"]


async def test_a_program_names_only_photos_that_there_are(
    client: httpx2.AsyncClient, database: Database
) -> None:
    file = await kept(database)
    body = {"kind": "new", "layer": "aid_points", "email": "ola@poczta.pl"}
    gone = with_photo(f"{'0' * 32}-800x600", contacts=[{"kind": "phone", "value": "+48415550123"}])
    answer = await client.post("/api/v1/submissions", json={**body, "content": gone})
    assert answer.status_code == 422, answer.text
    assert "photo_gone" in answer.text
    place = {"disclosure": "contact_only", "area": {"code": "PL"}}
    hidden = with_photo(file, place=place, contacts=[{"kind": "phone", "value": "+48415550123"}])
    answer = await client.post("/api/v1/submissions", json={**body, "content": hidden})
    assert answer.status_code == 422
    assert "photos_protected" in answer.text


async def test_e6_what_is_taken_down_is_served_no_more_and_comes_back(
    client: httpx2.AsyncClient, database: Database, setting: Setting
) -> None:
    file = await kept(database)
    one = await published(database, setting, with_photo(file))
    other = await published(database, setting, with_photo(file, name="Druga"))
    at = photo_path(file, "small")
    for feature_id, status in ((one, 200), (other, 404)):
        async with session(database) as s:
            await unpublish(s, setting, LAYER, feature_id, actor=SYSTEM, reason="x")
        # The other place still shows it.
        assert (await client.get(at)).status_code == status


async def test_f7_a_place_that_is_protected_now_shows_its_photo_to_nobody(
    client: httpx2.AsyncClient,
    moderator: httpx2.AsyncClient,
    database: Database,
    setting: Setting,
    mailbox: Mailbox,
) -> None:
    file = await kept(database)
    feature_id = await published(database, setting, with_photo(file))
    at = photo_path(file, "large")
    staff = f"/desk/published/{feature_id}/photo?name={file}"
    assert (await client.get(at)).status_code == 200
    assert (await moderator.get(staff)).status_code == 200
    protected = aid_point(
        place={"disclosure": "contact_only", "area": {"code": "PL"}},
        contacts=[{"kind": "phone", "value": "+48415550123"}],
    )
    async with session(database) as s:
        item = Item(LAYER.content.read(protected), feature_id)
        await publish(s, setting, LAYER, item, actor=SYSTEM)
    assert (await client.get(at)).status_code == 404
    assert (await moderator.get(staff)).status_code == 404
    assert file not in (await client.get(f"/api/v1/layers/aid_points/features/{feature_id}")).text
    await mailbox.collect()
    for table in TABLES:
        assert await rows(database, table) == []
    assert file not in str(await rows(database, "core.revision"))


async def test_a_moderator_publishes_without_one_of_the_photos(
    client: httpx2.AsyncClient,
    moderator: httpx2.AsyncClient,
    waiting: Waiting,
    database: Database,
) -> None:
    one, other = await kept(database), await kept(database, png())
    submission = await waiting(photos=with_photo(one, other)["photos"])
    form = decision(submission, leave_out=one)
    assert (await moderator.post(f"/desk/submissions/{submission.id}/approve", data=form)).status_code == 303
    assert (await client.get(photo_path(one, "small"))).status_code == 404
    assert (await client.get(photo_path(other, "small"))).status_code == 200
    stored = await the_submission(database)
    assert len(stored.content["photos"]) == 2
    assert stored.corrected
    noted = [row for row in await rows(database, "core.audit") if row.action == "submission.corrected"]
    assert [row.detail["fields"] for row in noted] == [["photos"]]
    review = (await moderator.get(f"/desk/submissions/{submission.id}")).text
    assert f"photo?name={one}&amp;size=small" in review


async def test_photos_that_nothing_names_are_forgotten(database: Database, setting: Setting) -> None:
    named, unnamed, fresh = (
        await kept(database),
        await kept(database, png()),
        await kept(database, jpeg(900, 700)),
    )
    await published(database, setting, with_photo(named))
    async with session(database) as s:
        await s.execute(
            text("UPDATE core.photo SET created_at = now() - interval '2 days' WHERE file <> :f"),
            {"f": fresh},
        )
    await forget_unnamed(Work(settings=Settings(), database=database))
    assert {row.file for row in await rows(database, "core.photo")} == {named, fresh}
    assert unnamed not in {row.file for row in await rows(database, "core.photo")}


@pytest.mark.parametrize(
    "name", ["x.webp", "../../etc/passwd", "0" * 32 + "-800x600.png", "A" * 32 + "-8x8.webp"]
)
async def test_an_address_that_names_no_photo_is_not_found(client: httpx2.AsyncClient, name: str) -> None:
    assert (await client.get(f"/photos/small/{name}")).status_code in (400, 404)
    assert (await client.get(f"/photos/huge/{name}")).status_code in (400, 404, 422)


async def test_a_photo_is_taken_in_once(database: Database) -> None:
    file = await kept(database)
    async with session(database) as s:
        await take_in(s, with_photo(file), None)
    assert len(await rows(database, "core.photo")) == 1
