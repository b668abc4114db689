"""What somebody means who types an address: words of a street and a town, a house number, a postcode."""

import re
from dataclasses import dataclass

from geo.names import fold_name

LONGEST = 100
#: Of a street named after a general with two names, in a town of four words.
MOST_WORDS = 10
#: A word of fewer letters begins too many streets.
SHORTEST_BEGUN = 3

#: Words that say that a street follows, or stands before: folded, as the languages of the product write them.
KINDS = frozenset(
    (
        "ul", "ulica", "ulicy", "ulice", "al", "aleja", "aleje", "alei", "alejach", "plac", "placu", "pl", "os", "osiedle", "osiedlu",
        "вул", "вулиця", "вулиці", "вулицю", "ул", "улица", "улице", "улицы", "улицу", "площа", "площі", "площадь", "просп", "проспект",
        "str", "strada", "strazii", "bd", "bulevardul", "calea", "street", "strasse", "straße", "алея", "аллея",
    )
)  # fmt: skip
#: Small words between the street and the town.
_BETWEEN = frozenset(("w", "we", "przy", "na", "in", "im", "at", "near", "bei", "la", "din", "у", "в", "на", "біля", "возле", "nr"))  # fmt: skip
#: Of Poland, or of a country that writes five or six digits in one.
_POSTCODE = re.compile(r"(?<!\d)(\d{2}-\d{3}|\d{5,6})(?!\d)")
#: A flat in the house, or the last of several houses: "5/7", "5 m. 7", "5-7".
_WITHIN = re.compile(
    r"(\d+\s?[a-zа-гA-ZА-Г]?)\s*(?:/|[-–]|\b(?:m|lok|кв|ap|nr|м)\b\.?)\s*\d+\w*", re.IGNORECASE
)
_NUMBER = re.compile(r"(\d{1,4})([a-zабсд]?)")
#: Letters of house numbers that look the same or stand in the same place of the alphabet.
_LETTERS = str.maketrans("абсд", "abcd")


@dataclass(frozen=True, slots=True)
class TypedAddress:
    """`words` and `numbers` are folded, in the order in which they were typed; `postcode` may be "".

    `named` says that a word such as "ulica" stood among them, `begun` that the last word may have no end yet.
    """

    words: tuple[str, ...]
    numbers: tuple[str, ...]
    postcode: str
    named: bool
    begun: bool

    @property
    def looks_like_one(self) -> bool:
        """Whether it is an address rather than the name of something."""
        return bool(self.words) and (self.named or bool(self.numbers) or bool(self.postcode))


def read_address(text: str) -> TypedAddress | None:
    """Read a text as an address; None where it has no word that a street or a town could have."""
    text = text[:LONGEST]
    found = _POSTCODE.search(text)
    postcode = found[1] if found else ""
    text = _POSTCODE.sub(" ", text)
    # Twice, for "5-7/3".
    tokens = fold_name(_WITHIN.sub(r"\1 ", _WITHIN.sub(r"\1 ", text))).split()
    numbers: list[str] = []
    words: list[str] = []
    named = False
    for before, token in zip(["", *tokens], tokens, strict=False):
        if number := house_number(token):
            numbers.append(number)
        elif token not in _BETWEEN and house_number(before) and (number := house_number(before + token)):
            numbers[-1] = number  # "12 A"
        elif token in KINDS:
            named = True
        elif len(token) > 1 and token not in _BETWEEN:
            words.append(token)
    if not words or len(words) > MOST_WORDS:
        return None
    begun = tokens[-1] == words[-1] and len(words[-1]) >= SHORTEST_BEGUN
    return TypedAddress(tuple(words), tuple(numbers), postcode, named, begun)


def house_number(text: str) -> str:
    """The house number that a word is, as the tables have it: "12A" is 12a; "" when it is none."""
    found = _NUMBER.fullmatch(text.strip().casefold().replace(" ", ""))
    return "" if found is None or not int(found[1]) else f"{int(found[1])}{found[2].translate(_LETTERS)}"


def number_value(number: str) -> int:
    """The digits with which a house number begins."""
    return int(re.match(r"\d+", number)[0])  # type: ignore[index]  # it is a house number
