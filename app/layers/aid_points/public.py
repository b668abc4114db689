"""The part of an aid point that anybody may read."""

from typing import Any

from app.features.contacts import public_contacts
from app.features.public import public_contact, public_place
from app.layers.aid_points.content import AidPoint
from app.taxonomy.vocabulary import Vocabulary


def public_content(content: AidPoint, vocabulary: Vocabulary) -> dict[str, Any]:  # noqa: ARG001 - as every layer
    """JSON-ready data without contacts for partners, names of people and protected places.

    Members that are not known are left out.
    """
    data = content.to_dict()
    del data["schema_version"]
    data["contacts"] = [public_contact(contact) for contact in public_contacts(content.contacts)]
    data["place"] = public_place(content.place)
    if content.place.is_protected:
        data.pop("address", None)
    answers = dict(content.accessibility.answers())
    others = {k: v for k, v in data["accessibility"].items() if k in ("others", "note")}
    data["accessibility"] = {**answers, **others}
    if content.status.state == "active":
        del data["status"]
    return {key: value for key, value in data.items() if value not in ([], {})}
