"""Which departments post no scorecard to their head, and which deputies get it too."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("departments", sa.Column("mails_head", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("staff_departments", sa.Column("gets_mail", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("staff_departments", "gets_mail")
    op.drop_column("departments", "mails_head")
