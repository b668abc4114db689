"""Contents with a hostile text in every field that takes one, and a submission that waits with them."""

import asyncio
import copy
import datetime as dt
from collections.abc import Iterator
from typing import Any

from app.db import Database, session
from app.errors import InvalidInput
from app.features.publishing import Item, Provenance, publish_many
from app.features.setting import Setting
from app.layers.registry import LAYERS
from app.localdb import ClusterUrls
from app.moderation.actions.confirm import confirm
from app.moderation.actions.submit import Proposal, submit
from app.taxonomy.vocabulary import load_vocabulary
from tests.functional.pages.feature_page import in_days, kitchen, text

#: What a page must show as these very letters. `hit` is a function of the test's.
HOSTILE = """'"><svg onload=hit(1)></script><script>hit(2)</script>{{7*7}}${hit(3)}%(n)s"""
SHORT = "<img src=x onerror=hit(4)>"
ADDRESS = "https://example.org/?a='\"><svg/onload=hit(5)>#javascript:hit(6)"
#: Codes, numbers and dates are no texts; the reader refuses others in them, which takes long to try.
_TRIED = (HOSTILE, SHORT, ADDRESS, "https://example.org/<svg/onload=hit(8)>")


def place() -> dict[str, Any]:
    """A place with all fields of text filled in."""
    note = {"texts": {"pl": "Notatka", "uk": "Нотатка"}, "source": "pl"}
    made = kitchen(
        also_known_as=["Stół"],
        appointment=note,
        hours='24/7 open "<img src=x onerror=hit(7)>"',
        notices=[{"kind": "info", "text": note, "starts": in_days(-1), "ends": in_days(9)}],
        accessibility={"step_free": "yes", "note": note},
        area_served=[{"code": "PL-26", "name": "Świętokrzyskie"}],
        documents=["id_needed"],
        name=text("Kuchnia", uk="Кухня"),
    )
    made["contacts"] = [
        {"kind": "phone", "value": "+48 41 555 01 23", "label": note},
        {"kind": "phone", "value": "+48 600 100 200", "visibility": "partners", "person": "Anna"},
        {"kind": "email", "value": "stol@example.org", "label": note},
        {"kind": "web", "value": "https://example.org/x", "label": note},
    ]
    return made


def organisation() -> dict[str, Any]:
    """An organisation, likewise."""
    return {
        "name": text("Fundacja", uk="Фундація"),
        "also_known_as": ["FOD"],
        "description": text("Opis"),
        "sector": "ngo",
        "legal_form": "foundation",
        "address": {"street": "Planty", "house_number": "1", "city": "Kielce", "postcode": "25-502"},
        "contacts": [{"kind": "web", "value": "https://example.org/y"}],
        "website": "https://example.org",
        "people": [{"name": "Anna", "role": text("Prezes")}],
    }


def hostile(layer: str, content: dict[str, Any]) -> tuple[dict[str, Any], int]:
    """The content with the longest of the hostile texts that each of its fields takes, and how many took one."""
    LAYERS[layer].content.read(content)
    made = copy.deepcopy(content)
    taken = 0
    for path in [*_texts(made)]:
        before = _get(made, path)
        for words in _TRIED:
            _set(made, path, words)
            if _reads(layer, made):
                taken += 1
                break
            _set(made, path, before)
    return made, taken


def publish(urls: ClusterUrls, layer: str, content: dict[str, Any]) -> str:
    """Publish it and give its id."""

    async def run() -> str:
        database = Database(urls.app, urls.reader)
        try:
            async with session(database) as s:
                setting = Setting(load_vocabulary(), "Europe/Warsaw", "PL", dt.datetime.now(dt.UTC))
                item = Item(LAYERS[layer].content.read(content), provenance=Provenance())
                (made,) = await publish_many(s, setting, LAYERS[layer], [item])
        finally:
            await database.dispose()
        return str(made.feature_id)

    return asyncio.run(run())


def leave_waiting(urls: ClusterUrls, layer: str, content: dict[str, Any]) -> str:
    """Submit it, confirmed, and give the id of the submission."""

    async def run() -> str:
        database = Database(urls.app, urls.reader)
        proposal = Proposal(LAYERS[layer], LAYERS[layer].content.read(content), None)
        try:
            async with session(database) as s:
                made = await submit(s, proposal, language="uk", contact_email="zlosliwy@example.org")
            async with session(database) as s:
                made = await confirm(s, made.id, now=dt.datetime.now(dt.UTC))
        finally:
            await database.dispose()
        return str(made.id)

    return asyncio.run(run())


def _reads(layer: str, content: dict[str, Any]) -> bool:
    try:
        LAYERS[layer].content.read(content)
    except InvalidInput:
        return False
    return True


def _texts(node: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if isinstance(node, str):
        yield path
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from _texts(value, (*path, key))
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from _texts(value, (*path, number))


def _get(node: Any, path: tuple[str | int, ...]) -> Any:
    for key in path:
        node = node[key]
    return node


def _set(node: Any, path: tuple[str | int, ...], value: Any) -> None:
    _get(node, path[:-1])[path[-1]] = value
