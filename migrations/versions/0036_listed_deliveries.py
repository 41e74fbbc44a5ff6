"""Deliveries of one connection are listed from the newest on, a page at a time."""

from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_deliveries_connection_id_received_at_id", "deliveries", ["connection_id", "received_at", "id"])


def downgrade() -> None:
    op.drop_index("ix_deliveries_connection_id_received_at_id", "deliveries")
