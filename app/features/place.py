"""Where a point is, how sure that is, and how much of it may be known."""

from collections.abc import Collection, Mapping
from typing import Annotated, Any, Final, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from app.features.content import Part
from app.features.facets import Disclosure
from app.features.problems import refusal
from app.features.text import Line

#: About ten centimetres; more digits say nothing about a door.
DECIMALS: Final = 6
#: From the most open to the strictest.
DISCLOSURES: Final[tuple[Disclosure, ...]] = ("exact", "area", "partners", "contact_only")
#: Members of a content that a protected place has none of: a picture shows the street as well as an address does.
SHOWS_WHERE: Final = frozenset({"address", "photos"})


def _rounded(degrees: float) -> float:
    # Adding zero turns -0.0 into 0.0, so that equal positions are equal bytes.
    return round(degrees, DECIMALS) + 0.0


class Position(Part):
    """A position in WGS 84 (EPSG:4326), in degrees."""

    lng: Annotated[float, Field(ge=-180, le=180), AfterValidator(_rounded)]
    """Longitude, east of Greenwich positive."""
    lat: Annotated[float, Field(ge=-90, le=90), AfterValidator(_rounded)]
    """Latitude, north positive."""

    @model_validator(mode="after")
    def _somewhere(self) -> Self:
        if self.lng == 0 and self.lat == 0:
            raise refusal("position_empty")
        return self


class Geocoded(Part):
    """How a position was found when nobody showed it on a map."""

    level: Literal["building", "street", "postcode", "locality", "municipality", "county", "region"]
    """What the position is the middle of."""
    confidence: Annotated[float, Field(ge=0, le=1)]
    """How likely it is right, 0 to 1."""
    source: Annotated[str, Line(60)]
    """Which register or service gave it."""


class AreaReference(Part):
    """An administrative unit."""

    code: Annotated[str, Field(pattern=r"^[A-Za-z0-9:_.-]{1,40}$")]
    """Its code in the register (TERYT, SIRUTA), as our list of areas has it."""
    name: Annotated[str, Line(120)] | None = None
    """Its name, for people."""


class Place(Part):
    """A place and its disclosure.

    `exact`: everybody sees it. `area`: everybody sees the administrative unit only. `partners`: the same,
    and partners ask for the rest. `contact_only`: nothing but a contact is public. For the last three the
    exact place is not stored at all.
    """

    disclosure: Disclosure = "exact"
    """How much of the place may be known."""
    position: Position | None = None
    """The entrance; never there for a protected place."""
    geocoded: Geocoded | None = None
    """How the position was found, when it was computed from an address."""
    area: AreaReference | None = None
    """The administrative unit that stands for a protected place."""

    @model_validator(mode="after")
    def _protected_place_is_an_area(self) -> Self:
        if self.disclosure == "exact":
            return self
        if self.position is not None or self.geocoded is not None:
            raise refusal("position_protected", field="position")
        if self.area is None:
            raise refusal("area_missing", field="area")
        return self

    @property
    def is_protected(self) -> bool:
        """Whether the exact place must not be known."""
        return self.disclosure != "exact"


def protected_in(place: Place) -> str | None:
    """The code of the unit that may be shown for a protected place; of `contact_only` not even that."""
    return place.area.code if place.area and place.disclosure in ("area", "partners") else None


def refuse_showing_where(place: Place, *, address: object, photos: Collection[object]) -> None:
    """Raise the refusal of what shows where a protected place is beside it: an address, or pictures."""
    if place.is_protected and address is not None:
        raise refusal("address_protected", field="address")
    if place.is_protected and photos:
        raise refusal("photos_protected", field="photos")


def disclosure_in(content: Mapping[str, Any]) -> Disclosure:
    """How openly a content as JSON has its place; what nobody knows any more counts as open."""
    said = (content.get("place") or {}).get("disclosure", "exact")
    return next((tier for tier in DISCLOSURES if tier == said), "exact")


def is_tightened(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether a content as JSON tells less of its place than the one before it."""
    return DISCLOSURES.index(disclosure_in(after)) > DISCLOSURES.index(disclosure_in(before))


def strictest(disclosures: tuple[Disclosure, ...]) -> Disclosure:
    """The most protective of several, `exact` of none."""
    return max(disclosures, key=DISCLOSURES.index, default="exact")


def protect(data: Mapping[str, Any]) -> dict[str, Any]:
    """Drop the exact place, and photos of it, from content that somebody sent for a protected place, before it is read or logged.

    `data` is the content as JSON gives it; what is not protected comes back as it is.
    """
    place = data.get("place")
    if not isinstance(place, Mapping) or place.get("disclosure", "exact") == "exact":
        return dict(data)
    kept = {key: value for key, value in place.items() if key not in ("position", "geocoded")}
    return {key: value for key, value in data.items() if key not in SHOWS_WHERE} | {"place": kept}
