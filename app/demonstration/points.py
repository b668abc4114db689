"""The invented aid points: kinds dealt to spots, each with its own name, hours and conditions."""

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.areas.geonames_codes import VOIVODESHIPS
from app.demonstration.phones import invented_phone
from app.demonstration.reading import Kind, Names, filled, translated
from app.demonstration.spots import Spot
from app.features.dates import write_moment
from app.features.publishing import DEMONSTRATION, Provenance

LICENCE: Final = "CC0-1.0"
#: Three texts of four are in more than one language.
_TRANSLATIONS: Final = (("pl",), ("pl", "uk"), ("pl", "uk"), ("pl", "uk", "en"))
_ANSWERS: Final = ("yes", "limited", "no", "unknown")


@dataclass(frozen=True, slots=True)
class Invented:
    """A content as JSON gives it, and where it is said to come from."""

    content: dict[str, Any]
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Runner:
    """An organisation that was published before, and what it may run."""

    id: str
    town: str
    families: tuple[str, ...]


def deal(chance: random.Random, kinds: Sequence[Kind], spots: Sequence[Spot]) -> list[tuple[Spot, Kind, int]]:
    """Give each spot a kind, and its number among its kind, so that each town has a mixture."""
    shuffled = list(spots)
    chance.shuffle(shuffled)
    wanted = [(kind, number) for kind in kinds for number in range(kind.count)]
    # Fewer spots than kinds ask for: the gazetteer lacks a town, and every kind gives up a share.
    kept = sorted(chance.sample(range(len(wanted)), min(len(shuffled), len(wanted))))
    return [(spot, *wanted[index]) for spot, index in zip(shuffled, kept, strict=False)]


def invent_point(
    chance: random.Random,
    spot: Spot,
    kind: Kind,
    number: int,
    *,
    names: Names,
    runners: Sequence[Runner],
    now: dt.datetime,
    serial: int,
) -> Invented:
    """One aid point. `serial` is unique among all, `number` among its kind."""
    texts = chance.choice(_TRANSLATIONS)
    pool = names.by_family[kind.family]
    services = _services(chance, kind, number, now)
    content: dict[str, Any] = {
        "name": translated(filled(kind.name, _name(kind, number, pool)), texts, kind.source),
        "description": translated(kind.text, texts, kind.source),
        "services": services,
        "channel": kind.channel,
        "contacts": _contacts(spot, kind, serial),
        "languages": kind.languages or _languages(chance, kind),
        "access": [*kind.access, *kind.variants[number % len(kind.variants)]],
        "documents": list(kind.documents),
        **_where(spot, kind),
        **_audience(kind, number),
    }
    if kind.cost:
        content["cost"] = {"code": kind.cost}
        if kind.price:
            content["cost"] |= {"amount": kind.price, "currency": "PLN"}
    if hours := kind.hours[number % len(kind.hours)]:
        content["hours"] = hours
    if kind.channel == "on_site" and kind.disclosure == "exact":
        content["accessibility"] = _accessibility(chance, names)
    if serial % 3:
        content["website"] = f"https://example.org/pomapa/{kind.key.replace('_', '-')}-{number + 1}"
    if runner := _runner(chance, spot, kind, runners):
        content["organisation"] = {"id": runner.id}
    _disturb(content, kind, names, now.date(), serial)
    return Invented(content, checked(chance, now, "point", serial))


def _name(kind: Kind, number: int, pool: Sequence[tuple[str, str, str]]) -> tuple[str, str, str]:
    # Each kind begins elsewhere in the pool, so that neighbours do not wear the same name.
    return pool[(number + len(kind.key) * 3) % len(pool)]


