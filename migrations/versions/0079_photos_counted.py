"""What waits of photos is counted as it comes and goes, and whatever names a photo is found by its name."""

import sqlalchemy as sa
from alembic import op

revision = "0079"
down_revision = "0078"
branch_labels = None
depends_on = None

#: What came as new before a moderator made a change of it; what a merge has led on, as it was and as it was laid.
_NAMES = {
    "submission": (
        "ix_submission_turned_photos",
        "jsonb_path_query_array(sent_as_new, '$.*.photos[*].file')",
    ),
    "merge": ("ix_merge_photos", "jsonb_path_query_array(moved, '$.submissions.*.*.photos[*].file')"),
}
_WHERE = {"submission": sa.text("sent_as_new IS NOT NULL"), "merge": None}


def upgrade() -> None:
    with op.get_context().autocommit_block():
        for table, (name, names) in _NAMES.items():
            # What a try before has left unfinished goes first.
            _drop(table, name)
            op.create_index(
                name,
                table,
                [sa.text(names)],
                schema="core",
                postgresql_using="gin",
                postgresql_where=_WHERE[table],
                postgresql_concurrently=True,
            )
    op.create_table(
        "waiting_photo_total",
        sa.Column("singleton", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False, comment="All that waits, in bytes"),
        sa.CheckConstraint("singleton", name=op.f("ck_waiting_photo_total_only")),
        sa.PrimaryKeyConstraint("singleton", name=op.f("pk_waiting_photo_total")),
        schema="core",
        comment="How much the photos of forms take that are being filled in",
        # A crash empties it together with what it counts.
        prefixes=["UNLOGGED"],
    )
    op.execute(
        "INSERT INTO core.waiting_photo_total (bytes) SELECT coalesce(sum(length), 0) FROM core.waiting_photo"
    )


def downgrade() -> None:
    op.drop_table("waiting_photo_total", schema="core")
    with op.get_context().autocommit_block():
        for table, (name, _) in _NAMES.items():
            _drop(table, name)


def _drop(table: str, name: str) -> None:
    op.drop_index(name, table_name=table, schema="core", postgresql_concurrently=True, if_exists=True)
