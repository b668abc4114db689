"""What screening found in each submission, and by what submissions are compared with each other and with what is public."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0035"
down_revision = "0032"
branch_labels = None
depends_on = None

# Signs that look alike, each with the letter that it is counted as: `app.moderation.screening.skeletons` says why, a
# test compares the two. They stay as they are here: who changes them writes a new migration.
_LOOKS = (
    # Letters that are one whatever their size; i, l, 1 and | are one too.
    ("abcdefghjkmnopqrstuvwxyz", "ABCDEFGHJKMNOPQRSTUVWXYZ"),
    ("lllllosd", "iIL1|05đ"),
    ("llohtdohtdl", "łŁøħŧðØĦŦÐı"),
    # Cyrillic.
    ("aabbeekkmmhhooppccttyyxxllljjssqqww", "аАвВеЕкКмМнНоОрРсСтТуУхХіІӏјЈѕЅԛԚԝԜ"),
    ("lhhddeerruunnyyffvv3366bbrr", "ӀһҺԁԀєЄгГиИпПүҮғҒѵѴзЗбБьЬґҐ"),
    ("джлфцчшщъыэюя", "ДЖЛФЦЧШЩЪЫЭЮЯ"),
    # Greek.
    ("aabbeezhnllkkmmnvoopp", "αΑβΒεΕΖΗηιΙκΚμΜΝνοΟρΡ"),
    ("ttyuxxyrwcco", "τΤΥυχΧγΓωϲϹσ"),
)
_FROM = "".join(signs for _, signs in _LOOKS)
_TO = "".join(letters for letters, _ in _LOOKS)
#: Blanks, punctuation, marks over letters and signs without width.
_NO_LETTERS = r"[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u02b0-\u036f\u0483-\u0489\u2000-\u206f\u3000\ufe00-\ufe0f\ufeff]+"


def upgrade() -> None:
    op.create_table(
        "screening",
        sa.Column("submission_id", sa.UUID(), nullable=False),
        sa.Column("score", sa.SmallInteger(), nullable=False, comment="0 to 100; more is more suspicious"),
        sa.Column(
            "reasons",
            postgresql.JSONB(),
            nullable=False,
            comment="Code, points and detail of each, strongest first",
        ),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("score BETWEEN 0 AND 100", name=op.f("ck_screening_score")),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["core.submission.id"],
            name=op.f("fk_screening_submission_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("submission_id", name=op.f("pk_screening")),
        schema="core",
        comment="How suspicious each submission is, and why",
    )
    op.create_index("ix_screening_score", "screening", [sa.text("score DESC")], schema="core")
    op.create_table(
        "screening_trace",
        sa.Column("submission_id", sa.UUID(), nullable=False),
        sa.Column(
            "key",
            sa.BigInteger(),
            nullable=False,
            comment="Hash of a phone, a link, a name, a part of a text",
        ),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["core.submission.id"],
            name=op.f("fk_screening_trace_submission_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("submission_id", "key", name=op.f("pk_screening_trace")),
        schema="core",
        comment="By what submissions are found to be like each other",
    )
    op.create_index("ix_screening_trace_key", "screening_trace", ["key", "at"], schema="core")
    op.create_index(
        "ix_submission_contact_email",
        "submission",
        ["contact_email", "created_at"],
        schema="core",
        postgresql_where=sa.text("contact_email IS NOT NULL"),
    )
    op.execute(
        f"""
        CREATE FUNCTION core.skeleton(name text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
          SELECT replace(replace(
            regexp_replace(translate(normalize(name, NFKD), '{_FROM}', '{_TO}'), '{_NO_LETTERS}', '', 'g'),
            'rn', 'm'), 'vv', 'w')
        $$
        """
    )
    # Whoever writes a name into the index works it out.
    op.execute("GRANT EXECUTE ON FUNCTION core.skeleton(text) TO pomapa_app")
    op.execute("COMMENT ON FUNCTION core.skeleton(text) IS 'The same for names that look alike'")
    op.execute(
        "CREATE INDEX ix_published_feature_skeleton ON published.feature (core.skeleton(name))"
        " WHERE layer = 'organisations'"
    )


def downgrade() -> None:
    op.execute("DROP INDEX published.ix_published_feature_skeleton")
    op.execute("DROP FUNCTION core.skeleton(text)")
    op.drop_index("ix_submission_contact_email", table_name="submission", schema="core")
    op.drop_table("screening_trace", schema="core")
    op.drop_table("screening", schema="core")
