"""Administrators add types of service, which have a mask of their own beside those of the product.

The two words of the product are full to the last bit. A third one is the installation's, so that no later version of the files
can take what an administrator has given away. The indexes that answer by services have it, too.

Going back forgets what was added. Places keep the codes in their contents, which an older program cannot read: it leaves
their rows as they are.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0075"
down_revision = "0074"
branch_labels = None
depends_on = None

_AFTER = ("audiences", "languages", "access")
_MODES = ("audiences_preferred", "audiences_only", "for_everyone")
_MASKS = ("services_0", "services_1")
_ADDED = "services_2"
#: Columns of each index, whether it is unique, and what stands beside the masks.
_INDEXES: dict[str, tuple[tuple[str, ...], bool, tuple[str, ...]]] = {
    "ix_published_feature_key": (("layer", "qk", "id"), True, (*_AFTER, "family", "lng", "lat", *_MODES)),
    "ix_published_feature_name": (("layer", "name", "id"), False, (*_AFTER, *_MODES)),
}


def upgrade() -> None:
    op.create_table(
        "service_type",
        sa.Column(
            "code", sa.Text(), nullable=False, comment="Begins with local_, as no code of the product does"
        ),
        sa.Column(
            "id",
            sa.UUID(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="Id of its term for other programs: another installation may mean something else by the code",
        ),
        sa.Column(
            "position",
            sa.SmallInteger(),
            nullable=False,
            comment="Bit in the masks of the read model, 120 to 179",
        ),
        sa.Column("group", sa.Text(), nullable=False, comment="Code of the product's group it stands under"),
        sa.Column("icon", sa.Text(), nullable=False),
        sa.Column("offer", sa.Text(), nullable=False, comment="goods, service or place"),
        sa.Column("names", postgresql.JSONB(), nullable=False, comment="Language → name, all six languages"),
        sa.Column("synonyms", postgresql.JSONB(), nullable=False, comment="Language → list of search words"),
        sa.Column("osm", postgresql.ARRAY(sa.Text()), nullable=False, comment="Expressions over tags"),
        sa.Column("open_eligibility", sa.Text(), nullable=False),
        sa.Column("open_eligibility_id", sa.Text(), nullable=False),
        sa.Column("schema_org", sa.Text(), nullable=False),
        sa.Column("half_life_days", sa.SmallInteger(), nullable=False),
        sa.Column("default_disclosure", sa.Text(), nullable=False),
        sa.Column("sensitive", sa.Boolean(), nullable=False),
        sa.Column(
            "retired",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="No longer offered",
        ),
        sa.Column(
            "version",
            sa.Integer(),
            server_default=sa.text("1"),
            nullable=False,
            comment="Counted with each change, for who has it open",
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_service_type")),
        sa.UniqueConstraint("id", name=op.f("uq_service_type_id")),
        sa.UniqueConstraint("position", name=op.f("uq_service_type_position")),
        sa.CheckConstraint("code ~ '^local_[a-z][a-z0-9_]*$'", name=op.f("ck_service_type_code")),
        sa.CheckConstraint("position BETWEEN 120 AND 179", name=op.f("ck_service_type_position")),
        schema="published",
        comment="Types of service that administrators of this installation have added",
    )
    op.add_column(
        "feature",
        sa.Column(
            _ADDED,
            sa.BigInteger(),
            server_default=sa.text("0"),
            nullable=False,
            comment="Mask of the services that the installation has added",
        ),
        schema="published",
    )
    _index_with((*_MASKS, _ADDED))


def downgrade() -> None:
    _index_with(_MASKS)
    op.drop_column("feature", _ADDED, schema="published")
    op.execute("DELETE FROM published.cell c USING published.service_type t WHERE c.facet = 's:' || t.code")
    op.execute(
        "DELETE FROM published.term o USING published.service_type t WHERE o.kind = 'service' AND o.code = t.code"
    )
    op.execute("DELETE FROM published.layer_version WHERE layer = 'vocabulary'")
    op.drop_table("service_type", schema="published")


def _index_with(masks: tuple[str, ...]) -> None:
    """Make the indexes anew beside those that are used, and put them in their place."""
    with op.get_context().autocommit_block():
        for name, (columns, unique, beside) in _INDEXES.items():
            made = f"{name}_made"
            op.drop_index(made, "feature", schema="published", postgresql_concurrently=True, if_exists=True)
            op.create_index(
                made,
                "feature",
                list(columns),
                unique=unique,
                schema="published",
                postgresql_include=[*masks, *beside],
                postgresql_concurrently=True,
            )
            op.drop_index(name, "feature", schema="published", postgresql_concurrently=True, if_exists=True)
            op.execute(f"ALTER INDEX published.{made} RENAME TO {name}")
