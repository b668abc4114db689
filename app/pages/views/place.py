"""Everything public about one feature, in the order in which its page says it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from babel import Locale

from app.features.address import Address, address_line
from app.features.closures import is_gone
from app.features.freshness import ring
from app.features.hours_words import HoursTable
from app.features.wording import Said, names, said, sentence
from app.i18n import N_, Translator
from app.pages.feature_record import Record
from app.pages.views.contacts import Contact, contacts
from app.pages.views.facts import Fact, accessibility_words, capacity_words, facts
from app.pages.views.history import check_words
from app.pages.views.hit import HOME_VISIT, RINGS
from app.pages.views.hours import Clock, Now, one_line, place_state, state_of, table
from app.pages.views.notices import Notice, notices
from app.taxonomy.discretion import is_discreet
from app.taxonomy.vocabulary import Vocabulary

_CHANNELS = {
    "phone": N_("This help is given by phone. You do not have to go anywhere."),
    "online": N_("This help is given on the internet. You do not have to go anywhere."),
    "mobile": N_("This point moves. Ask where it is today."),
}

_AT_HOME = N_("Somebody comes to your home. Call or write first to arrange it.")


@dataclass(frozen=True, slots=True)
class Service:
    """One kind of help: its name, what is given exactly, when, and what differs from the place."""

    name: str
    icon: str
    description: Said | None
    hours: str
    state: Now | None
    facts: tuple[Fact, ...]
    capacity: str


@dataclass(frozen=True, slots=True)
class Photo:
    """What it looks like: where the picture is in both sizes, the small one's width and height, what is to be seen."""

    small: str
    large: str
    width: int
    height: int
    alt: Said | None


@dataclass(frozen=True, slots=True)
class Place:
    """The page's content; "" and None stand for what is not known."""

    name: Said
    discreet: bool
    family: str
    family_words: str
    icon: str
    state: Now | None
    fresh: str
    verified: dt.date | None
    verified_how: str
    notices: tuple[Notice, ...]
    description: Said | None
    also_known_as: tuple[str, ...]
    address: str
    entrance: Said | None
    where: str
    protected: bool
    hours: HoursTable | None
    services: tuple[Service, ...]
    contacts: tuple[Contact, ...]
    facts: tuple[Fact, ...]
    accessibility: Fact | None
    details: tuple[tuple[str, str, str], ...]
    """Icon, title and words of what an organisation says of itself."""
    organisation_name: str
    example: bool
    remote: bool = False
    """Help by telephone or on the internet: there is nowhere to go."""
    gone: bool = False
    """Closed for good: nobody is sent there, and nobody is asked to call."""

    photos: tuple[Photo, ...] = ()
    help: str = ""
    """What one gets here, in one line."""

    other_languages: tuple[str, ...] = ()
    """Names of the languages, other than the reader's, that some of the texts are in."""

    @property
    def phone(self) -> Contact | None:
        """The number behind the call button."""
        return next((contact for contact in self.contacts if contact.kind == "phone"), None)


def place(record: Record, texts: Translator, vocabulary: Vocabulary, clock: Clock) -> Place:
    """Give the page's content for a reader."""
    data, language = record.properties, texts.language
    services = data.get("services", ())
    known = [vocabulary.services[s["type"]] for s in services if s["type"] in vocabulary.services]
    verified = dt.date.fromisoformat(data["verified"]) if data.get("verified") else None
    gone = is_gone(data.get("status", {}), clock.today)
    address = data.get("address", {})
    name = said(data["name"], language)
    if name is None:
        raise ValueError("a feature has a name")
    line = address_line(
        Address.model_construct(**_ADDRESS | {k: v for k, v in address.items() if k in _ADDRESS})
    )
    accessibility = data.get("accessibility", {})
    accessible = accessibility_words(accessibility, texts, vocabulary)
    note = said(accessibility.get("note"), language)
    made = Place(
        name=name,
        discreet=is_discreet(data, vocabulary),
        family=data["family"],
        family_words=vocabulary.families[data["family"]].names[language] if known else "",
        icon=known[0].icon if known else "building-2",
        state=_state(record, texts, clock, gone=gone) if known else None,
        fresh=RINGS[ring(verified, clock.today)],
        verified=verified,
        verified_how=check_words(record.past, verified, data.get("verified_how", ""), texts, vocabulary)
        if verified
        else "",
        notices=tuple(notices(data, texts, vocabulary, clock.today)),
        description=said(data.get("description"), language),
        also_known_as=tuple(data.get("also_known_as", ())),
        address=line or "",
        entrance=said(address.get("entrance"), language),
        where=_where(data, texts),
        protected=data.get("disclosure", "exact") != "exact",
        hours=table(record.rules.get(None, ""), texts, clock, has_phone=record.has_phone)
        if not gone
        else None,
        services=tuple(
            _service(service, record, texts, vocabulary, clock, gone=gone) for service in services
        ),
        contacts=tuple(contacts(data, texts, vocabulary)),
        facts=tuple(facts(data, texts, vocabulary)) if known else (),
        accessibility=Fact("accessibility", texts.gettext("Accessibility"), accessible, note)
        if accessible or note
        else None,
        details=tuple(_details(data, texts, vocabulary)) if not known else (),
        organisation_name=data.get("organisation", {}).get("name") or "",
        example=bool(data.get("example")),
        remote=data.get("channel") in ("phone", "online"),
        gone=gone,
        help=sentence((service.names[language] for service in known), language),
        photos=tuple(_photo(photo, language) for photo in data.get("photos", ())),
    )
    return replace(made, other_languages=_other_languages(made, vocabulary, language))


