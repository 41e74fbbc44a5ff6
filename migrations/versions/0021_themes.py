"""Themes of what people say, counted per department and quarter.

Quarters that are not released are marked to be counted anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_KEY = ("department_id", "period", "is_own", "source", "theme", "answers", "naming")


def upgrade() -> None:
    op.create_table(
        "theme_counts",
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("is_own", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("theme", sa.String(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("naming", sa.Integer(), nullable=False),
        sa.Column("requesters", sa.Integer(), nullable=False),
        sa.Column("confidential_requesters", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(*_KEY, name=op.f("pk_theme_counts")),
    )
    op.execute(
        "INSERT INTO dirty_marks (department_id, period)"
        " SELECT DISTINCT department_id, period FROM cell_counts WHERE department_id IN (SELECT id FROM departments)"
        " AND period NOT IN (SELECT period FROM periods WHERE state = 'released')"
    )


def downgrade() -> None:
    op.drop_table("theme_counts")
