"""One row of the list: what it is, can I go now, how far, is that still true, who for."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from app.features.address import split_line
from app.features.capacity import CapacityLevel
from app.features.freshness import Ring, ring
from app.features.hours_intervals import OpeningKind, OpeningState
from app.features.hours_words import open_then_words, state_words
from app.features.text import best_language
from app.features.wording import languages_words, names, sentence
from app.i18n import DEFAULT_LANGUAGE, N_, Translator
from app.pages.views.opening import Then, opening_at, opening_then
from app.taxonomy.discretion import is_discreet
from app.taxonomy.vocabulary import Vocabulary
from geo.bbox import Position
from geo.distance import distance_m, walking_minutes

#: Nobody walks further with a child and a bag.
LONGEST_WALK_M = 6000
MOST_SERVICES = 3
MOST_CONDITIONS = 4
#: What decides whether somebody goes, in the order in which it is said.
_TELLING = (
    *("free", "free_for_refugees", "low_cost", "donation", "public_insurance", "paid"),
    *("no_documents", "id_needed", "pesel_needed", "residence_document_needed", "insurance_needed"),
    *("walk_in", "appointment", "registration", "referral", "local_residents_only"),
    *("women_only", "men_only", "sober_only", "anonymous", "step_free"),
)
#: The words of the signs for the rings.
RINGS = {Ring.FULL: "full", Ring.HALF: "half", Ring.DOTTED: "none"}
HOME_VISIT = "home_visit"
#: Help at home is arranged by telephone, but is no help by telephone.
_REMOTE = {HOME_VISIT: "door-open", "by_phone": "phone", "online": "globe", "by_chat": "message-circle"}


@dataclass(frozen=True, slots=True)
class Where:
    """How far it is and where, with an icon. `walk` are minutes on foot; whoever walks there needs no town's name.

    `words` are the town, the area, or how one gets help without a place.
    """

    icon: str
    street: str = ""
    words: str = ""
    metres: float | None = None
    walk: int | None = None

    @property
    def address(self) -> str:
        """Where it is on one line; empty when that is not known."""
        return ", ".join(filter(None, (self.street, self.words)))


@dataclass(frozen=True, slots=True)
class Room:
    """How full a place is, as a small label: its kind and its words."""

    kind: str
    words: str


_ROOM: Mapping[CapacityLevel, tuple[str, str]] = {
    CapacityLevel.FULL: ("bad", N_("Full now")),
    CapacityLevel.FEW: ("warn", N_("Few places left")),
    CapacityLevel.FREE: ("good", N_("There is room")),
}


@dataclass(frozen=True, slots=True)
class Hit:
    """A row, ready to be written. `checked` is the day of the last check."""

    id: str
    layer: str
    name: str
    name_language: str
    href: str
    family: str
    icon: str
    what: str
    state: str
    state_words: str
    fresh: str
    checked: dt.date | None
    where: Where | None
    conditions: str
    phone: str | None
    position: Position | None
    protected: bool
    closed: bool
    example: bool
    room: Room | None
    """How full it is, while that is believed."""
    discreet: bool
    """Nobody else is to find it: no device keeps it."""

    @property
    def has_hours(self) -> bool:
        """Whether the state of opening says anything: an organisation has none."""
        return bool(self.state_words)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, when, and from where: what a row depends on beside the place itself."""

    texts: Translator
    vocabulary: Vocabulary
    timezone: str
    now: dt.datetime
    today: dt.date
    origin: Position | None = None
    wanted: frozenset[str] = frozenset()
    then: Then | None = None
    """The moment that was asked about, where it is not now."""

    @property
    def language(self) -> str:
        """The language of the page."""
        return self.texts.language


