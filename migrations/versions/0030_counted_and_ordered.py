"""Who may come is counted for the wide map, names are read with what they are filtered by, the nearest by a number.

Audiences in a mode were found on a wide map by looking at every place. The pyramid now counts each place under the modes
that it has at once. The index of names tells what a place offers, so that a list goes along it without looking at the
places. And the index of the nearest compares one number for layer and service instead of a text, which it did slowly.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_NAME = ("layer", "name", "id")
_BESIDE_NAME = (
    "services_0",
    "services_1",
    "audiences",
    "languages",
    "access",
    "audiences_preferred",
    "audiences_only",
    "for_everyone",
)
_FAMILIES = 6
_DEEPEST_ZOOM = 9
#: Bits by which a key is longer than the cell of the deepest zoom.
_SHIFT = 28
#: The modes of a place, and those in which it names the audience `t`.
_EVERYONE = "CASE WHEN f.for_everyone THEN 'e' ELSE '' END"
_ITS_MODES = (
    f"{_EVERYONE} || CASE WHEN f.audiences_preferred <> 0 THEN 'p' ELSE '' END"
    " || CASE WHEN f.audiences_only <> 0 THEN 'o' ELSE '' END"
)
_BIT = "(CAST(1 AS bigint) << t.position)"
_NAMED_MODES = (
    f"{_EVERYONE} || CASE WHEN f.audiences_preferred & {_BIT} <> 0 THEN 'p' ELSE '' END"
    f" || CASE WHEN f.audiences_only & {_BIT} <> 0 THEN 'o' ELSE '' END"
)


def upgrade() -> None:
    _replace_name_index(_BESIDE_NAME)
    _replace_kind(
        sa.BigInteger(), "hashtextextended(layer || ':' || code, 0)", "Layer and code as one number"
    )
    op.execute("DELETE FROM published.cell WHERE facet LIKE 'a:%'")
    counted = ", ".join(f"CAST(count(*) FILTER (WHERE k.family = {i}) AS integer)" for i in range(_FAMILIES))
    op.execute(
        f"""
        INSERT INTO published.cell (layer, facet, z, cell, n, families, sum_lng, sum_lat)
        SELECT k.layer, k.facet, {_DEEPEST_ZOOM}, k.qk >> {_SHIFT}, count(*), ARRAY[{counted}],
               CAST(sum(round(CAST(k.lng AS numeric) * 1000000)) AS bigint),
               CAST(sum(round(CAST(k.lat AS numeric) * 1000000)) AS bigint)
        FROM (
          SELECT f.layer, f.qk, f.family, f.lng, f.lat, 'a' || {_NAMED_MODES} || ':' || t.code AS facet
          FROM published.feature f
          JOIN published.term t ON t.kind = 'audience' AND f.audiences & {_BIT} <> 0
          WHERE f.geom IS NOT NULL
          UNION ALL
          SELECT f.layer, f.qk, f.family, f.lng, f.lat, 'w' || {_ITS_MODES} || ':' AS facet
          FROM published.feature f
          WHERE f.geom IS NOT NULL AND (f.for_everyone OR f.audiences_preferred <> 0 OR f.audiences_only <> 0)) k
        GROUP BY k.layer, k.facet, k.qk >> {_SHIFT}
        """  # noqa: S608 - constants of this module
    )
    added = ", ".join(f"CAST(sum(families[{i + 1}]) AS integer)" for i in range(_FAMILIES))
    for z in range(_DEEPEST_ZOOM - 1, -1, -1):
        op.execute(
            f"""
            INSERT INTO published.cell (layer, facet, z, cell, n, families, sum_lng, sum_lat)
            SELECT layer, facet, {z}, cell >> 2, sum(n), ARRAY[{added}], sum(sum_lng), sum(sum_lat)
            FROM published.cell WHERE z = {z + 1} AND facet ~ '^(a|w)[epo]*:' GROUP BY layer, facet, cell >> 2
            """  # noqa: S608 - constants of this module
        )
    _comment_facets("'' for all; f:, g:, s:, l: and a code; a and w with modes")


def downgrade() -> None:
    _comment_facets("'' for all; f:, g:, s:, a:, l: and a code")
    added = ", ".join(f"CAST(sum(families[{i + 1}]) AS integer)" for i in range(_FAMILIES))
    both = ", ".join(f"cell.families[{i + 1}] + excluded.families[{i + 1}]" for i in range(_FAMILIES))
    op.execute(
        f"""
        INSERT INTO published.cell AS cell (layer, facet, z, cell, n, families, sum_lng, sum_lat)
        SELECT layer, 'a:' || split_part(facet, ':', 2), z, cell, sum(n), ARRAY[{added}], sum(sum_lng), sum(sum_lat)
        FROM published.cell WHERE facet ~ '^a[epo]+:' GROUP BY 1, 2, 3, 4
        ON CONFLICT (layer, facet, z, cell) DO UPDATE SET
          n = cell.n + excluded.n, families = ARRAY[{both}],
          sum_lng = cell.sum_lng + excluded.sum_lng, sum_lat = cell.sum_lat + excluded.sum_lat
        """  # noqa: S608 - constants of this module
    )
    op.execute("DELETE FROM published.cell WHERE facet ~ '^(a[epo]+|w[epo]*):'")
    _replace_kind(
        sa.Text(collation="C"),
        "layer || ':' || code",
        "Layer and code in one, as the index of the nearest has them",
    )
    _replace_name_index(())


def _replace_name_index(beside: tuple[str, ...]) -> None:
    op.drop_index("ix_published_feature_name", table_name="feature", schema="published")
    op.create_index(
        "ix_published_feature_name",
        "feature",
        list(_NAME),
        schema="published",
        postgresql_include=list(beside),
    )


def _replace_kind(kind: sa.types.TypeEngine[Any], expression: str, comment: str) -> None:
    op.drop_column("service_position", "kind", schema="published")
    op.add_column(
        "service_position",
        sa.Column("kind", kind, sa.Computed(expression, persisted=True), nullable=False, comment=comment),
        schema="published",
    )
    op.create_index(
        "ix_service_position_nearest",
        "service_position",
        ["kind", "geom"],
        schema="published",
        postgresql_using="gist",
    )


def _comment_facets(comment: str) -> None:
    op.alter_column("cell", "facet", schema="published", comment=comment)
