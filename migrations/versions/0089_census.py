"""What nobody has narrowed down is counted at publication, not by looking at every feature for each reader."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0089"
down_revision = "0088"
branch_labels = None
depends_on = None

# As app/features/census.py counts them, of all that is published now. Whoever publishes meanwhile waits.
_HOLD = "SELECT FROM published.layer_version FOR UPDATE"
_HALF = (
    "CAST(CAST('x' || substr(replace(CAST(organisation_id AS text), '-', ''), {}, 16) AS bit(64)) AS bigint)"
)
_KEYS = {
    "services": "ARRAY[services_0, services_1, services_2]",
    "welcome": (
        "ARRAY[audiences, audiences_preferred, audiences_only, CAST(CAST(for_everyone AS integer) AS bigint)]"
    ),
    "languages": "ARRAY[languages]",
    "access": "ARRAY[access]",
    "checked": "ARRAY[CAST(verified_on - DATE '2000-01-01' AS bigint)]",
    "organisation": f"ARRAY[{_HALF.format(1)}, {_HALF.format(17)}]",
}
_FILL = """
    INSERT INTO published.census (layer, kind, key, n)
    SELECT layer, '{kind}', {key}, count(*) FROM published.feature
    WHERE '{kind}' <> 'organisation' OR organisation_id IS NOT NULL GROUP BY layer, {key}
"""
_FILL_MOMENTS = """
    INSERT INTO published.census (layer, kind, key, n)
    SELECT f.layer, '{kind}', ARRAY[CAST(extract(epoch FROM edge.at) AS bigint)], sum(edge.n)
    FROM (SELECT o.feature_id, unnest({spans}) AS span FROM published.opening o GROUP BY o.feature_id) AS o
    JOIN published.feature f ON f.id = o.feature_id
    CROSS JOIN LATERAL (VALUES (lower(o.span), 1), (upper(o.span), -1)) AS edge (at, n)
    GROUP BY 1, 2, 3 HAVING sum(edge.n) <> 0
"""
_OPEN = "range_agg(o.span) FILTER (WHERE o.state = 'open')"
_UNKNOWN = (
    "range_agg(o.span) FILTER (WHERE o.state = 'unknown')"
    f" - coalesce({_OPEN}, CAST('{{}}' AS tstzmultirange))"
)
_FILL_WITHOUT_HOURS = """
    INSERT INTO published.census (layer, kind, key, n)
    SELECT layer, 'unknown', ARRAY[CAST(0 AS bigint)], count(*) FROM published.feature
    WHERE NOT jsonb_path_exists(hours, '$[*] ? (@.expression != "")') GROUP BY layer
"""


def upgrade() -> None:
    op.create_table(
        "census",
        sa.Column("layer", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Text(collation="C"),
            nullable=False,
            comment="Of which columns of the feature the key is",
        ),
        sa.Column(
            "key",
            ARRAY(sa.BigInteger()),
            nullable=False,
            comment="Masks; a day; an id in two halves; seconds since 1970",
        ),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.CheckConstraint("n <> 0", name=op.f("ck_census_n")),
        sa.PrimaryKeyConstraint("layer", "kind", "key", name=op.f("pk_census")),
        schema="published",
        comment="Counts of features by kind and value (app/features/census.py)",
    )
    op.execute(_HOLD)
    for kind, key in _KEYS.items():
        op.execute(_FILL.format(kind=kind, key=key))
    op.execute(_FILL_MOMENTS.format(kind="open", spans=_OPEN))
    op.execute(_FILL_MOMENTS.format(kind="unknown", spans=_UNKNOWN))
    op.execute(_FILL_WITHOUT_HOURS)


def downgrade() -> None:
    op.drop_table("census", schema="published")
