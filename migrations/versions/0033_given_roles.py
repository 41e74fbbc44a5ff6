"""A role remembers who gave it: what the identity provider gave goes with its group, all else stays."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.add_column(sa.Column("given_by", sa.String(length=40), nullable=True))
    op.execute(
        "UPDATE staff SET given_by = CASE WHEN role = 'head' AND NOT EXISTS"
        " (SELECT 1 FROM staff_departments WHERE staff_departments.staff_id = staff.id) THEN 'tree' ELSE 'command' END"
    )
    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.alter_column("given_by", existing_type=sa.String(length=40), nullable=False)
        batch_op.create_check_constraint(
            "giver_is_known", sa.column("given_by").in_(["command", "tree", "oidc", "page"])
        )


def downgrade() -> None:
    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.drop_constraint("giver_is_known", type_="check")
        batch_op.drop_column("given_by")
