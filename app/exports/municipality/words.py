"""Small sentences about a place, out of its public content and the vocabularies."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from babel.numbers import format_currency

from app.features.text import Translated
from app.i18n import N_, Translator
from app.taxonomy.terms import Term
from app.taxonomy.vocabulary import Vocabulary

#: Languages that write common nouns with a capital letter wherever they stand.
_CAPITALS = frozenset(("de",))


@dataclass(frozen=True, slots=True)
class Text:
    """A text of the content in the language that it is really in; `machine`: no person has translated it."""

    words: str
    language: str
    machine: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """What a line is about, what holds, and what people wrote about it."""

    title: str
    words: str
    note: Text | None = None


def text_of(data: Mapping[str, Any] | None, language: str) -> Text | None:
    """Give a translated member of the public content in the best language for a reader; None when there is none."""
    if not data or not data.get("texts"):
        return None
    # What is published was checked when it came in; later, stricter limits must not hide it.
    translated = Translated.model_construct(
        texts=data["texts"], source=data["source"], states=data.get("states", {})
    )
    words, found, state = translated.in_language(language)
    return Text(words, found, state != "human")


def in_a_row(parts: Iterable[str], language: str, *, inside: bool = False) -> str:
    """Join names: `Hot meals, food parcels`; `inside` a sentence the first letter is small, too."""
    kept = [part for part in parts if part]
    if language not in _CAPITALS:
        kept = [part if i == 0 and not inside else _small(part) for i, part in enumerate(kept)]
    return ", ".join(kept)


def _small(part: str) -> str:
    """`Prawo` becomes `prawo`; `PESEL number` and `NFZ` stay."""
    return part if len(part) > 1 and part[1].isupper() else part[:1].lower() + part[1:]


def names_of(table: Mapping[str, Term], codes: Iterable[str], language: str) -> list[str]:
    """Names of codes; those that this version does not know are left out."""
    return [table[code].names[language] for code in codes if code in table]


def facts(data: Mapping[str, Any], texts: Translator, vocabulary: Vocabulary) -> Iterator[Fact]:
    """Give what a place, or one of its services, says of its conditions."""
    language = texts.language
    cost = data.get("cost", {})
    spoken = sorted(data.get("languages", ()), key=lambda code: code != language)
    documents = names_of(vocabulary.access, data.get("documents", ()), language)
    access = names_of(vocabulary.access, data.get("access", ()), language)
    for title, words, note in (
        (N_("Who is welcome"), audience_words(data, texts, vocabulary), None),
        (N_("What it costs"), _cost_words(cost, texts, vocabulary), text_of(cost.get("note"), language)),
        (N_("What to bring"), in_a_row(documents, language), None),
        (
            N_("Which languages are spoken"),
            ", ".join(names_of(vocabulary.languages, spoken, language)),
            None,
        ),
        (N_("How to get in"), in_a_row(access, language), text_of(data.get("appointment"), language)),
    ):
        if words or note:
            yield Fact(texts.gettext(title), words, note)


def audience_words(data: Mapping[str, Any], texts: Translator, vocabulary: Vocabulary) -> str:
    """Who is helped: `Everyone. First of all: refugees`; "" when nothing is said."""
    mode, language = data.get("audience_mode"), texts.language
    named = names_of(vocabulary.audiences, data.get("audiences", ()), language)
    people = in_a_row(named, language, inside=mode in ("preferred", "only"))
    parts = []
    if mode == "everyone" or (mode == "preferred" and people):
        parts.append(texts.gettext("Everyone"))
    if people and mode == "preferred":
        parts.append(texts.gettext("First of all: %(people)s", people=people))
    elif people and mode == "only":
        parts.append(texts.gettext("Only: %(people)s", people=people))
    elif people:
        parts.append(people)
    ages = _ages_words(data.get("ages") or {}, texts)
    return ". ".join([*parts, *([ages] if ages else [])])


def _ages_words(ages: Mapping[str, int], texts: Translator) -> str:
    least, most = ages.get("least"), ages.get("most")
    if least is not None and most is not None:
        return texts.gettext("Age: %(least)s–%(most)s", least=least, most=most)
    if least is not None:
        return texts.gettext("Age: from %(least)s", least=least)
    return texts.gettext("Age: up to %(most)s", most=most) if most is not None else ""


def _cost_words(cost: Mapping[str, Any], texts: Translator, vocabulary: Vocabulary) -> str:
    words = "".join(names_of(vocabulary.access, (cost.get("code", ""),), texts.language))
    if cost.get("amount"):
        words = f"{words}, {format_currency(cost['amount'], cost['currency'], locale=texts.language)}"
    return words
