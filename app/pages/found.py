"""What the finder has found: a page of hits, counts, ways on."""

from dataclasses import dataclass

from app.areas.address_search import NEAR_M, AddressHit
from app.areas.unit_search import KnownUnit
from app.features.listing import Asked, Order
from app.pages.area_choices import NamedArea
from app.pages.finder_question import REVERSED, FinderQuestion
from app.pages.gazetteer import Town
from app.pages.organisation_choices import NamedOrganisation
from app.pages.views.filter_tags import Tag
from app.pages.views.hit import Hit
from geo.bbox import BBox, Position, box_around

PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class Way:
    """A way on where nothing fits: what it is, and how many places are there."""

    words: str
    href: str
    count: int


@dataclass(frozen=True, slots=True)
class Results:
    """Everything that the list says. `total` is None where to count the places takes too long and there are more than
    stand here: then `following` says how many come next, as far as they were read. `elsewhere` counts help by telephone and on the internet outside of a box.

    `reverse` says that the order is turned round; `origin` is from where the reader counts distances.
    `unit_words` name the area that was asked for; `named_area` and `named_organisation` are there when a name was typed
    and is not clear: then nothing is narrowed down to it.
    `unknown` counts what may be open at the time that was asked for; `nearest` are places outside of the area where
    there are none in it. `pressed` is what is set by chips, `tags` the rest. `address` is what was typed and is known to
    be where `near` is. `left_out` names what was said and is found nowhere, `left_out_times` when
    nothing is known to be open; `wider` are ways that lead to more where
    few places match.
    """

    question: FinderQuestion
    asked: Asked
    town: Town | None
    order: Order
    total: int | None
    hits: tuple[Hit, ...]
    tags: tuple[Tag, ...]
    pressed: tuple[Tag, ...] = ()
    reverse: bool = False
    origin: Position | None = None
    ways: tuple[Way, ...] = ()
    elsewhere: Way | None = None
    unit: KnownUnit | None = None
    unit_words: str = ""
    named_area: NamedArea | None = None
    named_organisation: NamedOrganisation | None = None
    unknown: Way | None = None
    nearest: tuple[Hit, ...] = ()
    address: AddressHit | None = None
    left_out: tuple[str, ...] = ()
    left_out_times: tuple[str, ...] = ()
    wider: tuple[Way, ...] = ()
    following: int = 0

    @property
    def some(self) -> bool:
        """Whether any places fit, on whichever page."""
        return self.total != 0

    @property
    def at_least(self) -> int:
        """How many places there are, as far as the list was read; 0 on a page after its end."""
        read = len(self.hits) + self.following
        return (self.question.page - 1) * PAGE_SIZE + read if read else 0

    @property
    def unclear(self) -> NamedArea | NamedOrganisation | None:
        """What was typed and is not clear: nothing is shown before somebody has chosen."""
        return self.named_area or self.named_organisation

    @property
    def sort(self) -> str:
        """The order, as it stands in addresses."""
        return f"{REVERSED if self.reverse else ''}{self.order}"

    @property
    def all_set(self) -> tuple[Tag, ...]:
        """Everything that narrows the question down."""
        return (*self.pressed, *self.tags)

    @property
    def view(self) -> BBox | None:
        """What the map shows of the area or the town that was asked for, or drawn; None when something else was."""
        if self.question.bbox:
            return None
        if self.asked.wanted.drawn is not None:
            return self.asked.wanted.drawn.box
        if self.unit is not None and self.unit.box is not None:
            return self.unit.box
        if self.town:
            return self.town.view
        return box_around(self.question.near_position, NEAR_M) if self.question.near_position else None

    @property
    def next_size(self) -> int:
        """How many places the next page has."""
        if self.total is None:
            return self.following
        return max(0, min(PAGE_SIZE, self.total - self.question.page * PAGE_SIZE))

    @property
    def discreet(self) -> bool:
        """Whether this is about places that nobody else is to find, and not only has them among others."""
        shown = [hit.discreet for hit in (*self.hits, *self.nearest)]
        return self.question.discreet or (any(shown) if self.question.by_name else bool(shown) and all(shown))

    @property
    def example(self) -> bool:
        """Whether some of what is shown is invented."""
        return any(shown.example for shown in self.hits)
