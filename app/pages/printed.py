"""What was printed of a place, as one short word: with it, the place's page says what has changed since.

The word is in the address of a printed code. It holds the version, the day and a digest of each section of what the
public could read then, so that no server has to remember what anybody printed.
"""

import base64
import datetime as dt
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Self

import orjson

from app.i18n import N_

#: The query parameter that carries the word.
PARAMETER = "printed"
#: Sections in the words of the page, with the members of the public content that they show. New ones come last.
SECTIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        N_("Name"): ("name", "also_known_as", "organisation"),
        N_("Where it is"): ("address", "place", "disclosure", "channel", "area_served"),
        N_("Opening hours"): ("hours",),
        N_("Get in touch"): ("contacts", "website"),
        N_("What help you get here"): ("services",),
        N_("Before you go"): (
            *("audience_mode", "audiences", "ages", "cost", "documents", "languages", "access"),
            *("appointment", "accessibility"),
        ),
        N_("Closures and notices"): ("status", "notices", "valid_from", "valid_until"),
    }
)
#: Two signs of base64: one change in 4,096 goes unseen.
_DIGEST = 2
_WORD = re.compile(
    rf"([1-9][0-9]{{0,8}})\.([0-9]{{4}})([0-9]{{2}})([0-9]{{2}})\.([A-Za-z0-9_-]{{{_DIGEST * len(SECTIONS)}}})",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Printed:
    """What somebody holds in their hand: the version, the day of printing, a digest of each section."""

    revision: int
    day: dt.date
    digests: tuple[str, ...]

    @classmethod
    def of(cls, properties: Mapping[str, Any], day: dt.date) -> Self:
        """What is printed today of a place's public content."""
        return cls(
            properties["revision"], day, tuple(_digest(properties, keys) for keys in SECTIONS.values())
        )

    @classmethod
    def read(cls, word: str, today: dt.date) -> Self | None:
        """Read the word of an address; None for anything that we cannot have printed."""
        match = _WORD.fullmatch(word)
        if match is None:
            return None
        try:
            day = dt.date(int(match[2]), int(match[3]), int(match[4]))
        except ValueError:
            return None
        if day > today:
            return None
        signs = match[5]
        return cls(int(match[1]), day, tuple(signs[i : i + _DIGEST] for i in range(0, len(signs), _DIGEST)))

    def word(self) -> str:
        """The word for an address."""
        return f"{self.revision}.{self.day:%Y%m%d}.{''.join(self.digests)}"

    def changed(self, properties: Mapping[str, Any]) -> tuple[str, ...]:
        """The sections (message ids) that say something else now than on paper."""
        if properties["revision"] == self.revision:
            return ()
        now = Printed.of(properties, self.day).digests
        return tuple(
            section for section, old, new in zip(SECTIONS, self.digests, now, strict=True) if old != new
        )


def _digest(properties: Mapping[str, Any], keys: tuple[str, ...]) -> str:
    said = {key: _lasting(key, properties[key]) for key in keys if properties.get(key)}
    text = orjson.dumps(said, option=orjson.OPT_SORT_KEYS)
    return base64.urlsafe_b64encode(hashlib.blake2b(text, digest_size=3).digest()).decode()[:_DIGEST]


def _lasting(key: str, value: Any) -> Any:
    """Numbers of free places change by the hour and are not on paper."""
    if key != "services":
        return value
    return [{name: said for name, said in service.items() if name != "capacity"} for service in value]