def hit(feature: Mapping[str, Any], reader: Reader) -> Hit:
    """Give the row of a slim Feature."""
    slim = feature["properties"]
    name, language = name_of(slim, reader.language)
    codes = _leading(slim.get("services", ()), reader.wanted)
    lead = reader.vocabulary.services.get(codes[0]) if codes else None
    coordinates = (feature.get("geometry") or {}).get("coordinates")
    position = Position(*coordinates) if coordinates else None
    then, zone = reader.then.at(position) if reader.then else None, reader.timezone
    opening = opening_then(slim, then, zone) if then else opening_at(slim, reader.now, zone)
    serves = bool(codes)
    checked = slim.get("checked")
    checked_on = dt.date.fromisoformat(checked) if checked else None
    closed = bool(slim.get("closed"))
    return Hit(
        id=str(feature["id"]),
        layer=slim["layer"],
        name=name,
        name_language=language,
        href=f"/{reader.language}/{slim['layer']}/{feature['id']}/{slim['slug']}",
        family=lead.family if lead and reader.wanted else slim.get("family", "support"),
        icon=lead.icon if lead else "building-2",
        what=sentence(
            names(reader.vocabulary.services, codes[:MOST_SERVICES], reader.language), reader.language
        ),
        state=str(opening.kind if serves else OpeningKind.OPEN),
        state_words=_state_words(reader, slim, opening, then) if serves else "",
        fresh=RINGS[ring(checked_on, reader.today)],
        checked=checked_on,
        where=_where(slim, position, reader),
        conditions=_conditions(slim, reader),
        phone=slim.get("phone"),
        position=position,
        protected="disclosure" in slim,
        closed=closed,
        example=bool(slim.get("example")),
        room=None if closed else _room(slim, reader),
        discreet=is_discreet(slim, reader.vocabulary),
    )


def name_of(slim: Mapping[str, Any], language: str) -> tuple[str, str]:
    """The name for a reader of `language`, and the language it is in."""
    names, source = slim.get("names", {}), slim.get("name_language", DEFAULT_LANGUAGE)
    best = best_language(language, source, names)
    return str(names.get(best, slim["name"])), best


def _state_words(reader: Reader, slim: Mapping[str, Any], opening: OpeningState, then: Then | None) -> str:
    if slim.get("closed"):
        return reader.texts.gettext("Closed for good")
    has_phone = "phone" in slim
    if then is None or opening.kind is OpeningKind.UNKNOWN:
        return state_words(opening, reader.texts, reader.now, has_phone=has_phone)
    zone = ZoneInfo(reader.timezone)
    return open_then_words(
        then.moment.astimezone(zone), opening.until, reader.texts, reader.now.astimezone(zone).date()
    )


def _room(slim: Mapping[str, Any], reader: Reader) -> Room | None:
    """`full until 2026-11-24T10:00:00Z` in words, up to then.

    It is that of the most important help which says so: whoever asks for other help learns nothing from it.
    """
    if reader.wanted and not reader.wanted.issuperset(slim.get("services", ())[:1]):
        return None
    level, _, until = slim.get("capacity", "").partition(" until ")
    if not until or dt.datetime.fromisoformat(until) <= reader.now or level not in _ROOM:
        return None
    kind, words = _ROOM[CapacityLevel(level)]
    return Room(kind, reader.texts.gettext(words))


def _leading(codes: list[str], wanted: frozenset[str]) -> list[str]:
    """The services in their order, those that were asked for first."""
    return sorted(codes, key=lambda code: bool(wanted) and code not in wanted)


def _where(slim: Mapping[str, Any], position: Position | None, reader: Reader) -> Where | None:
    area = slim.get("area", "")
    if "disclosure" in slim:
        return Where(
            "shield",
            words=reader.texts.gettext("Protected address") + _after(area),
        )
    street, town = split_line(slim.get("address", ""))
    if position is not None and reader.origin is not None:
        metres = distance_m(*reader.origin, *position)
        walk = walking_minutes(metres) if metres <= LONGEST_WALK_M else None
        return Where("footprints" if walk else "map-pin", street, town if street else area, metres, walk)
    if position is None:
        for code, icon in _REMOTE.items():
            if code in slim.get("access", ()):
                name = reader.vocabulary.access[code].names[reader.language]
                return Where(icon, words=name + _after(area))
    return Where("map-pin", street, town if street else area) if street or area else None


def _after(area: str) -> str:
    return f", {area}" if area else ""


def _conditions(slim: Mapping[str, Any], reader: Reader) -> str:
    access = set(slim.get("access", ()))
    if any(code.endswith("_needed") for code in access):
        # One service needs a document and another none: bringing it is right for both.
        access.discard("no_documents")
    if {"walk_in", "appointment"} <= access:
        # That depends on the service: its page says it.
        access -= {"walk_in", "appointment"}
    told = [code for code in _TELLING if code in access][:MOST_CONDITIONS]
    spoken = languages_words(slim.get("languages", ()), reader.vocabulary.languages, reader.texts)
    return sentence((*names(reader.vocabulary.access, told, reader.language), spoken), reader.language)
