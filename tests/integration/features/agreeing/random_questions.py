"""Questions of the public at random: each parameter by itself or with others, and the filter they make."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from app.features.filters import Filter, single_facet
from app.taxonomy.vocabulary import Vocabulary
from geo.bbox import BBox, Position
from geo.ring import parse_ring
from tests.integration.features.agreeing.random_places import ACCESS, NOW, ORGANISATIONS, SERVICES

#: What is asked for besides services, languages and a box, where many places shall fit.
MANY: dict[str, Any] = {
    "audiences": [],
    "audience_modes": [],
    "access": [],
    "text": "",
    "area": None,
    "drawn": None,
    "open_at": None,
    "walking_from": None,
    "unknown_hours": False,
    "checked_since": None,
    "organisation_id": None,
}


def codes(values: list[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), max_size=2, unique=True)


POSITIONS = st.sampled_from([Position(20.63, 50.87), Position(19.9, 50.0), Position(21.2, 52.3)])
MOMENTS = st.integers(0, 13 * 24 * 4).map(lambda quarters: NOW + dt.timedelta(minutes=15 * quarters))
BOXES = st.tuples(POSITIONS, st.sampled_from([0.002, 0.05, 0.4, 2.0])).map(
    lambda given: BBox(
        given[0].lng - given[1], given[0].lat - given[1], given[0].lng + given[1], given[0].lat + given[1]
    )
)


#: A triangle, an arrowhead, which is not convex, one around nearly everything and one around a house.
RINGS = st.sampled_from(
    [
        "20.2,50.5;21.3,50.5;20.7,52.6",
        "19.0,49.8;20.6,50.9;21.8,49.8;20.7,52.9",
        "18.5,49;22.6,49;22.6,53.7;18.5,53.7",
        "20.6295,50.8695;20.6305,50.8697;20.6303,50.8704",
    ],
).map(parse_ring)


@st.composite
def wanted_filters(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "services": draw(codes([*SERVICES, "food"])),
        "audiences": draw(codes(["women", "homeless"])),
        "audience_modes": draw(codes(["everyone", "preferred", "only"])),
        "languages": draw(codes(["pl", "uk"])),
        "access": draw(codes(ACCESS)),
        "text": draw(st.sampled_from(["", "", "", "punkt 1"])),
        "area": draw(
            st.sampled_from([None, None, "PL-10", "PL-2001", "PL-1001012", "PL-99", "PL-west", "PL-both"])
        ),
        "drawn": draw(st.none() | RINGS),
        "open_at": draw(st.none() | MOMENTS),
        "walking_from": draw(st.none() | POSITIONS),
        "unknown_hours": draw(st.booleans()),
        "checked_since": draw(st.none() | st.sampled_from([dt.date(2026, 9, 1), dt.date(2026, 1, 1)])),
        "bbox": draw(st.none() | BOXES),
        "organisation_id": draw(st.sampled_from([None, None, *range(len(ORGANISATIONS))])),
    }


def filter_of(
    asked: dict[str, Any], vocabulary: Vocabulary, organisations: Sequence[uuid.UUID] = ()
) -> Filter:
    which = asked["organisation_id"]
    sets = {name: frozenset(asked[name]) for name in ("audiences", "audience_modes", "languages", "access")}
    return Filter(
        **asked
        | sets
        | {
            "services": vocabulary.expand(asked["services"]),
            "organisation_id": None if which is None else organisations[which],
            "single_facet": single_facet(
                vocabulary, asked["services"], asked["audiences"], asked["languages"], asked["access"]
            ),
        }
    )
