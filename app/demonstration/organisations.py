"""The invented organisations."""

import datetime as dt
import random
from typing import Any

from app.demonstration.phones import invented_phone
from app.demonstration.points import Invented, checked
from app.demonstration.reading import OrganisationPattern, translated
from app.demonstration.spots import Spot

#: The register counts from one and has not reached two million in twenty-five years.
FIRST_KRS = 9_000_000_001


def invent_organisation(
    chance: random.Random, pattern: OrganisationPattern, spot: Spot, *, now: dt.datetime, serial: int
) -> Invented:
    """One organisation, with its office at a spot of its town; informal groups have none."""
    languages = chance.choice((("pl",), ("pl", "uk"), ("pl", "uk", "en"), ("pl", "uk", "en")))
    content: dict[str, Any] = {
        "name": translated(pattern.name, languages, "pl"),
        "description": translated(pattern.about, languages, "pl"),
        "sector": pattern.sector,
        "legal_form": pattern.legal_form,
        "contacts": [{"kind": "email", "value": f"organizacja.{serial}@example.org"}],
        "website": f"https://example.net/organizacja-{serial}",
        "languages": list(languages),
        "areas": [{"code": spot.town.powiat, "name": spot.town.name}],
    }
    if pattern.sector != "informal_group":
        lng, lat = spot.position
        content["address"] = dict(spot.address)
        content["place"] = {"position": {"lng": lng, "lat": lat}}
        content["contacts"].insert(
            0, {"kind": "phone", "value": invented_phone(spot.town.area_code, 8000 + serial)}
        )
    if pattern.krs:
        content["identifiers"] = {"krs": str(FIRST_KRS + serial)}
    if serial % 6 == 1:
        content["people"] = [
            {"name": "Osoba Przykładowa", "email": f"osoba.{serial}@example.org", "languages": ["pl"]}
        ]
    return Invented(content, checked(chance, now, "organisation", serial))
