"""An entry that one organisation runs and another says is theirs: what both do, and what is looked at."""

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any

import httpx2
from sqlalchemy import text

from app.db import Database, session
from app.features.models import Feature
from app.moderation.claim_models import PlaceClaim
from tests.functional.desk.organisations import PAGE

ANNA, ADAM, KITCHEN = "anna@stol.example", "adam@dawna.example", "kuchnia@zupa.example"
CONTACTS = [{"kind": "phone", "value": "+48413680000"}, {"kind": "email", "value": KITCHEN}]
AREA = {"disclosure": "area", "area": {"code": "PL-26", "name": "świętokrzyskie"}}
WORDS = "Zadzwoniono na numer z mapy, kierowniczka potwierdza."
CODE = re.compile(r"^[a-z2-9]{5}-[a-z2-9]{5}$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class There:
    """An entry that one organisation runs, and another one that says it is theirs."""

    organisation: uuid.UUID
    before: uuid.UUID
    place: uuid.UUID

    @property
    def claims(self) -> str:
        """The page of the organisation."""
        return f"{PAGE}/{self.organisation}/claims"


async def say_so(
    browser: httpx2.AsyncClient, there: There, place: uuid.UUID | None = None
) -> httpx2.Response:
    form = {"place": str(place or there.place), "reason": "Gotujemy tam od 2019 roku."}
    return await browser.post(there.claims, data=form)


async def claim_of(database: Database) -> PlaceClaim:
    async with session(database) as s:
        found = (
            await s.execute(text("SELECT id FROM core.place_claim ORDER BY asked_at DESC LIMIT 1"))
        ).scalar_one()
        return await s.get_one(PlaceClaim, found)


async def feature_of(database: Database, place: uuid.UUID) -> Feature:
    async with session(database) as s:
        return await s.get_one(Feature, place)


async def run_by(client: httpx2.AsyncClient, place: uuid.UUID) -> Any:
    answer = await client.get(f"/api/v1/layers/aid_points/features/{place}")
    return answer.json()["properties"].get("organisation", {}).get("id")


async def decide(
    browser: httpx2.AsyncClient, database: Database, what: str = "approve", **typed: str
) -> httpx2.Response:
    claim = await claim_of(database)
    feature = await feature_of(database, claim.feature_id)
    form = {
        "version": str(claim.version),
        "revision": str(feature.revision),
        "way": "called_back",
        "said": WORDS,
    }
    return await browser.post(f"/desk/claims/{claim.id}/{what}", data=form | typed)


async def actions(database: Database) -> Sequence[str]:
    async with session(database) as s:
        rows = await s.execute(text("SELECT action FROM core.audit WHERE object_type = 'claim' ORDER BY id"))
        return rows.scalars().all()


def plain(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r", "")


def by_reader(mails: Sequence[EmailMessage]) -> dict[str, str]:
    return {mail["To"]: plain(mail) for mail in mails}
