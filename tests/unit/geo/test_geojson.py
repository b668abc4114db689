import json
import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from geo.geojson import (
    feature_collection_sql,
    format_degrees,
    top_level_members,
)


@pytest.mark.parametrize(
    ("degrees", "written"),
    [
        (21.0122, "21.0122"),
        (21.0, "21"),
        (100.0, "100"),
        (0.0, "0"),
        (-0.0, "0"),
        (-1e-9, "0"),
        (1e-320, "0"),
        (1e-6, "0.000001"),
        (-0.5, "-0.5"),
        (52.123456789012345, "52.123457"),
    ],
)
def test_degrees_have_at_most_six_decimals_and_no_ornament(degrees: float, written: str) -> None:
    assert format_degrees(degrees) == written


@pytest.mark.parametrize("degrees", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_is_not_written(degrees: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        format_degrees(degrees)


@given(st.floats(-180, 180))
def test_written_degrees_are_plain_and_near(degrees: float) -> None:
    written = format_degrees(degrees)
    assert re.fullmatch(r"-?[0-9]{1,3}(\.[0-9]{0,5}[1-9])?", written)
    assert written != "-0"
    assert abs(float(written) - degrees) <= 5.000001e-7
    assert format_degrees(float(written)) == written


def test_members_are_written_in_front_of_the_features() -> None:
    members = top_level_members(
        {"version": "17", "links": [{"rel": "self", "href": 'ż"'}], "timeStamp": None}
    )
    assert members.startswith(",")
    assert json.loads("{" + members[1:] + "}") == {"version": "17", "links": [{"rel": "self", "href": 'ż"'}]}
    assert top_level_members({}) == ""


@pytest.mark.parametrize("name", ["features", "type", "numberMatched", 'a"b', "", "a b", "9a"])
def test_a_member_has_a_plain_name_of_its_own(name: str) -> None:
    with pytest.raises(ValueError, match=r"own|letters"):
        top_level_members({name: 1})
    with pytest.raises(ValueError, match=r"own|letters"):
        feature_collection_sql("SELECT 1", computed_members={name: "1"})


def test_a_member_is_no_nan() -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        top_level_members({"value": math.nan})


@pytest.mark.parametrize("name", ["a; DROP TABLE x", "a b", ""])
def test_a_column_has_a_plain_name(name: str) -> None:
    with pytest.raises(ValueError, match="letters"):
        feature_collection_sql("SELECT 1", feature=name)


def test_json_in_the_statement_is_not_taken_for_parameters() -> None:
    sql = feature_collection_sql(
        "SELECT slim FROM t WHERE layer = :layer",
        feature="slim",
        members_parameter="members",
        number_matched_sql="SELECT 5",
    )
    assert set(text(sql).compile().params) == {"layer", "members"}
