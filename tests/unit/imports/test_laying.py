"""What a row asks of a place: nothing that it does not say is lost, and asked twice it asks for nothing."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.imports.staging.laying import differing, laid, taken
from app.layers.aid_points.content import AidPoint

NAMES = st.dictionaries(st.sampled_from(["pl", "uk", "en"]), st.sampled_from(["Bar", "Bar 2"]), min_size=1)
CONTACTS = st.lists(
    st.sampled_from(
        [
            {"kind": "phone", "value": "+48413445123"},
            {"kind": "phone", "value": "+48413445124"},
            {"kind": "email", "value": "a@example.org"},
        ]
    ),
    unique_by=str,
)
SERVICES = st.lists(
    st.sampled_from([{"type": "hot_meals"}, {"type": "legal_advice"}, {"type": "shower"}]),
    min_size=1,
    unique_by=str,
)
PLACES = st.sampled_from(
    [
        {"position": {"lng": 20.6, "lat": 50.8}},
        {"position": {"lng": 20.600001, "lat": 50.8}},
        {
            "position": {"lng": 20.7, "lat": 50.8},
            "geocoded": {"level": "locality", "confidence": 0.5, "source": "g"},
        },
    ]
)
ADDRESSES = st.fixed_dictionaries(
    {"city": st.sampled_from(["Kielce", "KIELCE", "Radom"])},
    optional={"street": st.sampled_from(["Długa", "Krótka"]), "house_number": st.just("7")},
)


@st.composite
def contents(draw: st.DrawFn) -> dict[str, Any]:
    texts = draw(NAMES)
    said: dict[str, Any] = {
        "name": {"texts": texts, "source": min(texts)},
        "services": draw(SERVICES),
        "place": draw(PLACES),
    }
    for key, values in (
        ("contacts", CONTACTS),
        ("address", ADDRESSES),
        ("hours", st.sampled_from(["24/7", "Mo 08:00-10:00"])),
    ):
        if draw(st.booleans()) and (value := draw(values)):
            said[key] = value
    return said


@given(row=contents(), live=contents())
def test_what_was_laid_is_not_asked_for_again(row: dict[str, Any], live: dict[str, Any]) -> None:
    once = laid(row, live, None)

    assert differing(once, laid(row, once, None)) == []
    assert laid(row, once, row) == once


def test_what_others_have_added_stays_when_the_source_is_silent() -> None:
    named = {"name": {"texts": {"pl": "Bar"}, "source": "pl"}}
    theirs, ours = ({"kind": "phone", "value": f"+4841344512{last}"} for last in (3, 4))
    said = named | {"contacts": [theirs]}

    assert laid(named, named | {"contacts": [theirs, ours]}, said) == named | {"contacts": [ours]}
    assert laid(named, named | {"contacts": [theirs]}, said) == named


@given(row=contents(), live=contents(), said=contents())
def test_only_what_the_source_says_goes_or_comes(
    row: dict[str, Any], live: dict[str, Any], said: dict[str, Any]
) -> None:
    result = laid(row, live, said)

    assert set(live) - set(result) <= set(said) - set(row)
    values = {one["value"] for one in result.get("contacts", ())}
    gone = {one["value"] for one in live.get("contacts", ())} - values
    assert gone <= {one["value"] for one in said.get("contacts", ())}
    assert set(live["name"]["texts"]) - set(result["name"]["texts"]) <= set(said["name"]["texts"])
    for key, value in row.items():
        if value == said.get(key):
            assert result.get(key) == live.get(key)


@given(row=contents(), live=contents())
def test_all_fields_taken_are_the_row_laid_and_none_is_what_is_here(
    row: dict[str, Any], live: dict[str, Any]
) -> None:
    wanted = laid(row, live, None)

    assert taken(live, wanted, differing(live, wanted)) == wanted
    assert taken(live, wanted, ()) == live


@given(row=contents())
def test_of_a_protected_place_nothing_is_laid_where_it_is(row: dict[str, Any]) -> None:
    place = {"disclosure": "area", "area": {"code": "PL-26"}}
    live = {
        "name": {"texts": {"pl": "Dom"}, "source": "pl"},
        "services": [{"type": "hot_meals"}],
        "place": place,
    }

    result = laid(row, live, None)

    assert result["place"] == place
    assert "address" not in result


def test_an_organisation_of_the_register_is_not_replaced_by_its_name() -> None:
    live = {"organisation": {"id": "0" * 8 + "-0000-0000-0000-" + "0" * 12, "name": "Caritas"}}

    assert laid({"organisation": {"name": "CARITAS"}}, live, None) == live


def test_a_street_that_moved_takes_its_old_number_with_it() -> None:
    live = {"address": {"street": "Długa", "house_number": "7", "city": "Kielce", "country": "PL"}}

    result = laid({"address": {"street": "Krótka", "city": "Kielce"}}, live, None)

    assert result["address"] == {"street": "Krótka", "city": "Kielce", "country": "PL"}


def test_the_drawn_contents_are_such_as_the_layer_takes() -> None:
    said = {"name": {"texts": {"pl": "Bar"}, "source": "pl"}, "services": [{"type": "hot_meals"}]}
    assert AidPoint.read(said | {"place": {"position": {"lng": 20.6, "lat": 50.8}}})
