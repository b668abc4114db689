"""A form that is being filled in is kept sealed for hours, so that Back and reload show what was typed."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "form_draft",
        sa.Column(
            "id",
            sa.LargeBinary(),
            nullable=False,
            comment="HMAC of the draft's address, which is stored nowhere",
        ),
        sa.Column(
            "sealed",
            sa.LargeBinary(),
            nullable=False,
            comment="What was typed; only the address and the secret key together open it",
        ),
        sa.Column(
            "touched_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it was last changed",
        ),
        sa.CheckConstraint("octet_length(sealed) <= 131072", name=op.f("ck_form_draft_size")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_draft")),
        schema="core",
        prefixes=["UNLOGGED"],
    )
    op.create_index(
        op.f("ix_form_draft_touched_at"), "form_draft", ["touched_at"], unique=False, schema="core"
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_form_draft_touched_at"), table_name="form_draft", schema="core")
    op.drop_table("form_draft", schema="core")
