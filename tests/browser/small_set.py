"""A small published set for the browser: places of every family and state in one town, and a submission that waits."""

import asyncio
import dataclasses
import datetime as dt
from typing import Any
from uuid import UUID

import sqlalchemy

from app.accounts.audit import SYSTEM
from app.areas import own
from app.areas.kept_models import KeptArea
from app.db import Database, session
from app.features.protecting import protect_now
from app.features.publishing import Item, Provenance, publish_many, unpublish
from app.features.setting import Setting
from app.layers.registry import LAYERS
from app.localdb import ClusterUrls
from app.moderation.actions.confirm import confirm
from app.moderation.actions.submit import Proposal, submit
from app.moderation.links import make_token
from app.moderation.models import Submission
from app.moderation.states import SubmissionState
from app.moderation.submissions import move
from app.taxonomy.vocabulary import load_vocabulary

#: Of the view in which each lone place has a marker of its own.
TOWN_BOX = "21.97,50.02,22.03,50.055"
#: All of the set and nothing else.
WIDE_BOX = "21.5,49.9,22.5,50.2"
#: More than a page of the list.
CROWD = 26
SUBMITTER = "olena.small@example.org"


@dataclasses.dataclass(frozen=True, slots=True)
class SmallSet:
    """Addresses (without the host) of what was published. `crowd` is how many stand in the next village."""

    kitchen: str
    kitchen_id: str
    shelter: str
    refuge: str
    helpline: str
    organisation: str
    total: int


def text(pl: str, **others: str) -> dict[str, Any]:
    return {"texts": {"pl": pl, **others}, "source": "pl"}


def point(name: str, service: str, lng: float, lat: float, **more: Any) -> dict[str, Any]:
    return {
        "name": text(name),
        "services": [{"type": service}],
        "place": {"position": {"lng": lng, "lat": lat}},
    } | more


def kitchen() -> dict[str, Any]:
    """The richest place: everything that a page can show."""
    today = dt.datetime.now(dt.UTC).date()
    soon = today + dt.timedelta(days=3)
    usual = point("", "food_parcels", 21.999, 50.041)
    return usual | {
        "name": text("Kuchnia „Pod Kasztanem”", uk="Кухня «Під каштаном»"),
        "description": text("Codzienny posiłek.\n\nBez pytań."),
        "hours": "24/7",
        "services": [
            {
                "type": "food_parcels",
                "hours": "Mo-Fr 12:00-16:00",
                "capacity": {
                    "unit": "meals",
                    "available": 12,
                    "maximum": 40,
                    "updated": f"{today}T00:00:00Z",
                    "expires": f"{today + dt.timedelta(days=2)}T00:00:00Z",
                },
            },
            {"type": "clothing", "documents": ["id_needed"]},
        ],
        "address": {"street": "Kopernika", "house_number": "12", "postcode": "35-002", "city": "Rzeszów"},
        "contacts": [
            {"kind": "phone", "value": "+48 17 555 01 23", "languages": ["uk"]},
            {"kind": "email", "value": "kasztan@example.org"},
        ],
        "website": "https://example.org/kasztan",
        "audience_mode": "preferred",
        "audiences": ["refugees"],
        "languages": ["uk", "pl"],
        "cost": {"code": "low_cost", "amount": 5, "currency": "PLN"},
        "accessibility": {"step_free": "yes", "toilet": "no"},
        "notices": [{"kind": "closed", "text": text("Święta"), "starts": str(soon), "ends": str(soon)}],
    }


