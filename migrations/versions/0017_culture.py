"""HR's documents, frozen with the scorecards of a quarter."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "culture_revisions",
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_culture_revisions_revisions_count_from_one")),
        sa.PrimaryKeyConstraint("period", "revision", name=op.f("pk_culture_revisions")),
    )


def downgrade() -> None:
    op.drop_table("culture_revisions")
