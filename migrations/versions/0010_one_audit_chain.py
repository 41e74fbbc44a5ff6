"""The audit log is one chain: no two entries hang on the same one."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("audit_chain_does_not_fork", "audit_entries", ["previous_digest"], unique=True)


def downgrade() -> None:
    op.drop_index("audit_chain_does_not_fork", table_name="audit_entries")
