"""SQL that folds ready-made GeoJSON Feature texts into a FeatureCollection inside PostgreSQL, as one value of bytes.

Python never sees a feature: the texts were rendered when they were published (shape 1 in the measurements: 4 to 14
times cheaper than ST_AsGeoJSON or jsonb_build_object, and nothing is left to do but to send the bytes).
"""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*\Z")
_OWN_MEMBERS: Final = frozenset({"type", "features", "numberReturned", "numberMatched"})


def feature_collection_sql(
    features_sql: str,
    *,
    feature: str = "feature",
    order_by: str | None = None,
    number_matched_sql: str | None = None,
    members_parameter: str | None = None,
    computed_members: Mapping[str, str] | None = None,
) -> str:
    """A SELECT of one row with one bytea column `body`: the FeatureCollection in UTF-8.

    `features_sql` is a SELECT of which the text column `feature` holds GeoJSON Features; rows where it is NULL count
    for nothing. Their order is that of the SELECT, or of `order_by` (an expression over its columns).

    - `numberReturned` is always given; `numberMatched` if `number_matched_sql` (a scalar expression) is.
    - `members_parameter` names a bind parameter with more members, as `top_level_members` writes them.
    - `computed_members` are members whose values are SQL expressions of JSON text, aggregates over the columns of
      `features_sql` (as `q`), such as the position from which a next page goes on. A NULL leaves the member out.

    All these texts are program text, never input: values go into bind parameters. SQLAlchemy's text() takes a colon
    before a letter for such a parameter, also in a literal: write `": null`, with a space. Raises ValueError for names that
    are no plain names or are the collection's own.
    """
    _require_names(feature, *([members_parameter] if members_parameter else []))
    parts = ['\'{"type":"FeatureCollection"\'']
    if members_parameter:
        parts.append(f"CAST(:{members_parameter} AS text)")
    for name, expression in (computed_members or {}).items():
        _require_member(name)
        parts.append(f"coalesce(',\"{name}\":' || ({expression}), '')")
    if number_matched_sql is not None:
        parts.append(f"',\"numberMatched\":' || ({number_matched_sql})")
    parts.append(f"',\"numberReturned\":' || count(q.{feature})")
    order = f" ORDER BY {order_by}" if order_by else ""
    parts.append(f"',\"features\":[' || coalesce(string_agg(q.{feature}, ','{order}), '') || ']}}'")
    document = " || ".join(parts)
    # Program text only, as the docstring demands.
    return f"SELECT convert_to({document}, 'UTF8') AS body FROM ({features_sql}) AS q"  # noqa: S608 - our own constants; values are parameters


def top_level_members(members: Mapping[str, Any]) -> str:
    """Members of a collection (links, version, timeStamp …) as the text for `members_parameter`; '' for none.

    Each is preceded by a comma. None values are left out. Raises ValueError for a name that is the collection's own
    or not plain, and for NaN and infinity.
    """
    for name in members:
        _require_member(name)
    return "".join(
        f",{json.dumps(name)}:{json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(',', ':'))}"
        for name, value in members.items()
        if value is not None
    )


def _require_names(*names: str) -> None:
    if not all(_NAME.match(name) for name in names):
        raise ValueError("a name here is made of letters, digits and underscores")


def _require_member(name: str) -> None:
    _require_names(name)
    if name in _OWN_MEMBERS:
        raise ValueError("this member is the collection's own")
