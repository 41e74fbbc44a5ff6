"""Versions of the survey that administrators write; the first one stands in the code."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "survey_versions",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("rotating", sa.JSON(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("from_period", sa.String(length=7), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("digest", sa.String(), nullable=True),
        sa.CheckConstraint("number >= 2", name=op.f("the_first_survey_version_is_the_codes")),
        sa.CheckConstraint(
            "(from_period IS NULL) = (digest IS NULL) AND (from_period IS NULL) = (published_at IS NULL)",
            name=op.f("a_published_survey_version_is_complete"),
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_survey_versions")),
    )
    op.create_index("ix_survey_versions_from_period_number", "survey_versions", ["from_period", "number"])
    op.create_table(
        "survey_wordings",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["number"],
            ["survey_versions.number"],
            name=op.f("fk_survey_wordings_number_survey_versions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("number", "language", name=op.f("pk_survey_wordings")),
    )


def downgrade() -> None:
    op.drop_table("survey_wordings")
    op.drop_table("survey_versions")
