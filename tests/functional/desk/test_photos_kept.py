"""What becomes of photos while several people send, decide and forget at once; two real connections, and no race."""

import asyncio
import secrets
import uuid
from typing import Any

import orjson
import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.config import Settings
from app.db import Database, session
from app.errors import InvalidInput
from app.forms.sealing import Seal, new_address
from app.jobs import Work
from app.layers.registry import LAYERS
from app.localdb import ClusterUrls
from app.moderation.actions.submit import Proposal, submit
from app.photos import keeping
from app.photos.keeping import forget_photos
from app.photos.redrawing import Redrawn
from app.photos.upkeep import TOGETHER, forget_unnamed, forget_waiting
from app.photos.waiting import MOST_IN_ALBUM, MOST_TOGETHER, drop_waiting, keep_waiting, read_waiting
from tests.functional.conftest import Publish, aid_point
from tests.functional.desk.conftest import Waiting
from tests.functional.desk.locks import OWN_PID, database, until_it_waits

__all__ = ["database"]

LAYER = LAYERS["aid_points"]
SECRET = "a secret of the photos' tests"


def name(number: int) -> str:
    """The names of photos, in order."""
    return f"{number:032x}-800x600"


async def old(database: Database, *files: str) -> None:
    """Keep photos that came two days ago."""
    statement = """
        INSERT INTO core.photo (file, large, small, created_at)
        SELECT file, 'x', 'x', now() - interval '2 days' FROM unnest(CAST(:files AS text[])) AS file
    """
    async with session(database) as s:
        await s.execute(text(statement), {"files": list(files)})


async def kept(database: Database) -> list[str]:
    async with session(database) as s:
        return list(await s.scalars(text("SELECT file FROM core.photo ORDER BY file")))


def with_photo(file: str) -> dict[str, Any]:
    alt = {"texts": {"pl": "Wejście"}, "source": "pl"}
    return aid_point(photos=[{"file": file, "alt": alt}])


async def send(s: AsyncSession, file: str) -> None:
    proposal = Proposal(LAYER, LAYER.content.read(with_photo(file)))
    await submit(s, proposal, language="pl", contact_email="ola@poczta.pl")
    await s.flush()


async def waits_or_ends(database: Database, holding: int, task: asyncio.Task[Any]) -> None:
    """Come back once something waits for a connection, or where nothing had to."""
    async with database.write.connect() as looking:
        try:
            await until_it_waits(looking, holding, task)
        except AssertionError:
            assert task.done()


async def test_what_is_named_in_the_moment_in_which_it_would_be_forgotten_is_kept(database: Database) -> None:
    await old(database, name(1), name(2))

    async def forget() -> int:
        async with session(database) as s:
            return await forget_photos(s, [name(1), name(2)])

    async with session(database) as s:
        await send(s, name(1))
        holding = int((await s.execute(OWN_PID)).scalar_one())
        task = asyncio.create_task(forget())
        await waits_or_ends(database, holding, task)
    assert await task == 1
    assert await kept(database) == [name(1)]


async def test_what_is_forgotten_in_the_moment_in_which_it_is_named_is_asked_for_again(
    database: Database,
) -> None:
    await old(database, name(1))

    async def name_it() -> None:
        async with session(database) as s:
            await send(s, name(1))

    async with session(database) as s:
        assert await forget_photos(s, [name(1)]) == 1
        holding = int((await s.execute(OWN_PID)).scalar_one())
        task = asyncio.create_task(name_it())
        async with database.write.connect() as looking:
            await until_it_waits(looking, holding, task)
    with pytest.raises(InvalidInput) as refused:
        await task
    assert [problem.code for problem in refused.value.problems] == ["photo_gone"]


async def test_photos_are_forgotten_some_at_a_time_and_what_is_done_stays_done(
    database: Database, database_urls: ClusterUrls
) -> None:
    files = [name(number) for number in range(2 * TOGETHER + 50)]
    await old(database, *files)
    work = Work(settings=Settings(), database=database)
    with psycopg.connect(database_urls.owner.replace("+psycopg", ""), autocommit=True) as owner:
        # Something goes wrong with one of the last.
        owner.execute(
            """
            CREATE FUNCTION core.stumble() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'stumbled'; END $$;
            """
        )
        owner.execute(
            "CREATE TRIGGER stumble BEFORE DELETE ON core.photo FOR EACH ROW"
            f" WHEN (OLD.file = '{files[-1]}') EXECUTE FUNCTION core.stumble()"
        )
        with pytest.raises(Exception, match="stumbled"):
            await forget_unnamed(work)
        assert await kept(database) == files[2 * TOGETHER :]
        owner.execute("DROP TRIGGER stumble ON core.photo")
    await forget_unnamed(work)
    assert await kept(database) == []


