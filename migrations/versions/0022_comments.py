"""The codebook's versions, and what HR decides about comments while answers are held."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # What earlier versions kept rests on groups of five and a weaker redaction; nobody could read it, and nobody shall.
    op.execute("DELETE FROM released_comments")
    op.create_table(
        "codebook_versions",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_codebook_versions")),
    )
    op.create_table(
        "comment_reviews",
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("response_id", sa.LargeBinary(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("is_flagged", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                *("waiting", "shown", "hidden"),
                name="comment_state_is_known",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("codebook_version", sa.Integer(), nullable=False),
        sa.Column("proposed", sa.JSON(), nullable=False),
        sa.Column("codes", sa.JSON(), nullable=True),
        sa.Column("second_codes", sa.JSON(), nullable=True),
        sa.CheckConstraint("length(id) = 16", name=op.f("ck_comment_reviews_comment_id_is_random")),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.id"], name=op.f("fk_comment_reviews_department_id_departments")
        ),
        sa.ForeignKeyConstraint(
            ["response_id"],
            ["held_responses.id"],
            name=op.f("fk_comment_reviews_response_id_held_responses"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment_reviews")),
        sa.UniqueConstraint("response_id", name=op.f("a_response_has_one_comment")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_comment_reviews_department_id", "comment_reviews", ["department_id"])


def downgrade() -> None:
    op.drop_table("comment_reviews")
    op.drop_table("codebook_versions")
