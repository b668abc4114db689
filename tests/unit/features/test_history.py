"""What a feature's past tells, and what it never tells."""

import datetime as dt
import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.features.field_words import FIELD_WORDS
from app.features.history import (
    NAMED_OF_PROTECTED,
    SHOWN,
    Check,
    EventKind,
    Role,
    Step,
    changed_fields,
    past_of,
    read_past,
)
from app.features.layer import Layer
from app.layers.registry import LAYERS
from app.taxonomy.vocabulary import load_vocabulary
from tests.functional.conftest import aid_point

DAY = dt.date(2026, 3, 1)
#: Members of a content that say something of where it is: of a protected place nobody learns that they changed.
ABOUT_WHERE = frozenset({"channel", "address", "place", "area_served", "areas", "accessibility", "photos"})
#: Members of a content that no reader ever sees.
NEVER_PUBLIC = {"schema_version", "people"}

days = st.dates(dt.date(2024, 1, 1), dt.date(2027, 1, 1))
fields = st.lists(st.sampled_from(sorted(ABOUT_WHERE | NAMED_OF_PROTECTED)), unique=True).map(tuple)
ways = st.sampled_from(["phone", "email", "imported", "two_visitors"])
steps = st.builds(
    Step, day=days, action=st.sampled_from(["publish", "import", "unpublish", "republish"]), changed=fields,
    closed=st.booleans(), checked=st.none() | st.tuples(days, ways),
)  # fmt: skip
pasts = st.lists(steps, min_size=1, max_size=40)
checks = st.lists(st.builds(Check, day=days, how=ways, by=st.sampled_from(list(Role))), max_size=10)


@pytest.mark.parametrize("layer", LAYERS.values(), ids=lambda layer: layer.key)
def test_each_member_of_a_content_is_known_to_say_where_or_not(layer: Layer) -> None:
    public = set(layer.content.model_fields) - NEVER_PUBLIC
    assert public <= ABOUT_WHERE | NAMED_OF_PROTECTED
    assert public <= set(FIELD_WORDS)
    assert not ABOUT_WHERE & NAMED_OF_PROTECTED


def test_what_happened_is_told_newest_first() -> None:
    told = past_of(
        [
            Step(DAY, "publish", checked=(DAY, "email")),
            Step(DAY + dt.timedelta(10), "publish", ("contacts", "hours"), checked=(DAY, "email")),
            Step(DAY + dt.timedelta(20), "publish", ("status",), closed=True),
            Step(DAY + dt.timedelta(25), "unpublish", closed=True),
            Step(DAY + dt.timedelta(30), "publish", ("description", "status")),
        ],
        [Check(DAY + dt.timedelta(15), "phone", Role.MODERATOR)],
        protected=False,
    )
    assert [(event.day.day, event.kind.value, event.fields, event.how, event.by) for event in told.events] == [
        (31, "reopened", (), "", ""),
        (31, "changed", ("description",), "", ""),
        (21, "closed", (), "", ""),
        (16, "checked", (), "phone", "moderator"),
        (11, "changed", ("contacts", "hours"), "", ""),
        (1, "checked", (), "email", ""),
        (1, "published", (), "", ""),
    ]  # fmt: skip
    assert (told.earlier, told.since) == (0, DAY)


def test_a_revision_in_which_nothing_public_changed_is_no_event() -> None:
    again = [Step(DAY + dt.timedelta(n), "import", checked=(DAY, "imported")) for n in range(1, 5)]
    told = past_of([Step(DAY, "import", checked=(DAY, "imported")), *again], [], protected=False)
    assert [event.kind for event in told.events] == [EventKind.CHECKED, EventKind.PUBLISHED]
    assert told.events[0].by == Role.SOURCE


@given(pasts, checks, st.booleans())
def test_it_is_bounded_ordered_and_read_again_as_it_was_written(
    steps: list[Step], checks: list[Check], protected: bool
) -> None:
    told = past_of(steps, checks, protected=protected)
    assert 1 <= len(told.events) <= SHOWN
    assert told.earlier == 0 or len(told.events) == SHOWN
    shown = [event.day for event in told.events]
    assert shown == sorted(shown, reverse=True)
    assert told.since <= shown[-1]
    written = json.loads(json.dumps([event.to_dict() for event in told.events]))
    assert read_past(written, told.earlier, told.since) == told


@given(pasts, checks, st.data())
def test_twins_that_differ_only_in_their_moves_have_one_past_when_protected(
    steps: list[Step], checks: list[Check], data: st.DataObject
) -> None:
    """SECURITY F1: nobody learns from the past of a protected place whether or when it moved."""
    moved = [
        Step(
            step.day, step.action,
            tuple({*(set(step.changed) - ABOUT_WHERE), *data.draw(st.sets(st.sampled_from(sorted(ABOUT_WHERE))))}),
            step.closed, step.checked,
        )
        for step in steps
    ]  # fmt: skip
    still = [
        Step(s.day, s.action, tuple(n for n in s.changed if n in NAMED_OF_PROTECTED), s.closed, s.checked)
        for s in moved
    ]
    assert past_of(moved, checks, protected=True) == past_of(still, checks, protected=True)


def test_names_of_public_members_that_differ_and_of_no_others() -> None:
    layer, vocabulary = LAYERS["aid_points"], load_vocabulary()
    contents = [
        layer.content.read(aid_point()),
        layer.content.read(aid_point(hours="Mo-Fr 08:00-16:00")),
        layer.content.read(
            aid_point(
                hours="Mo-Fr 08:00-16:00",
                contacts=[{"kind": "phone", "value": "+48 41 555 01 23", "visibility": "partners"}],
            )
        ),
    ]
    found = [changed_fields(layer, vocabulary, *both) for both in itertools.pairwise(contents)]
    assert found == [("hours",), ()]
