"""How likely two entries are one: the same from either side, found where it was planted, and nowhere else."""

import uuid
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.moderation.duplicates.blocks import likely_pairs
from app.moderation.duplicates.scoring import (
    WORTH_A_LOOK,
    _metres,
    _points_without_names,
    _reasons,
    likeness,
)
from app.moderation.duplicates.traits import Traits, alike

_NAMES = st.sampled_from(
    [
        "Kuchnia Caritas",
        "Кухня Карітас",
        "Jadłodajnia Ciepły Stół",
        "Szkoła nr 4",
        "Szkoła nr 5",
        "Schronisko",
        "",
    ]
)
_PHONES = st.sets(st.sampled_from(["+48415550101", "+48415550102", "116123"]), max_size=2).map(frozenset)
TRAITS = st.builds(
    Traits,
    id=st.uuids(),
    layer=st.just("aid_points"),
    names=st.lists(_NAMES, min_size=1, max_size=3).map(tuple),
    position=st.none()
    | st.tuples(st.floats(20.62, 20.64, allow_nan=False), st.floats(50.86, 50.87, allow_nan=False)),
    phones=_PHONES,
    site=st.sampled_from(["", "example.org", "example.org/kielce"]),
    address=st.sampled_from(["", "sienkiewicza 1 kielce"]),
    city=st.sampled_from(["", "kielce"]),
    services=st.sets(st.sampled_from(["hot_meals", "clothes", "shelter"]), max_size=2).map(frozenset),
    identifiers=st.sampled_from([frozenset(), frozenset({("krs", "1")}), frozenset({("krs", "2")})]),
)


@given(TRAITS, TRAITS)
def test_a_score_is_the_same_from_either_side(a: Traits, b: Traits) -> None:
    assert likeness(a, b) == likeness(b, a)


@given(TRAITS, TRAITS)
def test_a_score_is_one_to_a_hundred_and_its_reasons_are_positive_the_strongest_first(
    a: Traits, b: Traits
) -> None:
    like = likeness(a, b)
    if like is not None:
        points = [reason.points for reason in like.reasons]
        assert WORTH_A_LOOK <= like.score <= 100
        assert min(points) > 0
        assert points == sorted(points, reverse=True)


@given(TRAITS, TRAITS)
def test_the_points_that_are_counted_are_those_that_are_told(a: Traits, b: Traits) -> None:
    """The hot path adds up what the reasons name, and what speaks against it."""
    told = sum(reason.points for reason in _reasons(a, b, _metres(a, b)))
    assert _points_without_names(a, b, _metres(a, b)) - told in {
        -against - distance
        for against in (0, 15, 60, 75)
        for distance in (0, 10, 25)
    }  # fmt: skip


@given(st.lists(TRAITS, max_size=12, unique_by=lambda one: one.id))
def test_what_the_blocks_find_is_what_comparing_all_with_all_finds_nearby(features: list[Traits]) -> None:
    """No pair is invented, and none that shares a telephone, a page, an address or its whole name and town is missed."""
    found = likely_pairs(features)
    for a, b in combinations(features, 2):
        assert a.id is not None
        assert b.id is not None
        key = (min(a.id, b.id), max(a.id, b.id))
        if key in found:
            assert found[key] == likeness(a, b)
        elif set(a.marks()) & set(b.marks()):
            assert likeness(a, b) is None


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        ("Kuchnia Caritas", "Кухня Карітас", 0.7, 1.0),
        ("Jadłodajnia „Ciepły Stół”", "jadlodajnia cieply stol", 1.0, 1.0),
        ("Szkoła Podstawowa nr 4", "Szkoła Podstawowa nr 5", 0.0, 0.5),
        ("Noclegownia Brata Alberta", "Biblioteka Miejska", 0.0, 0.3),
    ],
)
def test_names_are_compared_as_they_are_heard(one: str, other: str, least: float, most: float) -> None:
    assert least <= alike(one, other) <= most
    assert alike(one, other) == alike(other, one)


def _planted(name: str, lng: float, **more: object) -> Traits:
    made = Traits(uuid.uuid4(), "aid_points", (name,), (lng, 50.87), services=frozenset({"hot_meals"}))
    return replace(made, **more)  # type: ignore[arg-type]


def test_planted_duplicates_are_found_among_many_that_are_none() -> None:
    words = ["Okno", "Brama", "Ogród", "Most", "Zegar", "Latarnia", "Kompas", "Piec"]
    many = [
        _planted(f"{first} {second} {i}", 20.0 + i * 0.01)
        for i, (first, second) in enumerate(combinations(words, 2))
    ]
    near = _planted("Okno i Brama", 20.005), _planted("Okno i  BRAMA", 20.0053)
    called = _planted("Stołówka", 21.0, phones=frozenset({"+48415550101"})), _planted(
        "Stołówka Caritas", 21.002, phones=frozenset({"+48415550101"})
    )  # fmt: skip
    unplaced = (
        _planted("Telefon zaufania", 0, position=None, phones=frozenset({"116123"})),
        _planted("Телефон зауфаня", 0, position=None, phones=frozenset({"116123"})),
    )
    found = likely_pairs([*many, *near, *called, *unplaced])
    wanted = {tuple(sorted((a.id, b.id))) for a, b in (near, called, unplaced)}  # type: ignore[type-var]
    assert wanted == set(found)


def test_a_number_of_everybody_makes_no_pairs() -> None:
    """Of a network with one number and one page for a thousand places each is compared with its neighbours alone."""
    network = [
        _planted("Apteka", 15.0 + i * 0.01, phones=frozenset({"+48800100100"}), site="example.org")
        for i in range(1000)
    ]
    assert likely_pairs(network) == {}


def test_two_registers_numbers_of_one_kind_say_that_they_are_two() -> None:
    a = _planted("Fundacja Most", 20.0, services=frozenset(), identifiers=frozenset({("krs", "1")}))
    b = _planted("Fundacja Most", 20.0, services=frozenset(), identifiers=frozenset({("krs", "2")}))
    assert likeness(a, b) is None
    assert likeness(a, replace(b, identifiers=a.identifiers)) is not None
