"""Hundreds of addresses, or a thousand, try codes at many accounts, over real connections, while as many try elsewhere (SECURITY B5)."""

import asyncio
import contextlib
import os
import socket
from collections import Counter
from collections.abc import AsyncIterator
from typing import Final

import uvicorn
from fastapi import FastAPI
from sqlalchemy import select

from app.accounts.codes import new_totp_secret
from app.accounts.granting import grant_role
from app.accounts.models import SecondStep, User
from app.accounts.roles import Role
from app.accounts.sealing import seal
from app.accounts.sessions import create_session
from app.db import Database, session
from app.desk.device import OF_ACCOUNT, OF_ALL
from app.errors import TooManyRequests
from app.web.rate_limit import take, used
from tests.functional.conftest import ORIGIN, SECRET
from tests.functional.desk.test_second_step import ANNA, NOW, browser, clock, set_up, use_link

__all__ = ["clock"]
#: `POMAPA_TEST_ADDRESSES=1000` attacks from as many as the goal does, which takes a minute.
ADDRESSES: Final = int(os.environ.get("POMAPA_TEST_ADDRESSES", "150"))
#: Ten that one address tries, and of the others each is tried five times at most.
ACCOUNTS: Final = 10 + (ADDRESSES + 4) // 5
#: Wrong ones alone, but for three in a million.
CODE: Final = "000000"


@contextlib.asynccontextmanager
async def served(site: FastAPI) -> AsyncIterator[int]:
    """The site behind a socket of this machine; gives its port."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=2048)
    server = uvicorn.Server(
        uvicorn.Config(site, log_config=None, access_log=False, lifespan="off", proxy_headers=False)
    )
    running = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield listening.getsockname()[1]
    finally:
        server.should_exit = True
        await running


async def half_signed_in(database: Database) -> list[str]:
    """The cookies of whoever has got hold of many mailboxes of staff, and of no telephone."""
    cookies = []
    async with session(database) as s:
        for number in range(ACCOUNTS):
            user = await grant_role(s, f"staff{number}@kielce.example", Role.EDITOR)
            sealed = seal(SECRET, "second step", new_totp_secret(), user.id.bytes)
            s.add(SecondStep(user_id=user.id, sealed=sealed, confirmed_at=user.created_at))
            cookies.append(await create_session(s, user.id))
    return cookies


async def guess(port: int, address: str, cookie: str) -> int:
    """Try a code from this address, with no more than it takes; give the status of the answer."""
    form = f"code={CODE}"
    reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(address, 0))
    writer.write(
        f"POST /desk/sign-in/code HTTP/1.1\r\nHost: testserver\r\nOrigin: {ORIGIN}\r\nSec-Fetch-Site: same-origin\r\n"
        f"Cookie: pomapa={cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n"
        f"Content-Length: {len(form)}\r\n\r\n{form}".encode()
    )
    answer = await reader.read()
    writer.close()
    return int(answer.split(b" ", 2)[1])


async def test_b5_neither_one_address_nor_hundreds_guess_on_and_the_owners_device_comes_in(
    site: FastAPI, database: Database
) -> None:
    cookies = await half_signed_in(database)
    alone, many = cookies[:10], cookies[10:]
    async with browser(site, "192.0.2.1") as owner, served(site) as port:
        await use_link(site, owner)
        app, _ = await set_up(owner)
        # Connecting the app is a try as well, on a device that was not known yet.
        of_owner = round(await used(database.write, OF_ALL, site.state.client_keys, "all") * OF_ALL.times)
        assert of_owner <= 1
        await owner.post("/desk/sign-out")

        # From one address: at whichever account, it is told to wait.
        from_one = Counter([await guess(port, "127.7.7.7", cookie) for cookie in alone * 3])
        assert from_one.keys() == {403, 429}
        assert from_one[403] <= 20

        # From all of them, each of which tries once, and five at each account: neither count of these is used up.
        # Hundreds more have tried at other processes, of which this one has the counter alone.
        elsewhere = 0
        with contextlib.suppress(TooManyRequests):
            while True:
                await take(database.write, OF_ALL, site.state.client_keys, "all")
                elsewhere += 1
        assert elsewhere + from_one[403] + of_owner >= OF_ALL.times
        # No more at once than there are ways to the database, of which each takes two.
        at_once = asyncio.Semaphore(3)

        async def once(number: int) -> int:
            async with at_once:
                return await guess(
                    port, f"127.8.{number // 250}.{number % 250 + 1}", many[number % len(many)]
                )

        from_many = Counter(await asyncio.gather(*(once(number) for number in range(ADDRESSES))))
        # Some get what has come free meanwhile.
        assert from_many.keys() <= {403, 429}
        assert from_many[429] > 0

        # And at the owner's own account, as often as strangers may.
        async with session(database) as s:
            known = (await s.execute(select(User.id).where(User.email == ANNA))).scalar_one()
        for _ in range(OF_ACCOUNT.times):
            with contextlib.suppress(TooManyRequests):
                await take(database.write, OF_ACCOUNT, site.state.client_keys, str(known))
        await use_link(site, owner)
        answer = await owner.post("/desk/sign-in/code", data={"code": app.at(int(NOW))})
        assert answer.status_code == 303
        assert (await owner.get("/desk")).status_code == 200
