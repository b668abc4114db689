"""Twin installations: two databases that say the same to the public, and differ in what nobody is to find out."""

import contextlib
import datetime as dt
import random
import re
import uuid
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from shapely import box
from sqlalchemy import text

from app.accounts.audit import SYSTEM
from app.areas.importing import import_units
from app.config import Settings
from app.db import Database, session
from app.features.place import protect
from app.features.protecting import protect_now
from app.features.publishing import Item, Provenance, publish, publish_many
from app.features.setting import Setting
from app.layers.registry import LAYERS
from app.localdb import ClusterUrls
from app.main import create_app
from app.moderation.actions.submit import Proposal, submit
from app.taxonomy.vocabulary import load_vocabulary
from tests.areas import polish_unit
from tests.functional.conftest import ORIGIN, aid_point, make_settings

LAYER = LAYERS["aid_points"]
#: The corner of the county in which all the protected places of both twins are, and its size in degrees.
WEST, SOUTH, SIZE = 20.5, 50.8, 0.4
PUBLIC, PROTECTED = 30, 24
NOW = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)
SHELTER = "homeless_shelter"
SERVICES = (SHELTER, "hot_meals", "legal_advice", "laundry")
#: What may differ from one answer to the next of the same server.
_NONCE = re.compile(rb'nonce-[\w+/=-]+|nonce="[^"]+"|name="(?:started|base)" value="[^"]+"')
_HEADERS = frozenset({"date", "content-security-policy", "x-request-id", "server-timing", "x-answered-at"})


