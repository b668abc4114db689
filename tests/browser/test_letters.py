"""Words of letters between processes: a worker that has run for long writes them with its next mail, to a real mail server."""

import asyncio

import pytest
from sqlalchemy import NullPool, select
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from app.accounts.audit import SYSTEM
from app.accounts.models import User
from app.accounts.sign_in import request_link
from app.letters.keeping import keep, keep_products, try_on_oneself
from app.mail.letter_kinds import KINDS
from app.mail.wording import read_wording
from tests.browser.conftest import Installation

pytestmark = pytest.mark.browser

SIGN_IN = KINDS["sign_in"]
OLA = "ola-letters@kielce.example"


async def test_a_worker_that_runs_already_mails_a_trial_and_then_the_new_words(
    installation: Installation,
) -> None:
    await asyncio.to_thread(installation.command, "users", "grant", "administrator", OLA)
    engine = create_async_engine(installation.urls.app, poolclass=NullPool)
    wording = read_wording(SIGN_IN, "Wejście dla Oli", "Oto ono:\n\n{link}\n\nNa {minutes} minut.")

    async with AsyncSession(engine) as session:
        ola = (await session.scalars(select(User).where(User.email == OLA))).one()
        await try_on_oneself(session, ola, SIGN_IN, "pl", wording)
        await session.commit()
    tried = await asyncio.to_thread(installation.mail.wait_for, OLA, "Wejście dla Oli")
    assert "Na 15 minut." in tried
    async with AsyncSession(engine) as session:
        await keep(session, SIGN_IN, "pl", wording, base=0, actor=SYSTEM)
        await session.commit()
        await request_link(session, OLA, language="pl", browser_token="a" * 43)
        await session.commit()
    # The link of the trial leads to the page that sends links; this one is a link.
    mailed = await asyncio.to_thread(installation.mail.wait_for, OLA, "/desk/sign-in/link")
    assert mailed.startswith("Wejście dla Oli\nOto ono:")
    async with AsyncSession(engine) as session:
        await keep_products(session, SIGN_IN, "pl", base=1, actor=SYSTEM)
        await session.commit()
    await engine.dispose()
