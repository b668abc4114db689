"""Administrators say something on top of every public page, for a time, and what they said is kept."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0077"
down_revision = "0075"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_JSON = postgresql.JSONB(astext_type=sa.Text())


def upgrade() -> None:
    op.create_table(
        "banner",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, comment="The number of its newest version"),
        sa.Column("content", _JSON, nullable=False, comment="kind, texts by language, link"),
        sa.Column("from_at", _MOMENT, nullable=False),
        sa.Column("until_at", _MOMENT, nullable=False, comment="From then on it is not shown"),
        sa.Column(
            "place",
            sa.BigInteger(),
            nullable=False,
            comment="Order among those of its kind; lower is higher up",
        ),
        sa.Column("taken_down", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", _MOMENT, server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("from_at < until_at", name=op.f("ck_banner_from_before_until")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_banner")),
        schema="core",
    )
    op.create_index(op.f("ix_banner_until_at"), "banner", ["until_at"], schema="core")
    op.create_table(
        "banner_version",
        sa.Column("banner_id", sa.UUID(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="From 1"),
        sa.Column("content", _JSON, nullable=False),
        sa.Column("from_at", _MOMENT, nullable=False),
        sa.Column("until_at", _MOMENT, nullable=False),
        sa.Column("taken_down", sa.Boolean(), nullable=False, comment="With this version it was taken down"),
        sa.Column("by_id", sa.UUID(), nullable=True, comment="The user; NULL: the program"),
        sa.Column("at", _MOMENT, server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["banner_id"], ["core.banner.id"], name=op.f("fk_banner_version_banner_id")),
        sa.PrimaryKeyConstraint("banner_id", "number", name=op.f("pk_banner_version")),
        schema="core",
    )
    op.create_table(
        "banner_board",
        sa.Column("singleton", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False, comment="Goes up with every change"),
        sa.Column(
            "banners",
            _JSON,
            nullable=False,
            comment="id, version, kind, texts, link, from, until; in the order in which they are shown",
        ),
        sa.Column("changed_at", _MOMENT, server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("singleton", name=op.f("ck_banner_board_only")),
        sa.PrimaryKeyConstraint("singleton", name=op.f("pk_banner_board")),
        schema="published",
        comment="What is said on top of every public page, now and later",
    )


def downgrade() -> None:
    op.drop_table("banner_board", schema="published")
    op.drop_table("banner_version", schema="core")
    op.drop_table("banner", schema="core")
