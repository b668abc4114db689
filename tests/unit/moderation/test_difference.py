"""Laws of the difference of two contents."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.moderation.difference import difference
from app.moderation.patching import WHERE

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=2), inner, max_size=2),
    max_leaves=4,
)
KEYS = st.sampled_from(["name", "hours", "services", "contacts", *WHERE])
CONTENTS = st.dictionaries(KEYS, VALUES, max_size=8)


@given(CONTENTS, CONTENTS)
def test_applied_to_the_first_it_gives_the_second(first: dict[str, Any], second: dict[str, Any]) -> None:
    kept = dict(first)
    assert difference(first, second).apply(first) == second
    assert first == kept


@given(CONTENTS, CONTENTS)
def test_it_is_empty_exactly_where_both_say_the_same(first: dict[str, Any], second: dict[str, Any]) -> None:
    assert bool(difference(first, second)) == (first != second)
    assert not difference(first, first)


@given(CONTENTS, CONTENTS, st.sets(KEYS))
def test_its_parts_together_are_the_whole(
    first: dict[str, Any], second: dict[str, Any], fields: set[str]
) -> None:
    whole = difference(first, second)
    part = whole.only(fields)
    rest = whole.only(whole.fields - part.fields)
    assert rest.apply(part.apply(first)) == second
    assert part.fields <= fields | set(WHERE)


@given(CONTENTS, CONTENTS, st.sets(KEYS))
def test_where_something_is_goes_together(
    first: dict[str, Any], second: dict[str, Any], fields: set[str]
) -> None:
    part = difference(first, second).only(fields)
    given_back = part.apply(first)
    source = first if fields.isdisjoint(WHERE) else second
    for key in WHERE:
        assert (key in given_back, given_back.get(key)) == (key in source, source.get(key))
