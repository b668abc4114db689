"""The part of an organisation that anybody may read."""

from typing import Any

from app.features.contacts import public_contacts
from app.features.public import public_contact, public_place
from app.layers.organisations.content import Organisation
from app.taxonomy.vocabulary import Vocabulary


def public_content(content: Organisation, vocabulary: Vocabulary) -> dict[str, Any]:  # noqa: ARG001 - as every layer
    """JSON-ready data without people, contacts for partners and protected places.

    Members that are not known are left out.
    """
    data = content.to_dict()
    del data["schema_version"]
    data.pop("people", None)
    data["contacts"] = [public_contact(contact) for contact in public_contacts(content.contacts)]
    data["place"] = public_place(content.place)
    if content.place.is_protected:
        data.pop("address", None)
    return {key: value for key, value in data.items() if value not in ([], {})}
