"""By what two entries of one place are known: names as they are heard, contacts, the page, the address, who runs it."""

import functools
import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from geo.names import MAX_COMPARED, fold_name
from geo.sounds import sound_of

_BEFORE_HOST: Final = re.compile(r"^[a-z]+://(?:www\.)?", re.IGNORECASE)
#: «Карітас» is heard with k, "Caritas" is written with c.
_HARD_C: Final = re.compile(r"c(?=[aouklr])")
_DIGITS: Final = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it is heard (`sound`), its bigrams and trigrams, and the numbers in it: school 4 is not school 5."""

    sound: str
    grams: frozenset[str]
    numbers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Traits:
    """What is compared of a feature. `position` is (lng, lat) in EPSG:4326; None where the register has none."""

    id: uuid.UUID | None
    layer: str
    names: tuple[str, ...]
    position: tuple[float, float] | None
    phones: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    site: str = ""
    address: str = ""
    city: str = ""
    organisation: str = ""
    services: frozenset[str] = frozenset()
    identifiers: frozenset[tuple[str, str]] = frozenset()

    def marks(self) -> Iterable[tuple[str, str]]:
        """By what it is put beside others, wherever they are: pairs of a kind and a value."""
        yield from (("phone", phone) for phone in self.phones)
        yield from (("email", email) for email in self.emails)
        yield from ((kind, number) for kind, number in self.identifiers)
        if self.site:
            yield "site", self.site
        if self.address:
            yield "address", self.address
        # A name is not rare enough to be put beside others of the whole country.
        if self.city or self.position is None:
            yield from (("name", f"{heard(name).sound} {self.city}") for name in self.names)


def traits_of(
    data: Mapping[str, Any],
    layer: str,
    feature_id: uuid.UUID | None = None,
    position: tuple[float, float] | None = None,
) -> Traits:
    """Read the traits out of a content as JSON gives it; its own position is taken where none is given."""
    address = data.get("address") or {}
    own = (data.get("place") or {}).get("position")
    organisation = data.get("organisation") or {}
    contacts = data.get("contacts", ())
    name = data.get("name") or {}
    return Traits(
        id=feature_id,
        layer=layer,
        names=tuple(dict.fromkeys([*name.get("texts", {}).values(), *data.get("also_known_as", ())])),
        position=position or ((own["lng"], own["lat"]) if own else None),
        phones=frozenset(c["value"] for c in contacts if c["kind"] == "phone"),
        emails=frozenset(c["value"].lower() for c in contacts if c["kind"] == "email"),
        site=_BEFORE_HOST.sub("", data.get("website") or "").rstrip("/").lower(),
        address=_address(address),
        city=fold_name(address.get("city") or ""),
        organisation=organisation.get("id") or fold_name(organisation.get("name") or ""),
        services=frozenset(service["type"] for service in data.get("services", ())),
        identifiers=frozenset((data.get("identifiers") or {}).items()),
    )


def _address(address: Mapping[str, Any]) -> str:
    """One line for one door; "" where the house is not told."""
    parts = [fold_name(address.get(key) or "") for key in ("street", "house_number", "city")]
    return " ".join(part for part in parts if part) if parts[1] and parts[2] else ""


# Of a hundred thousand names as many are kept as lie near each other.
@functools.lru_cache(maxsize=1 << 16)
def heard(name: str) -> Name:
    """Give a name folded over letters and scripts: "Кухня Карітас" and "Kuchnia Caritas" are nearly the same."""
    sound = _HARD_C.sub("k", sound_of(name[:MAX_COMPARED]))
    grams = frozenset(
        padded[start : start + length]
        for word in sound.split()
        for padded in (f" {word} ",)
        for length in (2, 3)
        for start in range(len(padded) - length + 1)
    )
    return Name(sound, grams, frozenset(_DIGITS.findall(sound)))


def alike(a: str, b: str) -> float:
    """How alike two names are, 0 to 1: the share of bigrams and trigrams that both have (Dice)."""
    one, other = heard(a), heard(b)
    total = len(one.grams) + len(other.grams)
    share = 2.0 * len(one.grams & other.grams) / total if total else 0.0
    return share / 2.0 if one.numbers != other.numbers and one.numbers and other.numbers else share
