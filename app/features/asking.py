"""What somebody asks for in plain words and codes, turned into a filter; the same for pages and programs."""

import datetime as dt
import re
import uuid
import zoneinfo
from collections.abc import Iterable
from dataclasses import dataclass

from app.errors import FieldProblem, InvalidInput
from app.features.filters import Filter, single_facet
from app.features.openings import DAYS
from app.features.welcome import MODES
from app.i18n import N_
from app.taxonomy.search_words import Fit, find_services
from app.taxonomy.vocabulary import UnknownTerm, Vocabulary
from geo.bbox import BBox, Position, parse_bbox, parse_position
from geo.errors import GeoError
from geo.ring import Ring, parse_ring

LONGEST_TEXT = 100
#: An answer for "open now" may be kept as long as this.
NOW_STEP = dt.timedelta(minutes=5)

#: `open_at`: when somebody arrives who sets out now, on foot from `near`; and hours: those that are not known.
ARRIVAL, UNKNOWN_HOURS = "arrival", "unknown"
#: `open_at` in so many minutes, `checked_since` so many days ago.
_MINUTES = re.compile(r"PT([1-9][0-9]{0,3})M", re.ASCII)
_DAYS = re.compile(r"P([1-9][0-9]{0,3})D", re.ASCII)

#: How codes of areas are written.
AREA_CODE = re.compile(r"[A-Z]{2}-[0-9A-Za-z_-]{1,40}", re.ASCII)

UNKNOWN_CODE = N_(
    "There is a code here that is not in our lists. See the vocabularies for the codes that are."
)
NOT_A_MODE = N_("Write everyone, preferred or only, or several of them.")
NOT_A_BOX = N_("Write west,south,east,north in degrees, for example 20.5,50.8,20.7,50.9.")
NOT_AN_OUTLINE = N_(
    "Write 3 to 50 corners as lng,lat;lng,lat;… in degrees. Sides must not cross, and the area must not be wider than 1,000 km."
)
NOT_A_TIME = N_("Write “now”, or a date and time such as 2026-12-24T18:00, within the next 14 days.")
NO_ORIGIN = N_("Write with near where the way begins: lng,lat in degrees, for example 20.63,50.87.")
NOT_HOURS = N_("Write “unknown”, or leave it out.")
NOT_A_DAY = N_("Write a date such as 2026-06-30, or a number of days such as P90D.")
NOT_AN_ID = N_("Write the id as it stands in the address of the organisation’s page.")
NOT_AN_AREA = N_("Write a code such as PL-26 or PL-2661011.")
TOO_LONG = N_("Write at most 100 characters.")


@dataclass(frozen=True, slots=True)
class Question:
    """A filter as it was asked for, by the names of the public parameters; "" and empty lists ask for nothing."""

    service: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    audience_mode: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    access: tuple[str, ...] = ()
    q: str = ""
    area: str = ""
    within: str = ""
    organisation: str = ""
    open_at: str = ""
    hours: str = ""
    checked_since: str = ""
    near: str = ""
    bbox: str = ""


def filter_of(asked: Question, vocabulary: Vocabulary, *, timezone: str, now: dt.datetime) -> Filter:
    """Give the filter for a question. `InvalidInput` names every parameter that cannot be understood."""
    problems: list[FieldProblem] = []
    codes = {
        "service": _known(asked.service, vocabulary, None, problems, "service"),
        "audience": _known(asked.audience, vocabulary, "audience", problems, "audience"),
        "language": _known(asked.language, vocabulary, "language", problems, "language"),
        "access": _known(asked.access, vocabulary, "access", problems, "access"),
    }
    if not set(asked.audience_mode) <= set(MODES):
        problems.append(FieldProblem("audience_mode", "not_a_mode", NOT_A_MODE))
    if len(asked.q) > LONGEST_TEXT:
        problems.append(FieldProblem("q", "too_long", TOO_LONG))
    box = _box(asked.bbox, problems)
    drawn = _drawn(asked.within, problems)
    moment = _moment(asked.open_at, timezone, now, problems)
    walking_from = _origin(asked, problems)
    checked_since = _day(asked.checked_since, timezone, now, problems)
    if asked.hours not in ("", UNKNOWN_HOURS):
        problems.append(FieldProblem("hours", "not_hours", NOT_HOURS))
    organisation = _id(asked.organisation, problems)
    if asked.area and not AREA_CODE.fullmatch(asked.area):
        problems.append(FieldProblem("area", "not_an_area", NOT_AN_AREA))
    if problems:
        raise InvalidInput(*problems)
    return Filter(
        services=codes["service"],
        audiences=codes["audience"],
        languages=codes["language"],
        access=codes["access"],
        audience_modes=frozenset(asked.audience_mode),
        text=asked.q,
        text_services=_named_services(asked.q, vocabulary),
        area=asked.area or None,
        drawn=drawn,
        organisation_id=organisation,
        open_at=moment,
        walking_from=walking_from,
        unknown_hours=asked.hours == UNKNOWN_HOURS,
        checked_since=checked_since,
        bbox=box,
        single_facet=single_facet(vocabulary, asked.service, asked.audience, asked.language, asked.access),
    )


