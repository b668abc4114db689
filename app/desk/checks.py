"""What a moderator opens to see whether a submission is true: its telephone, its pages, its place on another map."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.templating.filters import phone


@dataclass(frozen=True, slots=True)
class Check:
    """A link: its icon, its words ("": those of the template for the kind) and its address."""

    kind: str
    icon: str
    words: str
    href: str


def checks(
    content: Mapping[str, Any], live: Mapping[str, Any] | None = None
) -> tuple[list[Check], list[Check]]:
    """Give the links of what is on the map, and those that are proposed and not there, each once.

    Whoever proposes a number answers it: of a change only what is on the map already (`live`) shows whether it is true.
    """
    now = {check.href: check for check in _found(live or {})}
    proposed = {check.href: check for check in _found(content)}
    return list(now.values()), [check for href, check in proposed.items() if href not in now]


def _found(content: Mapping[str, Any]) -> Iterator[Check]:
    for contact in content.get("contacts", ()):
        value = str(contact.get("value", ""))
        if contact.get("kind") == "phone":
            yield Check("phone", "phone", phone(value, ""), f"tel:{value}")
        elif contact.get("kind") == "email":
            yield Check("email", "mail", value, f"mailto:{value}")
        else:
            yield from _page(value)
    yield from _page(str(content.get("website") or ""))
    position = (content.get("place") or {}).get("position")
    if position:
        at = f"mlat={position['lat']}&mlon={position['lng']}#map=18/{position['lat']}/{position['lng']}"
        yield Check("map", "map", "", f"https://www.openstreetmap.org/?{at}")


def _page(address: str) -> Iterator[Check]:
    # Nothing but the web: what a stranger wrote is opened with one press here.
    if address.startswith(("https://", "http://")):
        yield Check("web", "globe", address.split("://", 1)[1].removesuffix("/"), address)
