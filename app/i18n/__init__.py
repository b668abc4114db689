"""The six languages of the interface: catalogues, plurals, dates and numbers, negotiation."""

from app.i18n.catalogues import N_, Translator, translator
from app.i18n.languages import DEFAULT_LANGUAGE, LANGUAGES, direction, endonym, negotiate

__all__ = [
    "DEFAULT_LANGUAGE",
    "LANGUAGES",
    "N_",
    "Translator",
    "direction",
    "endonym",
    "negotiate",
    "translator",
]
