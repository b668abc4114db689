"""Streets and house numbers: a typed address serves as well as a position."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "street",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("country", sa.Text(), nullable=False, comment="ISO 3166-1 alpha-2"),
        sa.Column("town", sa.Text(), nullable=False, comment="Settlement, as people write it"),
        sa.Column(
            "street",
            sa.Text(),
            nullable=False,
            comment="Name without ulica; empty in settlements without streets",
        ),
        sa.Column(
            "region",
            sa.Text(),
            nullable=False,
            comment="What tells settlements of one name apart: a code of the source, or how their postcodes begin",
        ),
        sa.Column(
            "postcode",
            sa.Text(),
            nullable=False,
            comment="The most common one of its addresses; empty when not known",
        ),
        sa.Column("lng", sa.Double(), nullable=False, comment="Of an address in the middle of the numbers"),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("addresses", sa.Integer(), nullable=False, comment="How many numbers are known"),
        sa.Column("source", sa.Text(), nullable=False, comment="Whose data; imported anew as a whole"),
        sa.Column("licence", sa.Text(), nullable=False, comment="Their terms"),
        sa.Column(
            "words",
            postgresql.TSVECTOR(),
            nullable=False,
            comment="Folded words of the street, and those of the town with @ in front",
        ),
        sa.CheckConstraint("country ~ '^[A-Z]{2}$'", name=op.f("ck_street_country")),
        sa.CheckConstraint(
            "lng BETWEEN -180 AND 180 AND lat BETWEEN -90 AND 90", name=op.f("ck_street_position")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_street")),
        schema="published",
        comment="Streets of settlements, found by their names",
    )
    op.create_index("ix_street_words", "street", ["words"], schema="published", postgresql_using="gin")
    op.create_index(op.f("ix_street_source"), "street", ["source"], schema="published")
    op.create_table(
        "address",
        sa.Column("street_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False, comment="House number in small letters: 12a"),
        sa.Column("value", sa.Integer(), nullable=False, comment="The digits with which the number begins"),
        sa.Column("lng", sa.Double(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.CheckConstraint(
            "lng BETWEEN -180 AND 180 AND lat BETWEEN -90 AND 90", name=op.f("ck_address_position")
        ),
        sa.ForeignKeyConstraint(
            ["street_id"],
            ["published.street.id"],
            name=op.f("fk_address_street_id_street"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("street_id", "number", name=op.f("pk_address")),
        schema="published",
        comment="House numbers of a street",
    )


def downgrade() -> None:
    op.drop_table("address", schema="published")
    op.drop_table("street", schema="published")
