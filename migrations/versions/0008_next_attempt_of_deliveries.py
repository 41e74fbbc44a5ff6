"""When a stored delivery is tried next: one that fails waits, and those behind it go on."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("deliveries", sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE deliveries SET next_attempt_at = received_at WHERE state = 'stored'")
    op.drop_index("ix_deliveries_state_received_at", table_name="deliveries")
    op.create_index("ix_deliveries_state_next_attempt_at", "deliveries", ["state", "next_attempt_at"])


def downgrade() -> None:
    op.drop_index("ix_deliveries_state_next_attempt_at", table_name="deliveries")
    op.create_index("ix_deliveries_state_received_at", "deliveries", ["state", "received_at"])
    op.drop_column("deliveries", "next_attempt_at")
