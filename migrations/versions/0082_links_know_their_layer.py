"""A row of a source is one of its layer; what waits and what is off the map is found without looking at everything."""

import sqlalchemy as sa
from alembic import op

revision = "0082"
down_revision = "0081"
branch_labels = None
depends_on = None

_OF_LAYER = "uq_feature_layer_source_source_id"
_OF_SOURCE = "uq_feature_source_source_id"
_GONE = "ix_feature_gone"
_WAITING = "ix_import_row_waiting"
_FOUND_AGAIN_BY = """
    CREATE OR REPLACE FUNCTION core.found_again_by(content jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
      SELECT jsonb_path_query_array(content, '$.contacts[*].value')
        || jsonb_path_query_array(content, '$.name.texts.*')
        || jsonb_path_query_array(content, '$.website')
    $$
"""
# Two layers of one word: the later one gets a word of its own, as somebody would have had to choose.
_APART = """
    UPDATE core.{table} t SET source = t.source || '-' || t.layer
    WHERE EXISTS (
      SELECT FROM core.{table} o
      WHERE o.source = t.source AND o.source_id = t.source_id AND o.layer < t.layer)
"""


def upgrade() -> None:
    op.execute(_FOUND_AGAIN_BY)
    op.execute("GRANT EXECUTE ON FUNCTION core.found_again_by(jsonb) TO pomapa_app")
    with op.get_context().autocommit_block():
        for table, name in (("feature", _OF_LAYER), ("feature", _GONE), ("import_row", _WAITING)):
            # What a try before has left unfinished goes first.
            _drop(table, name)
        _create_unique(_OF_LAYER, ["layer", "source", "source_id"])
        op.create_index(
            _GONE,
            "feature",
            [sa.text("core.found_again_by(content)")],
            schema="core",
            postgresql_using="gin",
            postgresql_where=sa.text("state = 'unpublished' AND merged_into IS NULL"),
            postgresql_concurrently=True,
        )
        op.create_index(
            _WAITING,
            "import_row",
            ["run_id"],
            schema="core",
            postgresql_include=["class", "layer", "area_codes", "feature_id"],
            postgresql_where=sa.text("decision IS NULL"),
            postgresql_concurrently=True,
        )
    op.add_column(
        "import_link",
        sa.Column(
            "as_of", sa.Date(), nullable=True, comment="The day of which it said that; NULL: not known"
        ),
        schema="core",
    )
    op.add_column(
        "import_link",
        sa.Column("layer", sa.Text(), nullable=True, comment="A source may number two layers from 1"),
        schema="core",
    )
    op.execute("UPDATE core.import_link l SET layer = f.layer FROM core.feature f WHERE f.id = l.feature_id")
    op.alter_column("import_link", "layer", nullable=False, schema="core")
    op.drop_constraint("pk_import_link", "import_link", schema="core", type_="primary")
    op.create_primary_key("pk_import_link", "import_link", ["layer", "source", "source_id"], schema="core")
    _take_as_constraint(_OF_LAYER)
    op.drop_constraint(_OF_SOURCE, "feature", schema="core", type_="unique")


def downgrade() -> None:
    for table in ("feature", "import_link"):
        op.execute(_APART.format(table=table))
    with op.get_context().autocommit_block():
        _drop("feature", _OF_SOURCE)
        _create_unique(_OF_SOURCE, ["source", "source_id"])
        _drop("import_row", _WAITING)
        _drop("feature", _GONE)
    op.execute("DROP FUNCTION core.found_again_by(jsonb)")
    _take_as_constraint(_OF_SOURCE)
    op.drop_constraint(_OF_LAYER, "feature", schema="core", type_="unique")
    op.drop_constraint("pk_import_link", "import_link", schema="core", type_="primary")
    op.create_primary_key("pk_import_link", "import_link", ["source", "source_id"], schema="core")
    op.drop_column("import_link", "layer", schema="core")
    op.drop_column("import_link", "as_of", schema="core")


def _create_unique(name: str, columns: list[str]) -> None:
    op.create_index(name, "feature", columns, unique=True, schema="core", postgresql_concurrently=True)


def _take_as_constraint(name: str) -> None:
    op.execute(f"ALTER TABLE core.feature ADD CONSTRAINT {name} UNIQUE USING INDEX {name}")


def _drop(table: str, name: str) -> None:
    op.drop_index(name, table_name=table, schema="core", postgresql_concurrently=True, if_exists=True)
