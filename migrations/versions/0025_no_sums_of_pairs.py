"""No sums over pairs of items: drivers are estimated from the held answers at the freeze, and nothing else read them.

Going back makes the table empty; quarters that are not released are marked to be counted anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_SUMS = ("n", "sum_x", "sum_y", "sum_xx", "sum_yy", "sum_xy")


def upgrade() -> None:
    op.drop_table("item_pairs")


def downgrade() -> None:
    op.create_table(
        "item_pairs",
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("is_own", sa.Boolean(), nullable=False),
        sa.Column("item_x", sa.String(), nullable=False),
        sa.Column("item_y", sa.String(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in _SUMS),
        sa.PrimaryKeyConstraint("department_id", "period", "is_own", "item_x", "item_y", name=op.f("pk_item_pairs")),
    )
    op.execute(
        "INSERT INTO dirty_marks (department_id, period)"
        " SELECT DISTINCT department_id, period FROM cell_counts WHERE department_id IN (SELECT id FROM departments)"
        " AND period NOT IN (SELECT period FROM periods WHERE state = 'released')"
    )
