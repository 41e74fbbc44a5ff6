"""When HR last asked to write to who has none of a posted quarter's mails, until the worker has."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("periods", sa.Column("missing_asked_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("periods", "missing_asked_at")
