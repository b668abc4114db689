"""Small sentences of a feature's content: names of codes in a row, a text in the best language for a reader."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.features.text import Translated
from app.i18n import Translator
from app.taxonomy.terms import Term

#: Languages that write common nouns with a capital letter wherever they stand.
_CAPITALS = frozenset(("de",))
#: Of our German names those first words that are no nouns.
_GERMAN_SMALL = frozenset(
    (
        "Alle", "Anonym", "Auch", "Barrierefreie", "Betreutes", "Chronisch", "Dauerhafte", "Eigene", "Finanzielle", "Geringe",
        "Günstige", "Häusliche", "Kostenlos", "Kostenpflichtig", "Kühler", "Leichte", "Mit", "Mobile", "Nur", "Ohne", "Online",
        "Persönliche", "Pflegende", "Psychologische", "Ruhiger", "Rund", "Schulpsychologische", "Seelische", "Sexuelle",
        "Soziale", "Stufenloser", "Taktile", "Teilweise", "Telefonisch", "Unbegleitete", "Verschuldete", "Vertraulich", "Vor",
        "Vorübergehende", "Warme", "Weiterführende", "Wohnungslose", "Ältere", "Ärztlicher", "Ärztliches",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """A text of the content in the language it is really in. `machine`: a machine has translated it."""

    text: str
    language: str
    machine: bool = False
    original: str = ""
    original_language: str = ""

    def __str__(self) -> str:
        """The text alone."""
        return self.text


def said(data: Mapping[str, Any] | None, language: str) -> Said | None:
    """Give a translated member of the public content for a reader; None when there is none."""
    if not data or not data.get("texts"):
        return None
    # What is published was checked when it came in; later, stricter limits must not hide it.
    translated = Translated.model_construct(
        texts=data["texts"], source=data["source"], states=data.get("states", {})
    )
    text, found, state = translated.in_language(language)
    return Said(text, found, state != "human", translated.original, translated.source)


def sentence(parts: Iterable[str], language: str, *, inside: bool = False) -> str:
    """Join names to one line: `Hot meals, food parcels`; letters inside are made small where the language does so.

    `inside` says that the line stands behind other words, so that its first letter is small, too.
    """
    kept = [part for part in parts if part]
    if language in _CAPITALS:
        kept = [
            part if (i == 0 and not inside) or not _no_noun(part) else _small(part)
            for i, part in enumerate(kept)
        ]
    else:
        kept = [part if i == 0 and not inside else _small(part) for i, part in enumerate(kept)]
    return ", ".join(kept)


def _small(part: str) -> str:
    """`Prawo` becomes `prawo`; `PESEL number` and `NFZ` stay."""
    return part if len(part) > 1 and part[1].isupper() else part[:1].lower() + part[1:]


def _no_noun(part: str) -> bool:
    """Whether a German name begins with a word that is small inside of a line: "kostenlos", "warme Mahlzeiten"."""
    return part.partition(" ")[0].rstrip(",") in _GERMAN_SMALL


def names(table: Mapping[str, Term], codes: Iterable[str], language: str) -> list[str]:
    """Names of codes in a language; codes that this version does not know are left out."""
    return [table[code].names[language] for code in codes if code in table]


def languages_words(codes: Iterable[str], table: Mapping[str, Term], texts: Translator) -> str:
    """`Languages: Ukrainian, Polish`, the reader's own one first; "" for none."""
    ordered = sorted(codes, key=lambda code: code != texts.language)
    spoken = names(table, ordered, texts.language)
    if not spoken:
        return ""
    more = len(spoken) - 3
    listed = ", ".join(spoken[:3])
    if more > 0:
        listed = texts.gettext("%(languages)s and %(n)s more", languages=listed, n=more)
    return texts.gettext("Languages: %(languages)s", languages=listed)
