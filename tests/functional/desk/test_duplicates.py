"""Entries that may be one place: found by night, listed with reasons, said to be two, chosen by hand."""

import re
import uuid

import httpx2
from sqlalchemy import text

from app.config import Settings
from app.db import Database, session
from app.jobs import Work
from app.jobs.registry import tasks
from app.moderation.duplicates.search import find_everywhere, likely_duplicates
from tests.functional.conftest import Publish, aid_point
from tests.functional.desk.merging import PHONE, two


async def test_planted_duplicates_are_listed_with_reasons_until_somebody_says_that_they_are_two(
    moderator: httpx2.AsyncClient, publish: Publish, database: Database
) -> None:
    keep, drop = await two(publish)
    await publish(aid_point("Biblioteka", place={"position": {"lng": 19.0, "lat": 50.0}}))
    assert await find_everywhere(database) == (3, 1)
    listed = await moderator.get("/desk/duplicates")
    assert listed.status_code == 200
    words = " ".join(re.sub(r"<[^>]+>", " ", listed.text).split())
    assert "ten sam telefon" in words
    assert re.search(r"\d+ m od siebie", words)
    assert re.search(r"nazwy podobne w \d+\s%", words)
    a, b = sorted((keep, drop))
    assert f"/desk/merge/{a}/{b}" in listed.text

    said = await moderator.post("/desk/duplicates/not-the-same", data={"a": str(b), "b": str(a)})
    assert said.status_code == 303
    assert "/desk/merge/" not in (await moderator.get("/desk/duplicates")).text
    await find_everywhere(database)
    async with session(database) as s:
        data = aid_point("Kuchnia Caritas", contacts=[PHONE])
        assert [
            one.feature_id for one in await likely_duplicates(s, data, "aid_points", feature_id=keep)
        ] == []
        found = await likely_duplicates(s, data, "aid_points")
        assert {one.feature_id for one in found} == {keep, drop}
        assert "phone" in {reason.code for reason in found[0].reasons}
    assert "/desk/merge/" not in (await moderator.get("/desk/duplicates")).text


async def test_that_two_are_two_can_be_taken_back(
    moderator: httpx2.AsyncClient, publish: Publish, database: Database
) -> None:
    keep, drop = await two(publish)
    await find_everywhere(database)
    pair = {"a": str(keep), "b": str(drop)}
    assert (await moderator.post("/desk/duplicates/not-the-same", data=pair)).status_code == 303
    assert "/desk/merge/" not in (await moderator.get("/desk/duplicates")).text
    for _ in range(2):
        assert (await moderator.post("/desk/duplicates/ask-again", data=pair)).status_code == 303
    assert "/desk/merge/" in (await moderator.get("/desk/duplicates")).text
    async with session(database) as s:
        entries = await s.scalars(
            text("SELECT action FROM core.audit WHERE action LIKE 'duplicate.%' ORDER BY id")
        )
        assert entries.all() == ["duplicate.not_the_same", "duplicate.ask_again"]


async def test_the_search_runs_by_itself_every_night(
    moderator: httpx2.AsyncClient, publish: Publish, settings: Settings, database: Database
) -> None:
    import app.worker  # noqa: F401 - registers the tasks

    await two(publish)
    found = tasks()["moderation.find_duplicates"]
    assert found.cron
    await found.run(Work(settings=settings, database=database))
    assert "/desk/merge/" in (await moderator.get("/desk/duplicates")).text


async def test_the_other_one_is_found_by_likeness_and_by_its_address(
    moderator: httpx2.AsyncClient, publish: Publish
) -> None:
    keep, drop = await two(publish)
    page = await moderator.get(f"/desk/merge/{keep}")
    assert page.status_code == 200
    assert f"/desk/merge/{keep}/{drop}" in page.text
    assert "ten sam telefon" in page.text
    found = await moderator.get(
        f"/desk/merge/{keep}", params={"other": f"https://x.example/pl/aid_points/{drop}/a"}
    )
    assert found.headers["location"] == f"/desk/merge/{keep}/{drop}"
    for wrong in (str(keep), "nothing", str(uuid.uuid4())):
        assert (await moderator.get(f"/desk/merge/{keep}", params={"other": wrong})).status_code == 404
