"""Municipalities for tests of their files, made without a database: content as it is published, and nothing else."""

import datetime as dt
import json
import uuid
from typing import Any

from app.exports.municipality.entries import Reader
from app.exports.municipality.files import LARGEST, File, files_of
from app.exports.municipality.hours import Day
from app.exports.municipality.reading import Municipality, Source
from app.i18n import translator
from app.taxonomy.vocabulary import load_vocabulary
from app.templating import Templates

DAY = Day(dt.date(2026, 11, 22), "Europe/Warsaw", "PL")
SITE = "https://pomapa.example"
#: A square of about eleven kilometres with a dent.
OUTLINE = {
    "type": "MultiPolygon",
    "coordinates": [
        [[[20.5, 50.8], [20.66, 50.8], [20.66, 50.9], [20.6, 50.88], [20.5, 50.9], [20.5, 50.8]]]
    ],
}


def source(
    name: str | dict[str, Any] = "Jadłodajnia",
    *services: str,
    family: str = "food",
    at: tuple[float, float] | None = (20.6, 50.85),
    hours: str = "",
    **more: Any,
) -> Source:
    """A published place; `more` are members of its public content."""
    texts = name if isinstance(name, dict) else {"texts": {"pl": name}, "source": "pl"}
    properties = {
        "layer": "aid_points",
        "family": family,
        "disclosure": "exact",
        "name": texts,
        "services": [{"type": code} for code in services or ("hot_meals",)],
    } | more
    geometry = {"type": "Point", "coordinates": list(at)} if at else None
    whole = {"type": "Feature", "id": str(uuid.uuid4()), "geometry": geometry, "properties": properties}
    numbers = [contact["value"] for contact in more.get("contacts", ()) if contact["kind"] == "phone"]
    slim = {"area": "Kielce"} | ({"phone": numbers[0]} if numbers else {})
    return Source(whole, slim, {None: hours} if hours else {}, "")


def municipality(*sources: Source, **changes: Any) -> Municipality:
    """A town with these places."""
    known: dict[str, Any] = {
        "code": "PL-2661011",
        "name": "Kielce",
        "names": {"uk": "Кельце"},
        "within": ("świętokrzyskie",),
        "outline": OUTLINE,
        "boundary_source": "Test (CC0)",
        "sources": sources,
        "bytes": json.dumps([one.whole for one in sources], sort_keys=True).encode(),
    }
    return Municipality(**(known | changes))


def hostile_municipality(evil: str, **changes: Any) -> Municipality:
    """A town and a place of which everything that people can write is `evil`, with addresses that nobody may open."""
    words = {"texts": {"pl": evil}, "source": "pl"}
    place: dict[str, Any] = {
        "address": {"street": evil, "house_number": "1", "city": evil, "entrance": words},
        "contacts": [
            {"kind": "phone", "value": "+48413676278", "label": words},
            {"kind": "web", "value": "javascript:alert(1)"},
            {"kind": "web", "value": "file:///etc/passwd"},
            {"kind": "email", "value": f'a"><script>{evil}@example.org'},
        ],
        "website": f'https://example.org/"><script>{evil}',
        "organisation": {"name": evil},
        "cost": {"code": "free", "note": words},
        "appointment": words,
        "notices": [{"kind": "closed", "text": words, "starts": "2026-11-22", "ends": "2026-11-30"}],
        "attribution": evil,
        "licence": evil,
    }
    town = {"name": evil, "names": {}, "within": (evil,), "boundary_source": evil}
    return municipality(source(words, **(place | changes)), **town)


def reader(language: str = "pl") -> Reader:
    """Somebody who reads one language on the day of the tests."""
    return Reader(translator(language), load_vocabulary(), DAY)


def written(
    given: Municipality, language: str = "pl", *, stem: str = "kielce", largest: int = LARGEST
) -> list[File]:
    """Its files."""
    return files_of(given, reader(language), Templates(SITE), stem=stem, largest=largest)
