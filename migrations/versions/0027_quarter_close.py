"""HR's part of a quarter's close: what was looked at, what it goes without, and who let the mails leave."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "close_checks",
        sa.Column("period", sa.String(), nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "checks", "scores", name="checked_step_is_known", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("period", "step", "subject", name=op.f("pk_close_checks")),
    )
    op.add_column("periods", sa.Column("posting_approved_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("periods", sa.Column("posting_approved_by", sa.String(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("periods") as periods:
        periods.drop_column("posting_approved_by")
        periods.drop_column("posting_approved_at")
    op.drop_table("close_checks")
