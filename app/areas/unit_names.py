"""Names of units as lists write them: "gm. Żarki", "Żarki Miejsko-Wiejska", "powiat m. Bielsko-Biała"."""

from geo.names import fold_name

#: Words before a name that say what kind of unit it is, folded.
_BEFORE = frozenset(
    [
        "gmina",
        "gm",
        "miasto",
        "m",
        "st",
        "powiat",
        "pow",
        "wojewodztwo",
        "woj",
        "judetul",
        "judet",
        "jud",
        "comuna",
        "com",
        "orasul",
        "oras",
        "municipiul",
        "mun",
    ]
)
#: Words after a name that do.
_AFTER = frozenset(["miejska", "wiejska", "miejsko", "wiejsko", "gmina", "powiat"])
_KIND_BEFORE = {"m": "urban", "miasto": "urban"}
_KIND_AFTER = {"miejsko": "urban_rural", "miejska": "urban", "wiejska": "rural"}


def unit_name(given: str) -> str:
    """The folded name of the unit alone: "Buczkowice Gmina Buczkowice-" → "buczkowice"."""
    words = fold_name(given).split()
    while len(words) > 1 and words[0] in _BEFORE:
        del words[0]
    if "gmina" in words[1:]:
        del words[words.index("gmina", 1) :]
    while len(words) > 1 and words[-1] in _AFTER:
        del words[-1]
    return " ".join(words)


def unit_kind(given: str) -> str | None:
    """The kind of a gmina where its name says so: "Przemyśl (miejska)" → "urban"; None where it does not."""
    words = fold_name(given).split()
    if len(words) < 2:
        return None
    # The word before the last decides first: "miejsko-wiejska" is neither of its halves.
    kinds = (_KIND_AFTER.get(words[-2]), _KIND_AFTER.get(words[-1]), _KIND_BEFORE.get(words[0]))
    return next((kind for kind in kinds if kind), None)


def unit_code(given: str) -> str | None:
    """The stable code of a unit given by its TERYT code, such as "2401011" → "PL-240101"; None for a name."""
    digits = given.strip()
    if digits.isascii() and digits.isdigit() and len(digits) in {2, 4, 6, 7}:
        return f"PL-{digits[:6]}"
    return None
