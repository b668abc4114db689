"""Nobody learns from asking for a link who has an account: not from the answer, nor from the work it makes (SECURITY B4).

B4 asks that the time tells nothing either. A clock on a machine that others use would judge the machine, so that what takes
the time is counted, for each kind of address and in turns: the statements with the sizes of what they carry, in the same order to
the last; and every function that has to do with people, with what it calls that is written in C, to the same number. A look at an
account, one hash more, or a mail sent at once would be one more of either. Whoever writes the mail is the worker, afterwards.
"""

import inspect
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, Final

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
_APP: Final = Path(__file__).resolve().parents[3] / "app"
#: What has to do with people, and what writes to them; the rest of a page looks things up when it is time to.
OURS: Final = tuple(f"{_APP / part}/" for part in ("accounts", "desk", "jobs", "mail"))
#: These are entered anew each time something has been waited for, which nobody can count.
WAITING: Final = inspect.CO_COROUTINE | inspect.CO_GENERATOR | inspect.CO_ASYNC_GENERATOR
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


def shape(parameters: Any) -> Any:
    """What a statement carries, without what it is: texts of one length are alike."""
    if isinstance(parameters, dict):
        return sorted((str(name), shape(value)) for name, value in parameters.items())
    if isinstance(parameters, list | tuple):
        return [shape(value) for value in parameters]
    return len(parameters) if isinstance(parameters, str | bytes) else type(parameters).__name__


@contextmanager
def counted(calls: Counter[str]) -> Iterator[None]:
    """Count every call of such a function, and what it calls that is written in C."""

    def note(frame: FrameType, happened: str, called: Any) -> None:
        code = frame.f_code
        if not code.co_filename.startswith(OURS):
            return
        if happened == "call" and not code.co_flags & WAITING:
            calls[f"{code.co_filename}:{code.co_qualname}"] += 1
        elif happened == "c_call":
            calls[f"{code.co_filename}:{code.co_qualname} {called.__qualname__}"] += 1

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        yield
    finally:
        sys.setprofile(before)


async def test_b4_who_has_an_account_is_answered_as_who_has_none(
    site: FastAPI, database: Database, mailbox: Mailbox
) -> None:
    await people(database)
    statements: list[Any] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        statements.append((statement, shape(parameters)))

    event.listen(database.write.sync_engine, "before_cursor_execute", note)
    answers: dict[str, list[tuple[Any, Sequence[Any]]]] = {kind: [] for kind in KINDS}
    work: dict[str, list[Counter[str]]] = {kind: [] for kind in KINDS}
    try:
        for turn in range(TURNS):
            for number, kind in enumerate(KINDS):
                statements.clear()
                calls: Counter[str] = Counter()
                with counted(calls):
                    answer = await ask(site, address(kind, turn), f"192.0.2.{turn * len(KINDS) + number + 1}")
                answers[kind].append((said(answer), tuple(statements)))
                work[kind].append(calls)
    finally:
        event.remove(database.write.sync_engine, "before_cursor_execute", note)
    # Of the first turn the process itself is made ready.
    first = answers["never"][1]
    assert first[0][0] == 200
    assert len(first[1]) >= 3
    for kind in KINDS:
        for told in answers[kind][1:]:
            assert told == first, kind
    done = work["never"][1]
    assert any("browser_code" in name for name in done)
    for kind in KINDS:
        for calls in work[kind][1:]:
            assert calls - done + (done - calls) == Counter(), kind
    # The worker alone finds out, and writes to those who may come in.
    assert sorted(mail["To"] for mail in await mailbox.collect()) == [
        address("known", n) for n in range(TURNS)
    ]
