"""What a hook refused leaves a trace among the deliveries."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

RULE = "delivery_state_is_known"


def upgrade() -> None:
    _allow("stored", "processed", "failed", "refused")


def downgrade() -> None:
    op.execute("DELETE FROM deliveries WHERE state = 'refused'")
    _allow("stored", "processed", "failed")


def _allow(*states: str) -> None:
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.drop_constraint(RULE, type_="check")
        batch_op.create_check_constraint(RULE, sa.column("state").in_(states))
