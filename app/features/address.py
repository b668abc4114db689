"""Postal addresses, kept in parts and written as the country writes them."""

import functools
import re
from typing import Annotated, Final, NamedTuple, Self

from phonenumbers import SUPPORTED_REGIONS
from pydantic import AfterValidator, Field, ValidationInfo, model_validator

from app.features.content import DEFAULT_COUNTRY, Part, country_of
from app.features.problems import refusal
from app.features.text import Line, TranslatedNote

#: Cyrillic letters that look like Latin ones: typed on a Ukrainian keyboard, found by no register.
_LOOK_ALIKES: Final = str.maketrans("АВЕКМНОРСТУХІЈаверкмносухіј", "ABEKMHOPCTYXIJabepkmhocyxij")
#: Cyrillic letters that do not, as the Ukrainian register writes them in Latin.
_OTHER_CYRILLIC: Final = str.maketrans({"Б": "B", "Г": "G", "Д": "D", "б": "b", "г": "g", "д": "d"})
_NUMBER_WORD: Final = re.compile(r"^(nr\.?|numer|№)\s*", re.IGNORECASE)
_BLANKS_AROUND_SIGNS: Final = re.compile(r"\s*([/,-])\s*")
#: What ends a Ukrainian line without a town.
_NUMBER_ALONE: Final = re.compile(r"\d\S*")
_HOUSE_NUMBER: Final = re.compile(r"^[0-9A-Za-z][0-9A-Za-z .,/-]{0,19}$")

#: A street name that begins with one of these says itself what kind of a street it is.
_POLISH_KINDS: Final = re.compile(
    r"^(ul|al|pl|os|aleja|aleje|plac|osiedle|rondo|rynek|skwer|bulwar|bulwary|droga|park|trasa|wybrzeże"
    r"|szosa|promenada|pasaż|wyspa|stary rynek|nowy rynek|mały rynek|duży rynek)\b",
    re.IGNORECASE,
)
_POSTCODES: Final = {
    "PL": re.compile(r"\d{2}-\d{3}"),
    "RO": re.compile(r"\d{6}"),
    "DE": re.compile(r"\d{5}"),
    "UA": re.compile(r"\d{5}"),
    "CZ": re.compile(r"\d{3} ?\d{2}"),
    "SK": re.compile(r"\d{3} ?\d{2}"),
    "LT": re.compile(r"(LT-)?\d{5}"),
}
_POLISH_POSTCODE: Final = re.compile(r"^(\d{2})[ .–-]?(\d{3})$", re.ASCII)
_ANY_POSTCODE: Final = re.compile(r"[0-9A-Z][0-9A-Z -]{1,10}")


class HouseNumber(NamedTuple):
    """A house number in Latin letters; `changed` says that it was written otherwise."""

    text: str
    changed: bool


# An import reads each number twice, and most streets have a 1 and a 12.
@functools.lru_cache(maxsize=4096)
def normalise_house_number(text: str) -> HouseNumber:
    """`60-А` with a Cyrillic А becomes `60-A`; blanks around signs and a leading "nr" go, too.

    An importer reports what was changed by more than blanks.
    """
    plain = " ".join(text.split())
    latin = plain.translate(_LOOK_ALIKES).translate(_OTHER_CYRILLIC)
    number = _BLANKS_AROUND_SIGNS.sub(r"\1", _NUMBER_WORD.sub("", latin))
    return HouseNumber(number, changed=latin != plain)


def read_house_number(text: str) -> str:
    """The house number in Latin letters: at most 20 signs, the first a digit or a letter. Raises a refusal."""
    number = normalise_house_number(text).text
    if not _HOUSE_NUMBER.match(number):
        raise refusal("house_number")
    return number


def _country(text: str) -> str:
    if text not in SUPPORTED_REGIONS:
        raise refusal("country")
    return text


Country = Annotated[str, Field(min_length=2, max_length=2), AfterValidator(_country)]


def read_postcode(text: str, country: str) -> str:
    """The postcode in the country's form: `25502` and `25 502` become `25-502` in Poland. Raises a refusal."""
    code = " ".join(text.upper().split())
    if country == "PL":
        code = _POLISH_POSTCODE.sub(r"\1-\2", code)
    if not code.isascii() or not _POSTCODES.get(country, _ANY_POSTCODE).fullmatch(code):
        raise refusal("postcode")
    return code


class Address(Part):
    """Where a letter or a driver goes. A protected place has none."""

    street: Annotated[str, Line(120)] | None = None
    """The name of the street; none in a village without street names."""
    house_number: Annotated[str, Line(20), AfterValidator(read_house_number)] | None = None
    """Number of the house and, after a slash, of the flat."""
    postcode: Annotated[str, Line(12)] | None = None
    """Postcode in the form of the country, in Poland `25-502`."""
    city: Annotated[str, Line(100)] | None = None
    """Town or village."""
    district: Annotated[str, Line(100)] | None = None
    """Part of the town."""
    country: Country = Field(default=DEFAULT_COUNTRY)
    """ISO 3166-1 alpha-2."""
    entrance: TranslatedNote | None = None
    """How to find the door."""

    @model_validator(mode="before")
    @classmethod
    def _country_of_this_installation(cls, data: object, info: ValidationInfo) -> object:
        if isinstance(data, dict) and "country" not in data:
            return {**data, "country": country_of(info.context)}
        return data

    @model_validator(mode="after")
    def _postcode_of_the_country(self) -> Self:
        if self.postcode is not None:
            try:
                code = read_postcode(self.postcode, self.country)
            except ValueError:
                raise refusal("postcode", field="postcode") from None
            # The model is frozen for its users; this is still its making.
            object.__setattr__(self, "postcode", code)
        return self


def address_line(address: Address) -> str | None:
    """The address on one line, as an envelope in its country has it; None when nothing of it is known.

    `ul. Planty 12, 25-502 Kielce` · `Wola Kopcowa 5, 26-001 Wola Kopcowa` · `вул. Садова, 3, 01001 Київ`
    """
    town = " ".join(part for part in (address.postcode, address.city) if part)
    return ", ".join(part for part in (_street_line(address), town) if part) or None


def split_line(line: str) -> tuple[str, str]:
    """The street and the town of a line of `address_line`; what stands alone, or may be either, is the street."""
    street, _, town = line.rpartition(", ")
    if not street or _NUMBER_ALONE.fullmatch(town):
        return line, ""
    return street, town


def _street_line(address: Address) -> str:
    street, number = address.street, address.house_number
    if not street:
        return f"{address.city} {number}" if address.city and number else ""
    if address.country == "PL" and not _POLISH_KINDS.match(street):
        street = f"ul. {street}"
    between = {"UA": ", ", "RO": " nr. "}.get(address.country, " ")
    return f"{street}{between}{number}" if number else street
