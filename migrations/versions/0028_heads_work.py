"""What heads write: how a contact case ended, and what they do about a quarter's proposal."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("follow_ups", schema=None) as batch_op:
        batch_op.add_column(sa.Column("done_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("last_word", sa.String(), nullable=True))
    # Cases were closed by command only, which noted the contact at the same moment where none was noted before.
    op.execute("UPDATE follow_ups SET done_at = contacted_at WHERE state = 'done'")
    op.create_table(
        "quarter_actions",
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=True),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "result",
            sa.Enum(
                *("done", "partly", "dropped"),
                name="action_result_is_known",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("concluded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("item IS NOT NULL OR words <> ''", name=op.f("an_action_says_something")),
        sa.CheckConstraint("(result IS NULL) = (concluded_at IS NULL)", name=op.f("a_result_has_its_moment")),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.id"], name=op.f("fk_quarter_actions_department_id_departments")
        ),
        sa.PrimaryKeyConstraint("department_id", "period", name=op.f("pk_quarter_actions")),
    )


def downgrade() -> None:
    op.drop_table("quarter_actions")
    with op.batch_alter_table("follow_ups", schema=None) as batch_op:
        batch_op.drop_column("last_word")
        batch_op.drop_column("done_at")
