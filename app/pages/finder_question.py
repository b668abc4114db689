"""What the finder was asked, as it stands in the address; and the addresses of neighbouring questions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Query

from app.areas.address_search import AddressHit
from app.errors import FieldProblem, InvalidInput
from app.features.asking import ARRIVAL, Question
from app.features.listing import REVERSIBLE, Order
from app.i18n import N_
from app.taxonomy.discretion import asks_discreetly
from app.taxonomy.vocabulary import load_vocabulary
from app.web.query import Codes, PlainInt, PlainText
from geo.bbox import Position, parse_position
from geo.errors import GeoError

DEFAULT_LAYER = "aid_points"
#: Nobody reads further; programs have the API.
LAST_PAGE = 400
NOT_A_POSITION = N_("Write lng,lat in degrees, for example 20.63,50.87.")
NOT_AN_ORDER = N_("Choose one of the offered orders.")

#: Parameters of several codes, and those that narrow the question down.
LISTS = ("access", "audience", "audience_mode", "language", "service")
FILTERS = (
    *(*LISTS, "area", "area_name", "checked_since", "hours", "open_at", "organisation", "organisation_name"),
    *("q", "within"),
)
#: Those that the panel sets.
IN_PANEL = (*LISTS, "area", "checked_since", "hours", "open_at", "organisation", "within")
#: What a form says of `open_at`: "in" so many minutes, "at" a day and an hour.
IN_MINUTES, AT_TIME = "in", "at"
#: What stands before an order that is turned round.
REVERSED = "-"
#: As browsers' `encodeURIComponent` leaves them, so that script and server write one address for one question.
_KEPT = "-_.!~*'(),"
_NAMES: Mapping[str, str] = MappingProxyType({"as_text": "as"})


@dataclass(frozen=True, slots=True)
class FinderQuestion:
    """The parameters of the finder's address; "" and () ask for nothing.

    `near` is lng,lat, `near_name` the address that it is said to be; `place` is an id of the gazetteer; `as_text` says that `q` is meant as words even
    if it names a place. `area_name` is what somebody typed instead of the code of a unit, `organisation_name` instead of an
    id. `sort` is an order, after a hyphen the same one turned round. `left_out` are codes of what was
    said in words and found nowhere: the page says so once, and it goes with the next change.
    """

    access: tuple[str, ...] = ()
    area: str = ""
    area_name: str = ""
    as_text: str = ""
    audience: tuple[str, ...] = ()
    audience_mode: tuple[str, ...] = ()
    bbox: str = ""
    checked_since: str = ""
    hours: str = ""
    language: tuple[str, ...] = ()
    layer: str = DEFAULT_LAYER
    left_out: tuple[str, ...] = ()
    near: str = ""
    near_name: str = ""
    open_at: str = ""
    organisation: str = ""
    organisation_name: str = ""
    page: int = 1
    place: str = ""
    q: str = ""
    service: tuple[str, ...] = ()
    sort: str = ""
    within: str = ""
    near_position: Position | None = field(default=None, compare=False)

    def asked(self) -> Question:
        """The part that a filter is made of."""
        return Question(**{part.name: getattr(self, part.name) for part in fields(Question)})

    @property
    def set_in_panel(self) -> int:
        """How many choices of the panel are set."""
        values = [getattr(self, name) for name in IN_PANEL]
        return sum(len(value) if isinstance(value, tuple) else bool(value) for value in values)

    def in_area(self, code: str) -> "FinderQuestion":
        """The same question about the whole of a unit."""
        return self.having(area=code, area_name="", bbox="", place="")

    def of_organisation(self, organisation: str) -> "FinderQuestion":
        """The same question about the places of one organisation."""
        return self.having(organisation=organisation, organisation_name="")

    def at_address(self, address: AddressHit) -> "FinderQuestion":
        """The same question about what is near an address, instead of the words that named it."""
        near = f"{round(address.lng, 5)},{round(address.lat, 5)}"
        box = address.around
        sides = f"{box.west},{box.south},{box.east},{box.north}"
        there = self.having(q="", near=near, near_name=address.whole, bbox=sides, place="", sort="")
        return replace(there, near_position=Position(address.lng, address.lat))

    @property
    def order(self) -> Order | None:
        """The order that was asked for."""
        return Order(self.sort.removeprefix(REVERSED)) if self.sort else None

    @property
    def reverse(self) -> bool:
        """Whether that order is turned round."""
        return self.sort.startswith(REVERSED)

    @property
    def discreet(self) -> bool:
        """Whether it asks for help that nobody else is to find."""
        return asks_discreetly(load_vocabulary(), services=self.service, audiences=self.audience, text=self.q)

    @property
    def by_name(self) -> bool:
        """Whether it may name one place or who runs it."""
        return bool(self.q or self.organisation or self.organisation_name)

    def having(self, **changes: Any) -> "FinderQuestion":
        """The same question with other values, from its first page. A way on foot begins somewhere, or is none."""
        values: dict[str, Any] = {"page": 1, "left_out": (), **changes}
        changed = replace(self, **values)
        if changed.near:
            return changed
        open_at = "now" if changed.open_at == ARRIVAL else changed.open_at
        return replace(changed, near_position=None, near_name="", open_at=open_at)

    def toggled(self, name: str, value: str) -> "FinderQuestion":
        """The same question with a value of a parameter more, or without it."""
        old: Any = getattr(self, name)
        if isinstance(old, str):
            return self.having(**{name: "" if old == value else value})
        kept = tuple(code for code in old if code != value)
        return self.having(**{name: kept if value in old else tuple(sorted((*old, value)))})

    def bare(self) -> "FinderQuestion":
        """The same place and order without any filter."""
        return self.having(**{name: () if name in LISTS else "" for name in FILTERS})

    def parameters(self) -> dict[str, str]:
        """What stands in the address, in the order of the alphabet; codes joined by commas."""
        found: dict[str, str] = {}
        for item in fields(self):
            value = getattr(self, item.name)
            if item.name == "near_position" or value == item.default:
                continue
            name = _NAMES.get(item.name, item.name)
            found[name] = ",".join(sorted(value)) if isinstance(value, tuple) else str(value)
        return dict(sorted(found.items()))

    def query(self) -> str:
        """The query of the address, without `?`: one text for one question."""
        return "&".join(f"{name}={quote(value, safe=_KEPT)}" for name, value in self.parameters().items())

    def href(self, path: str) -> str:
        """The address, on a path."""
        query = self.query()
        return f"{path}?{query}" if query else path

    def hidden(self, *without: str) -> list[tuple[str, str]]:
        """What a form has to carry on, its own fields left out."""
        not_carried = {*without, "page", "left_out"}
        return [(name, value) for name, value in self.parameters().items() if name not in not_carried]


def finder_question(
    service: Annotated[Codes, Query()] = (),
    audience: Annotated[Codes, Query()] = (),
    audience_mode: Annotated[Codes, Query()] = (),
    language: Annotated[Codes, Query()] = (),
    access: Annotated[Codes, Query()] = (),
    q: Annotated[PlainText, Query(max_length=400)] = "",
    area: Annotated[PlainText, Query(max_length=60)] = "",
    area_name: Annotated[PlainText, Query(max_length=80)] = "",
    in_area: Annotated[PlainText, Query(max_length=60)] = "",
    within: Annotated[PlainText, Query(max_length=2500)] = "",
    organisation: Annotated[PlainText, Query(max_length=40)] = "",
    organisation_name: Annotated[PlainText, Query(max_length=120)] = "",
    open_at: Annotated[PlainText, Query(max_length=40)] = "",
    open_in: Annotated[PlainText, Query(max_length=4)] = "",
    open_day: Annotated[PlainText, Query(max_length=10)] = "",
    open_hour: Annotated[PlainText, Query(max_length=5)] = "",
    hours: Annotated[PlainText, Query(max_length=10)] = "",
    checked_since: Annotated[PlainText, Query(max_length=10)] = "",
    near: Annotated[PlainText, Query(max_length=60)] = "",
    near_name: Annotated[PlainText, Query(max_length=240)] = "",
    bbox: Annotated[PlainText, Query(max_length=120)] = "",
    place: Annotated[PlainText, Query(max_length=40)] = "",
    layer: Annotated[PlainText, Query(max_length=40)] = DEFAULT_LAYER,
    sort: Annotated[PlainText, Query(max_length=20)] = "",
    page: Annotated[PlainInt, Query(ge=1, le=LAST_PAGE)] = 1,
    as_text: Annotated[PlainText, Query(alias="as", max_length=10)] = "",
    left_out: Annotated[Codes, Query()] = (),
) -> FinderQuestion:
    """Give the question of a request; `InvalidInput` names what cannot be understood."""
    problems: list[FieldProblem] = []
    position = None
    if near:
        try:
            position = parse_position(near)
        except GeoError as error:
            problems.append(FieldProblem("near", error.code, NOT_A_POSITION))
    if sort and not _is_order(sort):
        problems.append(FieldProblem("sort", "not_an_order", NOT_AN_ORDER))
    if problems:
        raise InvalidInput(*problems)
    return FinderQuestion(
        access=_once(access),
        area=area,
        # A button of the filters sends the code beside the field for a name, with all that is ticked.
        area_name=" ".join((in_area or area_name).split()),
        as_text="text" if as_text else "",
        audience=_once(audience),
        audience_mode=_once(audience_mode),
        bbox=bbox,
        checked_since=checked_since,
        hours=hours,
        language=_once(language),
        layer=layer or DEFAULT_LAYER,
        left_out=_once(left_out),
        near=near,
        near_name=" ".join(near_name.split()) if near else "",
        open_at=_open_at(open_at, open_in, open_day, open_hour),
        organisation=organisation,
        organisation_name=" ".join(organisation_name.split()),
        page=page,
        place=place,
        q=" ".join(q.split()),
        service=_once(service),
        sort=sort,
        within=within,
        near_position=position,
    )


def _is_order(sort: str) -> bool:
    return sort in set(Order) or (sort.startswith(REVERSED) and sort.removeprefix(REVERSED) in REVERSIBLE)


def _open_at(given: str, minutes: str, day: str, hour: str) -> str:
    """The moment that a form's fields say, in the one form in which it stands in addresses."""
    if given == IN_MINUTES:
        return f"PT{minutes}M"
    return f"{day}T{hour}" if given == AT_TIME else given


def _once(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(codes)))
