"""The places of an area as one GeoJSON answer, which a device cuts single places out of when they are gone."""

import re
import uuid
from collections.abc import Mapping
from typing import Any

import orjson

from app.exports.kept.meanings import meanings
from app.exports.kept.reading import KeptArea, KeptPlace
from app.exports.municipality.entries import Reader, entry
from app.features.openings import DAYS
from app.features.wording import names, said, sentence
from app.taxonomy.discretion import asks_discreetly
from app.taxonomy.vocabulary import FAMILY_PREFIX, Vocabulary
from app.templating import Templates

#: What the device puts its own words in the place of: it alone knows when somebody reads.
STATE_HERE, CHECKED_HERE, WORDS_HERE = "<!--state-->", "<!--checked-->", "{words}"
_STATES = ("open", "soon", "closed", "unknown")
_RINGS = ("full", "half", "none")
_BADGE = re.compile(r'<g class="t-badge.*?</g>', re.DOTALL)


def pack_of(area: KeptArea, reader: Reader, templates: Templates) -> bytes:
    """Give the collection. `properties.kept` of a place is what map and list do not have: see static/js/sw/area-places.js."""
    vocabulary = reader.vocabulary
    features = [_feature(place, reader, templates) for place in area.places]
    there = {code for feature in features for code in feature["properties"]["kept"]["services"]}
    return orjson.dumps(
        {
            "type": "FeatureCollection",
            "midnight": int(area.midnight.timestamp()),
            "days": DAYS,
            "access": {code: term.group for code, term in vocabulary.access.items()},
            "unkept": _unkept(vocabulary),
            "signs": _signs(reader.texts.language, templates),
            "names": _names(reader),
            "organisations": _organisations(area, reader.texts.language),
            "notes": _notes(reader),
            "meanings": meanings(there, vocabulary),
            "features": features,
        }
    )


def _feature(place: KeptPlace, reader: Reader, templates: Templates) -> dict[str, Any]:
    properties = {k: v for k, v in place.feature["properties"].items() if k not in ("base", "open", "later")}
    kept = {
        "services": _asked_by(properties.get("services", ()), reader.vocabulary),
        "audiences": place.audiences,
        "everyone": place.everyone,
        "words": place.words,
        "called": place.called,
        "rank": place.rank,
        "run_by": place.run_by.id if place.run_by else None,
        "opened": place.opened,
        # Nearly always the same.
        "served": None if place.served == place.opened else place.served,
        "html": _html(place, reader, templates),
    }
    return {**place.feature, "properties": {**properties, "kept": kept}}


def _asked_by(services: list[str], vocabulary: Vocabulary) -> list[str]:
    """All codes that ask for one of the services: its own, its group's, its family's."""
    codes: dict[str, None] = {}
    for code in services:
        service = vocabulary.services.get(code)
        group = [service.group] if service and service.group not in vocabulary.services else []
        family = [f"{FAMILY_PREFIX}{service.family}"] if service else []
        codes |= dict.fromkeys([code, *group, *family])
    return list(codes)


def _unkept(vocabulary: Vocabulary) -> list[str]:
    """The codes that ask for what no device keeps: that there is nothing of it here says nothing."""
    asked = [
        code for code in (*vocabulary.services, *vocabulary.groups) if _is_unkept(vocabulary, service=code)
    ]
    return asked + [code for code in vocabulary.audiences if _is_unkept(vocabulary, audience=code)]


def _is_unkept(vocabulary: Vocabulary, *, service: str = "", audience: str = "") -> bool:
    return asks_discreetly(
        vocabulary, services=[service] if service else [], audiences=[audience] if audience else []
    )


def _names(reader: Reader) -> dict[str, str]:
    """The names of groups and families: in the panel a group's own tick is called "All of this"."""
    vocabulary, language = reader.vocabulary, reader.texts.language
    groups = {code: group.names[language] for code, group in vocabulary.groups.items()}
    families = {
        f"{FAMILY_PREFIX}{code}": family.names[language] for code, family in vocabulary.families.items()
    }
    return families | {c: name for c, name in groups.items() if not _is_unkept(vocabulary, service=c)}


def _organisations(area: KeptArea, language: str) -> list[tuple[uuid.UUID, str]]:
    """Who runs something here, in the order of their names; what of it is never kept is nobody's."""
    runners = {place.run_by.id: place.run_by for place in area.places if place.run_by}
    in_order = sorted(runners.values(), key=lambda one: (one.name, one.id))
    return [(one.id, one.name_in(language)) for one in in_order]


def _notes(reader: Reader) -> dict[str, str]:
    """What the device says in words of the server's own, so that no first visit loads them."""
    texts = reader.texts
    return {
        "words": texts.gettext("Without internet only names and kinds of help are searched."),
        "left_out": texts.gettext(
            "No place here says: %(words)s. These are the places that do not say it: ask before you go.",
            words=WORDS_HERE,
        ),
        "left_out_times": texts.gettext(
            "Nothing here is known to be open then: %(words)s. Look at the hours of each place, or ask before you go.",
            words=WORDS_HERE,
        ),
    }


def _signs(language: str, templates: Templates) -> Mapping[str, Mapping[str, str]]:
    """The drawings that change with the time, as the list draws them."""
    signs: Any = templates.environment(language).get_template("parts/signs.html").module
    tokens = {state: _BADGE.search(str(signs.token("food", "utensils", state))) for state in _STATES}
    return {
        "states": {state: str(signs.state(state, WORDS_HERE)) for state in _STATES},
        "badges": {state: found[0] if found else "" for state, found in tokens.items()},
        "checks": {ring: str(signs.checked(ring, WORDS_HERE, tag="p")) for ring in _RINGS},
    }


def _html(place: KeptPlace, reader: Reader, templates: Templates) -> str:
    data, vocabulary = place.source.whole["properties"], reader.vocabulary
    language = reader.texts.language
    family = vocabulary.families.get(data["family"])
    ways_in = [code for code in place.source.slim.get("access", ()) if _is_for_bodies(code, vocabulary)]
    template = templates.environment(language).get_template("exports/kept_place.html")
    given = entry(place.source, reader)
    lng, lat = given.position or (0, 0)
    return template.render(
        given=given,
        about=said(data.get("description"), language),
        accessible=sentence(names(vocabulary.access, ways_in, language), language),
        accessible_note=said(data.get("accessibility", {}).get("note"), language),
        family_words=family.names[language] if family else "",
        state_here=STATE_HERE,
        checked_here=CHECKED_HERE,
        place={"discreet": False, "name": given.name},
        record={"position": {"lng": lng, "lat": lat}},
    )


def _is_for_bodies(code: str, vocabulary: Vocabulary) -> bool:
    term = vocabulary.access.get(code)
    return term is not None and term.group == "accessibility"
