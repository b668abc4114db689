"""Which languages the interface speaks, and which one a visitor gets when they have not chosen."""

from babel import Locale, negotiate_locale

LANGUAGES = ("pl", "uk", "en", "de", "ro", "ru")
DEFAULT_LANGUAGE = "pl"
#: Longer headers come from machines, not from browsers.
LONGEST_HEADER = 500
#: What people and old browsers write for a language of ours.
ALIASES = {"ua": "uk", "mo": "ro"}

ENDONYMS = {
    "pl": "Polski",
    "uk": "Українська",
    "en": "English",
    "de": "Deutsch",
    "ro": "Română",
    "ru": "Русский",
}


def endonym(language: str) -> str:
    """The name of a language in itself, as it stands in the language menu."""
    return ENDONYMS[language]


def direction(language: str) -> str:
    """`ltr` or `rtl`."""
    return Locale.parse(language).text_direction


def negotiate(accept_language: str | None) -> str:
    """Give the language of ours that suits an `Accept-Language` header best, else Polish."""
    if not accept_language or len(accept_language) > LONGEST_HEADER:
        return DEFAULT_LANGUAGE
    wanted = sorted(_ranges(accept_language), key=lambda pair: -pair[1])
    preferred = [ALIASES.get(tag.split("-")[0], tag) for tag, quality in wanted if quality > 0]
    return negotiate_locale(preferred, LANGUAGES, sep="-") or DEFAULT_LANGUAGE


def _ranges(header: str) -> list[tuple[str, float]]:
    ranges = []
    for part in header.split(","):
        tag, _, parameter = part.strip().partition(";")
        tag = tag.strip().lower()
        if not tag or not tag.replace("-", "").isalnum() or not tag.isascii():
            continue
        name, _, value = parameter.strip().partition("=")
        try:
            quality = float(value) if name.strip() == "q" else 1.0
        except ValueError:
            continue
        if 0 <= quality <= 1:
            ranges.append((tag, quality))
    return ranges
