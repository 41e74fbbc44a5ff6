"""The share within target counts open requests by their target: quarters that are not released are summed anew."""

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "INSERT INTO dirty_marks (department_id, period)"
        " SELECT DISTINCT department_id, period FROM work_durations WHERE department_id IN (SELECT id FROM departments)"
        " AND period NOT IN (SELECT period FROM periods WHERE state = 'released')"
    )


def downgrade() -> None:
    op.execute("DELETE FROM work_durations WHERE measure = 'of_target'")
    op.execute("DELETE FROM open_ages WHERE measure = 'of_target' OR measure LIKE 'status:%'")
