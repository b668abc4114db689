"""What a name looks like: names that a reader takes for each other have the same skeleton.

Look-alike letters of the Latin, Cyrillic and Greek alphabets become one letter each; size, marks, blanks, punctuation
and signs without width are left out. `core.skeleton` in the database gives the same, for its index; a test compares
the two, so that a change here needs a migration.
"""

import re
import unicodedata
from typing import Final

from geo.transliteration import polish_readings

#: Letters, and the signs that are counted as them.
LOOKS: Final = (
    # Letters are one whatever their size; i, l, 1 and | are one too.
    ("abcdefghjkmnopqrstuvwxyz", "ABCDEFGHJKMNOPQRSTUVWXYZ"),
    ("lllllosd", "iIL1|05đ"),
    ("llohtdohtdl", "łŁøħŧðØĦŦÐı"),
    # Cyrillic.
    ("aabbeekkmmhhooppccttyyxxllljjssqqww", "аАвВеЕкКмМнНоОрРсСтТуУхХіІӏјЈѕЅԛԚԝԜ"),
    ("lhhddeerruunnyyffvv3366bbrr", "ӀһҺԁԀєЄгГиИпПүҮғҒѵѴзЗбБьЬґҐ"),
    ("джлфцчшщъыэюя", "ДЖЛФЦЧШЩЪЫЭЮЯ"),
    # Greek.
    ("aabbeezhnllkkmmnvoopp", "αΑβΒεΕΖΗηιΙκΚμΜΝνοΟρΡ"),
    ("ttyuxxyrwcco", "τΤΥυχΧγΓωϲϹσ"),
)
_TABLE: Final = {
    ord(sign): letter for letters, signs in LOOKS for letter, sign in zip(letters, signs, strict=True)
}
_NO_LETTERS: Final = re.compile(
    "[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u02b0-\u036f\u0483-\u0489\u2000-\u206f\u3000\ufe00-\ufe0f\ufeff]+"
)
#: Ways to write a sound in Latin letters that the reading of a Cyrillic name does not try.
_SAME_SOUND: Final = tuple(
    (re.compile(pattern), other)
    for pattern, other in (
        (r"ci?([aeu])\b", r"cj\1"),
        ("(?<=[aeiouy])i(?=[aeou])", "j"),
        ("u(?=[rwlz])", "o"),
        ("k", "c"),
        ("w", "v"),
    )
)
#: No name has more skeletons than this.
MOST: Final = 128


def skeleton(name: str) -> str:
    """The same for names that look alike: "Саritas" in two alphabets and "C aritas" are "carltas"."""
    letters = _NO_LETTERS.sub("", unicodedata.normalize("NFKD", name).translate(_TABLE))
    return letters.replace("rn", "m").replace("vv", "w")


def skeletons(name: str) -> frozenset[str]:
    """The skeleton of a name, and of what it says when it is read aloud from Cyrillic letters. At most `MOST`."""
    found = {skeleton(name): None}
    for reading in polish_readings(name):
        written = [reading]
        for pattern, other in _SAME_SOUND:
            written += [spelt for text in written if (spelt := pattern.sub(other, text)) != text]
        found |= dict.fromkeys(map(skeleton, written))
    return frozenset([text for text in found if text][:MOST])