def _known(
    codes: Iterable[str], vocabulary: Vocabulary, kind: str | None, problems: list[FieldProblem], path: str
) -> frozenset[str]:
    try:
        if kind is None:
            return vocabulary.expand(codes)
        return frozenset(vocabulary.term(kind, code).code for code in codes)
    except UnknownTerm:
        problems.append(FieldProblem(path, "unknown_code", UNKNOWN_CODE))
        return frozenset()


def _box(given: str, problems: list[FieldProblem]) -> BBox | None:
    if not given:
        return None
    try:
        return parse_bbox(given)
    except GeoError as error:
        problems.append(FieldProblem("bbox", error.code, NOT_A_BOX))
        return None


def _drawn(given: str, problems: list[FieldProblem]) -> Ring | None:
    if not given:
        return None
    try:
        return parse_ring(given)
    except GeoError as error:
        problems.append(FieldProblem("within", error.code, NOT_AN_OUTLINE))
        return None


def _moment(given: str, timezone: str, now: dt.datetime, problems: list[FieldProblem]) -> dt.datetime | None:
    if not given:
        return None
    later = _MINUTES.fullmatch(given)
    if given in ("now", ARRIVAL) or later:
        step = NOW_STEP.total_seconds()
        start = dt.datetime.fromtimestamp(now.timestamp() // step * step, dt.UTC)
        return start + dt.timedelta(minutes=int(later[1]) if later else 0)
    try:
        moment = dt.datetime.fromisoformat(given)
    except ValueError:
        moment = None
    if moment is not None and moment.tzinfo is None:
        moment = moment.replace(tzinfo=zoneinfo.ZoneInfo(timezone))
    if moment is None or not now - dt.timedelta(days=1) <= moment <= now + dt.timedelta(days=DAYS):
        problems.append(FieldProblem("open_at", "not_a_time", NOT_A_TIME))
        return None
    return moment.astimezone(dt.UTC)


def _origin(asked: Question, problems: list[FieldProblem]) -> Position | None:
    if asked.open_at != ARRIVAL:
        return None
    try:
        return parse_position(asked.near)
    except GeoError as error:
        problems.append(FieldProblem("near", error.code, NO_ORIGIN))
        return None


def _day(given: str, timezone: str, now: dt.datetime, problems: list[FieldProblem]) -> dt.date | None:
    if not given:
        return None
    today = now.astimezone(zoneinfo.ZoneInfo(timezone)).date()
    if ago := _DAYS.fullmatch(given):
        return today - dt.timedelta(days=int(ago[1]))
    try:
        found = dt.date.fromisoformat(given)
    except ValueError:
        found = None
    if found is None or found.isoformat() != given:
        problems.append(FieldProblem("checked_since", "not_a_day", NOT_A_DAY))
        return None
    return found


def _id(given: str, problems: list[FieldProblem]) -> uuid.UUID | None:
    if not given:
        return None
    try:
        found = uuid.UUID(given)
    except ValueError:
        found = None
    if found is None or str(found) != given:
        problems.append(FieldProblem("organisation", "not_an_id", NOT_AN_ID))
        return None
    return found


def _named_services(text: str, vocabulary: Vocabulary) -> frozenset[str]:
    """The services that the whole text names in any language: "jedzenie", "їжа", "food bank"."""
    if not text:
        return frozenset()
    exact = [match for match in find_services(text, 8, vocabulary) if match.fit is Fit.EXACT]
    return vocabulary.expand(match.code for match in exact)
