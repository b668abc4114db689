"""Lines of a place's page: its conditions with their icons, its accessibility, how much is free."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton, format_time

from app.features.conditions import Topic, conditions
from app.features.wording import Said, names, sentence
from app.i18n import N_, Translator
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


_ICONS: Mapping[Topic, str] = {
    Topic.AUDIENCE: "users",
    Topic.COST: "banknote",
    Topic.DOCUMENTS: "file-text",
    Topic.LANGUAGES: "languages",
    Topic.ACCESS: "door-open",
}


def facts(data: Mapping[str, Any], texts: Translator, vocabulary: Vocabulary) -> list[Fact]:
    """Give the conditions that a place, or one of its services, states itself."""
    return [
        Fact(_ICONS[found.topic], found.title, found.words, found.note)
        for found in conditions(data, texts, vocabulary)
    ]


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