@dataclass(frozen=True, slots=True)
class Filled:
    """What one of the two databases holds: the ids of its features in the order in which they came, and what is its own."""

    urls: ClusterUrls
    ids: tuple[uuid.UUID, ...]
    #: Where its protected places are: longitude and latitude.
    hidden: Mapping[uuid.UUID, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Twin:
    """One of the two: its application, and what its database holds."""

    site: FastAPI
    filled: Filled

    @property
    def ids(self) -> tuple[uuid.UUID, ...]:
        """The ids of its features, the same in both."""
        return self.filled.ids


async def fill(urls: ClusterUrls, secrets: int) -> Filled:
    """Fill a database as its twin is, but for the secrets, which come from a seed."""
    settings = make_settings(urls, Path("nowhere"))
    database = Database.of(settings)
    with pytest.MonkeyPatch.context() as patch:
        numbers = _numbers()
        patch.setattr("app.features.publishing.uuid.uuid4", lambda: next(numbers))
        ids, hidden = await _fill(database, settings, random.Random(secrets))
    await database.dispose()
    return Filled(urls, ids, hidden)


@contextlib.asynccontextmanager
async def twin(filled: Filled, data_dir: Path) -> AsyncIterator[Twin]:
    """An installation on one of the two databases."""
    site = create_app(make_settings(filled.urls, data_dir))
    yield Twin(site, filled)
    await site.state.database.dispose()


def browser(twin: Twin) -> httpx2.AsyncClient:
    """Somebody who asks it."""
    transport = httpx2.ASGITransport(app=twin.site, raise_app_exceptions=False)
    # How long what is compressed becomes depends on the marks of the moment in it.
    headers = {"Accept-Encoding": "identity"}
    return httpx2.AsyncClient(transport=transport, base_url=ORIGIN, headers=headers)


def said(answer: httpx2.Response) -> tuple[int, bytes, list[tuple[str, str]]]:
    """What an answer says, without what is drawn for each."""
    headers = sorted((k, v) for k, v in answer.headers.items() if k.lower() not in _HEADERS)
    return answer.status_code, _NONCE.sub(b"", answer.content), headers


def _numbers() -> Iterator[uuid.UUID]:
    seeded = random.Random(7)
    while True:
        yield uuid.UUID(int=seeded.getrandbits(128), version=4)


async def _fill(
    database: Database, settings: Settings, secret: random.Random
) -> tuple[tuple[uuid.UUID, ...], dict[uuid.UUID, tuple[float, float]]]:
    setting = Setting(load_vocabulary(), settings.timezone, "PL", NOW)
    same = random.Random(3)
    await _import_county(database)
    ids = []
    for number in range(PUBLIC):
        position = {"lng": WEST + SIZE * same.random(), "lat": SOUTH + SIZE * same.random()}
        ids.append(
            await _publish(database, setting, aid_point(f"Punkt {number}", place={"position": position}))
        )
    hidden = dict([await _hidden(database, setting, number, secret) for number in range(PROTECTED)])
    async with session(database) as s:
        # Both were filled one after the other; to the public they are of the same moment.
        await s.execute(text("UPDATE published.layer_version SET changed_at = :now"), {"now": NOW})
        await s.execute(text("UPDATE published.change SET at = :now"), {"now": NOW})
    return (*ids, *hidden), hidden


async def _import_county(database: Database) -> None:
    """A county of a large town and two small municipalities; nothing tells which of them a place is in."""
    half = WEST + SIZE / 2
    around = box(WEST - 1, SOUTH - 1, WEST + 1, SOUTH + 1)
    async with session(database) as s:
        await import_units(
            s,
            [
                polish_unit("2604042", box(WEST, SOUTH, half, SOUTH + SIZE), name="Zaułek", population=900),
                polish_unit(
                    "2604052", box(half, SOUTH, WEST + SIZE, SOUTH + SIZE), name="Ustronie", population=7000
                ),
                polish_unit("2604", around, name="kielecki", population=200_000),
                polish_unit("26", around, name="świętokrzyskie", population=1_200_000),
            ],
        )


async def _publish(
    database: Database, setting: Setting, data: dict[str, Any], provenance: Provenance | None = None
) -> uuid.UUID:
    item = Item(LAYER.content.read(data), provenance=provenance or Provenance())
    async with session(database) as s:
        return (await publish(s, setting, LAYER, item, actor=SYSTEM)).feature_id


async def _hidden(
    database: Database, setting: Setting, number: int, secret: random.Random
) -> tuple[uuid.UUID, tuple[float, float]]:
    """A protected place, by each of the ways by which there are such; where it is, comes from the seed."""
    position = {"lng": WEST + SIZE * secret.random(), "lat": SOUTH + SIZE * secret.random()}
    small = secret.choice(("PL-2604042", "PL-2604052"))
    street = secret.choice(("Leśna", "Cicha", "Długa")) + "ska"
    contacts = [
        {"kind": "phone", "value": f"+4841344{number:04d}"},
        {"kind": "phone", "value": f"+4860{secret.randrange(10**7):07d}", "visibility": "partners"},
    ]
    exact = aid_point(
        f"Schronienie {number}",
        services=[{"type": SHELTER}],
        contacts=contacts,
        address={"street": street, "house_number": str(secret.randrange(1, 99)), "city": "Kielce"},
        place={"position": position},
    )
    area = {"code": small, "name": "Zaułek" if small.endswith("42") else "Ustronie"}
    hidden = exact | {
        "place": {"disclosure": "area", "area": area, "position": position},
        "area_served": [area],
    }
    source = Provenance(
        "osm", f"node/{number}", f"https://www.openstreetmap.org/node/{secret.randrange(10**9)}"
    )
    if number % 3 == 0:
        found = await _publish(database, setting, exact, source)
        async with session(database) as s:
            await protect_now(s, setting, LAYER, found, actor=SYSTEM, reason=f"ul. {street} 3")
    elif number % 3 == 1:
        found = await _publish(database, setting, protect(hidden), source)
    else:
        found = await _publish(database, setting, protect(hidden))
        async with session(database) as s:
            item = Item(LAYER.content.read(exact), found)
            await publish_many(s, setting, LAYER, [item], action="import")
    async with session(database) as s:
        proposal = Proposal(
            LAYER, LAYER.content.read(exact | {"website": f"https://example.org/{street}"}), found
        )
        await submit(
            s,
            proposal,
            language="pl",
            contact_email=f"{street.lower()}@example.org".replace("ś", "s").replace("ł", "l"),
        )
    return found, (position["lng"], position["lat"])
