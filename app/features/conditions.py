"""What to know before going: who is helped, what it costs, what to bring, which languages, how one gets in."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from babel.numbers import format_currency

from app.features.wording import Said, names, said, sentence
from app.i18n import N_, Translator
from app.taxonomy.vocabulary import Vocabulary


class Topic(StrEnum):
    """What a condition is about."""

    AUDIENCE = "audience"
    COST = "cost"
    DOCUMENTS = "documents"
    LANGUAGES = "languages"
    ACCESS = "access"


NO_DOCUMENTS = "no_documents"

_TITLES: Mapping[Topic, str] = {
    Topic.AUDIENCE: N_("Who is welcome"),
    Topic.COST: N_("What it costs"),
    Topic.DOCUMENTS: N_("What to bring"),
    Topic.LANGUAGES: N_("Which languages are spoken"),
    Topic.ACCESS: N_("How to get in"),
}


@dataclass(frozen=True, slots=True)
class Condition:
    """What it is about, what holds, and what people wrote about it."""

    topic: Topic
    title: str
    words: str
    note: Said | None = None


def conditions(data: Mapping[str, Any], texts: Translator, vocabulary: Vocabulary) -> Iterator[Condition]:
    """Give the conditions that a place, or one of its services, states itself, in the order of `Topic`."""
    language = texts.language
    cost = data.get("cost") or {}
    spoken = sorted(data.get("languages", ()), key=lambda code: code != language)
    documents = documents_words(data.get("documents", ()), texts, vocabulary)
    access = names(vocabulary.access, data.get("access", ()), language)
    for topic, words, note in (
        (Topic.AUDIENCE, audience_words(data, texts, vocabulary), None),
        (Topic.COST, _cost_words(cost, texts, vocabulary), said(cost.get("note"), language)),
        (Topic.DOCUMENTS, documents, None),
        (Topic.LANGUAGES, ", ".join(names(vocabulary.languages, spoken, language)), None),
        (Topic.ACCESS, sentence(access, language), said(data.get("appointment"), language)),
    ):
        if words or note:
            yield Condition(topic, texts.gettext(_TITLES[topic]), words, note)


def documents_words(codes: Iterable[str], texts: Translator, vocabulary: Vocabulary) -> str:
    """What has to be brought, or that nothing has to be; "" when neither is said."""
    given = set(codes)
    if given == {NO_DOCUMENTS}:
        return texts.gettext("Documents are not needed")
    if any(code.endswith("_needed") for code in given):
        # One service needs a document and another none: bringing it is right for both.
        given.discard(NO_DOCUMENTS)
    told = [code for code in vocabulary.access if code in given]
    return sentence(names(vocabulary.access, told, texts.language), texts.language)


def audience_words(data: Mapping[str, Any], texts: Translator, vocabulary: Vocabulary) -> str:
    """Who is helped: `Everyone. First of all: refugees`; "" when nothing is said."""
    mode = data.get("audience_mode")
    named = names(vocabulary.audiences, data.get("audiences", ()), texts.language)
    people = sentence(named, texts.language, inside=mode in ("preferred", "only"))
    parts = []
    if mode == "everyone" or (mode == "preferred" and people):
        parts.append(texts.gettext("Everyone"))
    if people and mode == "preferred":
        parts.append(texts.gettext("First of all: %(people)s", people=people))
    elif people and mode == "only":
        parts.append(texts.gettext("Only: %(people)s", people=people))
    elif people:
        parts.append(people)
    ages = _ages_words(data.get("ages"), texts)
    return ". ".join([*parts, *([ages] if ages else [])])


def _ages_words(ages: Mapping[str, int] | None, texts: Translator) -> str:
    if not ages:
        return ""
    least, most = ages.get("least"), ages.get("most")
    if least is not None and most is not None:
        return texts.gettext("Age: %(least)s–%(most)s", least=least, most=most)
    if least is not None:
        return texts.gettext("Age: from %(least)s", least=least)
    return texts.gettext("Age: up to %(most)s", most=most)


def _cost_words(cost: Mapping[str, Any], texts: Translator, vocabulary: Vocabulary) -> str:
    if not cost:
        return ""
    words = "".join(names(vocabulary.access, (cost.get("code", ""),), texts.language))
    if cost.get("amount"):
        words = f"{words}, {format_currency(cost['amount'], cost['currency'], locale=texts.language)}"
    return words
