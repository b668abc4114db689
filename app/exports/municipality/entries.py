"""One place as the file lists it."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from babel.dates import format_date

from app.exports.municipality.hours import AHEAD_DAYS, Day, Hours, hours_words
from app.exports.municipality.reading import Source
from app.features.address import Address, address_line
from app.features.closures import closure, is_gone
from app.features.conditions import Condition, conditions
from app.features.freshness import Ring, ring
from app.features.offers import offer_days
from app.features.wording import Said, names, said, sentence
from app.i18n import N_, Translator
from app.i18n.days import long_day
from app.taxonomy.vocabulary import Vocabulary

#: The section of organisations, which offer no services of their own here.
ORGANISATIONS = "organisations"
_ADDRESS: dict[str, Any] = {
    "street": None, "house_number": None, "postcode": None, "city": None, "district": None, "country": "PL",
}  # fmt: skip
_NOTICES = {
    "closed": N_("Closed: %(days)s"),
    "hours": N_("Other hours: %(days)s"),
    "info": N_("Please note: %(days)s"),
}
_REMOTE = {"phone": N_("By phone"), "online": N_("Online")}
_AT_HOME = N_("Home visit")


@dataclass(frozen=True, slots=True)
class Contact:
    """A way to reach it. `href` is opened by a tap; "" where the words are all there is."""

    kind: str
    value: str
    href: str
    label: Said | None = None
    languages: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """What holds for a while; `grave` when nobody is to go there."""

    title: str
    text: Said | None = None
    grave: bool = False


@dataclass(frozen=True, slots=True)
class ServiceHours:
    """A service with hours or conditions of its own."""

    name: str
    hours: Hours | None
    facts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A place, ready to be written. "" and None stand for what is not known; `position` is lng, lat."""

    path: str
    """Of its own page, without language."""
    family: str
    section: str
    name: Said
    local_name: Said | None
    """The name in its own language, for whoever looks for the sign at the door."""
    services: str
    where: str
    entrance: Said | None
    hours: Hours | None
    own: tuple[ServiceHours, ...]
    notices: tuple[Notice, ...]
    contacts: tuple[Contact, ...]
    facts: tuple[Condition, ...]
    run_by: str
    fresh: str
    stale: bool
    machine: bool
    position: tuple[float, float] | None
    example: bool
    credits: str

    @property
    def languages(self) -> frozenset[str]:
        """The languages that its texts are in."""
        every = (*self.facts, *(fact for service in self.own for fact in service.facts))
        texts = [
            self.name,
            self.entrance,
            *(notice.text for notice in self.notices),
            *(contact.label for contact in self.contacts),
            *(fact.note for fact in every),
        ]
        return frozenset(text.language for text in texts if text)


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom and for which day a file is written."""

    texts: Translator
    vocabulary: Vocabulary
    day: Day


def entry(source: Source, reader: Reader) -> Entry:
    """Give the entry of a published feature."""
    texts, vocabulary, language = reader.texts, reader.vocabulary, reader.texts.language
    data, slim = source.whole["properties"], source.slim
    name = said(data["name"], language)
    if name is None:
        raise ValueError("a feature has a name")
    services = data.get("services", ())
    geometry = source.whole["geometry"]
    gone = is_gone(data.get("status", {}), reader.day.date)
    checked = dt.date.fromisoformat(data["verified"]) if data.get("verified") else None
    known = names(vocabulary.services, (service["type"] for service in services), language)
    local = data["name"]
    contacts = tuple(_contacts(data, texts, vocabulary))
    # What the only service says holds for the place: no need to say it apart.
    alone = services[0] if len(services) == 1 else {}
    notices = tuple(_notices(data, reader))
    return Entry(
        path=f"/{data['layer']}/{source.whole['id']}",
        family=data["family"],
        section=data["family"] if services else ORGANISATIONS,
        name=name,
        local_name=None
        if name.text == local["texts"][local["source"]]
        else Said(local["texts"][local["source"]], local["source"]),
        services=sentence(known, language) if services else _organisation_words(data, language, vocabulary),
        where=_where(data, slim, texts),
        entrance=said(data.get("address", {}).get("entrance"), language),
        hours=_own_hours(source, reader) if services and not gone else None,
        own=() if gone or alone else tuple(_services(services, source, reader)),
        notices=notices,
        contacts=contacts,
        facts=tuple(conditions({**data, **alone}, texts, vocabulary)) if services else (),
        run_by=source.organisation or data.get("organisation", {}).get("name") or "",
        fresh=_fresh(checked, reader),
        stale=ring(checked, reader.day.date) is Ring.DOTTED,
        machine=name.machine or any(notice.text is not None and notice.text.machine for notice in notices),
        position=(geometry["coordinates"][0], geometry["coordinates"][1]) if geometry else None,
        example=bool(data.get("example")),
        credits=_credits(data),
    )


def _own_hours(source: Source, reader: Reader) -> Hours | None:
    """The hours of the place; None where only its services have hours."""
    expression = source.rules.get(None, "")
    services = source.whole["properties"]["services"]
    if len(services) == 1:
        expression = source.rules.get(services[0]["type"], expression)
    elif not expression and any(source.rules.values()):
        return None
    return _hours(expression, source, reader)


def _services(
    services: Sequence[Mapping[str, Any]], source: Source, reader: Reader
) -> Iterator[ServiceHours]:
    """The services of which something is known that the place does not say."""
    for service in services:
        rule = source.rules.get(service["type"])
        own = tuple(conditions(service, reader.texts, reader.vocabulary))
        if rule is not None or own:
            name = "".join(names(reader.vocabulary.services, (service["type"],), reader.texts.language))
            hours = None if rule is None else _hours(rule, source, reader)
            yield ServiceHours(name, hours, own)


def _hours(expression: str, source: Source, reader: Reader) -> Hours:
    return hours_words(expression, reader.texts, reader.day, has_phone="phone" in source.slim)


def _organisation_words(data: Mapping[str, Any], language: str, vocabulary: Vocabulary) -> str:
    sector = names(vocabulary.sectors, (data.get("sector", ""),), language)
    form = names(vocabulary.legal_forms, (data.get("legal_form", ""),), language)
    return sentence((*form, *sector), language)


def _where(data: Mapping[str, Any], slim: Mapping[str, Any], texts: Translator) -> str:
    """The address; of what has none to be told, what is known instead."""
    disclosure = data.get("disclosure", "exact")
    if disclosure == "contact_only":
        return texts.gettext("Protected address")
    if disclosure != "exact":
        area = slim.get("area", "")
        return texts.gettext("Protected address") + (f", {area}" if area else "")
    address = data.get("address", {})
    kept = {key: value for key, value in address.items() if key in _ADDRESS}
    line = address_line(Address.model_construct(**_ADDRESS | kept)) or ""
    if data.get("channel") in _REMOTE:
        at_home = "home_visit" in slim.get("access", ())
        remote = texts.gettext(_AT_HOME if at_home else _REMOTE[data["channel"]])
        return f"{remote}, {line}" if line else remote
    return line or str(slim.get("area", ""))


def _contacts(data: Mapping[str, Any], texts: Translator, vocabulary: Vocabulary) -> Iterator[Contact]:
    given = [(contact["kind"], contact["value"], contact) for contact in data.get("contacts", ())]
    website = data.get("website")
    if website and all(value != website for _, value, _ in given):
        given.append(("web", website, {}))
    for kind, value, contact in given:
        href = _href(kind, value, contact.get("extension"))
        if not href:
            continue
        spoken = names(vocabulary.languages, contact.get("languages", ()), texts.language)
        label = said(contact.get("label"), texts.language)
        yield Contact(kind, value, href, label, ", ".join(spoken))


def _href(kind: str, value: str, extension: str | None) -> str:
    """What a contact opens; "" for what is no address of its kind."""
    if kind == "phone":
        number = "".join(sign for sign in value if sign in "+0123456789")
        return f"tel:{number}{f';ext={extension}' if extension else ''}" if number else ""
    if kind == "email":
        return f"mailto:{quote(value, safe='@')}"
    return value if value.startswith(("https://", "http://")) else ""


def _notices(data: Mapping[str, Any], reader: Reader) -> Iterator[Notice]:
    """Closures, messages of the next days, the first and the last day of an offer."""
    texts, language, today = reader.texts, reader.texts.language, reader.day.date
    if closed := closure(data.get("status", {}), today, texts, reader.vocabulary):
        yield Notice(closed.title, closed.text, grave=closed.has_begun)
    last = today + dt.timedelta(days=AHEAD_DAYS)
    for notice in sorted(data.get("notices", ()), key=lambda n: (n["starts"], n["ends"])):
        if notice["starts"] <= last.isoformat() and notice["ends"] >= today.isoformat():
            days = _long(notice["starts"], language)
            if notice["ends"] != notice["starts"]:
                days = f"{days} – {_long(notice['ends'], language)}"
            yield Notice(
                texts.gettext(_NOTICES[notice["kind"]], days=days), said(notice.get("text"), language)
            )
    for offer in offer_days(data, today, texts):
        yield Notice(offer.title, grave=offer.is_over)


def _long(day: str, language: str) -> str:
    return long_day(dt.date.fromisoformat(day), language)


def _fresh(checked: dt.date | None, reader: Reader) -> str:
    """When somebody last made sure, as a date: a file is read on any day."""
    if checked is None:
        return reader.texts.gettext("Nobody has checked this yet")
    day = format_date(checked, "medium", locale=reader.texts.language)
    if ring(checked, reader.day.date) is Ring.DOTTED:
        return reader.texts.gettext("Nobody has checked since %(day)s", day=day)
    return reader.texts.gettext("Checked on %(day)s", day=day)


def _credits(data: Mapping[str, Any]) -> str:
    """Who made this record and under which terms, as its source wants to be named."""
    who = data.get("attribution") or data.get("source") or ""
    licence = data.get("licence") or ""
    return f"{who} ({licence})" if who and licence else str(who or licence)
