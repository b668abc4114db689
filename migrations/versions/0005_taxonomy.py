"""The controlled vocabularies."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "term",
        sa.Column(
            "kind", sa.Text(), nullable=False, comment="Vocabulary: service, group, family, audience …"
        ),
        sa.Column("code", sa.Text(), nullable=False, comment="Stable code, unique within its kind"),
        sa.Column(
            "uuid",
            sa.UUID(),
            nullable=False,
            comment="uuid5 of our namespace and kind/code: the same in every installation",
        ),
        sa.Column(
            "parent",
            sa.Text(),
            nullable=True,
            comment="Code of the heading it stands under: a service's group, a group's family …",
        ),
        sa.Column(
            "position",
            sa.SmallInteger(),
            nullable=True,
            comment="Bit in the masks of the read model; null for kinds without masks",
        ),
        sa.Column(
            "family", sa.Text(), nullable=True, comment="Family that gives shape and colour on the map"
        ),
        sa.Column(
            "icon", sa.Text(), nullable=False, comment="Name of a Lucide icon, empty where there is none"
        ),
        sa.Column(
            "names",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="Language → name, all six languages",
        ),
        sa.Column(
            "descriptions",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="Language → description; empty where there is none",
        ),
        sa.Column(
            "data",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="The rest of the term, by its kind",
        ),
        sa.Column(
            "sort_order", sa.SmallInteger(), nullable=False, comment="Place in the list of its kind, from 0"
        ),
        sa.Column(
            "retired",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="Still understood, no longer offered",
        ),
        sa.PrimaryKeyConstraint("kind", "code", name=op.f("pk_term")),
        sa.UniqueConstraint("uuid", name=op.f("uq_term_uuid")),
        schema="published",
        comment="Terms of the controlled vocabularies",
    )


def downgrade() -> None:
    op.drop_table("term", schema="published")
