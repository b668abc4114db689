"""One content of two: all of one side is that side, both is both, and the stricter protection cannot be chosen away."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.features.merged import three_way
from app.moderation.duplicates.choosing import chosen_content, disclosure, fields_of, may_be_both, suggested
from app.moderation.patching import WHERE

_PLACES = st.sampled_from(
    [
        {"place": {"position": {"lng": 20.6, "lat": 50.8}}, "address": {"street": "Sienkiewicza"}},
        {"place": {"position": {"lng": 20.7, "lat": 50.9}}},
        {"place": {"disclosure": "area", "area": {"code": "PL-2661"}}},
        {"place": {"disclosure": "contact_only", "area": {"code": "PL-26"}}},
    ]
)
_CONTACTS = st.lists(
    st.sampled_from([{"kind": "phone", "value": "112"}, {"kind": "email", "value": "a@example.org"}]),
    max_size=2,
)
_REST = st.fixed_dictionaries(
    {"name": st.sampled_from(["A", "B"])},
    optional={
        "contacts": _CONTACTS,
        "hours": st.sampled_from(["24/7", "Mo 08:00-16:00"]),
        "appointment": st.sampled_from(["needed", "possible"]),
        "website": st.sampled_from(["https://a.example.org/", "https://b.example.org/"]),
        "identifiers": st.dictionaries(
            st.sampled_from(["krs", "nip"]), st.sampled_from(["1", "2"]), max_size=2
        ),
    },
)
CONTENT = st.builds(lambda rest, place: rest | place, _REST, _PLACES)
CHOSEN = st.dictionaries(
    st.sampled_from(["name", "place", "contacts", "hours", "website", "identifiers", "nonsense"]),
    st.sampled_from(["winner", "loser", "both", "nonsense"]),
)


@given(CONTENT, CONTENT)
def test_all_of_one_side_is_that_side(winner: dict[str, Any], loser: dict[str, Any]) -> None:
    if disclosure(winner) == disclosure(loser):
        assert chosen_content(winner, loser, dict.fromkeys(fields_of(winner, loser), "winner")) == winner
        assert chosen_content(winner, loser, dict.fromkeys(fields_of(winner, loser), "loser")) == loser


@given(CONTENT, CONTENT, CHOSEN)
def test_whatever_is_chosen_a_protected_place_is_not_opened_up(
    winner: dict[str, Any], loser: dict[str, Any], chosen: dict[str, str]
) -> None:
    made = chosen_content(winner, loser, chosen)
    order = ["exact", "area", "partners", "contact_only"]
    assert order.index(disclosure(made)) == max(order.index(disclosure(one)) for one in (winner, loser))
    if disclosure(made) != "exact":
        assert "position" not in made["place"]
        assert "address" not in made


@given(CONTENT, CONTENT)
def test_both_keeps_everything_of_a_list_once(winner: dict[str, Any], loser: dict[str, Any]) -> None:
    made = chosen_content(winner, loser, {"contacts": "both"})
    if may_be_both("contacts", winner, loser):
        values = [contact["value"] for contact in made["contacts"]]
        wanted = {contact["value"] for one in (winner, loser) for contact in one.get("contacts", [])}
        assert set(values) == wanted
    suggestion = {name: suggested(name, winner, loser) for name in fields_of(winner, loser)}
    assert set(winner) | set(loser) == set(chosen_content(winner, loser, suggestion)) | _left(winner, loser)


def _left(winner: dict[str, Any], loser: dict[str, Any]) -> set[str]:
    """What goes with the group of the other side: an address with its pin, an appointment with its hours."""
    return {key for key in {*winner, *loser} if key in {*WHERE, "hours", "appointment"} or not (winner.get(key) or loser.get(key))}  # fmt: skip


@given(CONTENT, CONTENT, CHOSEN)
def test_a_change_that_is_taken_back_is_as_if_it_was_not_made(
    before: dict[str, Any], other: dict[str, Any], chosen: dict[str, str]
) -> None:
    after = chosen_content(before, other, chosen)
    assert three_way(after, after, before, WHERE) == before


def test_what_was_changed_since_stays() -> None:
    before = {"name": "A", "website": "a", "contacts": [1]}
    after = {"name": "B", "website": "b", "contacts": [1]}
    assert three_way({**after, "website": "c", "contacts": [2]}, after, before, WHERE) == {
        "name": "A",
        "website": "c",
        "contacts": [2],
    }


@pytest.mark.parametrize(("side", "krs"), [("winner", "1"), ("loser", "2"), ("both", "1")])
def test_of_a_register_that_both_have_the_winner_s_number_stays(side: str, krs: str) -> None:
    winner, loser = {"identifiers": {"krs": "1"}}, {"identifiers": {"krs": "2", "nip": "3"}}
    made = chosen_content(winner, loser, {"identifiers": side})
    assert made["identifiers"]["krs"] == krs
    assert ("nip" in made["identifiers"]) == (side != "winner")
