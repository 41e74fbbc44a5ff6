"""What goes with overall satisfaction, estimated once at the freeze of a quarter."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "driver_estimates",
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("is_own", sa.Boolean(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("requesters", sa.Integer(), nullable=False),
        sa.Column("r_squared", sa.Float(), nullable=True),
        sa.Column("importance", sa.JSON(), nullable=True),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("department_id", "period", "is_own", name=op.f("pk_driver_estimates")),
    )


def downgrade() -> None:
    op.drop_table("driver_estimates")
