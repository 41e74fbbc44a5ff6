"""What an event for a webhook is about, so that the database finds what is not told yet."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("webhook_deliveries", sa.Column("about", sa.String(), nullable=True))
    op.create_index(
        "ix_webhook_deliveries_webhook_id_about", "webhook_deliveries", ["webhook_id", "about"], unique=False
    )
    op.drop_index("ix_webhook_deliveries_webhook_id", table_name="webhook_deliveries")


def downgrade() -> None:
    op.create_index("ix_webhook_deliveries_webhook_id", "webhook_deliveries", ["webhook_id"], unique=False)
    op.drop_index("ix_webhook_deliveries_webhook_id_about", table_name="webhook_deliveries")
    op.drop_column("webhook_deliveries", "about")
