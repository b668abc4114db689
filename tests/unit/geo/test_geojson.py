import json
import math

import pytest
from sqlalchemy import text

from geo.geojson import (
    feature_collection_sql,
    top_level_members,
)


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
