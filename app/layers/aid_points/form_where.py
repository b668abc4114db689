"""Where the help is, and how much of that may be known. What must not be known is not asked and not kept."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from babel import Locale
from babel.languages import get_official_languages

from app.features.disclosure import disclosure_of_services
from app.features.facets import Disclosure
from app.features.place import DISCLOSURES, strictest
from app.forms import Answers, Block, Choice, Option, Reading
from app.forms.addresses import address_fields
from app.forms.areas import Area
from app.forms.positions import Pin
from app.forms.reading import value_at
from app.i18n import N_
from app.layers.aid_points.services_fields import SERVICES
from app.taxonomy.vocabulary import load_vocabulary

WITHOUT_PLACE = ("phone", "online")
PLACE = ("channel=on_site mobile",)
EXACT = (*PLACE, "disclosure=exact")
PROTECTED = (*PLACE, "disclosure=area partners contact_only")
REMOTE = ("channel=phone online",)
SERVED = (*REMOTE, "served=area")


def strictest_default(answers: Answers) -> Disclosure:
    """The tier that the chosen services start with; nobody may choose a laxer one here."""
    vocabulary = load_vocabulary()
    chosen = [code for code in answers.all(SERVICES) if code in vocabulary.services]
    return disclosure_of_services(chosen, vocabulary)


def has_place(answers: Answers) -> bool:
    """Whether there is somewhere to go to."""
    return answers.one("channel") not in WITHOUT_PLACE


def disclosure(answers: Answers) -> str:
    """The tier chosen, at least as strict as the services demand."""
    least, chosen = strictest_default(answers), answers.one("disclosure")
    return strictest((least, *(tier for tier in DISCLOSURES if tier == chosen)))


def is_exact(answers: Answers) -> bool:
    """Whether everybody may see the address."""
    return has_place(answers) and disclosure(answers) == "exact"


def may_be_exact(answers: Answers) -> bool:
    """Whether the services allow an address at all."""
    return strictest_default(answers) == "exact"


def is_protected(answers: Answers) -> bool:
    """Whether an area stands for the place."""
    return has_place(answers) and disclosure(answers) != "exact"


def is_remote(answers: Answers) -> bool:
    """Whether the help comes by telephone or over the internet."""
    return not has_place(answers)


@dataclass(frozen=True, kw_only=True)
class Served(Choice):
    """The whole country, read into the area served, or an area that the next question asks for."""

    country: str

    def read(self, answers: Answers, into: Reading) -> None:
        """Put the country; its code is ISO 3166-1 alpha-2, its name in its own language."""
        if self.chosen(answers) == "country":
            name = _name_of_country(self.country)
            into.put("area_served.0", {"code": self.country, "name": name}, self.name)

    def write(self, data: Any) -> Iterable[tuple[str, str]]:
        """Which of the two."""
        areas = value_at(data, "area_served")
        if areas:
            yield self.name, "country" if areas[0]["code"] == self.country else "area"


def _name_of_country(country: str) -> str:
    language = (get_official_languages(country) or ("en",))[0]
    name: str = Locale.parse(language).territories.get(country, country)
    return name


def where_blocks(countries: tuple[str, ...]) -> tuple[Block, ...]:
    """How people get the help, what may be public, and the address, the area or the area served."""
    return (
        _ways_to_get_it(),
        _what_is_public(),
        _exact_place(countries),
        _protected_area(),
        _area_served(countries[0]),
    )


def _ways_to_get_it() -> Block:
    return Block(
        legend=N_("How do people get this help?"),
        fields=(
            Choice(
                name="channel",
                label=N_("How do people get this help?"),
                default=lambda _: "on_site",
                options=(
                    Option("on_site", N_("They come to a place")),
                    Option("mobile", N_("At changing places"), N_("A bus, a street team, help at home.")),
                    Option("phone", N_("By phone")),
                    Option("online", N_("On the internet")),
                ),
            ),
        ),
    )


def _what_is_public() -> Block:
    return Block(
        legend=N_("May the address be public?"),
        intro=N_("We never show shelters from violence on the map."),
        when=PLACE,
        fields=(
            Choice(
                name="disclosure",
                path="place.disclosure",
                label=N_("May the address be public?"),
                shown=has_place,
                when=PLACE,
                default=disclosure,
                options=tuple(
                    Option(tier, words, meta, retired=tier == "partners", open=_at_least(tier))
                    for tier, words, meta in (
                        ("exact", N_("Yes, show the exact address"), ""),
                        ("area", N_("Only the area"), N_("Municipality or county. We do not store the address, and show no photos.")),
                        ("partners", N_("Only partner organisations ask for it"), N_("We do not store the address.")),
                        ("contact_only", N_("Only phone or e-mail"), N_("No place on the map.")),
                    )
                ),
            ),
        ),
    )  # fmt: skip


def _exact_place(countries: tuple[str, ...]) -> Block:
    return Block(
        legend=N_("Where is it?"),
        intro=N_("Write what you know. We need at least the town or village."),
        when=EXACT,
        fields=(
            *address_fields(shown=is_exact, possible=may_be_exact, when=EXACT),
            Pin(
                name="position",
                path="place.position",
                computed="place.geocoded",
                label=N_("Pin on the map"),
                hint=N_("Two numbers as a map shows them, for example 50.8661, 20.6286. Without them we look for the address."),
                countries=countries,
                shown=is_exact,
                possible=may_be_exact,
                when=EXACT,
            ),
        ),
    )  # fmt: skip


def _protected_area() -> Block:
    return Block(
        legend=N_("In which area is it?"),
        intro=N_("We show only the municipality or the county, never a town that is so small that one could guess."),
        when=PROTECTED,
        fields=(
            Area(
                name="area",
                path="place.area",
                label=N_("Town or municipality"),
                missing=N_("Write the town or municipality. We do not ask for the street."),
                shown=is_protected,
                when=PROTECTED,
            ),
        ),
    )  # fmt: skip


def _area_served(country: str) -> Block:
    return Block(
        legend=N_("For which area is this help?"),
        when=REMOTE,
        fields=(
            Served(
                name="served",
                country=country,
                label=N_("For which area is this help?"),
                default=lambda _: "country",
                shown=is_remote,
                when=REMOTE,
                options=(
                    Option("country", N_("For the whole country")),
                    Option("area", N_("Only for one area")),
                ),
            ),
            Area(
                name="served_area",
                path="area_served.0",
                label=N_("Town, municipality or county"),
                missing=N_("Write for which town, municipality or county."),
                shown=lambda answers: is_remote(answers) and answers.one("served") == "area",
                when=SERVED,
            ),
        ),
    )


def _at_least(tier: str) -> Callable[[Answers], bool]:
    """Whether a tier is as strict as the chosen services demand."""
    strictness: tuple[str, ...] = DISCLOSURES
    return lambda answers: strictness.index(tier) >= strictness.index(strictest_default(answers))
