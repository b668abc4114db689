"""What nobody should send to `/api/v1/submissions`: every member of every kind, hostile and broken (SECURITY D1–D3, short)."""

import base64
import copy
import datetime as dt
import json
import random
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, seed
from hypothesis import settings as trying
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from app.config import Settings
from app.db import session
from app.errors import InvalidInput
from app.features.publishing import Item, publish_many
from app.features.setting import Setting
from app.layers.registry import LAYERS
from app.localdb import ClusterUrls
from app.main import create_app
from app.map_api.submission_bodies import KINDS, body_schema, read_body
from app.taxonomy.vocabulary import load_vocabulary
from tests.functional.conftest import ORIGIN, aid_point, make_settings

PATH = "/api/v1/submissions"
#: Where the place that is on the map stands in what is sent.
ID = "00000000-0000-0000-0000-000000000001"
MARK = "zażółć-canary"
#: A good one of each kind.
GOOD: tuple[dict[str, Any], ...] = (
    {"kind": "new", "layer": "aid_points", "content": aid_point(), "email": "ola@poczta.pl", "remark": "x"},
    {"kind": "new", "layer": "organisations", "content": {"name": {"texts": {"pl": "Fundacja"}, "source": "pl"}},
     "email": "ola@poczta.pl"},
    {"kind": "change", "feature_id": ID, "revision": 1, "email": "ola@poczta.pl",
     "changes": {"website": None, "name": {"texts": {"pl": "Bar"}}, "services": [{"type": "food_parcels"}]}},
    {"kind": "report", "feature_id": ID, "reason": "unsafe", "body": "Tak jest.", "email": "ola@poczta.pl"},
)  # fmt: skip
ATOMS: tuple[Any, ...] = (
    None, True, False, 0, -1, 2**31, 2**63, 2**64, 10**24, -0.0, 1e308, 5e-324, "", " ", "0", "-1", "null", MARK,
    "x" * 3000, "\u202e" + MARK, "\u0000", "\ufffe", "\ud83d\ude00", "а" * 200, "'; DROP TABLE core.submission; --",
    "<script>alert(1)</script>", "{{ 7*7 }}", "%s%n", "../../etc/passwd", "=1+1", "a\r\nBcc: b@c.pl", "\u200b",
    [], [[]], [None], {}, {"": ""}, {"__proto__": {}}, {"texts": {"pl": MARK}, "source": "xx"}, ["x"] * 500,
    {MARK: MARK}, {"lng": "20", "lat": []}, {"pl": {"pl": {"pl": {}}}}, "2026-02-30", "24/7; Mo 99:99",
    "https://user:pw@a.pl", "javascript:alert(1)", "ola@poczta.pl,jan@poczta.pl", "+48 41",
)  # fmt: skip


@pytest.fixture(scope="module")
def settings(module_database_urls: ClusterUrls, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder: Path = tmp_path_factory.mktemp("data")
    return make_settings(module_database_urls, folder).model_copy(update={"proof_above_per_hour": 10_000})


@pytest.fixture
async def site(settings: Settings) -> AsyncIterator[FastAPI]:
    app = create_app(settings)
    yield app
    await app.state.database.dispose()


@pytest.fixture
async def live(site: FastAPI, settings: Settings) -> uuid.UUID:
    """A place on the map, which the good reports and changes are about."""
    setting, layer = (
        Setting(load_vocabulary(), settings.timezone, "PL", dt.datetime.now(dt.UTC)),
        LAYERS["aid_points"],
    )
    async with session(site.state.database) as s:
        (made,) = await publish_many(s, setting, layer, [Item(layer.content.read(aid_point()))])
    return made.feature_id


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where something stands in a JSON value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, item in inner for place in places(item, (*path, key)))]


def with_atom(value: Any, path: tuple[Any, ...], atom: Any) -> Any:
    if not path:
        return atom
    copied = copy.deepcopy(value)
    holder = copied
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = atom
    return copied


def dumped(value: Any) -> bytes:
    """As programs of any kind write it, with numbers of any length and halves of characters."""
    return json.dumps(value).encode()


def about(body: bytes, live: uuid.UUID, number: int) -> bytes:
    """A body about a place on the map, from somebody of their own: neither `not found` nor a limit answers instead."""
    return body.replace(ID.encode(), str(live).encode()).replace(b'"ola@', f'"ola{number}@'.encode())


