"""The words of other data sets in our codes."""

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from app.taxonomy.osm import REFUGE, audiences_of, service_of
from app.taxonomy.reading import Entry, read_file
from app.taxonomy.tag_rules import TagRule, best, speaks_of_violence, tag_rule, tags_of
from app.taxonomy.vocabulary import UnknownTerm, load_vocabulary

#: What tags mean wherever they are from: the vocabulary says it with each of its services.
ANY_TAGS = "osm"
#: Sources of tags; but for the first their keys are expressions over them, see `app.taxonomy.tag_rules`.
TAG_SOURCES = (ANY_TAGS, "osm_rspo", "osm_medical")
#: Keys of this source are whole words of a name; the first that fits wins.
NAME_SOURCE = "rspo_name"
MATCHES = ("exact", "close", "broad")


class UnknownSource(UnknownTerm):
    """There is no mapping for this source."""


@dataclass(frozen=True, slots=True)
class Mapped:
    """What a foreign word means. `match` is `exact`, `close` or `broad` (ours is wider); `note` warns."""

    services: tuple[str, ...]
    audiences: tuple[str, ...] = ()
    match: str = "exact"
    note: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A foreign word that we know and do not import, and why."""

    reason: str


Outcome = Mapped | LeftOut


@dataclass(frozen=True, slots=True, eq=False)
class Mappings:
    """Source → key → outcome, in the order of the file; `about` says what each source is."""

    about: Mapping[str, str]
    outcomes: Mapping[str, Mapping[str, Outcome]]


def map_word(source: str, key: str) -> Outcome | None:
    """What a word of another source means; `None` for a word that nobody has mapped yet.

    Raises `UnknownSource`.
    """
    return _outcomes(source).get(key)


def map_tags(source: str, tags: Mapping[str, str]) -> Outcome | None:
    """What the tags of an object of one of `TAG_SOURCES` mean; of rules that hold, most conditions win.

    An object for people who fled from violence becomes a refuge without a public place, here, too.
    Raises `UnknownSource`.
    """
    flat = tags_of(tags)
    if speaks_of_violence(flat):
        return Mapped(services=(REFUGE,), match="broad", note="The tags speak of victims: check what it is")
    return _by_vocabulary(tags) if source == ANY_TAGS else best(_tag_rules(source), flat)


def _by_vocabulary(tags: Mapping[str, str]) -> Outcome | None:
    vocabulary = load_vocabulary()
    service = service_of(tags, vocabulary)
    return None if service is None else Mapped((service.code,), audiences_of(tags, vocabulary))


def map_school(tags: Mapping[str, str], official_name: str) -> Outcome | None:
    """What a row of the Polish school register (RSPO) means: by its tags, and without one by its name."""
    outcome = map_tags("osm_rspo", tags)
    if outcome is not None:
        return outcome
    for words, meaning in _name_rules():
        if words.search(official_name):
            return meaning
    return None


@functools.cache
def load_mappings() -> Mappings:
    """All mappings of this version, read once in a process.

    Raises `ValueError` when the file contradicts itself or the vocabularies.
    """
    data = read_file("mappings.toml")
    about = {source["code"]: source["about"] for source in data["source"]}
    outcomes: dict[str, dict[str, Outcome]] = {source: {} for source in about}
    for entry in data["mapping"]:
        source, key = entry["source"], entry["key"]
        if source not in outcomes or key in outcomes[source]:
            raise ValueError(f"mappings.toml: {source} {key}: unknown source, or mapped twice")
        try:
            outcomes[source][key] = _outcome(entry)
        except (KeyError, ValueError) as error:
            raise ValueError(f"mappings.toml: {source} {key}: {error}") from error
    frozen = {source: MappingProxyType(table) for source, table in outcomes.items()}
    return Mappings(MappingProxyType(about), MappingProxyType(frozen))


def _outcome(entry: Entry) -> Outcome:
    services = tuple(entry.get("services", ()))
    audiences = tuple(entry.get("audiences", ()))
    note = entry.get("note", "")
    if entry["match"] == "none":
        if services or audiences or not note:
            raise ValueError("a word that is left out has a note and no target")
        return LeftOut(note)
    vocabulary = load_vocabulary()
    unknown = {*services} - set(vocabulary.services) | {*audiences} - set(vocabulary.audiences)
    if unknown or entry["match"] not in MATCHES or not services + audiences:
        raise ValueError(f"no target, unknown match, or unknown codes {sorted(unknown)}")
    return Mapped(services, audiences, entry["match"], note)


def _outcomes(source: str) -> Mapping[str, Outcome]:
    try:
        return load_mappings().outcomes[source]
    except KeyError:
        raise UnknownSource from None


@functools.cache
def _tag_rules(source: str) -> tuple[TagRule[Outcome], ...]:
    if source not in TAG_SOURCES:
        raise UnknownSource
    return tuple(tag_rule(key, outcome) for key, outcome in _outcomes(source).items())


@functools.cache
def _name_rules() -> tuple[tuple[re.Pattern[str], Outcome], ...]:
    return tuple(
        (re.compile(rf"\b{re.escape(key)}\b", re.IGNORECASE), outcome)
        for key, outcome in _outcomes(NAME_SOURCE).items()
    )
