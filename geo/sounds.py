"""How a Polish name is heard, whatever letters it is written in: two spellings of one name come out nearly the same.

«Сенкевича» is no letter-by-letter transliteration of "Sienkiewicza", but who says both aloud says the same. So do many who
write "Kosciuszky" or "Pilsudzkiego".
"""

import functools
import re
from typing import Final

from geo.names import fold_name

_CYRILLIC: Final = str.maketrans(
    {
        "а": "a", "б": "b", "в": "w", "г": "h", "д": "d", "е": "e", "э": "e", "є": "e", "ж": "z", "з": "z", "и": "i",
        "і": "i", "ї": "i", "ы": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r",
        "с": "s", "т": "t", "у": "u", "ф": "f", "х": "h", "ц": "c", "ч": "c", "ш": "s", "щ": "sc", "ъ": "", "ь": "",
        "ю": "u", "я": "a",
    }
)  # fmt: skip
#: In this order: letters that are one sound, then softness, then nasal vowels, then what is written twice.
_LIKE: Final = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("ch|g", "h"),
        ("cz", "c"),
        ("sz", "s"),
        ("[rd]z", "z"),
        ("x", "ks"),
        ("v", "w"),
        ("[jy]", "i"),
        ("i(?=[aeou])", ""),
        ("o[nm](?=[bcdfhklmnpstwz])", "a"),
        ("e[nm](?=[bcdfhklmnpstwz])", "e"),
        (r"(.)\1+", r"\1"),
    )
)
#: Of a shorter word one slip at most, of a longer one two.
_SHORT: Final = 5


# The words of streets and towns are heard again and again, and a typed one once for each that it may be.
@functools.lru_cache(maxsize=4096)
def sound_of(word: str) -> str:
    """The sounds of a word in plain letters: "Sienkiewicza" and «Сенкевича» → "sekewica"."""
    sound = fold_name(word).translate(_CYRILLIC)
    for pattern, like in _LIKE:
        sound = pattern.sub(like, sound)
    return sound


def slips_between(meant: str, heard: str, *, begun: bool = False) -> int | None:
    """In how many places a sound differs from one that may have been meant; None where it cannot have been.

    A slip is a letter too much, too few, or another, or two neighbours that have changed places. With `begun` the end of
    what was heard may be missing.
    """
    most = 1 if len(heard) <= _SHORT else 2
    if len(meant) < len(heard) - most or (not begun and len(meant) > len(heard) + most):
        return None
    # Further from the diagonal than `most` lie more slips than that, so that nothing is reckoned there.
    far = most + 1
    width = len(meant)
    before: list[int] = []
    row = [min(j, far) for j in range(width + 1)]
    for i, letter in enumerate(heard, start=1):
        above, row = row, [far] * (width + 1)
        row[0] = min(i, far)
        nearest = row[0]
        for j in range(max(1, i - most), min(width, i + most) + 1):
            other = meant[j - 1]
            slips = above[j - 1] if letter == other else 1 + min(above[j - 1], above[j], row[j - 1])
            if i > 1 and j > 1 and letter == meant[j - 2] and other == heard[i - 2]:
                slips = min(slips, before[j - 2] + 1)
            row[j] = slips
            nearest = min(nearest, slips)
        if nearest > most:
            return None
        before = above
    slips = min(row) if begun else row[-1]
    return slips if slips <= most else None
