"""The parts that the sections of a mapping have built, put together as the content of a layer wants them."""

from typing import Any

from app.imports.notes import RefusedRow
from app.imports.sections.services import FoundServices
from app.taxonomy.vocabulary import load_vocabulary

Parts = dict[str, Any]


def aid_point_data(parts: Parts, services: FoundServices) -> Parts:
    """Give the data of an aid point. A service without a place to go to is one by telephone or online.

    Raises RefusedRow for a protected type of help: where it is must not come in by a file.
    """
    vocabulary = load_vocabulary()
    if any(vocabulary.service(code).default_disclosure != "exact" for code in services.found):
        raise RefusedRow("protected_service")
    data = _common(parts)
    data["services"] = [_service(code, services) for code in services.found]
    for member in ("hours", "also_known_as", "area_served", "accessibility"):
        if parts[member]:
            data[member] = parts[member]
    if parts["organisation"]:
        data["organisation"] = {"name": parts["organisation"]}
    data.update(parts["conditions"])
    return data


def set_channel(data: Parts) -> None:
    """Say that help is by telephone or online where there is neither a position nor an address, but an area."""
    if data.get("place") or data.get("address") or not data.get("area_served"):
        return
    by_phone = any(contact["kind"] == "phone" for contact in data.get("contacts", ()))
    data["channel"] = "phone" if by_phone else "online"


def organisation_data(parts: Parts, members: Parts) -> Parts:
    """Give the data of an organisation."""
    data = _common(parts)
    if parts["also_known_as"]:
        data["also_known_as"] = parts["also_known_as"]
    if parts["area_served"]:
        data["areas"] = parts["area_served"]
    return data | members


def set_position(data: Parts, position: Parts, geocoded: Parts | None = None) -> None:
    """Put a position into the data, with how it was found when nobody showed it on a map."""
    data["place"] = {"position": position} | ({"geocoded": geocoded} if geocoded else {})


def _common(parts: Parts) -> Parts:
    data: Parts = {"name": parts["name"]}
    for member in ("description", "address"):
        if parts[member]:
            data[member] = parts[member]
    contacts = list(parts["contacts"])
    website = next((contact for contact in contacts if contact["kind"] == "web"), None)
    if website is not None:
        contacts.remove(website)
        data["website"] = website["value"]
    if contacts:
        data["contacts"] = contacts
    if parts["position"]:
        set_position(data, parts["position"])
    return data


def _service(code: str, services: FoundServices) -> Parts:
    service: Parts = {"type": code}
    found = services.found[code]
    if found.audiences:
        # The words of another source say whom they had in mind, hardly ever who is turned away.
        service |= {"audience_mode": "preferred", "audiences": found.audiences}
    if found.description:
        service["description"] = found.description
    if found.hours:
        service["hours"] = found.hours
    return service
