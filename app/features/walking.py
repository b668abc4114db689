"""A page of a list in an order that an index has: read along the index until it is full.

Where little fits, going along would mean going to the end. So first a few of what fits are gathered, and when those are
all, they are put in order themselves. And nobody goes farther along than agreed: what fits may all lie at the end, as
places of one name in the order of names do, and then everything that fits is put in order after all. Whichever way it
was found, the page is the same.
"""

from collections.abc import Sequence
from typing import Final

from app.features.published import FENCE

#: Values of the statements. Up to `few` places are gathered and sorted; of more, so many fit that going along soon finds
#: some. No walk is longer than `walked` rows.
LIMITS: Final = {"few": 1000, "walked": 4000}

_NOW: Final = "CAST(:now AS timestamptz)"
#: When a place is open next, seconds since 1970: now, where it is open.
SOONEST: Final = (
    f"(SELECT extract(epoch FROM min(greatest(lower(o.span), {_NOW}))) FROM published.opening o"  # noqa: S608 - our own constants; values are parameters
    f" WHERE o.feature_id = f.id AND o.state = 'open' AND upper(o.span) > {_NOW})"
)
# As values, and not as EXISTS: they are looked up for one place after the other. By the place: of two indexes together
# PostgreSQL would read all that is open at the moment each time, which IS TRUE keeps it from.
_OPEN_NOW: Final = (
    "(SELECT true FROM published.opening o WHERE o.feature_id = f.id AND o.state = 'open'"  # noqa: S608 - our own constants; values are parameters
    f" AND (o.span @> {_NOW}) IS TRUE LIMIT 1)"
)
_FIRST_OPENING: Final = (
    "(SELECT e.id FROM published.opening e WHERE e.feature_id = f.id AND e.state = 'open'"  # noqa: S608 - our own constants; values are parameters
    f" AND upper(e.span) > {_NOW} ORDER BY greatest(lower(e.span), {_NOW}), e.id LIMIT 1)"
)
_ARE_MANY: Final = "(SELECT count(*) > :few FROM few)"


def by_column(sources: Sequence[str], fits: str, *, key: str, order: str) -> str:
    """SELECT of `slim`, `key` and `id` for the orders by a column.

    `sources` are FROM and WHERE of all that fits, as `f`; `fits` is the same as a condition on `published.feature AS
    f`. `order` are the columns of an index after the layer, by which `key` and then the id go. Parameters are those of
    the conditions, `LIMITS`, and `reach`: how many are needed from the first on.
    """
    return f"""
    WITH few AS MATERIALIZED ({_few(sources)}),
    walked AS MATERIALIZED (
      SELECT f.slim, {key} AS key, f.id FROM {_along(order)} f
      WHERE {_ARE_MANY} AND {fits} ORDER BY {order} LIMIT :reach)
    {_gathered(key)}
    UNION ALL SELECT slim, key, id FROM walked WHERE (SELECT count(*) = :reach FROM walked)
    UNION ALL {_everything(sources, key, "(SELECT count(*) < :reach FROM walked)")}
    """  # noqa: S608 - constants of this package


def along_index(fits: str, *, key: str, order: str) -> str:
    """The same where the index of an order has all that `fits` looks at: it alone is read until the page is full."""
    return f"""
    WITH walked AS MATERIALIZED (
      SELECT f.id FROM published.feature f WHERE {fits} ORDER BY {order} LIMIT :reach)
    SELECT f.slim, {key} AS key, f.id FROM walked
    CROSS JOIN LATERAL (SELECT f.* FROM published.feature f WHERE f.id = walked.id OFFSET 0) f
    """  # noqa: S608 - constants of this package


def open_along_index(fits: str, moment: str, *, key: str, order: str) -> str:
    """The same of what is open at a moment, which no index of an order has: for the first of what else fits it is looked up.

    Where those do not fill the page, as in the night, everything that is open then is gathered, and the index read against it.
    """
    is_open = f"o.state = 'open' AND o.span @> {moment}"
    return f"""
    WITH walked AS MATERIALIZED (
      SELECT f.id FROM (SELECT f.* FROM published.feature f WHERE {fits} ORDER BY {order} LIMIT :walked) f
      WHERE (SELECT true FROM published.opening o WHERE o.feature_id = f.id AND ({is_open}) IS TRUE LIMIT 1)
      ORDER BY {order} LIMIT :reach),
    rest AS MATERIALIZED (
      SELECT f.id FROM published.feature f
      WHERE (SELECT count(*) < :reach FROM walked) AND {fits}
        AND f.id IN (SELECT o.feature_id FROM published.opening o WHERE {is_open} {FENCE})
      ORDER BY {order} LIMIT :reach)
    SELECT f.slim, {key} AS key, f.id
    FROM (SELECT id FROM walked WHERE (SELECT count(*) = :reach FROM walked) UNION ALL SELECT id FROM rest) found
    CROSS JOIN LATERAL (SELECT f.* FROM published.feature f WHERE f.id = found.id OFFSET 0) f
    """  # noqa: S608 - constants of this package


