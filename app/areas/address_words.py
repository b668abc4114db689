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
#: Of these there are some beside a street of the same name, and some that have no other name: as registers write them.
_OWN_KINDS = {
    written: kind
    for kind, forms in (
        ("aleja", ("al", "aleja", "aleje", "alei", "alejach", "алея", "аллея")),
        ("plac", ("pl", "plac", "placu", "площа", "площадь")),
        ("osiedle", ("os", "osiedle", "osiedlu")),
    )
    for written in forms
}
#: Of a year: "ul. 28 Czerwca 1956 r."
_YEAR, _OF_YEAR = re.compile(r"[12]\d{3}"), frozenset(("r", "roku"))
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

    `named` says that a word such as "ulica" stood among them, `begun` that the last word may have no end yet. `marks` are
    kinds of streets and single letters, which tell "aleja Legionów" from "Legionów", "Centrum A" from "Centrum B".
    """

    words: tuple[str, ...]
    numbers: tuple[str, ...]
    postcode: str
    named: bool
    begun: bool
    marks: tuple[str, ...] = ()

    @property
    def kinds(self) -> tuple[str, ...]:
        """Those of the marks that may be the whole name of a street."""
        return tuple(mark for mark in self.marks if mark in _OWN_KINDS)

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
    marks: list[str] = []
    named = False
    for before, token in zip(["", *tokens], tokens, strict=False):
        if number := house_number(token):
            numbers.append(number)
        elif token in _OF_YEAR and _YEAR.fullmatch(before):
            continue
        elif token not in _BETWEEN and house_number(before) and (number := house_number(before + token)):
            numbers[-1] = number  # "12 A"
        elif token in KINDS:
            named = True
            marks += street_marks(token)
        elif len(token) == 1:
            marks.append(token)
        elif len(token) > 1 and token not in _BETWEEN:
            words.append(token)
    if not words or len(words) > MOST_WORDS:
        return None
    begun = tokens[-1] == words[-1] and len(words[-1]) >= SHORTEST_BEGUN
    return TypedAddress(tuple(words), tuple(numbers), postcode, named, begun, tuple(marks))


def street_marks(name: str) -> list[str]:
    """What a street's name has of kinds, each in one way to write it, and single letters."""
    words = (_OWN_KINDS.get(word, word) for word in fold_name(name).split())
    return [word for word in words if word in _OWN_KINDS or len(word) == 1]


def is_kind_only(street: str) -> bool:
    """Whether a street has no other name: "Osiedle", "Osiedle 2000"."""
    words = fold_name(street).split()
    return bool(words) and words[0] in _OWN_KINDS and all(word.isdigit() for word in words[1:])


def house_number(text: str) -> str:
    """The house number that a word is, as the tables have it: "12A" is 12a; "" when it is none."""
    found = _NUMBER.fullmatch(text.strip().casefold().replace(" ", ""))
    return "" if found is None or not int(found[1]) else f"{int(found[1])}{found[2].translate(_LETTERS)}"


def number_value(number: str) -> int:
    """The digits with which a house number begins."""
    return int(re.match(r"\d+", number)[0])  # type: ignore[index]  # it is a house number
