"""Organisations say that an entry is theirs: nothing changes before a moderator has made sure out of band."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0069"
down_revision = "0068"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "place_claim",
        sa.Column("id", sa.UUID(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("feature_id", sa.UUID(), nullable=False),
        sa.Column("organisation_id", sa.UUID(), nullable=False, comment="Whose it is, as its people say"),
        sa.Column("claimed_by", sa.UUID(), nullable=False, comment="Who of the organisation says so"),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column(
            "version",
            sa.Integer(),
            server_default=sa.text("1"),
            nullable=False,
            comment="Counts every change of this row",
        ),
        sa.Column(
            "reason", sa.Text(), nullable=True, comment="How they run it; erased 90 days after the end"
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column(
            "code_id", sa.UUID(), nullable=True, comment="What the last code is made from, with the key"
        ),
        sa.Column(
            "code_hash",
            sa.LargeBinary(),
            nullable=True,
            comment="HMAC of the code under the installation's secret; NULL until it is mailed",
        ),
        sa.Column(
            "code_address_hash",
            sa.LargeBinary(),
            nullable=True,
            comment="HMAC of the address that it went to",
        ),
        sa.Column("code_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "code_tries",
            sa.SmallInteger(),
            server_default=sa.text("0"),
            nullable=False,
            comment="How often one was typed",
        ),
        sa.Column("code_sends", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("code_sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "proved_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the mailed code was typed in",
        ),
        sa.Column(
            "first_by", sa.UUID(), nullable=True, comment="Of a protected place: who has made sure first"
        ),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_how", sa.Text(), nullable=True, comment="In which way"),
        sa.Column(
            "first_said", sa.Text(), nullable=True, comment="How exactly; erased 90 days after the end"
        ),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.UUID(), nullable=True, comment="The moderator who approved or refused it"),
        sa.Column("how", sa.Text(), nullable=True, comment="In which way it was made sure"),
        sa.Column("said", sa.Text(), nullable=True, comment="How exactly; erased 90 days after the end"),
        sa.Column("by_two", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("note", sa.Text(), nullable=True, comment="What a moderator wrote to the organisation"),
        sa.Column(
            "was",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=True,
            comment="Whose it was before, as its content said",
        ),
        sa.Column("revision", sa.Integer(), nullable=True, comment="The revision by which it is theirs"),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.UUID(), nullable=True, comment="The moderator who took it back"),
        sa.CheckConstraint(
            "state IN ('asked', 'approved', 'refused', 'cancelled', 'expired', 'undone')",
            name=op.f("ck_place_claim_state"),
        ),
        sa.CheckConstraint("(state = 'asked') = (ended_at IS NULL)", name=op.f("ck_place_claim_ended_at")),
        sa.CheckConstraint(
            "(state = 'undone') = (undone_at IS NOT NULL)", name=op.f("ck_place_claim_undone_at")
        ),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'undone') OR"
            " (how IS NOT NULL AND revision IS NOT NULL AND ended_by IS NOT NULL AND ended_by <> claimed_by)",
            name=op.f("ck_place_claim_made_sure"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'undone') OR NOT by_two OR"
            " (first_by IS NOT NULL AND first_by <> ended_by AND first_by <> claimed_by)",
            name=op.f("ck_place_claim_two_people"),
        ),
        sa.ForeignKeyConstraint(
            ["feature_id"], ["core.feature.id"], name=op.f("fk_place_claim_feature_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["core.feature.id"],
            name=op.f("fk_place_claim_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["claimed_by"], ["core.user.id"], name=op.f("fk_place_claim_claimed_by"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place_claim")),
        schema="core",
        comment="Organisations that say an entry is theirs",
    )
    op.create_index(
        "uq_place_claim_standing",
        "place_claim",
        ["feature_id", "organisation_id"],
        unique=True,
        schema="core",
        postgresql_where=sa.text("state = 'asked'"),
    )
    op.create_index("ix_place_claim_feature_id", "place_claim", ["feature_id"], schema="core")
    op.create_index("ix_place_claim_organisation_id", "place_claim", ["organisation_id"], schema="core")


def downgrade() -> None:
    op.drop_table("place_claim", schema="core")
