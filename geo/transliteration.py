"""Ukrainian and Russian spellings of Polish place names, read back as a Pole would write them.

No standard transliteration gives "Kraków" of «Краків» (it gives Krakiv): the letters are read by their sound in
Polish, and where several readings are possible each of them is given.
"""

import functools
import itertools
import re
from collections.abc import Iterator, Mapping
from typing import Final

from geo.names import fold_name

#: At most so many readings of one name are tried.
MAX_READINGS: Final = 16

_RUSSIAN = re.compile("[ыэъ]")
_UKRAINIAN = re.compile("[іїє]")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
# Endings and groups first, in this order: -ów is -ів in Ukrainian, -ув or -ов in Russian; rz after a voiceless sound
# is heard as ш; ę and ą are heard, and written, as a vowel with н or м.
_GROUPS: Final = tuple(
    (re.compile(pattern), written)
    for pattern, written in (
        (r"(?:ів|ув|ов)\b", ("ow",)),
        (r"(?:ій|ий|ый)\b", ("y", "i")),
        (r"ські\b", ("skie", "ski")),
        (r"кш", ("krz", "ksz")),
        (r"тш", ("trz", "tsz")),
        (r"пш", ("prz", "psz")),
        (r"шч|щ", ("szcz", "sc")),
        (r"дж", ("dz",)),
        (r"кс", ("ks", "x")),
        (r"ен(?=[бвгджзкпстцчшщ])", ("en", "e", "ie")),
        (r"ем(?=[бп])", ("em", "e", "ie")),
        (r"он(?=[бвгджзкпстцчшщ])", ("on", "a")),
        (r"ом(?=[бп])", ("om", "a")),
        (r"ьо|ё|йо", ("io", "jo")),
        (r"(?<=[лцчшж])я", ("a", "ia")),
        (r"(?<=[лцчшж])ю", ("u", "iu")),
        (r"(?<=[лцчшж])[еє]", ("e",)),
    )
)
_SOFT: Final = {"я": "ia", "ю": "iu", "є": "ie"}
_INITIAL: Final = {"я": "ja", "ю": "ju", "є": "je", "ї": "ji"}
_LETTERS: Final[dict[str, tuple[str, ...]]] = {
    "а": ("a",), "б": ("b",), "в": ("w",), "г": ("g", "h"), "д": ("d",), "е": ("e", "ie"), "ж": ("z", "rz"),
    "з": ("z",), "и": ("y", "i"), "і": ("i",), "ї": ("i",), "й": ("j",), "к": ("k",), "л": ("l",), "м": ("m",),
    "н": ("n",), "о": ("o",), "п": ("p",), "р": ("r",), "с": ("s",), "т": ("t",), "у": ("u", "o"), "ф": ("f",),
    "х": ("ch", "h"), "ц": ("c",), "ч": ("cz",), "ш": ("sz",), "ъ": ("",), "ы": ("y",), "ь": ("",), "э": ("e",),
}  # fmt: skip
_CONSONANTS: Final = frozenset("бвгджзйклмнпрстфхцчшщ")


# One question asks for the readings of its words several times over.
@functools.lru_cache(maxsize=256)
def polish_readings(name: str) -> tuple[str, ...]:
    """The folded names that a name may be in Polish letters, likeliest first; of a Latin name only itself.

    «Краків» and «Краков» → "krakow" among others, «Бидгощ» → "bydgoszcz", «Гданськ» → "gdansk". At most 16.
    """
    folded = fold_name(name)
    if not _CYRILLIC.search(folded):
        return (folded,)
    return tuple(itertools.islice(_spellings(_sounds(folded)), MAX_READINGS))


def _spellings(sounds: list[tuple[str, ...]]) -> Iterator[str]:
    """The spellings of a row of sounds, those first that leave the likeliest one in the fewest places."""
    likeliest = [written[0] for written in sounds]
    open_places = [place for place, written in enumerate(sounds) if len(written) > 1]
    for deviations in range(len(open_places) + 1):
        for places in itertools.combinations(open_places, deviations):
            for others in itertools.product(*(sounds[place][1:] for place in places)):
                spelling = likeliest.copy()
                for place, other in zip(places, others, strict=True):
                    spelling[place] = other
                yield "".join(spelling)


def _sounds(folded: str) -> list[tuple[str, ...]]:
    """For each letter or group the ways to write it in Polish, likeliest first."""
    letters = _LETTERS | _clear_letters(folded)
    sounds: list[tuple[str, ...]] = []
    at = 0
    while at < len(folded):
        for pattern, written in _GROUPS:
            if match := pattern.match(folded, at):
                sounds.append(written)
                at = match.end()
                break
        else:
            sounds.append(_sound(folded, at, letters))
            at += 1
    return sounds


def _clear_letters(folded: str) -> dict[str, tuple[str, ...]]:
    """How и is read, where other letters show which language it is."""
    if _RUSSIAN.search(folded):
        return {"и": ("i",)}
    return {"и": ("y",)} if _UKRAINIAN.search(folded) else {}


def _sound(folded: str, at: int, letters: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    letter = folded[at]
    if letter in _SOFT:
        return (_SOFT[letter] if at and folded[at - 1] in _CONSONANTS else _INITIAL[letter],)
    return letters.get(letter, (letter,))
