"""Files of others are read beside what is here and decided row by row, and the next file of the same source knows the places."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0071"
down_revision = "0070"
branch_labels = None
depends_on = None

_ID = sa.text("gen_random_uuid()")
_NOW = sa.text("now()")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _make_runs()
    _make_bulks()
    _make_rows()
    _make_links()


def downgrade() -> None:
    for table in ("import_link", "import_row", "import_bulk", "import_run"):
        op.drop_table(table, schema="core")


def _make_runs() -> None:
    op.create_table(
        "import_run",
        sa.Column("id", sa.UUID(), server_default=_ID, nullable=False),
        sa.Column("layer", sa.Text(), nullable=False, comment="Key of the layer, as in the address"),
        sa.Column("title", sa.Text(), nullable=False, comment="What whoever uploaded it calls it"),
        sa.Column(
            "source",
            sa.Text(),
            nullable=False,
            comment="The name under which the ids of its rows are unique",
        ),
        sa.Column("source_url", sa.Text(), nullable=False),
        sa.Column("licence", sa.Text(), nullable=False),
        sa.Column("attribution", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False, comment="The language of its texts"),
        sa.Column("as_of", sa.Date(), nullable=False, comment="The day on which it was true"),
        sa.Column("format", sa.Text(), nullable=False, comment="csv or xlsx"),
        sa.Column(
            "headers",
            sa.ARRAY(sa.Text()),
            nullable=False,
            comment="Its columns as they are called there",
        ),
        sa.Column("columns", JSONB(), nullable=False, comment="Which of its columns says which of ours"),
        sa.Column("file", sa.LargeBinary(), nullable=True, comment="The file, until its rows are read"),
        sa.Column(
            "state",
            sa.Text(),
            nullable=False,
            comment="columns: somebody has to say what they mean; waiting: to be read; ready; failed",
        ),
        sa.Column("problem", JSONB(), nullable=True, comment="Why it could not be read"),
        sa.Column("total", sa.Integer(), server_default=sa.text("0"), nullable=False, comment="Its rows"),
        sa.Column("created_at", _MOMENT, server_default=_NOW, nullable=False),
        sa.Column("created_by", sa.UUID(), nullable=True),
        sa.CheckConstraint(
            "state IN ('columns', 'waiting', 'ready', 'failed')", name=op.f("ck_import_run_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
        schema="core",
        comment="Files that were uploaded at the import desk",
    )
    op.create_index(
        op.f("ix_import_run_layer_created_at"), "import_run", ["layer", "created_at"], schema="core"
    )


def _make_bulks() -> None:
    op.create_table(
        "import_bulk",
        sa.Column("id", sa.UUID(), server_default=_ID, nullable=False),
        sa.Column("run_id", sa.UUID(), nullable=False),
        sa.Column("user_id", sa.UUID(), nullable=True, comment="Who planned it"),
        sa.Column("act", sa.Text(), nullable=False, comment="create, update or same"),
        sa.Column("bar", sa.SmallInteger(), nullable=False, comment="Rows of at least this likelihood"),
        sa.Column("planned_at", _MOMENT, server_default=_NOW, nullable=False),
        sa.Column("begun_at", _MOMENT, nullable=True),
        sa.Column("undone_at", _MOMENT, nullable=True),
        sa.CheckConstraint("act IN ('create', 'update', 'same')", name=op.f("ck_import_bulk_act")),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["core.import_run.id"],
            name=op.f("fk_import_bulk_run_id_import_run"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_bulk")),
        schema="core",
        comment="Decisions on many rows of an import at once",
    )
    op.create_index(op.f("ix_import_bulk_run_id"), "import_bulk", ["run_id"], schema="core")


def _make_rows() -> None:
    op.create_table(
        "import_row",
        sa.Column("id", sa.UUID(), server_default=_ID, nullable=False),
        sa.Column("run_id", sa.UUID(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="From 1"),
        sa.Column("line", sa.Integer(), nullable=False, comment="Where it begins in the file, from 1"),
        sa.Column("layer", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False, comment="Its id in its source"),
        sa.Column(
            "content",
            JSONB(),
            nullable=True,
            comment="What it says, as a content; NULL: cannot be taken",
        ),
        sa.Column(
            "area_codes",
            sa.ARRAY(sa.Text()),
            nullable=False,
            comment="The units that all of it lies in",
        ),
        sa.Column(
            "cells",
            JSONB(),
            nullable=True,
            comment="Its cells as they were; NULL where they may not be kept",
        ),
        sa.Column("notes", JSONB(), nullable=False, comment="What was noticed while it was read"),
        sa.Column(
            "class",
            sa.Text(),
            nullable=False,
            comment="create, update, same, conflict, refused, left_out",
        ),
        sa.Column("likelihood", sa.SmallInteger(), nullable=False, comment="How sure that is, of 100"),
        sa.Column("reasons", JSONB(), nullable=False, comment="Why"),
        sa.Column(
            "feature_id",
            sa.UUID(),
            nullable=True,
            comment="What it stands beside, or what came of it",
        ),
        sa.Column(
            "revision",
            sa.Integer(),
            nullable=True,
            comment="The version of that which was compared",
        ),
        sa.Column(
            "decision",
            sa.Text(),
            nullable=True,
            comment="created, updated, linked, skipped; NULL: waits",
        ),
        sa.Column("decided_at", _MOMENT, nullable=True),
        sa.Column("decided_by", sa.UUID(), nullable=True),
        sa.Column("made_revision", sa.Integer(), nullable=True, comment="The version that came of it"),
        sa.Column(
            "link_before",
            JSONB(),
            nullable=True,
            comment="What was known of this row of the source before the decision, for its undoing",
        ),
        sa.Column("bulk_id", sa.UUID(), nullable=True),
        sa.Column(
            "left_because",
            sa.Text(),
            nullable=True,
            comment="What stood in the way of a decision on many",
        ),
        sa.CheckConstraint(
            "class IN ('create', 'update', 'same', 'conflict', 'refused', 'left_out')",
            name=op.f("ck_import_row_class"),
        ),
        sa.CheckConstraint(
            "decision IN ('created', 'updated', 'linked', 'skipped')",
            name=op.f("ck_import_row_decision"),
        ),
        sa.CheckConstraint("likelihood BETWEEN 0 AND 100", name=op.f("ck_import_row_likelihood")),
        sa.CheckConstraint(
            "content IS NOT NULL OR (class IN ('refused', 'left_out') AND decision IS NULL)",
            name=op.f("ck_import_row_content"),
        ),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["core.import_run.id"],
            name=op.f("fk_import_row_run_id_import_run"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["feature_id"],
            ["core.feature.id"],
            name=op.f("fk_import_row_feature_id_feature"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["bulk_id"],
            ["core.import_bulk.id"],
            name=op.f("fk_import_row_bulk_id_import_bulk"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_row")),
        schema="core",
        comment="Rows of uploaded files, beside what is here",
    )
    op.create_index(
        "ix_import_row_listed",
        "import_row",
        ["run_id", "class", sa.text("likelihood DESC"), "number"],
        schema="core",
    )
    for column in ("feature_id", "bulk_id"):
        op.create_index(
            f"ix_import_row_{column}",
            "import_row",
            [column],
            schema="core",
            postgresql_where=sa.text(f"{column} IS NOT NULL"),
        )
    op.create_index(
        "ix_import_row_skipped",
        "import_row",
        ["source", "source_id"],
        schema="core",
        postgresql_where=sa.text("decision = 'skipped'"),
    )


def _make_links() -> None:
    op.create_table(
        "import_link",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("feature_id", sa.UUID(), nullable=False),
        sa.Column("content", JSONB(), nullable=False, comment="What the source last said"),
        sa.Column("revision", sa.Integer(), nullable=False, comment="The version of the place after that"),
        sa.Column("source_url", sa.Text(), nullable=True),
        sa.Column("licence", sa.Text(), nullable=False),
        sa.Column("attribution", sa.Text(), nullable=False),
        sa.Column("at", _MOMENT, server_default=_NOW, nullable=False),
        sa.ForeignKeyConstraint(
            ["feature_id"],
            ["core.feature.id"],
            name=op.f("fk_import_link_feature_id_feature"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("source", "source_id", name=op.f("pk_import_link")),
        schema="core",
        comment="Which place a row of a source is",
    )
    op.create_index(op.f("ix_import_link_feature_id"), "import_link", ["feature_id"], schema="core")