def by_opening(sources: Sequence[str], fits: str) -> str:
    """The same by opening: what is open at `now`, then what opens next, then what never does as far as is known.

    What is open now is found along the ids, or by the openings where those are few themselves. What opens next is found
    along the openings, of which a place's first counts.
    """
    every = " UNION ALL ".join(
        f"(SELECT f.slim, f.id FROM {source} AND {_ARE_MANY}"  # noqa: S608 - our own constants; values are parameters
        f" AND (SELECT count(*) > :few FROM openings) AND (SELECT count(*) < :reach FROM walked) AND {_OPEN_NOW} OFFSET 0)"
        for source in sources
    )
    return f"""
    WITH few AS MATERIALIZED ({_few(sources)}),
    openings AS MATERIALIZED (
      SELECT o.feature_id FROM published.opening o
      WHERE {_ARE_MANY} AND o.state = 'open' AND o.span @> {_NOW} LIMIT :few + 1),
    walked AS MATERIALIZED (
      SELECT f.slim, f.id FROM {_along("f.id")} f
      WHERE (SELECT count(*) > :few FROM openings) AND {fits} AND {_OPEN_NOW} ORDER BY f.id LIMIT :reach),
    open_now AS MATERIALIZED (
      SELECT slim, id FROM walked WHERE (SELECT count(*) = :reach FROM walked)
      UNION ALL (SELECT slim, id FROM ({every}) f ORDER BY id LIMIT :reach)
      UNION ALL
      (SELECT f.slim, f.id FROM (SELECT DISTINCT feature_id FROM openings) o
       CROSS JOIN LATERAL (SELECT f.* FROM published.feature f WHERE f.id = o.feature_id OFFSET 0) f
       WHERE (SELECT count(*) <= :few FROM openings) AND {fits} ORDER BY f.id LIMIT :reach)),
    later AS MATERIALIZED (
      SELECT f.slim, f.id, lower(o.span) AS opens
      FROM (SELECT * FROM published.opening o WHERE o.state = 'open' AND lower(o.span) > {_NOW}
            ORDER BY lower(o.span), o.feature_id LIMIT :walked) o
      CROSS JOIN LATERAL (SELECT f.* FROM published.feature f WHERE f.id = o.feature_id OFFSET 0) f
      WHERE {_ARE_MANY} AND (SELECT count(*) < :reach FROM open_now) AND {fits} AND o.id = {_FIRST_OPENING}
      ORDER BY lower(o.span), o.feature_id LIMIT :reach),
    enough AS (SELECT (SELECT count(*) FROM open_now) + (SELECT count(*) FROM later) >= :reach AS yes)
    {_gathered(SOONEST)}
    UNION ALL SELECT slim, extract(epoch FROM {_NOW}), id FROM open_now WHERE (SELECT yes FROM enough)
    UNION ALL SELECT slim, extract(epoch FROM opens), id FROM later WHERE (SELECT yes FROM enough)
    UNION ALL {_everything(sources, SOONEST, "NOT (SELECT yes FROM enough)")}
    """  # noqa: S608 - constants of this package


def by_last_opening(sources: Sequence[str], fits: str) -> str:
    """The same by opening, turned round: what never opens as far as is known, then what opens last, then what is open.

    What never opens is found along the ids; only when that does not fill the page, everything that fits is sorted.
    """
    return f"""
    WITH few AS MATERIALIZED ({_few(sources)}),
    walked AS MATERIALIZED (
      SELECT f.slim, f.id FROM {_along("f.id DESC")} f
      WHERE {_ARE_MANY} AND {fits} AND {SOONEST} IS NULL ORDER BY f.id DESC LIMIT :reach)
    {_gathered(SOONEST)}
    UNION ALL SELECT slim, NULL, id FROM walked WHERE (SELECT count(*) = :reach FROM walked)
    UNION ALL {_everything(sources, SOONEST, "(SELECT count(*) < :reach FROM walked)")}
    """  # noqa: S608 - constants of this package


def _few(sources: Sequence[str]) -> str:
    every = " UNION ALL ".join(f"SELECT f.id FROM {source}" for source in sources)  # noqa: S608 - our own constants; values are parameters
    return f"SELECT id FROM ({every}) f LIMIT :few + 1"  # noqa: S608 - our own constants; values are parameters


def _gathered(key: str) -> str:
    """The few with their keys, when they are all."""
    return f"""
    SELECT f.slim, {key} AS key, f.id FROM few
    CROSS JOIN LATERAL (SELECT f.* FROM published.feature f WHERE f.id = few.id OFFSET 0) f WHERE NOT {_ARE_MANY}
    """  # noqa: S608 - our own constants; values are parameters


def _along(order: str) -> str:
    """The first places of the layer in an order."""
    return (
        f"(SELECT f.* FROM published.feature f WHERE {_ARE_MANY} AND f.layer = :layer"  # noqa: S608 - our own constants; values are parameters
        f" ORDER BY {order} LIMIT :walked)"
    )


def _everything(sources: Sequence[str], key: str, condition: str) -> str:
    """All that fits with its keys, when there is more than a few of it and `condition` holds."""
    return " UNION ALL ".join(
        f"(SELECT f.slim, {key}, f.id FROM {source} AND {_ARE_MANY} AND {condition})"  # noqa: S608 - our own constants; values are parameters
        for source in sources
    )