async def test_a_photo_that_was_turned_or_led_on_by_a_merge_is_still_named(
    database: Database, waiting: Waiting, publish: Publish
) -> None:
    files = [name(number) for number in range(5)]
    await old(database, *files)
    turned = await waiting(name="Jedno")
    winner, loser = [one.feature_id for one in await publish(aid_point("Kuchnia"), aid_point("Bar"))]
    async with session(database) as s:
        turn = "UPDATE core.submission SET sent_as_new = jsonb_build_object('content', CAST(:sent AS jsonb), 'laid', CAST(:laid AS jsonb))"
        given = {"sent": _json(with_photo(files[0])), "laid": _json(with_photo(files[1]))}
        await s.execute(text(f"{turn} WHERE id = :id"), {"id": turned.id, **given})
        led_on = {
            "base_revision": 1,
            "content": with_photo(files[2]),
            "laid": with_photo(files[3]),
        }
        merge = """
            INSERT INTO core.merge (id, loser_id, winner_id, winner_before, winner_revision, loser_revision, moved)
            VALUES (gen_random_uuid(), :loser, :winner, 1, 2, 2, CAST(:moved AS jsonb))
        """
        moved = _json({"reports": [], "submissions": {str(uuid.uuid4()): led_on}, "places": []})
        await s.execute(text(merge), {"loser": loser, "winner": winner, "moved": moved})
    await forget_unnamed(Work(settings=Settings(), database=database))
    assert await kept(database) == files[:4]


async def test_whatever_names_a_photo_is_looked_up_by_its_name(database: Database) -> None:
    async with session(database) as s:
        await s.execute(text("SET LOCAL enable_seqscan = off"))
        for statement in (keeping._HOLD_UNNAMED, keeping._FORGET):
            explained = text(f"EXPLAIN {statement.text}")
            plan = "\n".join(await s.scalars(explained, {"files": [name(1)]}))
            for index in (
                "ix_revision_photos",
                "ix_submission_photos",
                "ix_submission_turned_photos",
                "ix_merge_photos",
            ):
                assert index in plan, plan


def photo(number: int, length: int = 1000) -> Redrawn:
    # Nothing packs it: all of one length are equally long, sealed.
    return Redrawn(name(number), secrets.token_bytes(length), b"s")


async def total(database: Database) -> tuple[int, int]:
    """What is said to wait, and what does."""
    counted = text("SELECT bytes FROM core.waiting_photo_total")
    summed = text("SELECT coalesce(sum(length), 0) FROM core.waiting_photo")
    async with session(database) as s:
        return (await s.execute(counted)).scalar_one(), (await s.execute(summed)).scalar_one()


async def keep(database: Database, album: Seal, number: int) -> bool:
    async with session(database) as s:
        return await keep_waiting(s, album, photo(number))


@pytest.mark.parametrize("full", ["all together", "one album"])
async def test_g7_of_two_that_come_at_once_only_one_finds_the_last_room(
    database: Database, full: str
) -> None:
    album = Seal(new_address(), SECRET)
    other = album if full == "one album" else Seal(new_address(), SECRET)
    assert await keep(database, album, 0)
    (length, _) = await total(database)
    if full == "one album":
        for number in range(1, MOST_IN_ALBUM - 1):
            assert await keep(database, album, number)
    else:
        async with session(database) as s:
            left = MOST_TOGETHER - length - length // 2
            await s.execute(text("UPDATE core.waiting_photo_total SET bytes = :left"), {"left": left})
    async with session(database) as s:
        assert await keep_waiting(s, album, photo(100))
        holding = int((await s.execute(OWN_PID)).scalar_one())
        task = asyncio.create_task(keep(database, other, 101))
        await waits_or_ends(database, holding, task)
    assert not await task
    # The same once more takes no more room; what found none has left nothing.
    assert await keep(database, album, 100)
    async with session(database) as s:
        assert await read_waiting(s, other, name(101)) is None
    await drop_waiting_of(database, album)
    if full == "one album":
        assert await total(database) == (0, 0)
    assert await keep(database, other, 101)


async def drop_waiting_of(database: Database, album: Seal) -> None:
    async with session(database) as s:
        await drop_waiting(s, album)


async def test_the_total_follows_what_comes_and_goes_and_is_put_right_by_the_clock(
    database: Database,
) -> None:
    albums = [Seal(new_address(), SECRET) for _ in range(3)]
    for number, album in enumerate(albums):
        assert await keep(database, album, number)
    counted, summed = await total(database)
    assert counted == summed > 3000
    await drop_waiting_of(database, albums[0])
    counted, summed = await total(database)
    assert counted == summed > 2000
    async with session(database) as s:
        late = "UPDATE core.waiting_photo SET created_at = now() - interval '7 hours' WHERE album = :album"
        await s.execute(text(late), {"album": albums[1].id})
        await s.execute(text("UPDATE core.waiting_photo_total SET bytes = bytes + 5"))
    await forget_waiting(Work(settings=Settings(), database=database))
    counted, summed = await total(database)
    assert counted == summed > 1000
    # After a crash both are empty, and it begins anew.
    async with session(database) as s:
        for table in ("waiting_photo", "waiting_photo_total"):
            await s.execute(text(f"DELETE FROM core.{table}"))
    assert await keep(database, albums[0], 7)
    counted, summed = await total(database)
    assert counted == summed > 1000


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()