async def sent(site: FastAPI, body: bytes, chance: random.Random) -> httpx2.Response:
    """From another connection each time, so that no limit answers instead."""
    address = f"10.{chance.randrange(256)}.{chance.randrange(256)}.{chance.randrange(256)}"
    transport = httpx2.ASGITransport(app=site, raise_app_exceptions=False, client=(address, 1))
    async with httpx2.AsyncClient(transport=transport, base_url=ORIGIN) as client:
        return await client.post(PATH, content=body, headers={"Content-Type": "application/json"})


def right(answer: httpx2.Response, body: bytes) -> None:
    assert answer.status_code in {202, 400, 404, 413, 415, 422, 429}, (answer.status_code, body[:300])
    if answer.status_code == 202:
        return
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == answer.status_code
    assert len(answer.content) <= len(body) + 2000
    assert "canary" not in answer.text
    assert "script>alert" not in answer.text


async def test_d2_every_member_with_every_hostile_atom(site: FastAPI, live: uuid.UUID) -> None:
    chance = random.Random(20261122)
    values: list[tuple[str, tuple[Any, ...], Any]] = [(good["kind"], ("kind",), good) for good in GOOD]
    values += [
        (good["kind"], place, with_atom(good, place, atom))
        for good in GOOD
        for place in places(good)
        for atom in chance.sample(ATOMS, 6)
    ]
    assert len(values) > 150
    told: dict[str, set[str]] = {good["kind"]: set() for good in GOOD}
    taken: set[str] = set()
    for number, (kind, place, value) in enumerate(values):
        body = about(dumped(value), live, number)
        answer = await sent(site, body, chance)
        right(answer, body)
        assert answer.status_code != 429, body[:300]
        assert answer.status_code != 404 or place in {("feature_id",), ("layer",)}, body[:300]
        if answer.status_code == 202:
            taken.add(kind)
        else:
            told[kind] |= {problem["path"] for problem in answer.json().get("problems", ())}
    # All were read to their last member: the content that is sent, and the one that a change makes of what is live.
    assert taken == set(told)
    assert [path for path in told["new"] if path.startswith(("/content/", "content."))]
    assert [path for path in told["change"] if path.startswith(("/changes/", "changes."))]


async def test_d2_bytes_that_are_broken_anywhere(site: FastAPI, live: uuid.UUID) -> None:
    chance = random.Random(7)
    for number in range(120):
        body = bytearray(about(dumped(chance.choice(GOOD)), live, 1000 + number))
        for _ in range(chance.randrange(1, 4)):
            at = chance.randrange(len(body))
            choice = chance.randrange(3)
            if choice == 0:
                body[at] = chance.randrange(256)
            elif choice == 1:
                del body[at : at + chance.randrange(1, 20)]
            else:
                body[at:at] = chance.choice(
                    (b"\xed\xa0\x80", b"\\ud800", b"NaN", b"[" * 20, b'"', b"\xff\xfe")
                )
        right(await sent(site, bytes(body), chance), bytes(body))


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
_members = sorted({name for model in KINDS.values() for name in model.model_fields})


@seed(4)
@trying(max_examples=500, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.one_of(_json, st.dictionaries(st.sampled_from(_members), _json), st.tuples(
    st.sampled_from(sorted(KINDS)), st.dictionaries(st.sampled_from(_members), _json)).map(lambda p: p[1] | {"kind": p[0]})))  # fmt: skip
def test_d3_what_is_described_is_what_is_taken(value: Any) -> None:
    """What our reading takes, the description allows; nothing but a refusal is raised for anything else."""
    described = Draft202012Validator(body_schema())
    try:
        read_body(value)
    except InvalidInput:
        return
    assert described.is_valid(value)


def test_d3_the_description_allows_what_is_good() -> None:
    described = Draft202012Validator(body_schema())
    for good in GOOD:
        assert described.is_valid(good)
        read_body(good)
    for bad in ({}, {"kind": "new"}, GOOD[3] | {"hidden": 1}, GOOD[2] | {"feature_id": "x"}):
        assert not described.is_valid(bad)


async def test_d2_keys_and_proofs_of_any_kind(site: FastAPI, live: uuid.UUID) -> None:
    chance = random.Random(3)
    for number, atom in enumerate((*ATOMS, base64.b64encode(b'{"number": 1e999}').decode())):
        if isinstance(atom, str):
            body = about(dumped(GOOD[3] | {"proof": atom}), live, 2000 + number)
            right(await sent(site, body, chance), body)
