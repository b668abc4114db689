"""Administrative units in words: which kind, which name, where."""

from collections.abc import Mapping

from app.areas.unit_search import UnitHit
from app.i18n import N_, Translator

_WORDS = {
    "gmina": N_("gmina %(name)s"),
    "powiat": N_("powiat %(name)s"),
    "voivodeship": N_("voivodeship %(name)s"),
    "county": N_("county %(name)s"),
    "uat": N_("commune %(name)s"),
}
#: A town and the villages round it are two gminas of one name.
TOWN = N_("town of %(name)s")
#: What stands before a name that says its kind by itself.
_KINDS = frozenset(("gmina", "powiat", "województwo", "județul"))


def unit_words(level: str, kind: str | None, name: str, names: Mapping[str, str], texts: Translator) -> str:
    """Give the name with the kind of unit: "gmina Górno", "powiat kielecki", "town of Kielce", which is its own powiat."""
    own = names.get(texts.language, name)
    if own.split()[0] in _KINDS:
        return own
    words = TOWN if kind in ("urban", "city") else _WORDS.get(level)
    return texts.gettext(words, name=own) if words else own


def hit_words(hit: UnitHit, texts: Translator) -> tuple[str, str]:
    """Give the words of a unit that was found, and where it lies."""
    above = (
        unit_words(region.level, region.kind, region.name, region.names, texts)
        for region in hit.regions
        if region.name != hit.name
    )
    return unit_words(hit.level, hit.kind, hit.name, hit.names, texts), ", ".join(dict.fromkeys(above))
