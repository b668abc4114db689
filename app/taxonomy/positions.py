"""Codes as bits: the masks by which the read model filters."""

from collections.abc import Iterable, Mapping

#: A PostgreSQL bigint has 63 bits before its sign; 60 a word keeps services (two words) and languages (one) clear of it.
WORD_BITS = 60
WORD = (1 << WORD_BITS) - 1
#: How many words each kind has for the codes of our files. More codes than fit need a migration first.
WORDS = {"service": 2, "audience": 1, "access": 1, "language": 1}
#: The services that an installation has added have the word after those: whatever the files will say, the bits never meet.
ADDED_WORD = WORDS["service"]
ADDED_FROM = ADDED_WORD * WORD_BITS
MOST_ADDED = WORD_BITS


def bits_of(codes: Iterable[str], positions: Mapping[str, int]) -> int:
    """Codes as one integer with bit `position` set for each. Raises `KeyError` for an unknown code."""
    bits = 0
    for code in codes:
        bits |= 1 << positions[code]
    return bits


def service_words(bits: int) -> tuple[int, int, int]:
    """Bits of services as three words: word = position // 60, bit = position % 60."""
    return bits & WORD, bits >> WORD_BITS & WORD, bits >> 2 * WORD_BITS


def codes_of(words: tuple[int, ...], positions: Mapping[str, int]) -> tuple[str, ...]:
    """The codes whose bits are set, in the order of their positions. Inverse of the two above."""
    bits = sum(word << (WORD_BITS * n) for n, word in enumerate(words))
    return tuple(code for code, position in positions.items() if bits >> position & 1)
