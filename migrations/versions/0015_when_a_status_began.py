"""Since when a request has the status it has: one that rests for days is stuck.

What is stored already had its status at the latest report at the latest, so it counts as unchanged since then.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("service_requests", schema=None) as batch_op:
        batch_op.add_column(sa.Column("status_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE service_requests SET status_at = updated_at WHERE status IS NOT NULL")


def downgrade() -> None:
    with op.batch_alter_table("service_requests", schema=None) as batch_op:
        batch_op.drop_column("status_at")
