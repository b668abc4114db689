"""A place in the words of schema.org, for search engines."""

from typing import Any

import orjson
from markupsafe import Markup

from app.pages.feature_record import Record
from app.pages.views.place import Place

#: In JSON these mean the same escaped; in a page they could end the element that the data stands in.
_ESCAPES: dict[str, str | int | None] = {
    "<": "\\u003c",
    ">": "\\u003e",
    "&": "\\u0026",
    "\u2028": "\\u2028",
    "\u2029": "\\u2029",
}


def linked_data(record: Record, shown: Place, url: str) -> Markup:
    """Give JSON-LD that may stand inside a `script` element. A protected place has neither address nor position."""
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Organization" if record.layer == "organisations" else "Place",
        "@id": url,
        "url": url,
        "name": shown.name.original or shown.name.text,
    }
    if shown.description:
        data["description"] = shown.description.text
    if shown.phone:
        data["telephone"] = shown.phone.href.removeprefix("tel:")
    if not shown.protected:
        data |= _where(record)
    if record.properties.get("cost", {}).get("code") == "free":
        data["isAccessibleForFree"] = True
    text = orjson.dumps(data).decode()
    return Markup(text.translate(str.maketrans(_ESCAPES)))  # noqa: S704 - JSON in which nothing can end the element


def _where(record: Record) -> dict[str, Any]:
    found: dict[str, Any] = {}
    address = record.properties.get("address", {})
    street = " ".join(filter(None, (address.get("street"), address.get("house_number"))))
    parts = {
        "streetAddress": street,
        "postalCode": address.get("postcode"),
        "addressLocality": address.get("city"),
        "addressCountry": address.get("country") if address else None,
    }
    known = {key: value for key, value in parts.items() if value}
    if known:
        found["address"] = {"@type": "PostalAddress", **known}
    if record.position is not None:
        found["geo"] = {
            "@type": "GeoCoordinates",
            "longitude": record.position.lng,
            "latitude": record.position.lat,
        }
    return found
