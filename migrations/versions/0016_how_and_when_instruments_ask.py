"""How and when somebody else's question is asked: what it takes beside the words to be the same as ours."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("custom_instruments", schema=None) as batch_op:
        batch_op.add_column(sa.Column("mode", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("moment", sa.String(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("custom_instruments", schema=None) as batch_op:
        batch_op.drop_column("moment")
        batch_op.drop_column("mode")
