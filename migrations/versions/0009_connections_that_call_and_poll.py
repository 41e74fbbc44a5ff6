"""Credentials, registered hooks and polls of connections; when a score was told."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("connections", schema=None) as batch_op:
        batch_op.add_column(sa.Column("credentials", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("registration", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("handshake_until", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("hook_checked_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("hook_problem", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("polled_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("next_poll_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("poll_failures", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("poll_problem", sa.String(), nullable=True))
    with op.batch_alter_table("external_responses", schema=None) as batch_op:
        batch_op.add_column(sa.Column("told_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("external_responses", schema=None) as batch_op:
        batch_op.drop_column("told_at")
    with op.batch_alter_table("connections", schema=None) as batch_op:
        for name in (
            "poll_problem",
            "poll_failures",
            "next_poll_at",
            "polled_at",
            "hook_problem",
            "hook_checked_at",
            "handshake_until",
            "registration",
            "credentials",
        ):
            batch_op.drop_column(name)
