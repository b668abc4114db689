"""What is shown of a place's versions and of its protection: every page in every look, and the way to show it again pressed through."""

import datetime as dt
import uuid
from dataclasses import dataclass

import pytest
from playwright.async_api import expect

from app.accounts.audit import Actor
from app.db import Database, session
from app.features.publishing import Item, publish
from app.features.setting import Setting
from app.layers.registry import LAYERS
from app.moderation.actions.confirm import confirm
from app.moderation.actions.submit import Proposal, submit
from app.moderation.links import make_token
from app.moderation.models import Submission
from app.taxonomy.vocabulary import load_vocabulary
from tests.browser.conftest import Installation
from tests.browser.small_set import SmallSet
from tests.browser.test_accessibility import Inspector, inspector
from tests.two_people import approve_by_two

__all__ = ["inspector"]
pytestmark = pytest.mark.browser

LAYER = LAYERS["aid_points"]
STAFF = Actor("staff", uuid.uuid4())


@dataclass(frozen=True, slots=True)
class Brought:
    """A protected place with two versions, and the token of whoever brought it in."""

    id: str
    token: str


async def _bring(installation: Installation, name: str) -> Brought:
    database = Database(installation.urls.app, installation.urls.reader)
    setting = Setting(load_vocabulary(), "Europe/Warsaw", "PL", dt.datetime.now(dt.UTC))
    content = {
        "name": {"texts": {"pl": name}, "source": "pl"},
        "description": {"texts": {"pl": "Obiady od poniedziałku do piątku."}, "source": "pl"},
        "services": [{"type": "hot_meals"}],
        "place": {"disclosure": "area", "area": {"code": "PL-18", "name": "podkarpackie"}},
        "contacts": [{"kind": "phone", "value": "+48178521111"}],
    }
    try:
        async with session(database) as s:
            proposal = Proposal(LAYER, LAYER.content.read(content))
            sent = await submit(s, proposal, language="pl", contact_email="olena.small@example.org")
        async with session(database) as s:
            waiting: Submission = await confirm(s, sent.id, now=dt.datetime.now(dt.UTC))
        async with session(database) as s:
            made = await approve_by_two(s, setting, LAYER, sent.id, version=waiting.version, actor=STAFF)
        later = content | {"description": {"texts": {"pl": "Obiady i kolacje codziennie."}, "source": "pl"}}
        async with session(database) as s:
            await publish(s, setting, LAYER, Item(LAYER.content.read(later), made.feature_id), actor=STAFF)
    finally:
        await database.dispose()
    token = make_token(installation.environment["SECRET_KEY"], "status", sent.id)
    return Brought(str(made.feature_id), token)


async def _enter(installation: Installation, inspector: Inspector, who: str) -> None:
    """Sign a moderator in, in place of whoever was."""
    await inspector.page.context.clear_cookies()
    await inspector.page.goto(await installation.link_for(f"{who}@example.org"))
    async with inspector.page.expect_event("load"):
        await inspector.page.locator("main form button[type=submit]").click()


async def test_versions_comparison_restoring_and_the_past_of_a_layer(
    installation: Installation, small_set: SmallSet, inspector: Inspector
) -> None:
    place = await _bring(installation, "Stołówka Wersji")
    at, page = f"/desk/published/{place.id}", inspector.page
    await _enter(installation, inspector, "versions")
    today = dt.datetime.now(dt.UTC).date().isoformat()
    await inspector.open(at, "a place at the desk")
    await inspector.open(f"{at}/versions", "versions")
    await inspector.open(f"{at}/compare?older=1&newer=2", "comparison")
    await inspector.open(f"/desk/as-of?layer=aid_points&day={today}", "as of a day")
    await inspector.open(f"{at}/protect", "protect")
    await inspector.open(f"{at}/close", "close")
    await inspector.open(f"{at}/version?number=1", "version")
    # What is missing is said beside its field, and nothing that was ticked is lost.
    async with page.expect_event("load"):
        await page.locator("form[action$='/restore'] button[type=submit]").click()
    await inspector.inspect("version, refused")
    await expect(page.locator("#problem")).to_be_visible()
    await page.fill("textarea[name=reason]", "Kolacji już nie ma")
    async with page.expect_event("load"):
        await page.locator("form[action$='/restore'] button[type=submit]").click()
    # Two people say yes to what comes back of protected help: this was the first.
    await expect(page.locator("#by-two")).to_be_visible()
    await inspector.inspect("version, waiting for the second")
    inspector.conclude()


async def test_the_owner_asks_and_two_moderators_agree(
    installation: Installation, small_set: SmallSet, inspector: Inspector
) -> None:
    place = await _bring(installation, "Jadalnia za Rogiem")
    page, wish = inspector.page, f"/{inspector.lang}/status/{place.token}/open"
    await inspector.open(f"/{inspector.lang}/status/{place.token}", "status of a protected place")
    await inspector.open(wish, "asking")
    async with page.expect_event("load"):
        await page.locator("main form button[type=submit]").click()
    await inspector.inspect("asking, refused")
    await page.fill("textarea[name=reason]", "To zwykła jadalnia. Nikt się tu nie ukrywa.")
    async with page.expect_event("load"):
        await page.locator("form[action$='/open'] button[type=submit]").click()
    await inspector.inspect("asked")
    for who, then in (("first-of-two", "one has agreed"), ("second-of-two", "both have agreed")):
        await _enter(installation, inspector, who)
        await inspector.open("/desk/openings", f"wishes, before {then}")
        await inspector.open(f"/desk/published/{place.id}/opening", f"wish, before {then}")
        async with page.expect_event("load"):
            await page.locator("form[action$='/agree'] button[type=submit]").click()
        await inspector.open(f"/desk/published/{place.id}/opening", f"wish, {then}")
    await expect(page.locator("form[action$='/agree']")).to_have_count(0)
    await inspector.open(wish, "allowed")
    await inspector.open(f"{wish}/where", "where it is")
    await page.fill("input[name='address.street']", "Rynek")
    await page.fill("input[name='address.house_number']", "3")
    await page.fill("input[name='address.city']", "Rzeszów")
    await page.fill("input[name='position']", "50.0375, 22.0047")
    async with page.expect_event("load"):
        await page.locator("form#entry button[type=submit]").last.click()
    await inspector.inspect("where it is, sent")
    await expect(page.locator("form#entry")).to_have_count(0)
    inspector.conclude()
