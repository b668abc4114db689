"""Filters that are set, or are a tap away: the chips, and tags that take one away."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from app.i18n import Translator
from app.pages.finder_question import LISTS, FinderQuestion
from app.pages.views.filter_words import checked_words, moment_words, tag_name
from app.taxonomy.vocabulary import FAMILY_PREFIX, Vocabulary


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that one tap turns on or off."""

    name: str
    value: str
    words: str
    on: bool
    href: str
    family: str = ""


@dataclass(frozen=True, slots=True)
class Tag:
    """A filter that is set; its link is the question without it."""

    words: str
    href: str
    without: FinderQuestion
    language: str = ""


def chips(
    question: FinderQuestion, vocabulary: Vocabulary, language: str, path: str, open_now: str
) -> list[Chip]:
    """Give "open now" and the six families."""
    made = [
        Chip(
            "open_at",
            "now",
            open_now,
            question.open_at == "now",
            question.toggled("open_at", "now").href(path),
        )
    ]
    for family in vocabulary.families.values():
        code = f"{FAMILY_PREFIX}{family.code}"
        href = question.toggled("service", code).href(path)
        made.append(
            Chip("service", code, family.short[language], code in question.service, href, family.code)
        )
    return made


def pressed(question: FinderQuestion, vocabulary: Vocabulary, texts: Translator, path: str) -> list[Tag]:
    """Give what chips show as set, for whoever listens and for pages without chips."""
    return [
        Tag(chip.words, chip.href, question.toggled(chip.name, chip.value))
        for chip in chips(question, vocabulary, texts.language, path, texts.gettext("Open now"))
        if chip.on
    ]


def tags(
    question: FinderQuestion,
    vocabulary: Vocabulary,
    texts: Translator,
    path: str,
    *,
    timezone: str,
    now: dt.datetime,
    place: str = "",
    address: str = "",
    area: str = "",
    organisation: str = "",
) -> list[Tag]:
    """Give what is set, as far as chips do not show it; `place`, `address`, `area` and `organisation` are their names."""

    def tag(words: str, **changes: object) -> Tag:
        without = question.having(**changes)
        return Tag(words, without.href(path), without)

    made = []
    if question.q:
        made.append(tag(texts.gettext("“%(words)s”", words=question.q), q="", as_text=""))
    made += [tag(words, **without) for words, without in _where(question, texts, place, address, area)]
    if question.organisation:
        made.append(tag(organisation or texts.gettext("One organisation"), organisation=""))
    if question.open_at and question.open_at != "now":
        made.append(tag(moment_words(question.open_at, texts, timezone, now), open_at=""))
    if question.hours:
        made.append(tag(texts.gettext("Hours not known"), hours=""))
    if question.checked_since:
        made.append(tag(checked_words(question.checked_since, texts), checked_since=""))
    return made + [
        tag(
            tag_name(name, code, vocabulary, texts),
            **{name: tuple(other for other in getattr(question, name) if other != code)},
        )
        for name in LISTS
        for code in getattr(question, name)
        if not code.startswith(FAMILY_PREFIX)
    ]


def _where(
    question: FinderQuestion, texts: Translator, place: str, address: str, area: str
) -> Iterator[tuple[str, dict[str, str]]]:
    """What the question is about on the map, and what it is without."""
    if place:
        yield place, {"place": ""}
    if address:
        yield texts.gettext("Near %(address)s", address=address), {"near": ""}
    elif question.near and not question.bbox:
        yield texts.gettext("Near one spot"), {"near": ""}
    if question.area:
        yield area or question.area, {"area": ""}
    if question.within:
        yield texts.gettext("Drawn area"), {"within": ""}