def points() -> list[dict[str, Any]]:
    lone = [
        kitchen(),
        point("Noclegownia przy Moście", "night_shelter", 21.985, 50.03, hours='"call"'),
        point("Przychodnia Zdrowie", "primary_care", 22.012, 50.034, hours="24/7", languages=["pl", "en"]),
        point("Poradnia prawna", "legal_advice", 21.98, 50.048, hours="Mo-Su 00:00-24:00 closed"),
        point("Kurs polskiego", "language_course", 22.015, 50.048),
    ]
    spot = [point(f"Drzwi {n}", "information_point", 21.998, 50.027) for n in range(1, 5)]
    refuge = {
        "name": text("Pomoc dla kobiet"),
        "services": [{"type": "violence_shelter"}],
        "place": {"disclosure": "contact_only", "area": {"code": "PL-1863", "name": "Rzeszów"}},
        "contacts": [{"kind": "phone", "value": "+48 17 555 09 09"}],
    }
    line = {
        "name": text("Telefon w kryzysie"),
        "services": [{"type": "crisis_line"}],
        "channel": "phone",
        "hours": "24/7",
        "area_served": [{"code": "PL", "name": "Polska"}],
        "contacts": [{"kind": "phone", "value": "+48 17 555 07 07"}],
    }
    crowd = [
        point(f"Paczka {n:02}", "food_parcels", 22.2 + n % 6 * 0.001, 50.1 + n // 6 * 0.001)
        for n in range(CROWD)
    ]
    return [*lone, *spot, refuge, line, *crowd]


ORGANISATION: dict[str, Any] = {
    "name": text("Fundacja „Otwarte drzwi”"),
    "sector": "ngo",
    "legal_form": "foundation",
    "identifiers": {"nip": "526-10-40-828"},
}


def publish_small_set(urls: ClusterUrls) -> SmallSet:
    return asyncio.run(_publish(urls))


def take_all_back(urls: ClusterUrls) -> None:
    """Take everything off the map and out of the queue, and areas of one's own out of what is offered, whoever put them there."""
    asyncio.run(_take_all_back(urls))


def publish_one(urls: ClusterUrls, content: dict[str, Any], now: dt.datetime | None = None) -> str:
    """Publish one aid point more, as if it were `now`, and give its id."""
    return asyncio.run(_publish_one(urls, content, now))


def take_down(urls: ClusterUrls, feature_id: str) -> None:
    """Take one aid point off the map."""
    asyncio.run(_take_down(urls, feature_id))


def protect_one(urls: ClusterUrls, feature_id: str) -> None:
    """Make one aid point a protected place, as the desk does."""
    asyncio.run(_protect_one(urls, feature_id))


def add_waiting(urls: ClusterUrls, secret: str, name: str) -> str:
    """Submit a place as confirmed, and give the token of its status page."""
    return asyncio.run(_add_waiting(urls, secret, name))


def _setting(now: dt.datetime | None = None) -> Setting:
    return Setting(load_vocabulary(), "Europe/Warsaw", "PL", now or dt.datetime.now(dt.UTC))


async def _publish(urls: ClusterUrls) -> SmallSet:
    database = Database(urls.app, urls.reader)
    try:
        async with session(database) as s:
            contents = [LAYERS["aid_points"].content.read(content) for content in points()]
            made = await publish_many(
                s, _setting(), LAYERS["aid_points"], [Item(c, provenance=Provenance()) for c in contents]
            )
            organisation = LAYERS["organisations"].content.read(ORGANISATION)
            (org,) = await publish_many(s, _setting(), LAYERS["organisations"], [Item(organisation)])
    finally:
        await database.dispose()
    ids = [publication.feature_id for publication in made]
    return SmallSet(
        kitchen=f"/aid_points/{ids[0]}",
        kitchen_id=str(ids[0]),
        shelter=f"/aid_points/{ids[1]}",
        refuge=f"/aid_points/{ids[9]}",
        helpline=f"/aid_points/{ids[10]}",
        organisation=f"/organisations/{org.feature_id}",
        total=len(ids),
    )


async def _publish_one(urls: ClusterUrls, content: dict[str, Any], now: dt.datetime | None) -> str:
    database = Database(urls.app, urls.reader)
    layer = LAYERS["aid_points"]
    try:
        async with session(database) as s:
            item = Item(layer.content.read(content), provenance=Provenance())
            [made] = await publish_many(s, _setting(now), layer, [item])
    finally:
        await database.dispose()
    return str(made.feature_id)


async def _take_down(urls: ClusterUrls, feature_id: str) -> None:
    database = Database(urls.app, urls.reader)
    try:
        async with session(database) as s:
            await unpublish(
                s, _setting(), LAYERS["aid_points"], UUID(feature_id), actor=SYSTEM, reason="it is closed"
            )
    finally:
        await database.dispose()


async def _protect_one(urls: ClusterUrls, feature_id: str) -> None:
    database = Database(urls.app, urls.reader)
    try:
        async with session(database) as s:
            await protect_now(
                s, _setting(), LAYERS["aid_points"], UUID(feature_id), actor=SYSTEM, reason="a refuge"
            )
    finally:
        await database.dispose()


async def _take_all_back(urls: ClusterUrls) -> None:
    database = Database(urls.app, urls.reader)
    try:
        async with session(database) as s:
            published = (await s.execute(sqlalchemy.text("SELECT id, layer FROM published.feature"))).all()
            for feature_id, layer in published:
                await unpublish(
                    s, _setting(), LAYERS[layer], feature_id, actor=SYSTEM, reason="tests are over"
                )
            waiting = await s.scalars(
                sqlalchemy.select(Submission).where(
                    Submission.state.in_([SubmissionState.UNCONFIRMED, SubmissionState.PENDING])
                )
            )
            for submission in waiting.all():
                move(s, submission, SubmissionState.WITHDRAWN, SYSTEM)
        async with session(database) as s:
            offered = sqlalchemy.select(KeptArea).where(KeptArea.own, ~KeptArea.retired)
            for area in (await s.scalars(offered)).all():
                await own.retire(s, area.code, version=area.version, by=SYSTEM)
    finally:
        await database.dispose()


async def _add_waiting(urls: ClusterUrls, secret: str, name: str) -> str:
    database = Database(urls.app, urls.reader)
    layer = LAYERS["aid_points"]
    content = layer.content.read(point(name, "laundry", 22.0, 50.04))
    try:
        async with session(database) as s:
            made = await submit(s, Proposal(layer, content, None), language="uk", contact_email=SUBMITTER)
        async with session(database) as s:
            made = await confirm(s, made.id, now=dt.datetime.now(dt.UTC))
    finally:
        await database.dispose()
    return make_token(secret, "status", made.id)
