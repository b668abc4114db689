"""Cells are counted for three zooms instead of ten, one of them deeper, so that a publication writes a third of the rows.

A tile of another zoom is summed from the next deeper one. Zoom ten was grouped from the index of keys, which took long
where many places lie together. An older program that still runs cannot publish any more: the check refuses its rows.
"""

from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_FAMILIES = 6
#: Bits by which a key is longer than a cell of zoom ten.
_SHIFT = 26
_MASKS = (
    "services_0",
    "services_1",
    "audiences",
    "audiences_preferred",
    "audiences_only",
    "for_everyone",
    "languages",
)
_BIT = "(CAST(1 AS bigint) << t.position)"
_SERVICE = (
    "t.kind = 'service' AND CASE WHEN t.position < 60 THEN m.services_0 >> t.position"
    " ELSE m.services_1 >> (t.position - 60) END & 1 = 1"
)
#: The modes of a place, and those in which it names the audience `t`.
_EVERYONE = "CASE WHEN m.for_everyone THEN 'e' ELSE '' END"
_ITS_MODES = (
    f"{_EVERYONE} || CASE WHEN m.audiences_preferred <> 0 THEN 'p' ELSE '' END"
    " || CASE WHEN m.audiences_only <> 0 THEN 'o' ELSE '' END"
)
_NAMED_MODES = (
    f"{_EVERYONE} || CASE WHEN m.audiences_preferred & {_BIT} <> 0 THEN 'p' ELSE '' END"
    f" || CASE WHEN m.audiences_only & {_BIT} <> 0 THEN 'o' ELSE '' END"
)
#: The facets of each combination of codes that some place has.
_FACETS = f"""
    SELECT m.*, '' AS facet FROM mask m
    UNION ALL SELECT m.*, 's:' || t.code FROM mask m JOIN published.term t ON {_SERVICE}
    UNION ALL SELECT DISTINCT m.*, 'g:' || t.parent FROM mask m JOIN published.term t ON {_SERVICE}
    UNION ALL SELECT DISTINCT m.*, 'f:' || t.family FROM mask m JOIN published.term t ON {_SERVICE}
    UNION ALL SELECT m.*, 'l:' || t.code
      FROM mask m JOIN published.term t ON t.kind = 'language' AND m.languages & {_BIT} <> 0
    UNION ALL SELECT m.*, 'a' || {_NAMED_MODES} || ':' || t.code
      FROM mask m JOIN published.term t ON t.kind = 'audience' AND m.audiences & {_BIT} <> 0
    UNION ALL SELECT m.*, 'w' || {_ITS_MODES} || ':'
      FROM mask m WHERE m.for_everyone OR m.audiences_preferred <> 0 OR m.audiences_only <> 0
"""  # noqa: S608 - constants of this module


def upgrade() -> None:
    _let_nobody_publish()
    op.execute("DELETE FROM published.cell WHERE z NOT IN (6, 8, 10)")
    _count_deepest()
    op.create_check_constraint("z", "cell", "z IN (6, 8, 10)", schema="published")


def downgrade() -> None:
    _let_nobody_publish()
    op.drop_constraint("z", "cell", schema="published", type_="check")
    for z, below in ((9, 10), (7, 8), (5, 6), (4, 5), (3, 4), (2, 3), (1, 2), (0, 1)):
        added = ", ".join(f"CAST(sum(families[{i + 1}]) AS integer)" for i in range(_FAMILIES))
        op.execute(
            f"""
            INSERT INTO published.cell (layer, facet, z, cell, n, families, sum_lng, sum_lat)
            SELECT layer, facet, {z}, cell >> 2, sum(n), ARRAY[{added}], sum(sum_lng), sum(sum_lat)
            FROM published.cell WHERE z = {below} GROUP BY layer, facet, cell >> 2
            """  # noqa: S608 - constants of this module
        )
    op.execute("DELETE FROM published.cell WHERE z = 10")


def _let_nobody_publish() -> None:
    """Every publication holds the row of its layer: what is counted here is all there is until this is done."""
    op.execute("SELECT FROM published.layer_version ORDER BY layer FOR UPDATE")


def _count_deepest() -> None:
    columns = ", ".join(_MASKS)
    same = " AND ".join(f"k.{column} = f.{column}" for column in _MASKS)
    counted = ", ".join(f"CAST(count(*) FILTER (WHERE f.family = {i}) AS integer)" for i in range(_FAMILIES))
    op.execute(
        f"""
        WITH mask AS MATERIALIZED (SELECT DISTINCT {columns} FROM published.feature WHERE geom IS NOT NULL),
        k AS MATERIALIZED ({_FACETS})
        INSERT INTO published.cell (layer, facet, z, cell, n, families, sum_lng, sum_lat)
        SELECT f.layer, k.facet, 10, f.qk >> {_SHIFT}, count(*), ARRAY[{counted}],
               CAST(sum(CAST(round(f.lng * 1000000) AS bigint)) AS bigint),
               CAST(sum(CAST(round(f.lat * 1000000) AS bigint)) AS bigint)
        FROM published.feature f JOIN k ON {same}
        WHERE f.geom IS NOT NULL
        GROUP BY f.layer, k.facet, f.qk >> {_SHIFT}
        """  # noqa: S608 - constants of this module
    )
