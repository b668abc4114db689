"""The audit log is searched page by page, however long it is, and the page says when it was last found whole."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0066"
down_revision = "0064"
branch_labels = None
depends_on = None

_ACTOR = sa.text("coalesce(CAST(actor_id AS text), actor_kind)")
_BEFORE = "ix_audit_object_type_object_id"
#: What is asked for stands first, then the order of a page.
_INDEXES: dict[str, list[sa.TextClause | str]] = {
    "ix_audit_at": ["at", "id"],
    "ix_audit_actor": [_ACTOR, "at", "id"],
    "ix_audit_actor_action": [_ACTOR, "action", "at", "id"],
    "ix_audit_actor_kind": [_ACTOR, "object_type", "at", "id"],
    "ix_audit_action": ["action", "at", "id"],
    "ix_audit_kind": ["object_type", "at", "id"],
    "ix_audit_object": ["object_id", "at", "id"],
}
_WORDS = sa.text("to_tsvector('simple', detail)")


def upgrade() -> None:
    with op.get_context().autocommit_block():
        for name, columns in _INDEXES.items():
            _make(name, columns)
        _make("ix_audit_words", [_WORDS], postgresql_using="gin")
        op.drop_index(_BEFORE, "audit", schema="core", postgresql_concurrently=True, if_exists=True)
    op.create_table(
        "audit_check",
        sa.Column("singleton", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("last_id", sa.BigInteger(), nullable=False, comment="The last entry that was looked at"),
        sa.Column(
            "last_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it was written; NULL: no entry",
        ),
        sa.Column(
            "broken_id", sa.BigInteger(), nullable=True, comment="The first entry that is wrong; NULL: none"
        ),
        sa.CheckConstraint("singleton", name=op.f("ck_audit_check_only")),
        sa.PrimaryKeyConstraint("singleton", name=op.f("pk_audit_check")),
        schema="core",
        comment="What the last look at the chain of the audit log has found",
    )


def downgrade() -> None:
    op.drop_table("audit_check", schema="core")
    with op.get_context().autocommit_block():
        _make(_BEFORE, ["object_type", "object_id"])
        for name in ["ix_audit_words", *_INDEXES]:
            op.drop_index(name, "audit", schema="core", postgresql_concurrently=True, if_exists=True)


def _make(name: str, columns: Sequence[sa.TextClause | str], **options: Any) -> None:
    """Make an index while others write; what a try before has left unfinished goes first."""
    op.drop_index(name, "audit", schema="core", postgresql_concurrently=True, if_exists=True)
    op.create_index(name, "audit", columns, schema="core", postgresql_concurrently=True, **options)
