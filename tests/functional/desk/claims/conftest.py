"""Who takes part in a claim: whoever makes it, and two who make sure."""

from collections.abc import AsyncIterator

import httpx2
import pytest
from fastapi import FastAPI

from app.accounts.roles import Role
from tests.functional.conftest import Mailbox, Publish, aid_point
from tests.functional.desk.claims.claiming import ANNA, CONTACTS, There
from tests.functional.desk.conftest import somebody
from tests.functional.desk.organisations import browser_of_member, publish_organisation


@pytest.fixture
async def there(publish: Publish, mailbox: Mailbox) -> There:
    organisation, before = await publish_organisation(publish), await publish_organisation(publish, "Dawna")
    (place,) = await publish(aid_point("Kuchnia", organisation={"id": str(before)}, contacts=CONTACTS))
    return There(organisation, before, place.feature_id)


@pytest.fixture
async def anna(site: FastAPI, there: There) -> AsyncIterator[httpx2.AsyncClient]:
    async with browser_of_member(site, there.organisation, ANNA) as browser:
        yield browser


moderator = somebody(Role.MODERATOR, "moderator@example.org", "en")
second = somebody(Role.MODERATOR, "second@example.org")
