"""What the program and its database write of what happens says nothing of anybody (SECURITY G3)."""

import contextlib
import io
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import httpx2
import psycopg
import pytest
from fastapi import FastAPI

from app.accounts.granting import grant_role
from app.accounts.roles import Role
from app.accounts.sessions import create_session
from app.db import Database, session
from app.localdb import ClusterUrls
from app.web.routes import declared
from tests.functional.addresses import PART, written
from tests.functional.conftest import Mailbox, Publish, aid_point
from tests.functional.desk.conftest import Waiting, signed_in
from tests.functional.test_hostile_everywhere import QUERIES

#: So many requests at least; `POMAPA_TEST_REQUESTS=10000` asks as many as the goal does, which takes minutes.
REQUESTS: Final = int(os.environ.get("POMAPA_TEST_REQUESTS", "1000"))
#: In addresses, forms, queries, headers and cookies.
SECRET: Final = "sekretnaolena"
PHONE: Final = "511222333"
IP: Final = "203.0.113.77"
PLANTED: Final = (SECRET, PHONE, IP, "Ukryta-17", "przemoc-domowa")
#: The server knows of no such table for a while.
TAKEN_AWAY: Final = "published.feature"
FORM: Final = {
    "email": f"{SECRET}@example.org", "name": f"{SECRET} Ukryta-17", "contacts.0.value": PHONE, "token": SECRET * 4,
    "reason": SECRET, "note": PHONE, "q": "przemoc-domowa", "code": SECRET,
}  # fmt: skip
ASKED: Final = f"q=przemoc-domowa&email={SECRET}@example.org&token={SECRET}&near=20.6286,50.8661"
HEADERS: Final = {
    "X-Forwarded-For": IP,
    "User-Agent": SECRET,
    "Referer": f"http://testserver/pl/?q={SECRET}",
}


async def _everything(client: httpx2.AsyncClient, site: FastAPI, *cookie: str) -> int:
    headers = HEADERS | dict.fromkeys(cookie, f"pomapa={SECRET}; other={SECRET}")
    asked = 0
    for route in declared(site):
        parts = dict.fromkeys(PART.findall(route.path), SECRET)
        for address in (written(route.path), written(route.path, **parts)):
            data = FORM if route.method == "POST" else None
            await client.request(route.method, f"{address}?{ASKED}", data=data, headers=headers)
            asked += 1
    for query in QUERIES:
        await client.get(f"/pl/?{query}&{ASKED}")
    return asked


async def test_g3_no_log_of_the_program_or_its_database_says_who_asked_for_what(
    site: FastAPI,
    client: httpx2.AsyncClient,
    log: io.StringIO,
    publish: Publish,
    waiting: Waiting,
    mailbox: Mailbox,
    database_urls: ClusterUrls,
) -> None:
    before = _sizes(database_urls)
    await publish(aid_point(f"Miejsce {SECRET}", contacts=[{"kind": "phone", "value": f"+48{PHONE}"}]))
    sent = await waiting(name=f"Zgłoszenie {SECRET}")
    async with signed_in(site, Role.MODERATOR, f"{SECRET}2@kielce.example") as browser:
        form = {"version": sent.version, "reason": "other", "note": SECRET}
        await browser.post(f"/desk/submissions/{sent.id}/reject", data=form)
    async with session(site.state.database) as s:
        administrator = (await grant_role(s, f"{SECRET}@kielce.example", Role.ADMINISTRATOR)).id
    asked = 0
    while asked < REQUESTS:
        asked += await _everything(client, site, "Cookie")
        # Not by a link: so often nobody may sign in.
        async with session(site.state.database) as s:
            token = await create_session(s, administrator)
        client.cookies.set("pomapa", token)
        asked += await _everything(client, site)
        client.cookies.clear()
        # What nobody has thought of, with all of that at hand.
        with pytest.MonkeyPatch.context() as patch:
            for name in ("answer", "answers"):
                patch.setattr(Database, name, _breaks)
            asked += await _everything(client, site)
        with _without_a_table(database_urls):
            asked += await _everything(client, site)
    await mailbox.collect()
    said = log.getvalue()
    assert said.count('"event": "request"') > REQUESTS
    assert '"error_type": "RuntimeError"' in said
    server = _of_the_server(database_urls, before)
    assert f'relation "{TAKEN_AWAY}" does not exist' in server
    for planted in PLANTED:
        for line in (*said.splitlines(), *server.splitlines()):
            assert planted not in line


async def _breaks(*_args: object, **_kwargs: object) -> None:
    raise RuntimeError(f"{SECRET} {PHONE} {IP}")


@contextlib.contextmanager
def _without_a_table(urls: ClusterUrls) -> Iterator[None]:
    """The server refuses every statement about what is published, and says so in its own log."""
    with psycopg.connect(urls.owner.replace("+psycopg", "", 1), autocommit=True) as owner:
        owner.execute(f"ALTER TABLE {TAKEN_AWAY} RENAME TO taken_away")
        try:
            yield
        finally:
            owner.execute(f"ALTER TABLE published.taken_away RENAME TO {TAKEN_AWAY.partition('.')[2]}")


def _logs(urls: ClusterUrls) -> list[Path]:
    with psycopg.connect(urls.superuser.replace("+psycopg", "", 1), autocommit=True) as superuser:
        (data,) = superuser.execute("SELECT current_setting('data_directory')").fetchone() or ("",)
    return sorted(path for path in Path(data).parent.rglob("*.log*") if path.is_file())


def _sizes(urls: ClusterUrls) -> dict[Path, int]:
    return {path: path.stat().st_size for path in _logs(urls)}


def _of_the_server(urls: ClusterUrls, before: Mapping[Path, int] = {}) -> str:
    """What the server has written into its log, since it was of these sizes."""
    parts = [path.read_bytes()[before.get(path, 0) :] for path in _logs(urls)]
    return b"".join(parts).decode(errors="replace")


async def test_g3_no_log_of_the_database_has_what_was_sent_to_it(
    database: Database, database_urls: ClusterUrls
) -> None:
    """Statements that fail are logged with their text, and their text has no values."""
    with psycopg.connect(database_urls.app.replace("+psycopg", "", 1), autocommit=True) as app:
        for setting in ("log_parameter_max_length_on_error", "log_parameter_max_length"):
            assert app.execute("SELECT current_setting(%s)", (setting,)).fetchone() == ("0",)
    with psycopg.connect(database_urls.app.replace("+psycopg", "", 1), autocommit=True) as app:
        for value in (f"{SECRET}-db", PHONE):
            with pytest.raises(psycopg.Error):
                app.execute("SELECT CAST(%s AS integer) FROM core.no_such_table_sekret", (value,))
            with pytest.raises(psycopg.Error):
                app.execute(
                    "INSERT INTO core.grant (id, role) SELECT gen_random_uuid(), %s", (f"{value}{SECRET}-db",)
                )
    written_there = _of_the_server(database_urls)
    assert "no_such_table_sekret" in written_there, "the log of the server was not found"
    assert f"{SECRET}-db" not in written_there
