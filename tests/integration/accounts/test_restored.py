"""Who was signed in is not by a backup that is put back, and no link of before works again (SECURITY B1, B10)."""

import asyncio
import re
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import make_url, select

from app.accounts.audit import verify_chain
from app.accounts.granting import grant_role
from app.accounts.models import Session, SignInLink, User
from app.accounts.passkey_challenges import Purpose, new_challenge, take_challenge
from app.accounts.roles import Role
from app.accounts.sessions import create_session, revoke, signed_in
from app.accounts.sign_in import LinkUsedUp, consume_link, issue, make_one_time_link, request_link
from app.db import Database, session
from app.localdb import ClusterUrls, LocalCluster
from app.localdb.binaries import find_installation
from app.mail.links import make_token
from tests.postgis import database_of_its_own

ANNA = "anna@kielce.example"
KEY = "the secret key"
HOWTO = Path(__file__).resolve().parents[3] / "docs" / "howto" / "run-in-production.md"


@asynccontextmanager
async def opened(urls: ClusterUrls) -> AsyncIterator[Database]:
    """The database as a program that was just started has it."""
    database = Database(urls.app, urls.reader)
    try:
        yield database
    finally:
        await database.dispose()


async def who(db: Database, token: str) -> bool:
    async with session(db) as s:
        return await signed_in(s, token) is not None


async def works(db: Database, token: str) -> bool:
    async with session(db) as s:
        try:
            return isinstance(await consume_link(s, token, secret=KEY, browser_token="browser"), User)
        except LinkUsedUp:
            return False


async def put_back(urls: ClusterUrls, empty: ClusterUrls, folder: Path) -> None:
    """Back one database up as the how-to says, and put it into another."""
    (options,) = re.findall(r"pg_dump (--[^\n`]*?) --file=", HOWTO.read_text())
    programs, file = find_installation(), str(folder / "pomapa.dump")
    for command in (
        (programs.program("pg_dump"), *options.split(), f"--file={file}", _libpq(urls.owner)),
        (programs.program("pg_restore"), "--exit-on-error", f"--dbname={_libpq(empty.superuser)}", file),
    ):
        done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


async def test_b1_b10_what_was_given_out_before_a_restore_works_no_more_and_survives_a_restart(
    database_urls: ClusterUrls, cluster: LocalCluster, tmp_path: Path
) -> None:
    async with opened(database_urls) as db:
        async with session(db) as s:
            anna = await grant_role(s, ANNA, Role.ADMINISTRATOR)
            open_, ended = await create_session(s, anna.id), await create_session(s, anna.id)
            unused, used = await make_one_time_link(s, ANNA), await make_one_time_link(s, ANNA)
            await request_link(s, ANNA, "pl", "browser")
            (asked,) = (
                await s.execute(select(SignInLink.id).where(SignInLink.browser_hash.is_not(None)))
            ).scalars()
            await issue(s, asked, "https://pomapa.example", KEY)
            await new_challenge(s, Purpose.PROVE, open_)
        mailed = make_token(KEY, "sign-in", asked)
    with database_of_its_own(cluster, None) as empty:
        await put_back(database_urls, empty, tmp_path)
        # After the backup, one signs out, and two links are used.
        async with opened(database_urls) as db:
            async with session(db) as s:
                await revoke(s, ended)
            assert [await who(db, one) for one in (open_, ended)] == [True, False]
            assert [await works(db, one) for one in (used, mailed)] == [True, True]
        async with opened(database_urls) as db:
            assert [await who(db, one) for one in (open_, ended)] == [True, False]
            assert [await works(db, one) for one in (used, mailed, unused)] == [False, False, True]
        async with opened(empty) as db:
            async with session(db) as s:
                # They are all there, as they were.
                kept = await s.execute(select(Session.id).where(Session.revoked_at.is_(None)))
                assert len(kept.all()) == 2
                links = await s.execute(select(SignInLink.id).where(SignInLink.used_at.is_(None)))
                assert len(links.all()) == 3
                assert await verify_chain(s) is None
                assert await take_challenge(s, Purpose.PROVE, open_) is None
            assert not any([await who(db, one) for one in (open_, ended)])
            assert not any([await works(db, one) for one in (unused, used, mailed)])
            async with session(db) as s:
                new = await make_one_time_link(s, ANNA)
                anew = await create_session(s, anna.id)
            assert await works(db, new)
            assert await who(db, anew)


def _libpq(url: str) -> str:
    return (
        make_url(url).set(drivername="postgresql").render_as_string(hide_password=False).replace("+", "%20")
    )
