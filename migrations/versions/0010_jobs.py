"""The tables and functions of the job queue."""

from alembic import op

from app.jobs.schema import apply_schema, drop_schema

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    apply_schema(op.get_bind())


def downgrade() -> None:
    drop_schema(op.get_bind())
