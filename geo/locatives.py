"""Names of places as they stand behind "in": from "w Kielcach" and "у Варшаві" back to Kielce and Варшава.

No dictionary: endings are put in each other's place, and the gazetteer tells which of the readings is a name.
"""

import itertools
from collections.abc import Iterator

#: Of a shorter word too little is left.
SHORTEST = 4
#: So many readings of a name at most: of two or three words the likeliest of each.
MOST = 24

# Folded endings of the locative and what a name may have had instead, the longest first; all that fit count. A name in
# Latin letters is taken for Polish, one in Cyrillic for Ukrainian or Russian.
_ENDINGS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("cach", ("ce", "ca")),
    ("ach", ("y", "i", "e", "")),
    ("owie", ("ow", "owo", "owa")),
    ("awiu", ("aw",)),
    ("dzie", ("d", "da")),
    ("scie", ("st", "sto", "sta")),
    ("cie", ("t", "ta", "to")),
    ("rze", ("r", "ra")),
    ("ie", ("", "a", "o", "ia")),
    ("le", ("l", "la", "lo")),
    ("ce", ("ka",)),
    ("cu", ("iec", "ec", "c")),
    ("sku", ("sk", "sko")),
    ("ku", ("ek",)),
    ("iu", ("", "ie", "io")),
    ("u", ("", "e", "o")),
    ("em", ("e",)),
    ("iej", ("a", "ia")),
    ("ej", ("a",)),
    ("ym", ("y", "e")),
    ("im", ("i", "ie")),
    ("ich", ("ie",)),
    ("ych", ("e",)),
    ("y", ("", "a")),
    ("i", ("", "ia", "a")),
    ("цях", ("це", "ці")),
    ("цах", ("це", "цы")),
    ("ах", ("и", "і", "ы", "е")),
    ("ях", ("і", "и", "я")),
    ("ові", ("ів", "ов", "ова")),
    ("еві", ("ів", "ев")),
    ("ці", ("к", "ка", "ця", "ць")),
    ("ому", ("ий", "ы")),
    ("ом", ("ый", "ы")),
    ("ій", ("а", "я")),
    ("ой", ("а", "ая")),
    ("их", ("і", "ие", "е")),
    ("ку", ("ек",)),
    ("і", ("", "а", "ь", "я", "е")),
    ("у", ("", "о")),
    ("е", ("", "а", "ь", "я")),
    ("и", ("ь", "я")),
)


def nominatives(folded: str) -> tuple[str, ...]:
    """Give what a folded name may be when it stands behind "in", as it would be written by itself; no reading is sure."""
    words = folded.split()
    if not 1 <= len(words) <= 3:
        return ()
    readings = itertools.product(*([*_readings(word)] or [word] for word in words))
    made = (" ".join(reading) for reading in readings)
    return tuple(dict.fromkeys(itertools.islice((name for name in made if name != folded), MOST)))


def _readings(word: str) -> Iterator[str]:
    if len(word) < SHORTEST:
        return
    # Both halves of Białystok and Krasnystaw are declined.
    word = word.replace("ymst", "yst")
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST - 2:
            for other in instead:
                yield word.removesuffix(ending) + other
