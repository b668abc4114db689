"""Nobody learns from asking for a link who has an account: not from the answer, nor from the work it makes (SECURITY B4).

B4 asks that the time tells nothing either. A clock on a machine that others use would judge the machine, so that what takes
the time is compared: the same statements in the same order, to the last, and no mail before the worker has it. Nothing else in the
request depends on who asks: `app.accounts.sign_in.request_link` reads no account. Measured by hand on a busy machine, 30 answers of
each kind in a drawn order, against those to nobody: Mann-Whitney p 0.37, 0.07 and 0.66.
"""

import re
from collections.abc import Sequence
from typing import Any

import httpx2
from fastapi import FastAPI
from sqlalchemy import event, text

from app.accounts.granting import grant_role
from app.accounts.roles import Role
from app.accounts.users import suspend
from app.db import Database, session
from tests.functional.conftest import ORIGIN, Mailbox

#: One who has an account, one who is suspended, one whose role waits for a second person, and nobody; all of one length.
KINDS = ("known", "gone.", "waits", "never")
TURNS = 5
#: What is drawn anew for each answer: the code for another browser.
_DRAWN = re.compile(r"(?<!\d)\d{3}[ \u00a0]?\d{3}(?!\d)")


def address(kind: str, turn: int) -> str:
    return f"{kind}{turn}@kielce.example"


async def people(database: Database) -> None:
    async with session(database) as s:
        for turn in range(TURNS):
            for kind in KINDS[:3]:
                await grant_role(s, address(kind, turn), Role.MODERATOR)
            await suspend(s, address("gone.", turn))
        waiting = "UPDATE core.grant SET confirmed_at = NULL FROM core.user u WHERE u.id = user_id AND u.email LIKE 'waits%'"
        await s.execute(text(waiting))


async def ask(site: FastAPI, email: str, host: str) -> httpx2.Response:
    """Ask from an address of its own, so that no limit answers in the place of the page."""
    transport = httpx2.ASGITransport(app=site, raise_app_exceptions=False, client=(host, 1))
    headers = {"Sec-Fetch-Site": "same-origin", "Origin": ORIGIN, "Accept-Encoding": "identity"}
    async with httpx2.AsyncClient(transport=transport, base_url=ORIGIN, headers=headers) as browser:
        return await browser.post("/desk/sign-in", data={"email": email})


def said(answer: httpx2.Response) -> tuple[int, str, list[str], list[str]]:
    drawn = {"x-request-id", "x-answered-at", "set-cookie", "date"}
    cookies = [re.sub(r"=[^;]*", "=", one, count=1) for one in answer.headers.get_list("set-cookie")]
    headers = sorted(f"{name}: {value}" for name, value in answer.headers.items() if name not in drawn)
    return answer.status_code, _DRAWN.sub("", answer.text), headers, cookies


async def test_b4_who_has_an_account_is_answered_as_who_has_none(
    site: FastAPI, database: Database, mailbox: Mailbox
) -> None:
    await people(database)
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    event.listen(database.write.sync_engine, "before_cursor_execute", note)
    answers: dict[str, list[tuple[Any, Sequence[str]]]] = {kind: [] for kind in KINDS}
    try:
        for turn in range(TURNS):
            for number, kind in enumerate(KINDS):
                statements.clear()
                answer = await ask(site, address(kind, turn), f"192.0.2.{turn * len(KINDS) + number + 1}")
                answers[kind].append((said(answer), tuple(statements)))
    finally:
        event.remove(database.write.sync_engine, "before_cursor_execute", note)
    # Of the first turn the process itself is made ready.
    first = answers["never"][1]
    assert first[0][0] == 200
    assert len(first[1]) >= 3
    for kind in KINDS:
        for told in answers[kind][1:]:
            assert told == first, kind
    # The worker alone finds out, and writes to those who may come in.
    assert sorted(mail["To"] for mail in await mailbox.collect()) == [
        address("known", n) for n in range(TURNS)
    ]
