"""Whoever takes over a domain reads its mail: where it is handed in is looked up each night, and a change is noticed (B11)."""

import sqlalchemy as sa
from alembic import op

revision = "0099"
down_revision = "0098"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mail_domain",
        sa.Column("domain", sa.Text(), nullable=False, comment="In ASCII, as name servers know it"),
        sa.Column(
            "hosts",
            sa.ARRAY(sa.Text()),
            nullable=True,
            comment="Sorted; empty: there is none; a dot: it takes no mail; NULL: never answered",
        ),
        sa.Column(
            "before",
            sa.ARRAY(sa.Text()),
            nullable=True,
            comment="Those before the last change; NULL: as first seen",
        ),
        sa.Column(
            "seen_since",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When these hosts were seen first",
        ),
        sa.Column(
            "looked_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When it was looked up last, answered or not",
        ),
        sa.Column(
            "silent_since",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="Since when no name server has answered; NULL: the last look was answered",
        ),
        sa.CheckConstraint("domain = lower(domain)", name=op.f("ck_mail_domain_domain_lower")),
        sa.CheckConstraint("(hosts IS NULL) = (seen_since IS NULL)", name=op.f("ck_mail_domain_seen")),
        sa.CheckConstraint("before IS NULL OR hosts IS NOT NULL", name=op.f("ck_mail_domain_before")),
        sa.PrimaryKeyConstraint("domain", name=op.f("pk_mail_domain")),
        schema="core",
        comment="Where mail for the domains of organisations' admins is handed in",
    )


def downgrade() -> None:
    op.drop_table("mail_domain", schema="core")
