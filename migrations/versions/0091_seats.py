"""Since when somebody is a member or an admin of their organisation."""

import sqlalchemy as sa
from alembic import op

revision = "0091"
down_revision = "0089"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "membership",
        sa.Column(
            "seated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="Since when they have this role",
        ),
        schema="core",
    )
    # Who was made an admin later has it since then.
    op.execute(
        """
        UPDATE core.membership m SET seated_at = greatest(m.created_at, (
          SELECT max(a.at) FROM core.audit a
          WHERE a.action = 'membership.role_changed' AND a.object_type = 'organisation'
            AND a.object_id = m.organisation_id::text AND a.detail ->> 'user' = m.user_id::text))
        """
    )


def downgrade() -> None:
    op.drop_column("membership", "seated_at", schema="core")
