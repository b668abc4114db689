"""What to know before going: who is helped, what it costs, what to bring, which languages, how one gets in."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton, format_time
from babel.numbers import format_currency

from app.i18n import N_, Translator
from app.pages.views.wording import Said, names, said, sentence
from app.taxonomy.vocabulary import Vocabulary

_ANSWERS: Mapping[tuple[str, str], str] = {
    ("step_free", "yes"): N_("No steps at the entrance and inside"),
    ("step_free", "limited"): N_("Some steps, or help is needed"),
    ("step_free", "no"): N_("There are steps"),
    ("lift", "yes"): N_("Lift"),
    ("lift", "limited"): N_("Small lift"),
    ("lift", "no"): N_("No lift"),
    ("toilet", "yes"): N_("Toilet for people in wheelchairs"),
    ("toilet", "limited"): N_("Toilet partly fit for wheelchairs"),
    ("toilet", "no"): N_("No toilet for people in wheelchairs"),
    ("hearing_loop", "yes"): N_("Hearing loop"),
    ("hearing_loop", "limited"): N_("Hearing loop in some rooms"),
    ("hearing_loop", "no"): N_("No hearing loop"),
    ("sign_language", "yes"): N_("Sign language"),
    ("sign_language", "limited"): N_("Sign language at some times"),
    ("sign_language", "no"): N_("No sign language"),
    ("quiet_room", "yes"): N_("Quiet room"),
    ("quiet_room", "limited"): N_("Quiet room at some times"),
    ("quiet_room", "no"): N_("No quiet room"),
    ("assistance_dog", "yes"): N_("Assistance dogs may come in"),
    ("assistance_dog", "limited"): N_("Assistance dogs: ask first"),
    ("assistance_dog", "no"): N_("No assistance dogs"),
    ("parking", "yes"): N_("Parking for disabled people"),
    ("parking", "limited"): N_("Some parking for disabled people"),
    ("parking", "no"): N_("No parking for disabled people"),
}
_FREE_OF: Mapping[str, str] = {
    "beds": N_("Free beds: %(free)s"),
    "places": N_("Free places: %(free)s"),
    "meals": N_("Meals left: %(free)s"),
    "parcels": N_("Parcels left: %(free)s"),
    "people": N_("Room for people: %(free)s"),
    "rooms": N_("Free rooms: %(free)s"),
    "seats": N_("Free seats: %(free)s"),
    "items": N_("Things left: %(free)s"),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """A line: its icon, what it is about, what holds, and what people wrote about it."""

    icon: str
    title: str
    words: str
    note: Said | None = None


def facts(data: Mapping[str, Any], texts: Translator, vocabulary: Vocabulary) -> list[Fact]:
    """Give the facts that a place, or one of its services, states itself."""
    language = texts.language
    found: list[Fact] = []

    def add(icon: str, title: str, words: str, note: Said | None = None) -> None:
        if words or note:
            found.append(Fact(icon, texts.gettext(title), words, note))

    add("users", N_("Who is welcome"), audience_words(data, texts, vocabulary))
    cost = data.get("cost", {})
    add(
        "banknote",
        N_("What it costs"),
        _cost_words(cost, texts, vocabulary),
        said(cost.get("note"), language),
    )
    documents = names(vocabulary.access, data.get("documents", ()), language)
    add("file-text", N_("What to bring"), sentence(documents, language))
    spoken = sorted(data.get("languages", ()), key=lambda code: code != language)
    add(
        "languages",
        N_("Which languages are spoken"),
        ", ".join(names(vocabulary.languages, spoken, language)),
    )
    access = names(vocabulary.access, data.get("access", ()), language)
    add("door-open", N_("How to get in"), sentence(access, language), said(data.get("appointment"), language))
    return found


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


def accessibility_words(data: Mapping[str, Any], texts: Translator, vocabulary: Vocabulary) -> str:
    """What is known of the answers about accessibility, in a row."""
    told = [
        texts.gettext(_ANSWERS[pair])
        for pair in data.items()
        if isinstance(pair[1], str) and pair in _ANSWERS
    ]
    others = names(vocabulary.access, data.get("others", ()), texts.language)
    return sentence((*told, *others), texts.language)


def capacity_words(
    capacity: Mapping[str, Any] | None, texts: Translator, now: dt.datetime, timezone: str
) -> str:
    """How much is free, with the hour of the count; "" when that is no longer believed."""
    if not capacity or capacity.get("available") is None:
        return ""
    if dt.datetime.fromisoformat(capacity["expires"]) <= now:
        return ""
    counted = dt.datetime.fromisoformat(capacity["updated"]).astimezone(ZoneInfo(timezone))
    message = _FREE_OF[capacity["unit"]]
    free = texts.gettext(message, free=_of(capacity, texts))
    day = format_skeleton("MMMMd", counted, locale=texts.language)
    time = format_time(counted, "H:mm", locale=texts.language)
    return texts.gettext("%(free)s (counted on %(day)s at %(time)s)", free=free, day=day, time=time)


def _of(capacity: Mapping[str, Any], texts: Translator) -> str:
    free, all_ = capacity["available"], capacity.get("maximum")
    return texts.gettext("%(free)s of %(all)s", free=free, all=all_) if all_ is not None else str(free)
