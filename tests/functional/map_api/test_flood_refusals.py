"""Whoever was told to wait is refused before a byte of what they send is read, and whom there is no room for unparsed (SECURITY E1, E2)."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from app.db import Database
from app.errors import TooManyRequests
from app.map_api.submissions import TRIES
from app.web import told_to_wait
from app.web.in_turn import Turns
from app.web.rate_limit import take
from tests.functional.map_api.test_submissions import PATH, new, program, stored

__all__ = ["program"]
KEY = {"Idempotency-Key": "8e03978e-40d5-43e8-bc93-6894a57f9324"}


class Sent:
    """What somebody sends, and whether anybody has asked for it."""

    def __init__(self) -> None:
        self.read = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        self.read = True
        yield json.dumps(new()).encode()


async def send(program: httpx2.AsyncClient, **headers: Any) -> tuple[httpx2.Response, bool]:
    """Send a new place; give the answer, and whether anything of the place was read for it."""
    sent = Sent()
    kind = {"Content-Type": "application/json"}
    answer = await program.post(PATH, content=sent, headers=kind | headers)
    return answer, sent.read


async def test_e1_who_was_told_to_wait_is_told_so_again_unread(
    program: httpx2.AsyncClient, site: FastAPI, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(told_to_wait, "BELIEVED_S", 600)
    with contextlib.suppress(TooManyRequests):
        while True:
            await take(site.state.database.write, TRIES, site.state.client_keys, "127.0.0.1")
    answer, read = await send(program)
    assert (answer.status_code, read) == (429, False)
    assert int(answer.headers["retry-after"]) > 0
    # What has a key may have been taken in before; it is looked at, and counted like any other.
    answer, read = await send(program, **KEY)
    assert answer.status_code == 429
    assert await stored(database) == []
    other = httpx2.ASGITransport(app=site, client=("192.0.2.9", 1))
    async with httpx2.AsyncClient(transport=other, base_url=program.base_url) as somebody_else:
        answer, read = await send(somebody_else)
    assert (answer.status_code, read) == (202, True)


async def test_e2_whom_there_is_no_room_for_is_refused_before_it_is_taken_apart(
    program: httpx2.AsyncClient, site: FastAPI, database: Database
) -> None:
    turns = site.state.turns = Turns(at_once=1, most_waiting=1, patience_s=600)
    done = asyncio.Event()

    async def hold() -> None:
        async with turns.seat():
            await done.wait()

    holding = [asyncio.create_task(hold()) for _ in range(2)]
    for _ in range(9):
        await asyncio.sleep(0)
    assert turns.are_full
    # Looked through for a proof, and not taken apart: nobody finds out that this is no JSON.
    answer = await program.post(PATH, content=b"{", headers={"Content-Type": "application/json"})
    assert answer.status_code == 503
    answer, _ = await send(program)
    assert answer.status_code == 503
    assert await stored(database) == []
    done.set()
    await asyncio.gather(*holding)
    answer, read = await send(program)
    assert (answer.status_code, read) == (202, True)
    assert len(await stored(database)) == 1
