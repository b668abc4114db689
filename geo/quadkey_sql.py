"""The quadkey in PostgreSQL's words, for bulk updates: the same arithmetic as geo.quadkey.

Both compute in double precision, but with two libraries' sine and logarithm: for a position within a nanometre of a
cell's edge they may disagree by one cell of 0.6 m. Keep the keys of one table to one of the two.
"""

from typing import Final

from geo.crs import MAX_MERCATOR_LAT
from geo.quadkey import MAX_ZOOM

_SIDE: Final = 1 << MAX_ZOOM
# Bits are spread in five steps, as in geo.quadkey._spread. Each is a LATERAL of its own: written as one expression
# it would name its argument 32 times.
_STEPS: Final = (
    (16, 0x0000FFFF0000FFFF),
    (8, 0x00FF00FF00FF00FF),
    (4, 0x0F0F0F0F0F0F0F0F),
    (2, 0x3333333333333333),
    (1, 0x5555555555555555),
)


def quadkey_sql(lng: str, lat: str) -> str:
    """A scalar subquery of type bigint for two SQL expressions of double precision; NULL if one of them is NULL.

    The expressions are program text, never input. Positions must be finite, as a CHECK on the table guarantees.
    """
    return f"({_select(lng, lat)})"


def quadkey_function_sql(name: str) -> str:
    """CREATE FUNCTION name(lng double precision, lat double precision) RETURNS bigint, for a migration."""
    return (
        f"CREATE OR REPLACE FUNCTION {name}(lng double precision, lat double precision) RETURNS bigint\n"
        f"LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE\nRETURN ({_select('lng', 'lat')})"
    )


def _select(lng: str, lat: str) -> str:
    limit = repr(MAX_MERCATOR_LAT)
    lines = [
        "SELECT (y5.v << 1) | x5.v FROM",
        f"(SELECT ({lng})::double precision AS lng, ({lat})::double precision AS lat) AS q",
        "CROSS JOIN LATERAL (SELECT q.lng,",
        f"sin(radians(greatest(-{limit}, least({limit}, q.lat)))) AS sine) AS p",
        "CROSS JOIN LATERAL (SELECT",
        f"least({_SIDE - 1}, greatest(0, floor((p.lng + 180.0) / 360.0 * {_SIDE})::bigint)) AS v) AS x0",
        "CROSS JOIN LATERAL (SELECT",
        f"least({_SIDE - 1}, greatest(0, floor((0.5 - ln((1.0 + p.sine) / (1.0 - p.sine))",
        f"/ (4.0 * pi())) * {_SIDE})::bigint)) AS v) AS y0",
    ]
    for step, (shift, mask) in enumerate(_STEPS):
        lines.extend(
            f"CROSS JOIN LATERAL (SELECT ({axis}{step}.v | ({axis}{step}.v << {shift})) & {mask} AS v)"
            f" AS {axis}{step + 1}"
            for axis in "xy"
        )
    # least and greatest pass over NULL; without this line a missing latitude would be a place near the pole.
    lines.append("WHERE q.lng IS NOT NULL AND q.lat IS NOT NULL")
    return "\n".join(lines)