def _services(chance: random.Random, kind: Kind, number: int, now: dt.datetime) -> list[dict[str, Any]]:
    services: list[dict[str, Any]] = [
        {"type": code} for code in (*kind.services, *kind.more[number % len(kind.more)])
    ]
    if kind.capacity and number % 3 != 2:
        most = chance.choice((12, 20, 35, 60))
        counted = now - dt.timedelta(minutes=chance.randint(20, 700))
        services[0]["capacity"] = {
            "unit": kind.capacity,
            "available": chance.choice((0, 1, 2, most // 3, most - 2)),
            "maximum": most,
            "updated": write_moment(counted),
            "expires": write_moment(counted + dt.timedelta(days=chance.choice((1, 3, 7)))),
        }
    # The second service of some places has hours of its own, also over midnight and odd ones.
    if len(services) > 1 and number % 4 == 1:
        services[1]["hours"] = chance.choice(("Mo,Th 13:00-14:20", "Fr 20:00-00:30", "Sa 09:15-11:50"))
    return services


def _where(spot: Spot, kind: Kind) -> dict[str, Any]:
    region = {"code": spot.town.region, "name": VOIVODESHIPS[spot.town.region]}
    if kind.channel in ("phone", "online"):
        served = {"code": "PL", "name": "Polska"} if kind.served == "country" else region
        return {"area_served": [served]}
    if kind.disclosure != "exact":
        area = {"code": spot.town.powiat, "name": spot.town.name}
        return {"place": {"disclosure": kind.disclosure, "area": area}}
    lng, lat = spot.position
    return {"address": dict(spot.address), "place": {"position": {"lng": lng, "lat": lat}}}


def _audience(kind: Kind, number: int) -> dict[str, Any]:
    mode = kind.modes[number % len(kind.modes)]
    given: dict[str, Any] = {"audience_mode": mode}
    if mode != "everyone":
        given["audiences"] = list(kind.audiences)
    if kind.ages:
        given["ages"] = {"least": kind.ages[0], "most": kind.ages[1]}
    return given


def _contacts(spot: Spot, kind: Kind, serial: int) -> list[dict[str, Any]]:
    contacts: list[dict[str, Any]] = []
    if kind.phone:
        contacts.append({"kind": "phone", "value": invented_phone(spot.town.area_code, 1000 + serial)})
    if serial % 5 or not kind.phone:
        contacts.append({"kind": "email", "value": f"{kind.key.replace('_', '.')}.{serial}@example.org"})
    if serial % 11 == 0:
        # A second number, for partners: the desk shows it, the public never sees it.
        contacts.append(
            {
                "kind": "phone",
                "value": invented_phone(spot.town.area_code, 5000 + serial),
                "visibility": "partners",
                "person": "Osoba Przykładowa",
            }
        )
    return contacts


def _languages(chance: random.Random, kind: Kind) -> list[str]:
    if not kind.phone:
        return []
    spoken = ["pl"]
    spoken += [code for code, share in (("uk", 0.6), ("en", 0.35), ("ru", 0.3)) if chance.random() < share]
    if chance.random() < 0.08:
        spoken.append(chance.choice(("ro", "de", "ar", "vi", "ka", "rom", "be")))
    return spoken


def _accessibility(chance: random.Random, names: Names) -> dict[str, Any]:
    questions = ("step_free", "lift", "toilet", "hearing_loop", "quiet_room", "assistance_dog", "parking")
    answers: dict[str, Any] = {question: chance.choices(_ANSWERS, (3, 2, 2, 4))[0] for question in questions}
    if answers["step_free"] in ("limited", "no") and chance.random() < 0.5:
        answers["note"] = translated(chance.choice(names.accessibility), ("pl", "uk", "en"), "pl")
    return answers


def _runner(chance: random.Random, spot: Spot, kind: Kind, runners: Sequence[Runner]) -> Runner | None:
    able = [r for r in runners if r.town == spot.town.name and kind.family in r.families]
    return chance.choice(able) if able and chance.random() < 0.75 else None


def _disturb(content: dict[str, Any], kind: Kind, names: Names, today: dt.date, serial: int) -> None:
    """Give some places what makes a day unusual: a closure, a notice, an end."""
    if serial % 9 == 4 and kind.channel == "on_site":
        pattern = names.notices[serial // 9 % len(names.notices)]
        starts = today + dt.timedelta(days=pattern.from_day)
        content["notices"] = [
            {
                "kind": pattern.kind,
                "text": translated(pattern.text, ("pl", "uk", "en"), "pl"),
                "starts": starts.isoformat(),
                "ends": (starts + dt.timedelta(days=pattern.days)).isoformat(),
            }
        ]
    if serial % 43 == 7:
        content["status"] = {
            "state": "temporarily_closed",
            "reason": "renovation",
            "since": (today - dt.timedelta(days=6)).isoformat(),
            "until": (today + dt.timedelta(days=24)).isoformat(),
        }
    if serial % 101 == 50:
        content["status"] = {"state": "closed", "reason": "project_ended"}
        content.pop("notices", None)
    if serial % 29 == 11:
        content["valid_until"] = (today + dt.timedelta(days=75)).isoformat()


def checked(chance: random.Random, now: dt.datetime, what: str, serial: int) -> Provenance:
    """From three days to fourteen months since the last check; nobody ever checked one of twelve."""
    days = chance.choices(
        (chance.randint(3, 85), chance.randint(91, 178), chance.randint(181, 425)), (6, 2, 2)
    )[0]
    how = chance.choice(("visit", "phone", "owner_confirmed", "email", "partner", "web"))
    never = serial % 12 == 5
    return Provenance(
        source=DEMONSTRATION,
        source_id=f"{what}-{serial:03}",
        licence=LICENCE,
        example=True,
        verified_how="not_verified" if never else how,
        verified_at=None if never else now - dt.timedelta(days=days, minutes=serial),
        never_verified=never,
    )
