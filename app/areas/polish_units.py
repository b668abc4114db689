"""Polish units by their TERYT code: level, kind, ancestors, and the name as people write it."""

import re

#: Seventh digit of the TERC code. 4 and 5 are the town and the countryside of one gmina, 8 and 9 the
#: districts of the five largest cities: parts of a gmina, not gminas.
GMINA_KINDS = {"1": "urban", "2": "rural", "3": "urban_rural"}
#: Powiat numbers from here on are cities with powiat rights.
FIRST_CITY_POWIAT = 61
#: Words inside the names of places that stay small: Nowe Miasto nad Pilicą, Rabka u Zdroju.
SMALL_WORDS = frozenset({"nad", "pod", "przy", "koło", "w", "we", "na", "i", "u", "z", "do", "k."})


def is_teryt(code: str) -> bool:
    """Whether it can be the code of a voivodeship (2 digits), a powiat (4) or a gmina (7)."""
    if not re.fullmatch(r"\d{2}|\d{4}|\d{7}", code) or not code.isascii():
        return False
    return 2 <= int(code[:2]) <= 32 and (len(code) < 7 or code[6] in GMINA_KINDS)


def level_of(code: str) -> str:
    """The level of a TERYT code, by its length."""
    return {2: "voivodeship", 4: "powiat", 7: "gmina"}[len(code)]


def kind_of(code: str) -> str | None:
    """`urban`, `rural`, `urban_rural` for a gmina, `city` or `land` for a powiat, None above."""
    if len(code) == 7:
        return GMINA_KINDS[code[6]]
    if len(code) == 4:
        return "city" if _is_city_powiat(code) else "land"
    return None


def ancestors_of(code: str) -> tuple[str, ...]:
    """The codes (with the country) of the powiat and the voivodeship above, smallest first."""
    return tuple(f"PL-{code[:digits]}" for digits in (4, 2) if digits < len(code))


def stable_code_of(code: str) -> str:
    """The code (with the country) without a gmina's kind, which changes when a village becomes a town."""
    return f"PL-{code[:6]}"


def polish_name(name: str, code: str) -> str:
    """The name as people write it, where a register writes it in capitals.

    Voivodeships and powiats are adjectives and small (`warmińsko-mazurskie`), cities and gminas are
    names (`Bielsko-Biała`, `Nowe Miasto nad Pilicą`). A name that is not all capitals is left alone.
    """
    name = " ".join(name.split())
    if not name.isupper():
        return name
    if len(code) == 2 or (len(code) == 4 and not _is_city_powiat(code)):
        return name.lower()
    words = name.lower().split(" ")
    return " ".join(
        word if position and word in SMALL_WORDS else _capitalised(word)
        for position, word in enumerate(words)
    )


def _capitalised(word: str) -> str:
    return "-".join(part[:1].upper() + part[1:] for part in word.split("-"))


def _is_city_powiat(code: str) -> bool:
    return int(code[2:4]) >= FIRST_CITY_POWIAT