def _photo(photo: Mapping[str, Any], language: str) -> Photo:
    small = photo["small"]
    alt = said(photo["alt"], language)
    return Photo(small["url"], photo["large"]["url"], small["width"], small["height"], alt)


def _other_languages(made: Place, vocabulary: Vocabulary, language: str) -> tuple[str, ...]:
    texts = [
        made.description,
        made.entrance,
        *(notice.text for notice in made.notices),
        *(service.description for service in made.services),
    ]
    found = dict.fromkeys(text.language for text in texts if text and text.language != language)
    return tuple(names(vocabulary.languages, found, language))


_ADDRESS: dict[str, Any] = {
    "street": None, "house_number": None, "postcode": None, "city": None, "district": None, "country": "PL",
}  # fmt: skip


def _state(record: Record, texts: Translator, clock: Clock, *, gone: bool) -> Now:
    if gone:
        return Now("closed", texts.gettext("Closed for good"))
    return place_state(record.rules, texts, clock, has_phone=record.has_phone)


def _where(data: Mapping[str, Any], texts: Translator) -> str:
    """What is said of the place beside its address."""
    parts = []
    disclosure = data.get("disclosure", "exact")
    if disclosure == "contact_only":
        parts.append(texts.gettext("Call or write: you will be told what you need to know."))
    elif disclosure != "exact":
        parts.append(texts.gettext("Call, and you will be told how to get there."))
        area = data.get("place", {}).get("area", {}).get("name")
        if area:
            parts.append(texts.gettext("Area: %(area)s", area=area))
    elif data.get("channel") in _CHANNELS:
        message = _AT_HOME if _comes_home(data) else _CHANNELS[data["channel"]]
        parts.append(texts.gettext(message))
    served = [_area_name(area, texts) for area in data.get("area_served", ()) if area.get("name")]
    if served:
        parts.append(texts.gettext("For people in: %(areas)s", areas=", ".join(served)))
    return " ".join(part if part.endswith(".") else f"{part}." for part in parts)


def _comes_home(data: Mapping[str, Any]) -> bool:
    """Whether it is help at home, which is only arranged by telephone or on the internet."""
    return any(HOME_VISIT in each.get("access", ()) for each in (data, *data.get("services", ())))


def _area_name(area: Mapping[str, Any], texts: Translator) -> str:
    """Name an area; whole countries have names in every language."""
    countries = Locale(texts.language).territories
    return str(countries.get(area.get("code", ""), area["name"]))


def _service(
    service: Mapping[str, Any],
    record: Record,
    texts: Translator,
    vocabulary: Vocabulary,
    clock: Clock,
    *,
    gone: bool,
) -> Service:
    code = service["type"]
    term = vocabulary.services.get(code)
    own = record.rules.get(code)
    return Service(
        name=term.names[texts.language] if term else code,
        icon=term.icon if term else "info",
        description=said(service.get("description"), texts.language),
        hours=one_line(own, texts) if own and not gone else "",
        state=state_of(own, texts, clock, has_phone=record.has_phone) if own else None,
        facts=tuple(facts(service, texts, vocabulary)),
        capacity=capacity_words(None if gone else service.get("capacity"), texts, clock.now, clock.timezone),
    )


def _details(
    data: Mapping[str, Any], texts: Translator, vocabulary: Vocabulary
) -> list[tuple[str, str, str]]:
    """Icon, title and words: what an organisation says of itself beside its contacts."""
    language = texts.language
    found = []
    for icon, title, table_, key in (
        ("building-2", N_("Sector"), vocabulary.sectors, "sector"),
        ("scale", N_("Legal form"), vocabulary.legal_forms, "legal_form"),
    ):
        if data.get(key):
            found.append((icon, texts.gettext(title), "".join(names(table_, (data[key],), language))))
    for code, number in data.get("identifiers", {}).items():
        found.append(("info", "".join(names(vocabulary.identifiers, (code,), language)) or code, number))
    spoken = names(vocabulary.languages, data.get("languages", ()), language)
    if spoken:
        found.append(("languages", texts.gettext("Languages"), ", ".join(spoken)))
    return found
