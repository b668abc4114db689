"""Whoever is killed between two statements leaves no photo that nothing names, and no name of a photo that is not there (SECURITY H8).

Photos lie in the database beside what names them, so that a transaction has both or neither: statements of sending,
approving, publishing anew and taking down are each once the last that the server did for it.
"""

import functools
import uuid
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import psycopg
import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import Actor
from app.db import Database, session
from app.features.content import Content
from app.features.publishing import Item, publish, unpublish
from app.features.setting import Setting
from app.forms.sealing import Seal, new_address
from app.layers.registry import LAYERS
from app.localdb import ClusterUrls
from app.moderation.actions.approve import approve
from app.moderation.actions.confirm import confirm
from app.moderation.actions.submit import Proposal, submit
from app.photos.keeping import take_in
from app.photos.redrawing import Redrawn
from app.photos.waiting import keep_waiting
from tests.functional.conftest import SECRET, aid_point

LAYER = LAYERS["aid_points"]
STAFF = Actor("staff", uuid.UUID(int=7))
FILE, ANOTHER = "0123456789abcdef0123456789abcdef-800x600", "fedcba9876543210fedcba9876543210-800x600"


def with_photos(*files: str) -> Content:
    alt = {"texts": {"pl": "Wejście"}, "source": "pl"}
    return LAYER.content.read(aid_point(photos=[{"file": file, "alt": alt} for file in files]))


CONTENT = with_photos(FILE)
#: Photos without anything that names them, and names without a photo: of what is kept, and of what is public.
ORPHANS = """
    WITH named AS (
      SELECT jsonb_path_query(content, '$.photos[*].file') #>> '{}' AS file FROM core.submission
      UNION SELECT jsonb_path_query(content, '$.photos[*].file') #>> '{}' FROM core.revision
    ), public AS (
      SELECT f.id, jsonb_path_query(f.content, '$.photos[*].file') #>> '{}' AS file
      FROM core.feature f JOIN published.feature USING (id)
    )
    SELECT (SELECT count(*) FROM core.photo WHERE file NOT IN (SELECT file FROM named)),
      (SELECT count(*) FROM named WHERE file NOT IN (SELECT file FROM core.photo)),
      (SELECT count(*) FROM published.photo WHERE (feature_id, file) NOT IN (SELECT id, file FROM public)),
      (SELECT count(*) FROM public WHERE (id, file) NOT IN (SELECT feature_id, file FROM published.photo))
"""
_TAKE_IN = text(
    "INSERT INTO core.photo (file, large, small) VALUES (:file, 'x', 'x') ON CONFLICT (file) DO NOTHING"
)
Step = Callable[[AsyncSession], Awaitable[Any]]


class Killer:
    """Ends the server's process of whoever is about to run their `at`th statement, a COMMIT too."""

    def __init__(self, database: Database, superuser: psycopg.Connection[Any]) -> None:
        self._superuser = superuser
        self.at = self.run = 0
        for name in ("before_cursor_execute", "commit"):
            event.listen(database.write.sync_engine, name, self._next)

    def _next(self, connection: Any, *_: Any) -> None:
        self.run += 1
        if self.run == self.at:
            pid = connection.connection.driver_connection.info.backend_pid
            # Back only when it is gone.
            self._superuser.execute("SELECT pg_terminate_backend(%s, 60000)", [pid])


async def test_h8_whatever_is_killed_has_photos_with_their_names_or_neither(
    database: Database, database_urls: ClusterUrls, setting: Setting
) -> None:
    seal = Seal(new_address(), SECRET)
    async with session(database) as s:
        await keep_waiting(s, seal, Redrawn(FILE, b"RIFF large", b"RIFF small"))

    async def send(s: AsyncSession) -> uuid.UUID:
        await take_in(s, CONTENT.to_dict(), seal)
        made = await submit(s, Proposal(LAYER, CONTENT), language="pl", contact_email="ola@poczta.pl")
        return made.id

    with psycopg.connect(database_urls.superuser.replace("+psycopg", ""), autocommit=True) as superuser:
        killer, killed = Killer(database, superuser), 0

        async def killed_at_each_statement(step: Step, *, first: int = 1) -> Any:
            nonlocal killed
            # Each second one, to be done in half the time.
            for at in range(first, 400, 2):
                killer.at, killer.run = at, 0
                try:
                    async with session(database) as s:
                        done = await step(s)
                except DBAPIError:
                    killed += 1
                    assert superuser.execute(ORPHANS).fetchone() == (0, 0, 0, 0), (step, at)
                else:
                    assert killer.run < at
                    assert superuser.execute(ORPHANS).fetchone() == (0, 0, 0, 0), step
                    killer.at = 0
                    return done
            raise AssertionError("it never ends")

        sent = await killed_at_each_statement(send)
        async with session(database) as s:
            version = (await confirm(s, sent, now=setting.now)).version
        made = await killed_at_each_statement(
            lambda s: approve(s, setting, LAYER, sent, version=version, actor=STAFF)
        )
        assert superuser.execute("SELECT count(*) FROM published.photo").fetchone() == (1,)

        async def publish_anew(s: AsyncSession, files: Sequence[str]) -> None:
            await s.execute(_TAKE_IN, {"file": ANOTHER})
            await publish(s, setting, LAYER, Item(with_photos(*files), made.feature_id), actor=STAFF)

        # Another photo in its place, none at all, both: what is public is what it names, whichever statement was the last.
        steps: list[tuple[int, list[str]]] = [(2, [ANOTHER]), (1, []), (2, [ANOTHER, FILE])]
        for first, files in steps:
            await killed_at_each_statement(functools.partial(publish_anew, files=files), first=first)
            public = superuser.execute("SELECT file FROM published.photo ORDER BY file DESC").fetchall()
            assert [file for (file,) in public] == files
        await killed_at_each_statement(
            lambda s: unpublish(s, setting, LAYER, made.feature_id, actor=STAFF, reason="Zamknięte.")
        )
        assert superuser.execute("SELECT count(*) FROM published.photo").fetchone() == (0,)
        assert superuser.execute("SELECT count(*) FROM core.photo").fetchone() == (2,)
    assert killed >= 20


@pytest.mark.parametrize(
    "fault", ["DELETE FROM core.photo", "UPDATE core.submission SET content = content - 'photos'"]
)
async def test_h8_what_is_missing_is_seen(database: Database, fault: str) -> None:
    """The test above would see it."""
    async with session(database) as s:
        await s.execute(
            text("INSERT INTO core.photo (file, large, small) VALUES (:file, 'x', 'x')"), {"file": FILE}
        )
        await submit(s, Proposal(LAYER, CONTENT), language="pl", contact_email="ola@poczta.pl")
        await s.flush()
        await s.execute(text(fault))
        assert sum((await s.execute(text(ORPHANS))).one()) == 1
