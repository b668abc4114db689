"""`[address]`: street, number, postcode, town."""

from typing import Any, Final

from pydantic_core import PydanticCustomError

from app.features.address import normalise_house_number, read_house_number
from app.imports.expressions import Declaration, Expression, Text
from app.imports.record import Record
from app.imports.sections.texts import TranslatedText
from app.imports.values.letters import one_alphabet
from app.imports.values.postcodes import postcode

_DASHES: Final = {0x2013: "-", 0x2014: "-"}


class AddressSection(Declaration):
    """Where the parts of an address come from."""

    street: Text | None = None
    house_number: Text | None = None
    flat: Text | None = None
    """Number of the flat or room; it follows the house number after a slash when it is short."""
    postcode: Text | None = None
    city: Text | None = None
    district: Text | None = None
    country: Text | None = None
    """ISO 3166-1 alpha-2; the mapping's own where a row says none."""
    entrance: TranslatedText | None = None

    def country_of(self, record: Record) -> str:
        """The country of a row, which phone numbers without a country code are of, too."""
        return _text(self.country, record) or record.country

    def build(self, record: Record) -> dict[str, Any] | None:
        """Give the address of a row, None where nothing of it is known."""
        parts: dict[str, Any] = {
            "street": self._line(self.street, "address.street", record),
            "house_number": self._house_number(record),
            "postcode": self._postcode(record),
            "city": self._line(self.city, "address.city", record),
            "district": self._line(self.district, "address.district", record),
        }
        address = {key: value for key, value in parts.items() if value}
        if not address:
            return None
        if self.entrance and (entrance := self.entrance.build(record, "address.entrance")):
            address["entrance"] = entrance
        return address | {"country": self.country_of(record)}

    def _line(self, text: Expression | None, path: str, record: Record) -> str | None:
        line = " ".join((_text(text, record) or "").split())
        plain = one_alphabet(line)
        if plain != line:
            record.note("mixed_alphabets", path)
        return plain or None

    def _house_number(self, record: Record) -> str | None:
        written = " ".join((_text(self.house_number, record) or "").split())
        if not written:
            return None
        flat = _text(self.flat, record)
        number = normalise_house_number(
            f"{written}/{flat}" if flat and flat.isalnum() and len(flat) < 5 else written
        )
        if number.changed:
            record.note("cyrillic_lookalike", "address.house_number")
        text = number.text.translate(_DASHES).strip(" /-,")
        try:
            return read_house_number(text)
        except PydanticCustomError:
            record.note("house_number_dropped")
            return None

    def _postcode(self, record: Record) -> str | None:
        return postcode(_text(self.postcode, record) or "", self.country_of(record), record.notes)


def _text(expression: Expression | None, record: Record) -> str | None:
    return None if expression is None else expression.text(record.values)
