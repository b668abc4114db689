"""Lists by name go by the name that is shown, in the order of the reader's alphabet; each language has its index.

They went by the name in the language in which it was written, by the bytes of its letters.
"""

from alembic import op

revision = "0088"
down_revision = "0087"
branch_labels = None
depends_on = None

_LANGUAGES = ("pl", "uk", "en", "de", "ro", "ru")
_BESIDE_NAME = (
    "services_0",
    "services_1",
    "services_2",
    "audiences",
    "languages",
    "access",
    "audiences_preferred",
    "audiences_only",
    "for_everyone",
)
_SHOWN = ", ".join(f"name_{language} = coalesce(n.names ->> '{language}', f.name)" for language in _LANGUAGES)
# Most have a name in one language only, and nothing of theirs is read as JSON.
_FILL = f"""
UPDATE published.feature f SET {_SHOWN}
FROM (
  SELECT g.id, CASE WHEN strpos(g.slim, '"names":') > 0 THEN CAST(g.slim AS json) #> '{{properties,names}}' END AS names
  FROM published.feature g OFFSET 0) n
WHERE n.id = f.id
"""  # noqa: S608 - constants of this module


def upgrade() -> None:
    for language in _LANGUAGES:
        # What a try before has left is there already.
        op.execute(
            f"ALTER TABLE published.feature ADD COLUMN IF NOT EXISTS name_{language} text"
            f""" COLLATE "{language}-x-icu" NOT NULL DEFAULT ''"""
        )
        op.execute(
            f"COMMENT ON COLUMN published.feature.name_{language} IS"
            f" 'The name that readers of {language} are shown; sorts by their alphabet'"
        )
    op.execute(_FILL)
    with op.get_context().autocommit_block():
        for language in _LANGUAGES:
            name = f"ix_published_feature_name_{language}"
            # What a try before has left unfinished goes first.
            op.drop_index(name, "feature", schema="published", postgresql_concurrently=True, if_exists=True)
            op.create_index(
                name,
                "feature",
                ["layer", f"name_{language}", "id"],
                schema="published",
                postgresql_include=list(_BESIDE_NAME),
                postgresql_concurrently=True,
            )
    op.drop_index("ix_published_feature_name", "feature", schema="published")


def downgrade() -> None:
    op.create_index(
        "ix_published_feature_name",
        "feature",
        ["layer", "name", "id"],
        schema="published",
        postgresql_include=list(_BESIDE_NAME),
    )
    for language in _LANGUAGES:
        op.drop_column("feature", f"name_{language}", schema="published")
