"""What is filtered, searched and drawn of an aid point."""

from collections.abc import Iterable

from app.features.address import address_line
from app.features.capacity import Capacity
from app.features.contacts import first_phone
from app.features.dates import write_moment
from app.features.facets import Facets, OpeningRule
from app.features.place import protected_in
from app.features.text import Translated
from app.layers.aid_points.conditions import AudienceMode
from app.layers.aid_points.content import AidPoint, OfferedService
from app.taxonomy.vocabulary import Vocabulary

#: The condition of access that a channel means.
_CHANNELS = {"on_site": "on_site", "phone": "by_phone", "online": "online", "mobile": "mobile_point"}


def facets(content: AidPoint, vocabulary: Vocabulary) -> Facets:
    """Derive everything that the read model keeps of an aid point beside its public content."""
    services = tuple(content.effective(service) for service in content.services)
    codes = tuple(service.type for service in services)
    place = content.place
    name = content.name
    return Facets(
        name=name.original,
        name_language=name.source,
        names={lang: text for lang, text in sorted(name.texts.items()) if lang != name.source},
        family=vocabulary.family_of(codes[0]).code,
        disclosure=place.disclosure,
        position=(place.position.lng, place.position.lat) if place.position else None,
        services=codes,
        audiences=_in_order(vocabulary.audiences, _audiences(services)),
        audiences_preferred=_in_order(vocabulary.audiences, _named(services, "preferred")),
        audiences_only=_in_order(vocabulary.audiences, _named(services, "only")),
        for_everyone=any(service.audience_mode == "everyone" for service in services),
        languages=_in_order(vocabulary.languages, {code for s in services for code in s.languages}),
        access=_in_order(vocabulary.access, _access(content, services)),
        hours=_hours(content),
        phone=first_phone(content.contacts),
        address_line=address_line(content.address) if content.address else None,
        area_served=tuple(area.code for area in content.area_served),
        area_hint=area_hint(content),
        protected_in=protected_in(place),
        organisation_id=content.organisation.id if content.organisation else None,
        half_life_days=min(vocabulary.service(code).half_life_days for code in codes),
        valid_from=content.valid_from.isoformat() if content.valid_from else None,
        valid_until=content.valid_until.isoformat() if content.valid_until else None,
        capacity=_capacity(service.capacity for service in services),
        closed=content.status.state == "closed",
        closed_since=content.status.since if content.status.state == "closed" else None,
        search_a=(*_texts(name), *content.also_known_as),
        search_b=_service_words(content, vocabulary),
        search_c=_description_words(content),
    )


def area_hint(content: AidPoint) -> str | None:
    """The name of the area to show instead of an address; of a `contact_only` place not even that is told."""
    place = content.place
    if place.disclosure == "contact_only":
        return None
    if place.is_protected:
        return place.area.name if place.area else None
    if content.channel in ("phone", "online") and len(content.area_served) == 1:
        return content.area_served[0].name
    return None


def _in_order(table: Iterable[str], codes: Iterable[str]) -> tuple[str, ...]:
    wanted = set(codes)
    if not wanted:
        return ()
    return tuple(code for code in table if code in wanted)


def _audiences(services: Iterable[OfferedService]) -> set[str]:
    found: set[str] = set()
    for service in services:
        found.update(service.audiences)
        if service.audience_mode in ("everyone", "preferred"):
            found.add("everyone")
    return found


def _named(services: Iterable[OfferedService], mode: AudienceMode) -> set[str]:
    """Whom any of the services names in this mode."""
    return {code for service in services if service.audience_mode == mode for code in service.audiences}


def _access(content: AidPoint, services: Iterable[OfferedService]) -> set[str]:
    found = {_CHANNELS[content.channel], *content.accessibility.access_codes()}
    for service in services:
        found.update(service.access, service.documents)
        if service.cost:
            found.add(service.cost.code)
    return found


def _hours(content: AidPoint) -> tuple[OpeningRule, ...]:
    """The place's hours, and those of services that differ from them."""
    own = (s for s in content.services if s.hours is not None and s.hours != (content.hours or ""))
    return (
        OpeningRule(None, content.with_closures(content.hours or "")),
        *(OpeningRule(service.type, content.with_closures(service.hours or "")) for service in own),
    )


def _capacity(capacities: Iterable[Capacity | None]) -> str | None:
    """How full the first service is that says so, and until when that is believed: `few until 2026-…Z`."""
    for capacity in capacities:
        if capacity is not None and capacity.available is not None:
            return f"{capacity.level(capacity.updated)} until {write_moment(capacity.expires)}"
    return None


def _texts(translated: Translated | None) -> tuple[str, ...]:
    if translated is None:
        return ()
    return tuple(dict.fromkeys(text for _, text in sorted(translated.texts.items())))


def _service_words(content: AidPoint, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Names of the services in all languages, and the organisation."""
    names = [name for s in content.services for name in vocabulary.service(s.type).names.values()]
    organisation = content.organisation.name if content.organisation else None
    return tuple(dict.fromkeys([*names, *([organisation] if organisation else [])]))


def _description_words(content: AidPoint) -> tuple[str, ...]:
    line = address_line(content.address) if content.address else None
    described = (text for service in content.services for text in _texts(service.description))
    return tuple(dict.fromkeys([*_texts(content.description), *described, *([line] if line else [])]))
