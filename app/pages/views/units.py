"""Administrative units in words: which kind, which name, where.

In Ukrainian and Russian a name is said in that language where it is known, with the one that stands on signs beside it
(docs/decisions/0038). What stays in the language of the country is marked, so that a voice reads it rightly.
"""

from collections.abc import Mapping
from typing import Self

from app.areas.unit_endonyms import known_names
from app.areas.unit_search import UnitHit
from app.i18n import N_, Translator
from app.pages.gazetteer import Town

_WORDS = {
    "gmina": N_("gmina %(name)s"),
    "powiat": N_("powiat %(name)s"),
    "voivodeship": N_("voivodeship %(name)s"),
    "county": N_("county %(name)s"),
    "uat": N_("commune %(name)s"),
}
#: In their letters nobody finds the name that stands on signs.
CYRILLIC = frozenset(("uk", "ru"))
#: A town and the villages round it are two gminas of one name.
TOWN = N_("town of %(name)s")
#: The same of a name that is known in the language of the reader, with the one on signs.
_WORDS_WITH = {
    "voivodeship": N_("voivodeship %(name)s (%(own)s)"),
    "town": N_("town of %(name)s (%(own)s)"),
}
#: What stands before a name that says its kind by itself.
_KINDS = frozenset(("gmina", "powiat", "województwo", "județul"))
_TOWN_KINDS = frozenset(("urban", "city"))
#: The language of the names of a level; of others it is Polish.
_LANGUAGE_OF = {"county": "ro", "uat": "ro"}


class UnitWords(str):
    """The words of a unit; `own` is the part of them that is in another language, "" where none is."""

    __slots__ = ("own", "own_language")
    own: str
    own_language: str

    def __new__(cls, words: str, own: str = "", own_language: str = "") -> Self:
        """Words with the part that is in another language."""
        made = super().__new__(cls, words)
        made.own, made.own_language = own, own_language
        return made


def unit_words(
    level: str, kind: str | None, name: str, names: Mapping[str, str], texts: Translator
) -> UnitWords:
    """Give the name with the kind of unit: "gmina Górno", "powiat kielecki", "town of Kielce", which is its own powiat."""
    given = names.get(texts.language)
    if given is None and (known := known_names(level, kind, name).get(texts.language)):
        words = _WORDS_WITH.get("town" if kind in _TOWN_KINDS else level)
        said = texts.gettext(words, name=known, own=name) if words else f"{known} ({name})"
        return UnitWords(said, name, _LANGUAGE_OF.get(level, "pl"))
    own = given or name
    language = _LANGUAGE_OF.get(level, "pl")
    other = ("", "") if given is not None or language == texts.language else (own, language)
    if own.split()[0] in _KINDS:
        return UnitWords(own, *other)
    pattern = TOWN if kind in _TOWN_KINDS else _WORDS.get(level)
    return UnitWords(texts.gettext(pattern, name=own) if pattern else own, *other)


def town_words(town: Town, language: str) -> UnitWords:
    """The name of a town in the language of the reader; in other letters with the one on signs beside it."""
    name = town.name_in(language)
    country = town.area_codes[0][:2].lower() if town.area_codes else "pl"
    if name == town.name:
        return UnitWords(name, *((name, country) if country != language else ("", "")))
    return UnitWords(f"{name} ({town.name})", town.name, country) if language in CYRILLIC else UnitWords(name)


def hit_words(hit: UnitHit, texts: Translator) -> tuple[UnitWords, str]:
    """Give the words of a unit that was found, and where it lies."""
    above = (
        unit_words(region.level, region.kind, region.name, region.names, texts)
        for region in hit.regions
        if region.name != hit.name
    )
    return unit_words(hit.level, hit.kind, hit.name, hit.names, texts), ", ".join(dict.fromkeys(above))
