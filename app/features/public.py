"""What of a value may be published: the one place where partners' things are left out."""

from typing import Any

from app.features.contacts import Contact
from app.features.place import Place


def public_contact(contact: Contact) -> dict[str, Any]:
    """A public contact for everybody. Raises `ValueError` for one that is for partners."""
    if contact.visibility != "public":
        raise ValueError("this contact is for partners only")
    data = contact.to_dict()
    data.pop("person", None)
    return data


def public_place(place: Place) -> dict[str, Any]:
    """The place as far as its disclosure goes; of `contact_only` nothing but that word."""
    if place.disclosure == "contact_only":
        return {"disclosure": place.disclosure}
    if place.is_protected:
        return place.model_copy(update={"position": None, "geocoded": None}).to_dict()
    return place.to_dict()
