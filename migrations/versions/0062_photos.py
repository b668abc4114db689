"""Photos: those that contents name, those of forms that are being filled in, and those that the public sees."""

import sqlalchemy as sa
from alembic import op

revision = "0062"
down_revision = "0059"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "photo",
        sa.Column(
            "file", sa.Text(), nullable=False, comment="Digest of the larger size, its width and height"
        ),
        sa.Column(
            "large", sa.LargeBinary(), nullable=False, comment="WebP without anything beside the pixels"
        ),
        sa.Column("small", sa.LargeBinary(), nullable=False, comment="The same, smaller"),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "octet_length(large) + octet_length(small) <= 8388608", name=op.f("ck_photo_size")
        ),
        sa.PrimaryKeyConstraint("file", name=op.f("pk_photo")),
        schema="core",
        comment="Photos that revisions and submissions name; the others are forgotten",
    )
    op.create_table(
        "waiting_photo",
        sa.Column(
            "album",
            sa.LargeBinary(),
            nullable=False,
            comment="HMAC of the album's address, which is stored nowhere",
        ),
        sa.Column("file", sa.Text(), nullable=False, comment="Its name, as the form has it"),
        sa.Column(
            "large",
            sa.LargeBinary(),
            nullable=False,
            comment="Sealed: only the address and the secret key together open it",
        ),
        sa.Column("small", sa.LargeBinary(), nullable=False, comment="The same, smaller"),
        sa.Column("length", sa.Integer(), nullable=False, comment="Of both together, in bytes"),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it was sent",
        ),
        sa.CheckConstraint(
            "octet_length(large) + octet_length(small) <= 8400000", name=op.f("ck_waiting_photo_size")
        ),
        sa.PrimaryKeyConstraint("album", "file", name=op.f("pk_waiting_photo")),
        schema="core",
        prefixes=["UNLOGGED"],
    )
    op.create_index(op.f("ix_waiting_photo_created_at"), "waiting_photo", ["created_at"], schema="core")
    op.create_table(
        "photo",
        sa.Column("feature_id", sa.UUID(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False, comment="Its name, as the content has it"),
        sa.Column("large", sa.LargeBinary(), nullable=False),
        sa.Column("small", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["feature_id"], ["published.feature.id"], name=op.f("fk_photo_feature_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("feature_id", "file", name=op.f("pk_photo")),
        schema="published",
        comment="Photos of published features, without anything beside the pixels",
    )
    op.create_index("ix_published_photo_file", "photo", ["file"], schema="published")
    for table in ("core.photo", "published.photo", "core.waiting_photo"):
        for column in ("large", "small"):
            # They are packed as tightly as they can be.
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STORAGE EXTERNAL")


def downgrade() -> None:
    # The program before this one reads no content with a member that it does not know.
    op.execute("UPDATE core.revision SET content = content - 'photos' WHERE content ? 'photos'")
    op.execute("UPDATE core.submission SET content = content - 'photos' WHERE content ? 'photos'")
    op.execute("UPDATE core.feature SET content = content - 'photos' WHERE content ? 'photos'")
    op.drop_table("photo", schema="published")
    op.drop_table("waiting_photo", schema="core")
    op.drop_table("photo", schema="core")
