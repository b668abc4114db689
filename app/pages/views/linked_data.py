"""A place in the words of schema.org, for search engines."""

import datetime as dt
from typing import Any

import orjson
from markupsafe import Markup

from app.pages.feature_record import Record
from app.pages.views.linked_hours import opening_specifications
from app.pages.views.place import Place

#: In JSON these mean the same escaped; in a page they could end the element that the data stands in.
_ESCAPES: dict[str, str | int | None] = {
    "<": "\\u003c",
    ">": "\\u003e",
    "&": "\\u0026",
    "\u2028": "\\u2028",
    "\u2029": "\\u2029",
}


def linked_data(record: Record, shown: Place, url: str, today: dt.date) -> Markup:
    """Give JSON-LD that may stand inside a `script` element. A protected place has neither address nor position.

    Help by telephone or on the internet is no Place; who gives it is an Organization. An Organization has
    an address, but no position, hours or price of its own.
    """
    is_place = record.layer != "organisations" and not shown.remote
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Place" if is_place else "Organization",
        "@id": url,
        "url": url,
        "name": shown.name.original or shown.name.text,
    }
    if shown.description:
        data["description"] = shown.description.text
    if shown.phone:
        data["telephone"] = shown.phone.href.removeprefix("tel:").partition(";")[0]
    if not shown.protected:
        data |= _address(record)
    if is_place:
        data |= _of_a_place(record, shown, today)
    text = orjson.dumps(data).decode()
    return Markup(text.translate(str.maketrans(_ESCAPES)))  # noqa: S704 - JSON in which nothing can end the element


def _address(record: Record) -> dict[str, Any]:
    address = record.properties.get("address", {})
    street = " ".join(filter(None, (address.get("street"), address.get("house_number"))))
    parts = {
        "streetAddress": street,
        "postalCode": address.get("postcode"),
        "addressLocality": address.get("city"),
        "addressCountry": address.get("country") if address else None,
    }
    known = {key: value for key, value in parts.items() if value}
    return {"address": {"@type": "PostalAddress", **known}} if known else {}


def _of_a_place(record: Record, shown: Place, today: dt.date) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if record.position is not None and not shown.protected:
        lng, lat = record.position
        found["geo"] = {"@type": "GeoCoordinates", "longitude": lng, "latitude": lat}
    hours = [] if shown.gone else opening_specifications(record.rules.get(None, ""), today)
    if hours:
        found["openingHoursSpecification"] = hours
    if record.properties.get("cost", {}).get("code") == "free":
        found["isAccessibleForFree"] = True
    return found
