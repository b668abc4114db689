"""What the public may know of a feature's past: days and names of fields, never what stood in them, and nobody's name."""

import datetime as dt
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from app.features.content import Content, OutdatedContent
from app.features.layer import Layer
from app.taxonomy.vocabulary import Vocabulary

#: So many of the newest events are told one by one; of those before only their number and the first day.
SHOWN: Final = 20
#: What of a protected place may be named. A new member is hidden until it is put here.
NAMED_OF_PROTECTED: Final = frozenset(
    {
        "name", "also_known_as", "description", "services", "contacts", "website", "organisation", "notices",
        "status", "valid_from", "valid_until", "audiences", "audience_mode", "ages", "languages", "access",
        "documents", "cost", "hours", "appointment", "sector", "legal_form", "identifiers",
    }
)  # fmt: skip
#: The action of a version that a trusted organisation has published by itself.
BY_ITSELF: Final = "publish_own"
#: Ways to check by which nobody looked but the source of an import.
BY_SOURCE: Final = frozenset({"imported", "official_register"})


class EventKind(StrEnum):
    """What happened. When several happened on one day, the later comes later here."""

    PUBLISHED = "published"
    CHANGED = "changed"
    REOPENED = "reopened"
    CLOSED = "closed"
    CHECKED = "checked"
    MERGED = "merged"


class Role(StrEnum):
    """Who looked, or whose decision it was."""

    MODERATOR = "moderator"
    VISITORS = "visitors"
    ORGANISATION = "organisation"
    SOURCE = "source"


@dataclass(frozen=True, slots=True)
class Step:
    """A revision, as far as the past needs it.

    `changed` are the public members that are not as in the revision before. `checked` is the day and the way of the
    last check that was known then.
    """

    day: dt.date
    action: str
    changed: tuple[str, ...] = ()
    closed: bool = False
    checked: tuple[dt.date, str] | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """A check that changed nothing."""

    day: dt.date
    how: str
    by: str


#: Steps and checks of a feature that was led to another one.
Joined = tuple[Sequence[Step], Sequence[Check]]


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. `fields` are of a change, `how` is of a check; `by` is who looked, and of an entry or a change
    `organisation` where its trusted organisation has published it by itself, "" where a moderator has.
    """

    day: dt.date
    kind: EventKind
    fields: tuple[str, ...] = ()
    how: str = ""
    by: str = ""

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready; what does not belong to its kind is left out."""
        said = {"fields": list(self.fields), "how": self.how, "by": self.by}
        return {"on": self.day.isoformat(), "kind": self.kind.value} | {k: v for k, v in said.items() if v}


@dataclass(frozen=True, slots=True)
class Past:
    """The newest events, the newest first; how many came before them, and the day of the first of all."""

    events: tuple[Event, ...]
    earlier: int
    since: dt.date


def read_past(events: Sequence[Mapping[str, Any]], earlier: int, since: dt.date) -> Past:
    """Read what was written with `Event.to_dict`."""
    read = [
        Event(
            dt.date.fromisoformat(event["on"]),
            EventKind(event["kind"]),
            tuple(event.get("fields", ())),
            event.get("how", ""),
            event.get("by", ""),
        )
        for event in events
    ]
    return Past(tuple(read), earlier, since)


def changed_fields(layer: Layer, vocabulary: Vocabulary, before: Content, after: Content) -> tuple[str, ...]:
    """Give the names of the public members in which two contents differ, in the order of the alphabet."""
    was, now = (layer.public_content(content, vocabulary) for content in (before, after))
    return tuple(sorted(key for key in {**was, **now} if was.get(key) != now.get(key)))


def changed_since(
    layer: Layer, vocabulary: Vocabulary, before: Mapping[str, Any], after: Content
) -> tuple[str, ...]:
    """Give the same of what was kept before; nothing where today's rules refuse that, as its public part is not known."""
    try:
        was = layer.content.kept(before)
    except OutdatedContent:
        return ()
    return changed_fields(layer, vocabulary, was, after)


def past_of(
    steps: Sequence[Step], checks: Sequence[Check], *, protected: bool, joined: Sequence[Joined] = ()
) -> Past:
    """Give what may be told of a feature's revisions, in their order, and checks; there is one revision at least.

    Of what was `joined` to it the changes and checks are told, and the day on which it was.

    Being taken down and put back is told to nobody: why it happened is not public, and without that it only sows
    doubt. Of a protected place nothing is told from which somebody could learn that it moved.
    """
    events = [
        *_published(steps),
        *_changed(steps, protected=protected),
        *_closed(steps),
        *_checked(steps, checks),
        *(event for other in joined for event in _joined(*other, protected=protected)),
    ]
    order = list(EventKind)
    events.sort(key=lambda event: (event.day, order.index(event.kind)), reverse=True)
    return Past(tuple(events[:SHOWN]), max(len(events) - SHOWN, 0), events[-1].day)


def _published(steps: Sequence[Step]) -> list[Event]:
    return [Event(steps[0].day, EventKind.PUBLISHED, by=_decided_by(steps[0]))]


def _changed(steps: Sequence[Step], *, protected: bool) -> list[Event]:
    found = []
    for before, step in itertools.pairwise(steps):
        hidden = {"status"} if before.closed != step.closed else set()
        names = [
            name
            for name in step.changed
            if name not in hidden and (not protected or name in NAMED_OF_PROTECTED)
        ]
        if names:
            found.append(Event(step.day, EventKind.CHANGED, tuple(names), by=_decided_by(step)))
    return found


def _decided_by(step: Step) -> str:
    return Role.ORGANISATION.value if step.action == BY_ITSELF else ""


def _joined(steps: Sequence[Step], checks: Sequence[Check], *, protected: bool) -> list[Event]:
    """When it was put on the map, or closed under its own name, is nothing that happened to the one that is left."""
    days = [step.day for step in steps if step.action == "merge"]
    merged = [Event(days[-1], EventKind.MERGED)] if days else []
    return [*_changed(steps, protected=protected), *_checked(steps, checks), *merged]


def _closed(steps: Sequence[Step]) -> list[Event]:
    states = [False, *(step.closed for step in steps)]
    return [
        Event(step.day, EventKind.CLOSED if step.closed else EventKind.REOPENED)
        for was, step in zip(states, steps, strict=False)
        if was != step.closed
    ]


def _checked(steps: Sequence[Step], checks: Sequence[Check]) -> list[Event]:
    found = {(check.day, check.how): check.by for check in checks}
    for step in steps:
        if step.checked is not None:
            _, how = step.checked
            from_source = how in BY_SOURCE or step.action == "import"
            # Whoever sent a place in has confirmed it; a look at the desk is no check.
            found.setdefault(step.checked, Role.SOURCE if from_source else _decided_by(step))
    return [Event(day, EventKind.CHECKED, how=how, by=by) for (day, how), by in found.items()]
