"""Areas in words: which kind of unit, and what stands in the way."""

from collections.abc import Mapping
from typing import Final

from app.i18n import N_

#: From the largest to the smallest.
LEVELS: Final[Mapping[str, str]] = {
    "voivodeship": N_("Voivodeship"),
    "county": N_("County"),
    "powiat": N_("Powiat"),
    "uat": N_("Commune"),
    "gmina": N_("Gmina"),
    "metropolis": N_("Metropolis"),
    "custom": N_("Area of our own"),
}
KINDS: Final[Mapping[str, str]] = {
    "city": N_("town that is a powiat"),
    "urban": N_("town"),
    "urban_rural": N_("town and villages"),
    "rural": N_("villages"),
}
ACTS: Final[Mapping[str, str]] = {
    "added": N_("Made"),
    "changed": N_("Changed"),
    "put_back": N_("Earlier version put back"),
    "retired": N_("No longer offered"),
    "offered": N_("Offered again"),
}
DONE: Final[Mapping[str, str]] = {
    "added": N_("The area is there. As soon as its places are counted everybody can choose it."),
    "changed": N_("Saved. Everybody sees it from now on."),
    "retired": N_("It is no longer offered. Nobody can choose or find it."),
    "offered": N_("It is offered again as soon as its places are counted."),
    "back": N_("It is again as it was then."),
    "count": N_("Its places are counted again."),
}
#: What an own area may be called: what people look for first has a name of its own.
OWN_LEVELS: Final[Mapping[str, str]] = {
    "custom": N_("An area of our own: a district, an association, a programme"),
    "metropolis": N_("A metropolis: it is offered in the list of metropolises"),
}
