"""A place as a row of cells: what staff compare and hand on. The same words stand on the page and in the file."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from zoneinfo import ZoneInfo

from babel.dates import format_date

from app.features.conditions import audience_words
from app.features.hours_intervals import intervals
from app.features.wording import names, sentence
from app.i18n import N_, Translator
from app.pages.feature_record import Record
from app.pages.finder_question import DEFAULT_LAYER
from app.pages.views.hours import Clock
from app.pages.views.place import Place, place
from app.taxonomy.vocabulary import Vocabulary
from app.templating.filters import distance, phone
from geo.bbox import Position
from geo.distance import distance_m

#: Columns by key, in their order, with their heads.
COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "service": N_("Help"),
        "name": N_("Name"),
        "organisation": N_("Organisation"),
        "town": N_("Municipality"),
        "address": N_("Address"),
        "phone": N_("Phone"),
        "hours": N_("Hours today"),
        "languages": N_("Languages"),
        "audience": N_("Who is welcome"),
        "checked": N_("Last check"),
        "distance": N_("Distance"),
    }
)
#: What only a place of help has, and an organisation not.
OF_PLACES = frozenset(("service", "organisation", "hours", "audience"))


def columns(layer: str, *, measured: bool) -> Mapping[str, str]:
    """The columns of a table of a layer; `measured` says that there is somewhere from where distances are counted."""
    left_out = (frozenset() if layer == DEFAULT_LAYER else OF_PLACES) | (
        frozenset() if measured else {"distance"}
    )
    return {key: title for key, title in COLUMNS.items() if key not in left_out}


@dataclass(frozen=True, slots=True)
class Row:
    """A place: its cells in the order of `COLUMNS`, and where its page and its number lead."""

    id: str
    path: str
    cells: Mapping[str, str]
    phone_href: str
    name_language: str
    discreet: bool
    place: Place


def table_row(
    record: Record,
    texts: Translator,
    vocabulary: Vocabulary,
    clock: Clock,
    origin: Position | None = None,
) -> Row:
    """Give the row of a place for a reader; `origin` is from where its distance is counted."""
    data, language = record.properties, texts.language
    shown = place(record, texts, vocabulary, clock)
    codes = [service["type"] for service in data.get("services", ())]
    number = shown.phone
    cells = {
        "service": sentence(names(vocabulary.services, codes, language), language),
        "name": shown.name.text,
        "organisation": record.organisation[0] if record.organisation else shown.organisation_name,
        "town": _town(record),
        "address": shown.address or (texts.gettext("Protected address") if shown.protected else ""),
        "phone": phone(number.words, clock.country) if number else "",
        "hours": hours_today(record, texts, vocabulary, clock) if codes else "",
        "languages": ", ".join(names(vocabulary.languages, data.get("languages", ()), language)),
        "audience": audience_words(data, texts, vocabulary) if codes else "",
        "checked": str(format_date(shown.verified, "short", locale=language)) if shown.verified else "",
        "distance": distance(language, distance_m(*origin, *record.position))
        if origin and record.position
        else "",
    }
    return Row(
        id=str(record.id),
        path=record.path,
        cells=cells,
        phone_href=number.href if number else "",
        name_language=shown.name.language,
        discreet=shown.discreet,
        place=shown,
    )


def _town(record: Record) -> str:
    """The smallest unit that it lies in; where no boundaries are known, the town of a whole address.

    These are the words by which the table is sorted.
    """
    address = record.properties.get("address", {})
    town = address.get("city", "") if address.get("house_number") and record.position else ""
    return str(record.slim.get("area") or town)


def hours_today(record: Record, texts: Translator, vocabulary: Vocabulary, clock: Clock) -> str:
    """When it is open today: `10:00–18:00`; services of other hours than each other with their names."""
    if record.slim.get("closed"):
        return texts.gettext("Closed for good")
    rules = {service: rule for service, rule in record.rules.items() if rule}
    own = rules.get(None)
    if own:
        return _spans(own, texts, clock, has_phone=record.has_phone)
    told = []
    for service, rule in rules.items():
        if service:
            name = "".join(names(vocabulary.services, (service,), texts.language))
            told.append(f"{name}: {_spans(rule, texts, clock, has_phone=record.has_phone)}")
    return "; ".join(told) or texts.gettext("hours not known")


def _spans(rule: str, texts: Translator, clock: Clock, *, has_phone: bool) -> str:
    start = dt.datetime.combine(clock.today, dt.time(), ZoneInfo(clock.timezone))
    end = dt.datetime.combine(clock.today + dt.timedelta(days=1), dt.time(), start.tzinfo)
    found = intervals(rule, start, end, clock.timezone, clock.country)
    spans = [f"{i.start.hour}:{i.start.minute:02}–{_end(i.end)}" for i in found if i.state == "open"]
    if spans == ["0:00–24:00"]:
        return texts.gettext("around the clock")
    if spans:
        return ", ".join(spans)
    if not found:
        return texts.gettext("closed")
    return texts.gettext("call first") if has_phone else texts.gettext("ask before you go")


def _end(moment: dt.datetime) -> str:
    return f"{moment.hour or (24 if moment.minute == 0 else 0)}:{moment.minute:02}"


def table_rows(
    records: Sequence[Record],
    texts: Translator,
    vocabulary: Vocabulary,
    clock: Clock,
    origin: Position | None = None,
) -> tuple[Row, ...]:
    """Give the rows of several places."""
    return tuple(table_row(record, texts, vocabulary, clock, origin) for record in records)
